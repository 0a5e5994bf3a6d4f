"""What a page of the explorer is asked: the parameters of its address, names → ids; and where pages are found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from kg.ask import entities_called, papers_called
from kg.errors import KgError
from kg.stores import Store
from kg.suggest import KINDS, Hit, Index, Names


class NotFound(KgError):
    """There is no such page; `hits` are near, and `again` gives the address at which one of them is asked for instead of it."""

    def __init__(self, message: str, hits: Sequence[Hit] = (), again: Callable[[str], str] | None = None) -> None:
        super().__init__(message)
        self.hits, self.again = list(hits), again

    def near(self) -> list[dict[str, Any]]:
        """Return what is near, each with where to go on."""
        return [hit(h) | ({"address": self.again(h.id)} if self.again else {}) for h in self.hits]


class Elsewhere(Exception):
    """The page has another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class BadRequest(KgError):
    """A parameter that no page has, or a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked of: an open graph, its indexes, and the parameters of the address."""

    store: Store
    index: Index
    given: Mapping[str, Sequence[str]]

    @property
    def names(self) -> Names:
        """The names in the graph."""
        return self.index.names

    def one(self, name: str, default: str = "") -> str:
        """Return a parameter that is given at most once. Raises `BadRequest`."""
        values = self.given.get(name, ())
        if len(values) > 1:
            raise BadRequest(f"“{name}” is given {len(values)} times")
        return values[0].strip() if values else default

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1 to `most`. Raises `BadRequest`."""
        text = self.one(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
            raise BadRequest(f"“{name}” is a whole number from 1 to {most:,}, not “{text[:40]}”")
        return int(text)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """Return one of the choices. Raises `BadRequest`."""
        text = self.one(name, default)
        if text not in choices:
            raise BadRequest(f"“{name}” is one of {', '.join(c or 'nothing' for c in choices)}, not “{text[:40]}”")
        return text

    def only(self, *names: str) -> None:
        """Raise `BadRequest` for a parameter that the page does not have."""
        if unknown := sorted(set(self.given) - set(names)):
            raise BadRequest(f"this page has no parameter “{unknown[0][:40]}”; it has {', '.join(names) or 'none'}")


def address(kind: str, id_: str) -> str:
    """Return the address of the page on a paper or an entity."""
    key = id_ if kind == "paper" else id_.split(":", 1)[-1]
    if key in ("", ".", ".."):  # a browser would take these for folders
        return f"/{kind}?{urlencode({'id': key})}"
    return f"/{kind}/{quote(key, safe=':')}"


def hit(found: Hit) -> dict[str, Any]:
    """Return a hit of the search field."""
    alias = found.met if found.met != found.name else None
    return {"id": found.id, "kind": found.kind, "name": found.name, "alias": alias, "papers": found.papers, "date": found.date} | {
        "address": address(found.kind, found.id)
    }


def resolved(asked: Asked, text: str, kinds: tuple[str, ...] = KINDS) -> str:
    """Return the id of what is called so, by the rules of the command line. Raises `NotFound`."""
    if asked.names.kind(text) in kinds:
        return text
    hits = called(asked, text, kinds)
    if len(hits) > 1:
        raise NotFound(f"“{text[:100]}” may be any of {len(hits)}; choose one", hits)
    if not hits:
        near = asked.names.find(text, kinds) or asked.names.near(text, kinds) or asked.names.find(text)
        raise NotFound(f"there is no {' or '.join(kinds) if len(kinds) < 4 else 'name'} “{text[:100]}” in this graph", near)
    return hits[0].id


def called(asked: Asked, text: str, kinds: tuple[str, ...]) -> list[Hit]:
    """Return what is meant, or what may be."""
    types = tuple(kind for kind in kinds if kind != "paper")
    found = entities_called(asked.store, text, types) if types else []
    if "paper" in kinds and not found:
        return [Hit(row["id"], "paper", row["name"], row["name"], 0) for row in papers_called(asked.store, text)]
    return [Hit(row["id"], row["kind"], row["name"], row["name"], row["papers"]) for row in found]
