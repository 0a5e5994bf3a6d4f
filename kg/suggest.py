"""What is typed into the explorer's search field → papers and entities: an index of names, and one of texts."""

import re
import sqlite3
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kg.records import TYPES
from kg.stores import Store
from kg.text import collapse
from kg.views import rows

KINDS = ("paper", *TYPES)
_SCANNED = 400
"""Beginnings, and other hits, that are ranked, at most; they are met in the order of how many papers name them."""


_ALIKE = 0.6
"""How alike names are, at least, that are near (0 to 1, by `difflib`)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that bears a name: `met` is the spelling that was met."""

    id: str
    kind: str
    name: str
    met: str
    papers: int
    date: str | None = None


class Names:
    """All names of a graph's entities, the most named first, then all titles."""

    def __init__(self, store: Store) -> None:
        self._hits: list[Hit] = []
        for row in rows(store, "names"):
            spellings = dict.fromkeys([row["name"], *(row["aliases"] or ())])
            self._hits += [Hit(row["id"], row["kind"], row["name"], met, row["papers"]) for met in spellings]
        for row in rows(store, "titles"):
            self._hits.append(Hit(row["id"], "paper", row["title"], row["title"], 0, row["date"]))
        self._exact: dict[str, list[Hit]] = defaultdict(list)
        self._ids: dict[str, str] = {}
        lower = []
        self._starts: list[int] = []
        at = 0
        for hit in self._hits:
            key = _key(hit.met)
            self._exact[key].append(hit)
            self._ids[hit.id] = hit.kind
            self._starts.append(at)
            lower.append(key)
            at += len(key) + 1
        self._text = "\n" + "\n".join(lower) + "\n"
        self._lock = threading.Lock()
        self._groups: sqlite3.Connection | None = None  # of three letters, when first needed

    def kind(self, id_: str) -> str | None:
        """Return the kind of the node with an id."""
        return self._ids.get(id_)

    def exact(self, text: str, kinds: Collection[str] = KINDS) -> list[Hit]:
        """Return what bears exactly this name, up to case and white space; once each, the most named first."""
        return _once(hit for hit in self._exact.get(_key(text), ()) if hit.kind in kinds)

    def find(self, text: str, kinds: Collection[str] = KINDS, limit: int = 8) -> list[Hit]:
        """Return what has a name that holds the text: exact names first, then beginnings, then the rest, by papers."""
        key = _key(text)
        if not key:
            return []
        found: dict[int, int] = {}
        for grade, wanted in ((1, f"\n{key}"), (2, key)):
            seen = 0
            for match in re.finditer(re.escape(wanted), self._text):
                number = bisect_right(self._starts, match.start() - (0 if grade == 1 else 1)) - 1
                if self._hits[number].kind in kinds and found.setdefault(number, grade) == grade:
                    seen += 1
                if seen >= _SCANNED:
                    break
        ranked = sorted(found, key=lambda n: (found[n], self._hits[n].met != self._hits[n].name, -self._hits[n].papers, len(self._hits[n].met), n))
        return _once([*self.exact(text, kinds), *(self._hits[n] for n in ranked)])[:limit]

    def near(self, text: str, kinds: Collection[str] = KINDS, limit: int = 5) -> list[Hit]:
        """Return what has a name spelled nearly so, the nearest first: of those that share most of its rarer groups of three letters."""
        key = _key(text)[:100]
        if len(key) < 3:
            return []
        with self._lock:
            if self._groups is None:
                self._groups = sqlite3.connect(":memory:", check_same_thread=False)
                self._groups.execute("CREATE VIRTUAL TABLE names USING fts5(name, content='', tokenize='trigram')")
                self._groups.executemany("INSERT INTO names(rowid, name) VALUES (?, ?)", ((i, _key(hit.met)[:200]) for i, hit in enumerate(self._hits)))
            alike = self._groups.execute("SELECT rowid FROM names WHERE names MATCH ? ORDER BY bm25(names), rowid LIMIT 400", (_trigrams(key),)).fetchall()
        hits = [hit for (i,) in alike if (hit := self._hits[i]).kind in kinds and len(hit.met) < 2 * len(key) + 3]
        graded = sorted(((SequenceMatcher(None, key, _key(hit.met)).ratio(), hit) for hit in hits), key=lambda g: (-g[0], -g[1].papers, g[1].id))
        return _once(hit for grade, hit in graded if grade > _ALIKE)[:limit]

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            if self._groups:
                self._groups.close()


class Texts:
    """The titles and abstracts of a graph's papers, in an index of SQLite's (FTS5) that is held in memory."""

    def __init__(self, store: Store) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute("CREATE VIRTUAL TABLE texts USING fts5(title, abstract, content='', tokenize='unicode61 remove_diacritics 2')")
        found = rows(store, "texts")
        self._base.executemany("INSERT INTO texts(rowid, title, abstract) VALUES (?, ?, ?)", ((i, p["title"], p["abstract"]) for i, p in enumerate(found)))
        self._papers = [{k: v for k, v in p.items() if k != "abstract"} for p in found]

    def find(self, text: str, skip: int = 0, limit: int = 25) -> list[dict[str, Any]]:
        """Return the papers whose title and abstract hold all words of a text, the last perhaps unfinished: the best first (BM25, titles count for more)."""
        words = [f'"{word}"' for word in re.findall(r"\w+", text)[:20]]
        if not words:
            return []
        with self._lock:
            found = self._base.execute(
                "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 5.0, 1.0), rowid LIMIT ? OFFSET ?", (" ".join(words) + "*", limit, skip)
            )
            return [self._papers[number] for (number,) in found]

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            self._base.close()


class Index:
    """The indexes of a graph, each made when it is first needed, or by `warm`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: Names | None = None
        self._texts: Texts | None = None
        self._lock = threading.Lock()

    @property
    def names(self) -> Names:
        """Its names."""
        if self._names is None:
            with self._lock:
                self._names = self._names or Names(self._store)
        return self._names

    @property
    def texts(self) -> Texts:
        """Its texts."""
        if self._texts is None:
            with self._lock:
                self._texts = self._texts or Texts(self._store)
        return self._texts

    def warm(self) -> None:
        """Make both."""
        _ = self.names, self.texts

    def close(self) -> None:
        """Let go of both."""
        with self._lock:
            for made in (self._names, self._texts):
                if made:
                    made.close()


def _trigrams(key: str) -> str:
    """Return what finds the names that share three letters in a row with this one."""
    parts = {key[i : i + 3] for i in range(len(key) - 2)}
    return " OR ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))


def _key(text: str) -> str:
    return collapse(text).casefold()


def _once(hits: Iterable[Hit]) -> list[Hit]:
    out: dict[str, Hit] = {}
    for hit in hits:
        out.setdefault(hit.id, hit)
    return list(out.values())
