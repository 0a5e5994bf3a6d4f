"""A graph → Neo4j, and back: a load makes the server hold exactly the graph, beside what others keep there.

What is ours carries a mark: nodes the label ``Kg``, relations the property ``kg``. Every node and relation keeps a hash of its
content, ``kg_hash``; a load compares these with the graph's own, writes what differs, and removes what the graph no longer has. So a
second load is quick, a load that was cut off goes on where it was, and nodes and relations of others are not touched.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kg import resources
from kg.errors import KgError, StoreError
from kg.stores.model import ENTITIES, LABELS, RELATIONS, Source, nodes, property_types, relations
from kg.stores.neo4j import Neo4j

BATCH = 2_000
"""Rows a transaction: more gains nothing and costs the server memory."""

GROUPS = {label: "Entity" if label in ENTITIES else label for label in LABELS}
"""Label → the label under which ids are unique: a data set that becomes a benchmark stays the node it was."""

MARK = "Kg"
"""The label of all our nodes."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Loaded:
    """What a load did.

    A node that the graph no longer has, but that relations of others hold, is released, not removed: it loses kg's labels.
    """

    nodes: int = 0  # of the graph
    relations: int = 0
    written: int = 0  # rows that were new or other
    removed: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes of a label, or the relations of a type; `ends` are the labels under which the ids of a relation's ends are unique."""

    name: str
    frame: pl.DataFrame = field(repr=False)
    ends: tuple[str, str] | None = None


def parts(graph: Source) -> Iterator[Part]:
    """Yield a graph's nodes by label, then its relations by type, each with its hash; relations to one node follow on each other, which loads quicker."""
    for label, frame in nodes(graph):
        yield Part(label, _hashed(label, frame))
    by_type: dict[str, list[pl.DataFrame]] = {}
    for r in relations(graph):
        by_type.setdefault(r.type, []).append(r.frame)
    for type_, frames in by_type.items():
        sources, targets = RELATIONS[type_]
        yield Part(type_, _hashed(type_, pl.concat(frames).sort("target", "source", "paper")), (GROUPS[sources[0]], GROUPS[targets[0]]))


def _hashed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with a hash of all that each holds, 64 bits, in ``kg_hash``."""
    lines = frame.select(line=pl.struct(pl.all()).struct.json_encode())["line"]
    hashes = [int.from_bytes(hashlib.blake2b(f"{name}{line}".encode(), digest_size=8).digest(), signed=True) for line in lines]
    return frame.with_columns(kg_hash=pl.Series(hashes, dtype=pl.Int64))


def load(server: Neo4j, graph: Source, *, replace: bool = False, progress: Progress = lambda *_: None) -> Loaded:
    """Make a server hold exactly this graph, beside what others keep there: constraints and indexes, nodes, relations, then removals.

    Rows that the server holds as they are, by their hash, are not sent; with `replace` all are, and properties that others gave to
    our nodes and relations go. Each batch is one transaction. What was loaded stays when a load is cut off, and the next goes on.

    Raises `StoreError` where the server cannot be reached or written, and `QueryError` where it refuses a row.
    """
    done = Loaded()
    try:
        _load(server, list(parts(graph)), done, replace, progress)
    except KgError as error:
        if done.written or done.removed:
            raise type(error)(f"{error}; what was loaded stays: load again{', with --replace,' if replace else ''} to go on") from error
        raise
    return done


def _load(server: Neo4j, graph: list[Part], done: Loaded, replace: bool, progress: Progress) -> None:
    progress("compare", 0, 0)
    if not server.read(_text("constraints")):  # a database that is empty, or imported
        _fill_lists(server, graph)
    for statement in filter(str.strip, _text("schema").split(";")):
        for label in (*LABELS, "Entity") if "<LABEL>" in statement else ("",):
            server.write(statement.replace("<LABEL>", label))
    nodes_held = {group: _nodes_held(server, group) for group in GROUPS.values()}
    relations_held = {type_: _relations_held(server, type_) for type_ in RELATIONS}
    held = {part.name: nodes_held[GROUPS[part.name]] if part.ends is None else relations_held[part.name] for part in graph}
    todo = [(part, part.frame if replace else part.frame.join(held[part.name], on=held[part.name].columns, how="anti")) for part in graph]
    rows = sum(frame.height for _, frame in todo)
    for part, frame in todo:
        for batch in frame.iter_slices(BATCH):
            _write(server, part, batch, replace)
            done.written += batch.height
            progress("nodes" if part.ends is None else "relations", done.written, rows)
    progress("remove", 0, 0)
    for part in graph:
        if part.ends is not None:
            done.relations += part.frame.height
            done.removed += _remove_relations(server, part, held[part.name])
    for group, found in nodes_held.items():
        ours = pl.concat([part.frame.select("id") for part in graph if GROUPS.get(part.name) == group])
        done.nodes += ours.height
        stale = found.join(ours, on="id", how="anti").to_dicts()
        done.removed += _in_batches(server, _text("remove-nodes", GROUP=group), stale)
        labels = dict.fromkeys([MARK, group, *_labels(group)])
        done.released += _in_batches(server, _text("release-nodes", GROUP=group, OURS=":".join(labels)), stale)
    if done.written or done.removed:
        server.read(_text("replan"))  # plans made while the database was empty scan it


def _labels(group: str) -> list[str]:
    return [label for label in LABELS if GROUPS[label] == group]


def _fill_lists(server: Neo4j, graph: list[Part]) -> None:
    """Set the empty lists that an import left out: neo4j-admin cannot write one from CSV."""
    for part in graph:
        text = "fill-nodes" if part.ends is None else "fill-relations"
        for column in (name for name, dtype in part.frame.schema.items() if isinstance(dtype, pl.List)):
            while server.write(_text(text, NAME=part.name, LIST=column)):
                pass


def _nodes_held(server: Neo4j, group: str) -> pl.DataFrame:
    """Return the ids and hashes of the nodes that kg loaded before; a label that someone gave them counts for nothing."""
    rows = server.read(_text("held-nodes", GROUP=group), {"kinds": [label.lower() for label in _labels(group)]})
    return pl.DataFrame(rows, schema={"id": pl.String, "kg_hash": pl.Int64}, orient="row", strict=False)


def _relations_held(server: Neo4j, type_: str) -> pl.DataFrame:
    return pl.DataFrame(server.read(_text("held-relations", TYPE=type_)), schema={"kg_hash": pl.Int64}, orient="row", strict=False)


def _write(server: Neo4j, part: Part, frame: pl.DataFrame, replace: bool) -> None:
    set_ = "=" if replace else "+="
    if part.ends is not None:
        text = _text("relations", TYPE=part.name, FROM=part.ends[0], TO=part.ends[1], SET=set_)
        rows = frame.select("source", "target", "paper", properties=pl.struct(*property_types(frame), kg=pl.lit(True))).to_dicts()
    else:
        group = GROUPS[part.name]
        others = ":".join(label for label in _labels(group) if label != part.name)
        text = _text("nodes", GROUP=group, LABEL=part.name, OTHERS=others, SET=set_)
        rows = frame.to_dicts()
    if server.write(text, {"rows": rows}) != len(rows):
        raise StoreError(f"{server.uri}: another load changed the database meanwhile; load again")


def _remove_relations(server: Neo4j, part: Part, held: pl.DataFrame) -> int:
    """Remove relations of a type whose hash the graph does not have; those that were written over have their new one by now."""
    stale = held.join(part.frame.select("kg_hash"), on="kg_hash", how="anti")["kg_hash"].to_list()
    text = _text("stale-relations", TYPE=part.name)
    found = [{"id": id_, "kg_hash": hash_} for id_, hash_ in server.read(text, {"hashes": stale})] if stale else []
    return _in_batches(server, _text("remove-relations", TYPE=part.name), found)


def _in_batches(server: Neo4j, text: str, rows: list[dict[str, Any]]) -> int:
    return sum(server.write(text, {"rows": rows[i : i + BATCH]}) for i in range(0, len(rows), BATCH))


def _text(name: str, **names: str) -> str:
    """Return a statement of ours, its names in capitals replaced by labels and types of the schema; a line whose name is empty goes."""
    lines = resources.text("cypher", "store", f"neo4j-{name}.cypher").splitlines()
    for placeholder, value in names.items():
        lines = [line.replace(f"<{placeholder}>", value) for line in lines if value or f"<{placeholder}>" not in line]
    return "\n".join(lines)


def read(server: Neo4j) -> dict[str, list[dict[str, Any]]]:
    """Return the properties of all that kg loaded, by label and type; of relations also the ids of their ends, ``source`` and ``target``."""
    held: dict[str, list[dict[str, Any]]] = {}
    for label in LABELS:
        held[label] = [dict(row[0]) for row in server.read(_text("read-nodes", LABEL=label))]
    for type_ in RELATIONS:
        held[type_] = [{**properties, "source": a, "target": b} for a, b, properties in server.read(_text("read-relations", TYPE=type_))]
    return held
