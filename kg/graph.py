"""The graph in NetworkX: all of it, or a selection read from the tables without building the rest; and from there to Neo4j and back.

A `networkx.MultiDiGraph`. Nodes are ids, with ``label``, ``kind`` and ``name`` and what the record holds; those of papers also the
``results`` that they state. Edges have the role as ``role``, the Cypher type as ``type``, and the evidence: ``paper`` and its
``title``, ``sentence``, ``marks`` (where the ends are named in it), ``further`` sentences, ``field``, ``start``, ``end``, ``score``.
An edge's key is its role, followed by the paper where several papers may say the same (``based_on``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import polars as pl

from kg.errors import AmbiguousName, GraphError, UnknownName
from kg.records import ROLES, TYPES
from kg.stores.model import CHARS, ENTITIES, ENTITY_LABELS, PAPER, ROLE_TYPES
from kg.tables import Tables, consistently, folder_of, frame

if TYPE_CHECKING:
    from kg.stores.neo4j_load import Loaded

_ENTITY = ("name", "aliases", "reasons", "apart", "apart_reasons", "generic", "papers", "community", "other_ids")


class Graph(nx.MultiDiGraph):  # type: ignore[misc]  # networkx has no types
    """A graph of papers and entities, or a part of one."""

    def to_neo4j(self, uri: str, *, auth: tuple[str, str] | None = None, database: str = "neo4j", replace: bool = False) -> "Loaded":
        """Make a Neo4j server hold exactly this graph, as ``kg load`` does. `auth` is (user, password), by default from the environment.

        What the server had of a larger graph is removed. Of a part of a graph, results keep the method, dataset and metric that are in
        it. Attributes that `load` does not give are left out.

        Raises `GraphError` for nodes or edges that are not such as `load` gives, and `StoreError`.
        """
        from kg.stores.neo4j import Neo4j
        from kg.stores.neo4j_load import load

        with Neo4j(uri, database=database, auth=auth) as server:
            return load(server, _tables(self), replace=replace)


@dataclass(frozen=True, slots=True)
class _Frames:
    """Tables in memory."""

    frames: Mapping[str, pl.DataFrame]

    def read(self, table: str) -> pl.DataFrame:
        return self.frames[table]


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

    `around` an entity or paper: what lies within `hops` edges of it, and the papers that say so. `sharing` a method: the papers that name
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
    papers, entities, results = (tables.scan(name) for name in ("papers", "entities", "results"))
    if ids is not None:
        used = pl.concat([facts["source"], facts["target"], facts["paper"], pl.Series(ids, dtype=pl.String)]).unique().implode()
        papers, entities, results = (
            papers.filter(pl.col("id").is_in(used)),
            entities.filter(pl.col("id").is_in(used)),
            results.filter(pl.col("paper").is_in(used)),
        )
    return _made(tables.collect(papers.select(PAPER)), tables.collect(entities), facts, tables.collect(results))


def _made(papers: pl.DataFrame, entities: pl.DataFrame, facts: pl.DataFrame, results: pl.DataFrame) -> Graph:
    out = Graph()
    title_of = dict(papers.select("id", "title").iter_rows())
    stated: dict[str, list[dict[str, Any]]] = {}
    for row in results.iter_rows(named=True):
        stated.setdefault(row.pop("paper"), []).append(row)
    for row in papers.iter_rows(named=True):
        id_ = row.pop("id")
        out.add_node(id_, label="Paper", kind="paper", name=row["title"], **row, results=stated.get(id_, []))
    for row in entities.iter_rows(named=True):
        out.add_node(row["id"], label=ENTITY_LABELS[row["type"]], kind=row["type"], **{k: row[k] for k in _ENTITY})
    for row in facts.iter_rows(named=True):
        source, target, role = row.pop("source"), row.pop("target"), row["role"]
        properties: dict[str, Any] = {**row, "title": title_of.get(row["paper"]), "type": ROLE_TYPES[role], "marks": [tuple(m) for m in row["marks"]]}
        out.add_edge(source, target, key=role if role in ROLES else f"{role} {row['paper']}", **properties)
    return out


# -- Neo4j ---------------------------------------------------------------------------------------------------------------------


def from_neo4j(uri: str, *, auth: tuple[str, str] | None = None, database: str = "neo4j") -> Graph:
    """Return the graph that kg loaded into a Neo4j server: the one that `load` returns of the folder that it came from.

    `auth` is (user, password), by default from ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``. Raises `StoreError`.
    """
    from kg.stores.neo4j import Neo4j
    from kg.stores.neo4j_load import read

    with Neo4j(uri, database=database, auth=auth) as server:
        held = read(server)
    entities = [{**row, "type": row["kind"]} for label in ENTITIES for row in held[label]]
    facts = [{**row, "marks": list(zip(row["marks"][::2], row["marks"][1::2], strict=True))} for type_ in ROLE_TYPES.values() for row in held[type_]]
    ends: dict[str, dict[str, str]] = {}  # of results, which relations hold
    for type_, column in (("OF_METHOD", "method"), ("ON_DATASET", "dataset"), ("BY_METRIC", "metric")):
        for row in held[type_]:
            ends.setdefault(row["source"], {})[column] = row["target"]
    results = [{**row, **ends.get(row["id"], {})} for row in held["Result"]]
    rows = {"papers": held["Paper"], "entities": entities, "facts": facts, "results": results}
    frames = {name: frame(name, [{**row, **{old: row.get(new) for old, new in CHARS.items()}} for row in rows[name]]) for name in rows}
    papers = frames["papers"].sort("id")
    facts_ = frames["facts"].sort("source", "target", "role", "paper")
    results_ = frames["results"].sort("paper", pl.col("id").str.len_chars(), "id")  # as they are numbered
    return _made(papers.select(PAPER), frames["entities"].sort("id"), facts_, results_)


def _tables(graph: Graph) -> _Frames:
    """Return the tables of a graph. Raises `GraphError` for a node or an edge that no table can hold."""
    try:
        return _Frames(_frames(graph))
    except (TypeError, ValueError, AttributeError, pl.exceptions.PolarsError) as e:
        raise GraphError(f"a node or edge has a value that kg cannot keep ({str(e).splitlines()[0]})") from e


def _frames(graph: Graph) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[dict[str, Any]]] = {"papers": [], "entities": [], "facts": [], "results": []}
    for id_, data in graph.nodes(data=True):
        if data.get("kind") not in ("paper", *TYPES):
            raise GraphError(f"node “{id_}” has no kind; set it to paper, {', '.join(TYPES)}")
        if data["kind"] == "paper":
            rows["papers"].append({"title": data.get("name"), **data, "id": id_})
            rows["results"] += ({**result, "paper": id_} for result in data.get("results", ()))
        else:
            rows["entities"].append({"generic": False, **data, "id": id_, "type": data["kind"]})
    for source, target, data in graph.edges(data=True):
        if data.get("role") not in ROLE_TYPES:
            raise GraphError(f"the edge from “{source}” to “{target}” has no role; set it to {', '.join(ROLE_TYPES)}")
        if (graph.nodes[source]["kind"] == "paper") != (data["role"] in ROLES) or graph.nodes[target]["kind"] == "paper":
            raise GraphError(f"the edge from “{source}” to “{target}” joins what {data['role']} does not: papers to entities, or based_on entities to entities")
        marks = [[int(start), int(end)] for start, end in data.get("marks", ())]
        rows["facts"].append({"paper": source, "further": [], **data, "marks": marks, "source": source, "target": target})
    if any(not isinstance(row.get("id"), str) for row in rows["results"]):
        raise GraphError("a result has no id")
    frames = {name: frame(name, rows[name]) for name in rows}
    facts = frames["facts"].select("source", "target", "role", "paper")
    if twice := facts.filter(facts.is_duplicated()).head(1).rows():
        raise GraphError(f"two edges from “{twice[0][0]}” to “{twice[0][1]}” say the same, {twice[0][2]}; keep one")
    return frames
