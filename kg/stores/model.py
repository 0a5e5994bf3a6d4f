"""The tables as a property graph: which nodes and relations a store holds, with which properties."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kg.records import ROLES, TYPES
from kg.tables import Tables

ENTITY_LABELS = {t: t.capitalize() for t in TYPES}
LABELS = ("Paper", *ENTITY_LABELS.values(), "Result", "Author")
ROLE_TYPES = {role: role.upper() for role in (*ROLES, "based_on")}

PAPER = ["id", "title", "abstract", "authors", "date", "year", "month", "venue", "categories", "url", "code_urls", "sources", "other_ids"]
_ENTITY = ["id", "name", "kind", "aliases", "lower", "generic", "papers", "other_ids"]
_RESULT = ["id", "paper", "value", "relative", "score", "sentence", "field", "from_char", "to_char"]
_FACT = ["source", "target", "paper", "role", "score", "sentence", "field", "from_char", "to_char", "further"]
_TIE = ["source", "target", "paper"]
_CHARS = {"start": "from_char", "end": "to_char"}  # `end` is a reserved word in one engine


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations of one type between two labels; columns ``source`` and ``target`` hold the ends' ids."""

    type: str
    source: str
    target: str
    frame: pl.DataFrame


def nodes(tables: Tables) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield (label, nodes) for every label, empty ones included; each has ``id`` and ``kind``."""
    papers = tables.read("papers")
    yield "Paper", papers.select(*PAPER).with_columns(kind=pl.lit("paper"))
    lower = pl.concat_list("name", "aliases").list.eval(pl.element().str.to_lowercase()).list.unique(maintain_order=True)
    entities = tables.read("entities").rename({"type": "kind"}).with_columns(lower=lower).select(_ENTITY)
    for type_, label in ENTITY_LABELS.items():
        yield label, entities.filter(pl.col("kind") == type_)
    yield "Result", tables.read("results").rename(_CHARS).select(_RESULT).with_columns(kind=pl.lit("result"))
    authors = papers.select(name=pl.col("authors").explode()).drop_nulls().unique().sort("name")
    yield "Author", authors.select(id=pl.lit("author:") + pl.col("name"), name="name", kind=pl.lit("author"))


def relations(tables: Tables) -> Iterator[Relations]:
    """Yield the relations of every type and pair of labels that the schema has, empty ones included."""
    labels = tables.read("entities").select("id", label=pl.col("type").replace_strict(ENTITY_LABELS))
    facts = (
        tables.read("facts")
        .rename(_CHARS)
        .select(_FACT)
        .join(labels.rename({"id": "target", "label": "to"}), on="target")
        .join(labels.rename({"id": "source", "label": "from"}), on="source", how="left")
    )
    for role, type_ in ROLE_TYPES.items():
        of_role = facts.filter(pl.col("role") == role)
        for target in ENTITY_LABELS.values():
            to = of_role.filter(pl.col("to") == target)
            for source in ENTITY_LABELS.values() if role == "based_on" else ("Paper",):
                yield Relations(type_, source, target, (to.filter(pl.col("from") == source) if role == "based_on" else to).select(_FACT))
    authored = (
        tables.read("papers")
        .select(source=pl.col("authors"), target="id", paper="id")
        .explode("source")
        .drop_nulls("source")
        .with_columns(source=pl.lit("author:") + pl.col("source"))
    )
    yield Relations("AUTHORED", "Author", "Paper", authored)
    results = tables.read("results")
    yield Relations("REPORTS", "Paper", "Result", results.select(source="paper", target="id", paper="paper"))
    for column, type_, targets in (
        ("method", "OF_METHOD", ("Method",)),
        ("dataset", "ON_DATASET", ("Dataset", "Benchmark", "Task")),
        ("metric", "BY_METRIC", ("Metric",)),
    ):
        ends = results.select(source="id", target=column, paper="paper").drop_nulls("target").join(labels.rename({"id": "target"}), on="target")
        for target in targets:
            yield Relations(type_, "Result", target, ends.filter(pl.col("label") == target).select(_TIE))


def property_types(frame: pl.DataFrame) -> dict[str, pl.DataType]:
    """Return the name and type of each property that a frame's rows have, in order."""
    return {name: dtype for name, dtype in frame.schema.items() if name not in ("source", "target")}
