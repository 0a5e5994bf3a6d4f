"""Names that are known: what people took spellings to mean, and what short forms stand for.

Five tables in ``pipes/model``, each made by a script under ``training/``:

===================  ===================================================================================================
``names.tsv``        which names the annotators of the training abstracts took for one
``words.tsv``        words with and without which a name is the same to them ("model", "automated")
``known.tsv``        names of methods, data sets, tasks and metrics that libraries and collections list, with source and licence
``short_forms.tsv``  the long forms that a large corpus of abstracts defines for short forms
``generic.txt``      names too broad to say anything
===================  ===================================================================================================

Names are told apart by their type family and normal form.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from kg.records import family
from kg.text import name_words, normal_form

LEAST_SHARE = 1 / 2
"""Of the papers that name it, the share that must agree on what a name means."""


class Known(NamedTuple):
    """What a name means, and how many of the annotated papers say so."""

    canonical: str  # a normal form
    agree: int
    papers: int

    @property
    def score(self) -> float:
        """How sure it is, 0..1 (Laplace's rule)."""
        return _sure(self.agree, self.papers)

    @property
    def evidence(self) -> str:
        """Who says so."""
        return f"{self.agree} of {self.papers} annotated papers"


class Reduced(NamedTuple):
    """A name without a word that seldom changes it."""

    form: str
    word: str
    same: int
    pairs: int

    @property
    def score(self) -> float:
        """How sure it is that both are one, 0..1 (Laplace's rule)."""
        return _sure(self.same, self.pairs)

    @property
    def evidence(self) -> str:
        """Who says so."""
        return f"“{self.word}” changes nothing in {self.same} of {self.pairs} annotated names"


def _sure(yes: int, of: int) -> float:
    return round((yes + 1) / (of + 2), 3)


def _rows(table: str) -> Iterator[list[str]]:
    lines = (files("kg.pipes") / "model" / table).read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines if not line.startswith("#"))


@cache
def _table() -> dict[tuple[str, str], Known]:
    return {(kind, form): Known(canonical, int(agree), int(papers)) for kind, form, canonical, agree, papers in _rows("names.tsv")}


def known(kind: str, form: str) -> Known | None:
    """Return what the annotators took the name of this type family and normal form to mean, None where they did not say."""
    return _table().get((kind, form))


def canonical_form(kind: str, form: str) -> str:
    """Return the normal form of what a name means; its own where that is not known."""
    found = known(kind, form)
    return found.canonical if found else form


@cache
def _words() -> dict[tuple[str, str, str], tuple[int, int]]:
    return {(kind, place, word): (int(same), int(pairs)) for kind, place, word, same, pairs in _rows("words.tsv")}


def reduced(kind: str, name: str) -> Iterator[Reduced]:
    """Yield a name of a type family without its first and without its last word, where that word seldom changes a name."""
    words = name_words(name)
    for place, word, rest in (("ends", words[-1:], words[:-1]), ("begins", words[:1], words[1:])):
        if rest and (found := _words().get((kind, place, word[0]))):
            yield Reduced(normal_form(" ".join(rest), kind), word[0], *found)


class Listed(NamedTuple):
    """A name that libraries or collections list."""

    type: str
    name: str
    long: str  # its long form, "" where none is known
    others: tuple[str, ...]  # other spellings
    sources: tuple[str, ...]

    def forms(self) -> frozenset[str]:
        """Return the normal forms of all that it is called."""
        kind = family(self.type)
        return frozenset(normal_form(n, kind) for n in (self.name, self.long, *self.others) if n)


@cache
def _listed() -> dict[tuple[str, str], list[Listed]]:
    out: dict[tuple[str, str], list[Listed]] = {}
    for _, type_, name, long, others, sources, _ in _rows("known.tsv"):
        row = Listed(type_, name, long, tuple(filter(None, others.split("|"))), tuple(sources.split("|")))
        for form in row.forms():
            out.setdefault((family(type_), form), []).append(row)
    return out


def listed(kind: str, form: str) -> Listed | None:
    """Return what the list of known names holds of a name; None where it holds nothing, or several things of this name."""
    found = _listed().get((kind, form), [])
    return found[0] if len(found) == 1 else None


@cache
def _long_forms() -> dict[tuple[str, str], dict[str, int]]:
    out: dict[tuple[str, str], dict[str, int]] = {}
    for kind, short, long, papers in _rows("short_forms.tsv"):
        out.setdefault((kind, short), {})[long] = int(papers)
    return out


def long_forms(kind: str, form: str) -> dict[str, int]:
    """Return the long forms (normal forms) that a large corpus defines for a short form, each with its papers; none where it defines none."""
    return _long_forms().get((kind, form), {})


@cache
def _generic() -> frozenset[str]:
    return frozenset((files("kg.pipes") / "model" / "generic.txt").read_text(encoding="utf-8").split())


def is_generic(form: str) -> bool:
    """Tell whether a name of this normal form is too broad to say anything, as the annotators of the training abstracts used it."""
    return form in _generic()
