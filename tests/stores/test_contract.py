"""One contract, two engines: every shipped query, every way of naming things, the same rows in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from neo4j_server import Server, empty

from kg.ask import ask
from kg.errors import UnknownName
from kg.queries import library, lookup
from kg.stores import Rows, Store
from kg.stores.ladybug import Ladybug, open_store
from kg.stores.model import LABELS, ROLE_TYPES
from kg.stores.neo4j import Neo4j
from kg.tables import Tables
from kg.text import normal_form

Given = dict[str, Any]

# Query → what it is asked. A new query file needs a line here; every entry must give a row in one of the two graphs.
ASKED: dict[str, list[Given]] = {
    "about": [{"entity": "LoRA"}, {"entity": "accuracy"}, {"entity": "gsm-8k"}, {"entity": "overfitting"}],
    "cooccurrence": [{}, {"least": 1, "limit": 500}, {"least": 1, "generic": True, "limit": 500}, {"least": 4}],
    "evidence": [{"paper": "PiSSA", "entity": "LoRA"}, {"paper": "Mistral 7B", "entity": "MMLU"}],
    "introduced": [{}, {"kind": "method", "limit": 500}, {"kind": "benchmark"}, {"kind": "dataset", "limit": 2}],
    "lineage": [{"entity": "LoRA"}, {"entity": "Adam", "limit": 1}, {"entity": "Transformer"}],
    "methods-on": [{"benchmark": "GLUE"}, {"benchmark": "ImageNet", "limit": 3}, {"benchmark": "dataset:gsm8k"}],
    "overview": [{}],
    "papers-of": [
        {"entity": "LoRA"},
        {"entity": "LoRA", "role": "introduces"},
        {"entity": "accuracy", "role": "uses", "limit": 500},
        {"entity": "GPT-2", "limit": 1},
    ],
    "shared-method": [{"paper": "PiSSA"}, {"paper": "PiSSA", "generic": True, "limit": 500}, {"paper": "QLoRA", "limit": 1}],
    "top": [{}, {"kind": "benchmark", "limit": 5}, {"kind": "task", "limit": 500}, {"generic": True, "limit": 2000}],
}


def ids(name: str) -> Given:
    """Return the ids that a name makes, by type family."""
    return {kind: f"{kind}:{normal_form(name, kind)}" for kind in ("method", "dataset", "task", "metric")}


LOOKED_UP: dict[str, list[Given]] = {
    "find-entity": [
        {"name": "LoRA", "lower": "lora", **ids("LoRA")},
        {"name": "glue", "lower": "glue", **ids("glue")},
        {"name": "?", "lower": "low-rank adaptation", **ids("?")},
        {"name": "method:lowrankadaptation", "lower": "method:lowrankadaptation", **ids("Low-Rank Adaptations")},
    ],
    "find-paper": [{"part": "language", "id": ""}, {"part": "pissa", "id": "PiSSA"}],
    "names": [{}],
    "paper": [{"id": "arxiv:2404.02948"}],
}
GRAPHS = ("sample", "pages")
SPREAD = 12  # how many papers and entities of a graph are asked about


@dataclass(frozen=True)
class Pair:
    """One graph in both engines."""

    tables: Tables
    embedded: Ladybug
    server: Neo4j


@pytest.fixture(scope="module", params=GRAPHS)
def pair(request: pytest.FixtureRequest, neo4j: Server) -> Iterator[Pair]:
    tables = Tables.open(request.getfixturevalue(f"{request.param}_graph"))
    empty(neo4j)
    with Neo4j(neo4j.uri, auth=neo4j.auth) as server, open_store(tables.folder) as embedded:
        server.load(tables)
        yield Pair(tables, embedded, server)


def answer(store: Store, query: str, given: Given) -> Rows | str:
    """Return the rows, or what is said where the graph has no such name."""
    try:
        return ask(store, query, given)
    except UnknownName as e:
        return str(e)


def assert_same(one: Rows | str, other: Rows | str) -> None:
    assert one == other
    if isinstance(one, Rows) and isinstance(other, Rows):
        assert [[type(v) for v in row] for row in one.rows] == [[type(v) for v in row] for row in other.rows]


def spread(frame: pl.DataFrame) -> list[Given]:
    """Return some rows of a frame, from its first to its last."""
    return frame.gather_every(max(1, frame.height // SPREAD)).to_dicts()


def found(tables: Tables, query: str) -> list[Given]:
    """Return what a query that needs a paper or an entity can be asked about this graph."""
    required = {p.type: p.name for p in library()[query].parameters if p.required}
    facts = tables.read("facts")
    lineage = pl.col("role") == "based_on"
    entities = tables.read("entities").sort("papers", "id", descending=[True, False]).rename({"id": "entity"})
    frames = {
        ("paper",): [tables.read("papers").select(paper="id")],
        ("entity",): [entities.select("entity"), facts.filter(lineage).select(entity="source"), facts.filter(lineage).select(entity="target")],
        ("method",): [entities.filter(pl.col("type") == "method").select(method="entity")],
        ("benchmark",): [entities.filter(pl.col("type").is_in(["benchmark", "dataset"])).select(benchmark="entity")],
        ("entity", "paper"): [facts.filter(~lineage).select("paper", entity="target")],
    }
    rows = [row for frame in frames.get(tuple(sorted(required)), []) for row in spread(frame)]
    return [{required[t]: value for t, value in row.items()} for row in rows]


@pytest.mark.parametrize("query", sorted(library()))
def test_both_engines_give_the_same_rows_in_the_same_order(pair: Pair, query: str) -> None:
    for given in ASKED[query] + found(pair.tables, query):
        assert_same(answer(pair.embedded, query, given), answer(pair.server, query, given))


@pytest.mark.parametrize("name", sorted(LOOKED_UP))
def test_both_engines_find_the_same_names(pair: Pair, name: str) -> None:
    for given in LOOKED_UP[name]:
        assert_same(pair.embedded.run(lookup(name).text, given), pair.server.run(lookup(name).text, given))


@pytest.mark.parametrize("query", sorted(library()))
def test_every_question_of_the_contract_has_an_answer(query: str, sample_graph: Path, pages_graph: Path) -> None:
    with open_store(sample_graph) as sample, open_store(pages_graph) as pages:
        assert ASKED[query], "an empty list compares nothing"
        for given in ASKED[query]:
            answers = [answer(store, query, given) for store in (sample, pages)]
            assert any(isinstance(a, Rows) and a.rows for a in answers), (given, answers)
        for store, folder in ((sample, sample_graph), (pages, pages_graph)):
            rows = [answer(store, query, given) for given in found(Tables.open(folder), query)]
            assert all(isinstance(r, Rows) for r in rows)
            assert not rows or any(r.rows for r in rows if isinstance(r, Rows))


def test_the_contract_asks_exactly_what_is_shipped() -> None:
    assert set(ASKED) == set(library())


@pytest.mark.parametrize("engine", ["embedded", "server"])
def test_a_store_holds_what_the_tables_hold(pair: Pair, engine: str) -> None:
    store: Store = getattr(pair, engine)
    papers, entities, facts, results = (pair.tables.read(t) for t in ("papers", "entities", "facts", "results"))
    nodes = {"Paper": papers.height, "Result": results.height, "Author": papers["authors"].explode().drop_nulls().n_unique()}
    nodes |= {t.capitalize(): n for t, n in entities.group_by("type").len().iter_rows()}
    relations = {role.upper(): n for role, n in facts.group_by("role").len().iter_rows()}
    relations |= {"REPORTS": results.height, "AUTHORED": papers["authors"].list.unique().list.len().sum()}
    relations |= {name: results[column].count() for column, name in (("method", "OF_METHOD"), ("dataset", "ON_DATASET"), ("metric", "BY_METRIC"))}
    assert {n: count(store, f"MATCH (n:{n}) RETURN count(n) AS n") for n in nodes} == nodes
    assert {r: count(store, f"MATCH ()-[r:{r}]->() RETURN count(r) AS n") for r in relations} == relations
    assert count(store, "MATCH (n) RETURN count(n) AS n") == sum(nodes.values())
    assert count(store, "MATCH ()-[r]->() RETURN count(r) AS n") == sum(relations.values())


def test_nodes_and_relations_have_the_same_properties_in_both(pair: Pair) -> None:
    texts = [f"MATCH (x:{label}) RETURN x ORDER BY x.id LIMIT 20" for label in LABELS]
    texts += [
        f"MATCH (a)-[x:{type_}]->(b) RETURN x ORDER BY a.id, b.id, x.paper LIMIT 20" for type_ in (*ROLE_TYPES.values(), "AUTHORED", "REPORTS", "ON_DATASET")
    ]
    for text in texts:
        embedded, server = (with_values(store.run(text, {})) for store in (pair.embedded, pair.server))
        assert embedded == server
        assert embedded or "Author" in text or "AUTHORED" in text, "only the pages may lack something, the authors"


def with_values(rows: Rows) -> list[Given]:
    """Return nodes or relations without the properties that are null, which a server does not keep."""
    return [{k: v for k, v in thing.items() if v is not None} for (thing,) in rows.rows]


def test_loading_twice_changes_nothing(pair: Pair) -> None:
    def counts() -> list[int]:
        return [count(pair.server, f"MATCH {pattern} RETURN count(*) AS n") for pattern in ("(n)", "()-[r]->()")]

    before = counts()
    pair.server.load(pair.tables)
    assert counts() == before


def test_loading_makes_ids_unique_and_tells_how_far_it_is(pair: Pair) -> None:
    steps: list[tuple[str, int, int]] = []
    written = pair.server.load(pair.tables, lambda *step: steps.append(step))
    constraints = pair.server.run("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN *", {}).dicts()
    assert sorted(c["labelsOrTypes"][0] for c in constraints) == sorted(LABELS)
    assert {(*c["properties"], c["type"]) for c in constraints} == {("id", "UNIQUENESS")}
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert steps[-1][1:] == (written, written)


def count(store: Store, text: str) -> int:
    return int(store.run(text, {}).rows[0][0])
