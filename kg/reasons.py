"""Why an entity has its names, and which names were kept from it: judgements → one clause a name."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

SPELLINGS = ("normal form", "plural", "size", "spelling variant")
"""Reasons that say of a spelling which it is another way to write."""

ITS_NAME, ONE_NAME = "its name", "one name"
"""Of the name that the entity goes by, and of spellings that nothing had to join."""


def reasons(entities: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the entities with three columns filled from the judgements.

    ``reasons`` says of each of the ``aliases``, in their order, why it is a name of the entity; ``apart`` holds the names that were judged to be those
    of another one, and ``apart_reasons`` says why, in their order.
    """
    same: dict[str, dict[str, tuple[bool, float, str]]] = defaultdict(dict)
    apart: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for link in links.iter_rows(named=True):
        why = f"{link['reason']}: {link['evidence']}" if link["evidence"] else link["reason"]
        if link["same"]:
            _keep(same[link["entity"]], link["name"], True, link["score"], why)
            if link["reason"] not in SPELLINGS:
                _keep(same[link["entity"]], link["other"], False, link["score"], why)
        else:
            for id_, other in ((link["entity"], link["other"]), (link["other_entity"], link["name"])):
                apart[id_].add((other, why))
    names = [
        [ITS_NAME if alias == name else same[id_][alias][2] if alias in same[id_] else ONE_NAME for alias in aliases]
        for id_, name, aliases in entities.select("id", "name", "aliases").iter_rows()
    ]
    kept = [sorted(apart[id_]) for id_ in entities["id"]]
    columns = {"reasons": names, "apart": [[name for name, _ in of] for of in kept], "apart_reasons": [[why for _, why in of] for of in kept]}
    return entities.with_columns(**{column: pl.Series(values, dtype=pl.List(pl.String)) for column, values in columns.items()})


def with_reasons(entity: Mapping[str, Any], names: str, reasons: str) -> list[list[str]]:
    """Return each of the names in one property of an entity with the reason in another, empty where none is known."""
    known = list(entity.get(reasons) or ())
    return [[name, known[i] if i < len(known) else ""] for i, name in enumerate(entity.get(names) or ())]


def _keep(of: dict[str, tuple[bool, float, str]], name: str, about_it: bool, score: float, why: str) -> None:
    """Keep the judgement that is about this name rather than the other one, and of those the surest."""
    of[name] = max(of.get(name, (False, -1.0, "")), (about_it, score, why))
