"""The tables as a property graph: which nodes and relations a store holds, with which properties.

`LABELS` and `RELATIONS` are the schema; both engines, the README's picture and the check of queries take it from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from kg.records import ROLES, TYPES

ENTITY_LABELS = {t: t.capitalize() for t in TYPES}
ENTITIES = tuple(ENTITY_LABELS.values())
LABELS = ("Paper", *ENTITIES, "Result", "Author")
ROLE_TYPES = {role: role.upper() for role in (*ROLES, "based_on")}
RELATIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **{role.upper(): (("Paper",), ENTITIES) for role in ROLES},
    "BASED_ON": (ENTITIES, ENTITIES),
    "AUTHORED": (("Author",), ("Paper",)),
    "REPORTS": (("Paper",), ("Result",)),
    "OF_METHOD": (("Result",), ("Method",)),
    "ON_DATASET": (("Result",), ("Dataset", "Benchmark", "Task")),
    "BY_METRIC": (("Result",), ("Metric",)),
}
"""Type of relation → the labels that it comes from and goes to."""

PAPER = ["id", "title", "abstract", "authors", "date", "year", "month", "venue", "categories", "url", "code_urls", "sources", "other_ids"]
_ENTITY = ["id", "name", "kind", "aliases", "reasons", "apart", "apart_reasons", "lower", "generic", "papers", "community", "other_ids"]
_RESULT = ["id", "paper", "value", "number", "relative", "score", "sentence", "field", "from_char", "to_char"]
_FACT = ["source", "target", "paper", "role", "score", "sentence", "marks", "field", "from_char", "to_char", "further"]
_TIE = ["source", "target", "paper"]
CHARS = {"start": "from_char", "end": "to_char"}
"""Columns of the tables → properties: `end` is a reserved word in one engine."""


class Source(Protocol):
    """What a store is filled from: the tables ``papers``, ``entities``, ``facts`` and ``results`` of a graph."""

    def read(self, table: str) -> pl.DataFrame:
        """Return a whole table."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations of one type between two labels; columns ``source`` and ``target`` hold the ends' ids."""

    type: str
    source: str
    target: str
    frame: pl.DataFrame


def nodes(graph: Source) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield (label, nodes) for every label, empty ones included; each has ``id`` and ``kind``."""
    papers = graph.read("papers")
    yield "Paper", papers.select(*PAPER).with_columns(kind=pl.lit("paper"))
    lower = pl.concat_list("name", "aliases").list.eval(pl.element().str.to_lowercase()).list.unique(maintain_order=True)
    entities = graph.read("entities").rename({"type": "kind"}).with_columns(lower=lower).select(_ENTITY)
    for type_, label in ENTITY_LABELS.items():
        yield label, entities.filter(pl.col("kind") == type_)
    number = pl.col("value").str.replace_all(r"(\d),(\d{3})", "${1}${2}").str.extract(r"(\d+(?:\.\d+)?)").cast(pl.Float64)
    yield "Result", graph.read("results").rename(CHARS).with_columns(number=number).select(_RESULT).with_columns(kind=pl.lit("result"))
    authors = papers.select(name=pl.col("authors").explode()).drop_nulls().unique().sort("name")
    yield "Author", authors.select(id=pl.lit("author:") + pl.col("name"), name="name", kind=pl.lit("author"))


def relations(graph: Source) -> Iterator[Relations]:
    """Yield the relations of every type and pair of labels that the schema has, empty ones included."""
    entities = graph.read("entities").select("id", label=pl.col("type").replace_strict(ENTITY_LABELS, return_dtype=pl.String))
    label_of = {"from": entities.rename({"id": "source", "label": "from"}), "to": entities.rename({"id": "target", "label": "to"})}
    facts = graph.read("facts").rename(CHARS).with_columns(marks=pl.col("marks").list.eval(pl.element().explode()).cast(pl.List(pl.Int64)))
    facts = facts.select(_FACT).join(label_of["to"], on="target").join(label_of["from"], on="source", how="left")
    results = graph.read("results")
    authored = graph.read("papers").select(source=pl.col("authors"), target="id", paper="id").explode("source").drop_nulls("source").unique(maintain_order=True)
    frames = {type_: facts.filter(pl.col("role") == role) for role, type_ in ROLE_TYPES.items()}
    frames["AUTHORED"] = authored.with_columns(source=pl.lit("author:") + pl.col("source"))
    frames["REPORTS"] = results.select(source="paper", target="id", paper="paper")
    for type_, column in (("OF_METHOD", "method"), ("ON_DATASET", "dataset"), ("BY_METRIC", "metric")):
        frames[type_] = results.select(source="id", target=column, paper="paper").drop_nulls("target").join(label_of["to"], on="target")
    for type_, (sources, targets) in RELATIONS.items():
        found = frames[type_]
        columns = _FACT if "role" in found.columns else _TIE
        for source in sources:
            of_source = found.filter(pl.col("from") == source) if sources == ENTITIES else found
            for target in targets:
                yield Relations(type_, source, target, (of_source.filter(pl.col("to") == target) if "to" in found.columns else of_source).select(columns))


def property_types(frame: pl.DataFrame) -> dict[str, pl.DataType]:
    """Return the name and type of each property that a frame's rows have, in order."""
    return {name: dtype for name, dtype in frame.schema.items() if name not in ("source", "target")}
