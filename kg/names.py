"""Known names: which spellings mean one thing, as the annotators of the training abstracts named them (``pipes/model/names.tsv``)."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

LEAST_SHARE = 2 / 3
"""Of the papers that name it, the share that must agree on what a name means."""

_HEADS = ("model", "algorithm", "method", "approach", "problem", "system", "framework", "metric")
"""Words that a name is written with and without: of the annotated pairs with such a head, 70 to 90 % are one thing."""


class Known(NamedTuple):
    """What a name means, and how many of the annotated papers say so."""

    canonical: str  # a normal form
    agree: int
    papers: int


@cache
def _table() -> dict[tuple[str, str], Known]:
    lines = (files("kg.pipes") / "model" / "names.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {(kind, form): Known(canonical, int(agree), int(papers)) for kind, form, canonical, agree, papers in rows}


def known(kind: str, form: str) -> Known | None:
    """Return what the annotators took the name of this type family and normal form to mean, None where they did not say."""
    return _table().get((kind, form))


def canonical_form(kind: str, form: str) -> str:
    """Return the normal form of what a name means; its own where that is not known."""
    found = known(kind, form)
    return found.canonical if found else form


def without_head(form: str) -> str:
    """Return a normal form without its head word (``diffusionmodel`` → ``diffusion``); "" where it has none or little would be left."""
    head = next((h for h in _HEADS if form.endswith(h)), "")
    return form.removesuffix(head) if head and len(form) > len(head) + 3 else ""
