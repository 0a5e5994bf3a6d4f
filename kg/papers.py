"""Same paper, same node: which of the texts that sources give are of one paper, and the id of that paper.

Evidence, surest first: the same id; an id in the address; one title and abstracts that share phrases; one title and a
single abstract to go with it. Nothing joins two ids of one scheme: who gave them says that they are two papers.
"""

import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import count, pairwise
from typing import Any

from kg.records import Paper
from kg.text import plain, slug

# A new scheme of ids is one line here, in the order in which a paper is called by them; the group is the id without its version.
SCHEMES = {
    "arxiv": re.compile(
        r"(?:arxiv:|(?:https?://)?(?:(?:[\w-]+\.)?arxiv\.org/\w+|huggingface\.co/papers)/|(?:doi:|(?:https?://)?(?:dx\.)?doi\.org/)?10\.48550/arxiv\.)?"
        r"(\d\d(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?"
    ),
    "doi": re.compile(r"(?:doi:|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)"),
    "acl": re.compile(r"(?:acl:|(?:https?://)?(?:www\.)?aclanthology\.org/)([\w.-]+?)(?:\.pdf)?/?"),
}
TITLE = "title:"
"""How the id of a paper begins that no source gives an id."""

ALIKE = 0.07
"""The least similarity of two abstracts under one title that makes them versions of one.

Similarity (see `similarity`) is that of the pairs of neighbouring words of more than three letters. In the 193,498
records of arXiv's listings, 232 pairs have one title. Six of these are two papers (no author in common,
another subject): 0.008 to 0.032; 20,000 random pairs reach 0.033. Of the 214 that share an author, so are revisions,
reprints and extensions, half lie above 0.64, 95% above 0.07, and the ten below it are worded wholly anew.
"""
CHANCE = 12  # so the one pair of words that two short abstracts share says nothing
NEAR = 16  # abstracts before it, in alphabetical order, that an abstract is compared with: all, but where one title has more
DISTINCTIVE = 4  # words that a title needs to tell a paper without help of abstract or authors: an “Editorial” is many papers

_LONG_WORD = re.compile(r"[^\W_]{4,}")
Id = tuple[str, str]  # scheme and value; the scheme is empty for an id that only its file knows


def identify(given: Sequence[Paper]) -> list[str]:
    """Return, for each text as one source gives it (`sources` is its one name), the id of the paper that it is of.

    Depends on the set of the texts, not on their order; takes time linear in them, but for sorting.

    A paper is called by the best id that a source gives it: of `SCHEMES` in their order, then any other, then its
    title's. Of several papers with one title and no other id, the one with the earliest dated text keeps ``title:…``,
    so that a later paper seldom takes an earlier one's id; the others add a hash of their text.

    >>> pissa = Paper(id="arxiv:2404.02948v1", title="PiSSA: Principal Singular Values Adaptation")
    >>> identify([pissa, Paper(id="title:pissa", title="{PiSSA}: principal singular values adaptation")])
    ['arxiv:2404.02948v1', 'arxiv:2404.02948v1']
    """
    texts = sorted(set(given), key=_age)
    papers = _Groups(len(texts))
    blocks: dict[str, list[int]] = {}
    holder: dict[object, int] = {}
    for i, text in enumerate(texts):
        title = slug(text.title)
        blocks.setdefault(title.replace("-", ""), []).append(i)
        if id_ := own_id(text.id) or known_id(text.url):
            papers.ids[i] = {(id_[0], "" if id_[0] else source): id_[1] for source in text.sources or ("",)}
        papers.join((i, holder.setdefault(id_ or (title, text.abstract, text.authors), i)))
    for i, text in enumerate(texts):
        if id_ := known_id(text.url):
            if id_ in holder:
                papers.join((i, holder[id_]))
            elif papers.ids[papers.of(i)].setdefault((id_[0], ""), id_[1]) == id_[1]:
                holder[id_] = i
    shared = [block for block in blocks.values() if len({papers.of(i) for i in block}) > 1]
    for _, i, j in sorted(pair for block in shared for pair in _alike(block, texts)):
        papers.join((i, j))
    for i in {papers.of(i) for block in shared for i in block if texts[i].abstract}:
        papers.ids[i]["an abstract", ""] = str(i)
    for block in shared:
        if not all(texts[i].abstract for i in block):
            distinctive = slug(texts[block[0]].title).count("-") + 1 >= DISTINCTIVE
            if not (distinctive and papers.join(block)):
                for same in _by_author(block, texts):
                    papers.join(same)
    same_paper: dict[int, list[Paper]] = {}
    for i, text in enumerate(texts):
        same_paper.setdefault(papers.of(i), []).append(text)
    ids = _names([*same_paper.values()])
    return [ids[text] for text in given]


def own_id(id_: str) -> Id | None:
    """Return the scheme and value of an id that a source gives, None for one made of a title.

    >>> own_id("arXiv:2404.02948v2"), own_id("10.48550/arXiv.2404.02948"), own_id("s2:A1"), own_id("A1")
    (('arxiv', '2404.02948'), ('arxiv', '2404.02948'), ('s2', 's2:A1'), ('', 'A1'))
    """
    if id_.startswith(TITLE):
        return None
    scheme = re.match(r"([A-Za-z][\w.+-]*):(?!//)", id_)
    return known_id(id_) or (scheme[1].casefold() if scheme else "", id_)


def known_id(text: str | None) -> Id | None:
    """Return the scheme and value of an id or address of one of `SCHEMES`, None for any other text."""
    if not text:
        return None
    text = text.casefold().partition("?")[0].partition("#")[0]
    return next(((scheme, match[1]) for scheme, form in SCHEMES.items() if (match := form.fullmatch(text))), None)


def _age(text: Paper) -> tuple[Any, ...]:
    """Order texts: those with an abstract first, then the earliest dated first, then any fixed order."""
    dated = bool(text.date) and not str(text.date).startswith("--")
    rest = (text.title, text.abstract, text.id, text.authors, text.sources, text.url or "", text.venue or "", text.categories, text.code_urls)
    return (not text.abstract, not dated, text.date or "", *rest)


class _Groups:
    """Disjoint sets of texts, joined as long as no set comes to hold two values of one kind."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.ids: list[dict[Id, str]] = [{} for _ in range(size)]  # of a set, at its root: kind → value

    def of(self, i: int) -> int:
        """Return the root of the set that holds `i`."""
        while self.parent[i] != i:
            self.parent[i] = i = self.parent[self.parent[i]]
        return i

    def join(self, members: Iterable[int]) -> bool:
        """Make one set of those that hold the members, or leave all as they are where their values clash; tell whether it is one."""
        root, *roots = sorted({self.of(i) for i in members}, key=lambda i: (-len(self.ids[i]), i))
        new: dict[Id, str] = {}
        for i in roots:
            for kind, value in self.ids[i].items():
                if self.ids[root].get(kind, value) != value or new.setdefault(kind, value) != value:
                    return False
        self.ids[root] |= new
        for i in roots:
            self.parent[i] = root
        return True


def _alike(block: Sequence[int], texts: Sequence[Paper]) -> Iterator[tuple[float, int, int]]:
    """Yield (minus the similarity, text, text) for texts of one title whose abstracts are versions of one."""
    equal: dict[str, list[int]] = {}
    for i in block:
        if texts[i].abstract:
            equal.setdefault(texts[i].abstract, []).append(i)
    for first, *others in equal.values():
        yield from ((-1.0, first, i) for i in others)
    if len(equal) == 1:
        return
    versions = sorted((tuple(_LONG_WORD.findall(plain(abstract).casefold())) or (abstract,), first) for abstract, (first, *_) in equal.items())
    near: deque[tuple[int, set[tuple[str, ...]]]] = deque(maxlen=NEAR)
    for words, first in versions:
        pairs: set[tuple[str, ...]] = {*pairwise(words)} or {words}
        for i, theirs in near:
            if (alike := similarity(pairs, theirs)) >= ALIKE:
                yield -alike, min(i, first), max(i, first)
        near.append((first, pairs))


def similarity(one: Set[object], other: Set[object]) -> float:
    """Return the Jaccard index of the pairs of words of two abstracts, `CHANCE` added to the union."""
    both = len(one & other)
    return both / (len(one) + len(other) - both + CHANCE)


def _by_author(block: Sequence[int], texts: Sequence[Paper]) -> Iterator[Sequence[int]]:
    """Yield the texts of one title that share an author, author after author."""
    by_author: dict[str, list[int]] = {}
    for i in block:
        for author in texts[i].authors:
            by_author.setdefault("-".join(sorted(slug(author).split("-"))), []).append(i)
    yield from (same for _, same in sorted(by_author.items()))


def _names(papers: Sequence[Sequence[Paper]]) -> dict[Paper, str]:
    """Return the id of the paper of each text; no two papers get the same one."""
    ids = [min((text.id for text in texts if not text.id.startswith(TITLE)), key=_rank, default="") for texts in papers]
    taken: set[str] = set()
    for n, (text, *_) in enumerate(papers):
        if not ids[n]:
            said = repr((text.title, text.abstract, text.authors, text.url))
            hashes = (hashlib.sha256(f"{said}{salt}".encode()).hexdigest()[:8] for salt in count())
            ids[n] = text.id if text.id not in taken else next(id_ for h in hashes if (id_ := f"{text.id}-{h}") not in taken)
            taken.add(ids[n])
    return {text: id_ for texts, id_ in zip(papers, ids, strict=True) for text in texts}


def _rank(id_: str) -> tuple[int, bool, str]:
    """Order ids: the best scheme first, its plain spelling before others."""
    scheme, value = own_id(id_) or ("", "")
    return ([*SCHEMES].index(scheme) if scheme in SCHEMES else len(SCHEMES), id_ != f"{scheme}:{value}", id_)


# -- one paper of several texts --------------------------------------------------------------------------------------------------


def merged(id_: str, given: Iterable[Paper]) -> Paper:
    """Return the paper of several texts: the fullest one's, and of the rest what the fullest that has it says."""
    texts = sorted(given, key=fullness, reverse=True)
    best = texts[0]
    filled = {k: next((getattr(t, k) for t in texts if getattr(t, k)), getattr(best, k)) for k in ("authors", "date", "venue", "categories", "url")}
    return replace(best, id=id_, **filled, sources=tuple(sorted({source for t in texts for source in t.sources})))


def fullness(paper: Paper) -> tuple[Any, ...]:
    """Order the texts of a paper: one with an abstract, with the latest date that has a year, with the longest abstract; then any fixed order."""
    date = paper.date or ""
    known = "" if date.startswith("--") else date
    return (
        bool(paper.abstract),
        known,
        len(paper.abstract),
        date,
        paper.abstract,
        paper.title,
        *(str(getattr(paper, f)) for f in ("authors", "venue", "url", "categories", "id", "sources")),
    )
