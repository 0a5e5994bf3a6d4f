"""The graph in NetworkX: all of it, or a selection read from the tables without building the rest.

A `networkx.MultiDiGraph`. Nodes are ids, with ``label``, ``kind`` and ``name`` and what the record holds;
edges have the role as ``role``, the Cypher type as ``type``, and the evidence: ``paper`` and its ``title``, ``sentence``,
``marks`` (where the ends are named in it), ``further`` sentences, ``field``, ``start``, ``end``, ``score``. An
edge's key is its role, followed by the paper where several papers may say the same (``based_on``).
"""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
import polars as pl

from kg.errors import AmbiguousName, UnknownName
from kg.records import ROLES, TYPES
from kg.stores.model import ENTITY_LABELS, PAPER, ROLE_TYPES
from kg.tables import Tables, consistently, folder_of

if TYPE_CHECKING:
    Graph: TypeAlias = nx.MultiDiGraph[str]
else:
    Graph = nx.MultiDiGraph


def load(
    graph: str | Path = "graph",
    *,
    around: str | None = None,
    hops: int = 1,
    sharing: str | None = None,
    types: Collection[str] | None = None,
    top: int | None = None,
) -> Graph:
    """Return a graph folder, or a selection of it, in NetworkX.

    `around` an entity or paper: what lies within `hops` edges of it. `sharing` a method: the papers that name
    it, with all they name. `types`: entities of these types only. `top`: the most named entities only
    (those too broad to say anything left out), with the papers that name them. Selections combine.

    Raises `GraphError` for a folder without a graph and `UnknownName` for a name or type that does not exist.
    """
    if unknown := sorted(set(types or ()) - set(TYPES)):
        raise UnknownName.near("type", unknown[0], TYPES)
    method, centre = (None if name is None else _resolve(graph, name) for name in (sharing, around))
    return consistently(graph, lambda tables: select(tables, method=method, centre=centre, hops=hops, types=types, top=top))


def select(
    tables: Tables, *, method: str | None = None, centre: str | None = None, hops: int = 1, types: Collection[str] | None = None, top: int | None = None
) -> Graph:
    """Return the selection that `load` describes; `method` (the one shared) and `centre` are ids."""
    facts = tables.scan("facts")
    if method is not None:
        papers = facts.filter((pl.col("target") == method) & pl.col("role").is_in(ROLES)).select("source")
        facts = facts.filter(pl.col("source").is_in(tables.collect(papers)["source"].implode()))
    if top is not None or types is not None:
        wanted = tables.scan("entities")
        if types is not None:
            wanted = wanted.filter(pl.col("type").is_in(list(types)))
        if top is not None:
            wanted = wanted.filter(~pl.col("generic")).sort(["papers", "id"], descending=[True, False]).head(top)
        kept = tables.collect(wanted.select("id"))["id"].implode()
        facts = facts.filter(pl.col("target").is_in(kept) & (pl.col("role").is_in(ROLES) | pl.col("source").is_in(kept)))
    if centre is not None:
        reached = pl.Series([centre])
        for _ in range(hops):
            touching = facts.filter(pl.col("source").is_in(reached.implode()) | pl.col("target").is_in(reached.implode()))
            ends = tables.collect(touching.select("source", "target"))
            reached = pl.concat([reached, ends["source"], ends["target"]]).unique().sort()
        facts = facts.filter(pl.col("source").is_in(reached.implode()) & pl.col("target").is_in(reached.implode()))
        return _graph(tables, tables.collect(facts), [centre])
    whole = method is None and top is None and types is None
    return _graph(tables, tables.collect(facts), None if whole else [])


def _resolve(graph: str | Path, name: str) -> str:
    from kg.ask import entity_id, paper_id
    from kg.stores import connect

    with connect(str(folder_of(graph))) as store:
        try:
            return entity_id(store, name)
        except AmbiguousName:
            raise
        except UnknownName as no_entity:
            try:
                return paper_id(store, name)
            except AmbiguousName:
                raise
            except UnknownName:
                raise no_entity from None


def _graph(tables: Tables, facts: pl.DataFrame, ids: list[str] | None) -> Graph:
    """Return the graph of these facts; `ids` are nodes to hold in any case, None stands for all that the tables have."""
    papers, entities = tables.scan("papers").select(PAPER), tables.scan("entities")
    if ids is not None:
        used = pl.concat([facts["source"], facts["target"], pl.Series(ids, dtype=pl.String)]).unique().implode()
        papers, entities = papers.filter(pl.col("id").is_in(used)), entities.filter(pl.col("id").is_in(used))
    out: Graph = nx.MultiDiGraph()
    for row in tables.collect(papers).iter_rows(named=True):
        out.add_node(row["id"], label="Paper", kind="paper", name=row["title"], **{k: v for k, v in row.items() if k != "id"})
    for row in tables.collect(entities).iter_rows(named=True):
        out.add_node(row["id"], label=ENTITY_LABELS[row["type"]], kind=row["type"], **{k: row[k] for k in ("name", "aliases", "generic", "papers")})
    titles = tables.collect(tables.scan("papers").select("id", "title").filter(pl.col("id").is_in(facts["paper"].unique().implode())))
    title_of = dict(titles.iter_rows())
    for row in facts.iter_rows(named=True):
        source, target, role = row.pop("source"), row.pop("target"), row["role"]
        properties: dict[str, Any] = {**row, "title": title_of[row["paper"]], "type": ROLE_TYPES[role], "marks": [tuple(m) for m in row["marks"]]}
        out.add_edge(source, target, key=role if role in ROLES else f"{role} {row['paper']}", **properties)
    return out
