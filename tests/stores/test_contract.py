"""One contract, two engines: every shipped query, every way of naming things, the same rows in the same order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from neo4j_import import run_import
from neo4j_server import LTS, Server, empty, running

from kg import resources
from kg.ask import ask
from kg.errors import UnknownName
from kg.queries import LABEL, Query, for_pages, library, lookup
from kg.records import ROLES, TYPES
from kg.stores import Rows, Store
from kg.stores.ladybug import Ladybug, open_store
from kg.stores.model import LABELS, RELATIONS, nodes, relations
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_bulk import write_bulk
from kg.stores.neo4j_load import load
from kg.tables import Tables
from kg.text import normal_form

Given = dict[str, Any]

# Query → what it is asked. A new query file needs a line here; every entry must give a row in the sample or the pages.
ASKED: dict[str, list[Given]] = {
    "about": [{"entity": "LoRA"}, {"entity": "accuracy"}, {"entity": "gsm-8k"}, {"entity": "overfitting"}],
    "authors": [{"entity": "LoRA"}, {"entity": "dataset:glue", "limit": 500}, {"entity": "accuracy", "limit": 3}, {"entity": "commonsense reasoning"}],
    "both": [
        {"entity": "LoRA", "other": "dataset:glue"},
        {"entity": "accuracy", "other": "fine-tuning", "limit": 500},
        {"entity": "fine-tuning", "other": "accuracy", "limit": 2},
    ],
    "communities": [{}, {"community": 1}, {"least": 1, "limit": 2000}, {"community": 2, "least": 4}],
    "compared-with": [{"method": "PiSSA"}, {"method": "LoRA"}, {"method": "full fine-tuning"}, {"method": "QLoRA", "limit": 1}],
    "cooccurrence": [{}, {"least": 1, "limit": 500}, {"least": 1, "generic": True, "limit": 500}, {"least": 4}],
    "coverage": [{}, {"kind": "benchmark"}, {"kind": "task", "limit": 3}, {"kind": "dataset", "limit": 500}, {"kind": "metric"}],
    "datasets-with-code": [{}, {"limit": 2}],
    "evaluated-on": [{"method": "LoRA"}, {"method": "Transformer", "limit": 500}, {"method": "BERT", "limit": 2}],
    "evidence": [{"paper": "PiSSA", "entity": "LoRA"}, {"paper": "Mistral 7B", "entity": "MMLU"}],
    "homographs": [{}, {"limit": 3}],
    "introduced": [{}, {"kind": "method", "limit": 500}, {"kind": "benchmark"}, {"kind": "dataset", "limit": 2}],
    "leaderboard": [{"benchmark": "GSM8K"}, {"benchmark": "ImageNet", "relative": True}, {"benchmark": "MMLU", "limit": 2}, {"benchmark": "dataset:glue"}],
    "lineage": [{"entity": "LoRA"}, {"entity": "Adam", "limit": 1}, {"entity": "Transformer"}],
    "methods-on": [{"benchmark": "dataset:glue"}, {"benchmark": "ImageNet", "limit": 3}, {"benchmark": "dataset:gsm8k"}],
    "neighbourhood": [{"entity": "LoRA"}, {"entity": "accuracy", "entities": 5}, {"entity": "GSM8K", "entities": 50, "limit": 40}],
    "overview": [{}],
    "paper-pairs": [{}, {"least": 5, "most": 10}, {"least": 1, "most": 5, "limit": 100}],
    "papers-of": [
        {"entity": "LoRA"},
        {"entity": "LoRA", "role": "introduces"},
        {"entity": "accuracy", "role": "uses", "limit": 500},
        {"entity": "GPT-2", "limit": 1},
    ],
    "path-entities": [
        {"entity": "LoRA", "other": "BERT"},
        {"entity": "dropout", "other": "GSM8K", "limit": 50},
        {"entity": "LoRA", "other": "fine-tuning", "limit": 500},
        {"entity": "accuracy", "other": "LoRA", "limit": 2},
    ],
    "path-papers": [
        {"paper": "PiSSA", "other": "QLoRA"},
        {"paper": "Mistral 7B", "other": "Adam"},
        {"paper": "Mistral 7B", "other": "Adam", "generic": True, "limit": 200},
    ],
    "replaced-by": [{"method": "LoRA"}, {"method": "Transformer", "limit": 500}, {"method": "BERT", "limit": 2}],
    "results-of": [{"method": "BERT"}, {"method": "LoRA"}, {"method": "Llama 2", "limit": 2}],
    "shared-method": [{"paper": "PiSSA"}, {"paper": "PiSSA", "generic": True, "limit": 500}, {"paper": "QLoRA", "limit": 1}],
    "similar": [{"paper": "PiSSA"}, {"paper": "QLoRA", "generic": True}, {"paper": "PiSSA", "limit": 500}],
    "timeline": [{"entity": "LoRA"}, {"entity": "accuracy"}, {"entity": "fine-tuning", "limit": 3}],
    "top": [{}, {"kind": "benchmark", "limit": 5}, {"kind": "task", "limit": 500}, {"generic": True, "limit": 2000}],
    "trends": [
        {},
        {"kind": "method"},
        {"fading": True, "kind": "method"},
        {"kind": "method", "months": 36, "least": 1, "limit": 500},
        {"kind": "metric", "months": 1, "least": 1},
    ],
    "uncombined": [{"method": "LoRA", "least": 1}, {"method": "LoRA", "least": 1, "limit": 500}, {"method": "Transformer", "least": 1, "limit": 3}],
    "untested": [
        {"task": "commonsense reasoning", "benchmark": "dataset:glue"},
        {"task": "classification", "benchmark": "ImageNet"},
        {"task": "commonsense reasoning", "benchmark": "GSM8K", "least": 2, "limit": 500},
    ],
}
# What rightly gives no row in any of the two.
UNANSWERED: dict[str, list[Given]] = {
    "both": [{"entity": "LoRA", "other": "LoRA"}, {"entity": "LoRA", "other": "MNIST"}],
    "communities": [{"community": 100_000}, {"least": 100_000}, {"community": -1}],
    "compared-with": [{"method": "dropout"}],
    "cooccurrence": [{"least": 100_000}],
    "evidence": [{"paper": "PiSSA", "entity": "MNIST"}],
    "introduced": [{"kind": "metric", "limit": 0}],
    "leaderboard": [{"benchmark": "MNIST"}],
    "neighbourhood": [{"entity": "LoRA", "entities": 0}],
    "paper-pairs": [{"least": 100_000}, {"most": 0}],
    "path-entities": [{"entity": "LoRA", "other": "LoRA"}],
    "path-papers": [{"paper": "PiSSA", "other": "PiSSA"}, {"paper": "PiSSA", "other": "PiSSA", "generic": True}],
    "results-of": [{"method": "dropout"}],
    "timeline": [{"entity": "LoRA", "limit": 0}],
    "trends": [{"least": 100_000}, {"months": 0}, {"months": -1}],
    "uncombined": [{"method": "LoRA", "least": 100_000}],
    "untested": [{"task": "commonsense reasoning", "benchmark": "GSM8K", "least": 100_000}],
}


def ids(name: str) -> Given:
    """Return the ids that a name makes, by type family."""
    return {kind: f"{kind}:{normal_form(name, kind)}" for kind in ("method", "dataset", "task", "metric")}


LOOKED_UP: dict[str, list[Given]] = {
    "entity": [{"id": "method:lora"}, {"id": "LoRA"}, {"id": ""}],
    "find-entity": [
        {"name": "LoRA", "lower": "lora", **ids("LoRA")},
        {"name": "glue", "lower": "glue", **ids("glue")},
        {"name": "?", "lower": "low-rank adaptation", **ids("?")},
        {"name": "method:lowrankadaptation", "lower": "method:lowrankadaptation", **ids("Low-Rank Adaptations")},
    ],
    "find-paper": [{"part": "language", "id": ""}, {"part": "pissa", "id": "PiSSA"}],
    "names": [{}],
    "paper": [{"id": "arxiv:2404.02948"}, {"id": "PiSSA"}],
}
GRAPHS = ("sample", "pages", "generated", "imported", "newest")
SPREAD = {"generated": 2}
"""How many papers and entities of a graph are asked about, 12 unless said here."""
WITHOUT_AUTHORS = ("pages", "imported")


@dataclass(frozen=True)
class Pair:
    """One graph in both engines."""

    name: str
    tables: Tables
    embedded: Ladybug
    server: Neo4j


@pytest.fixture(scope="module", params=GRAPHS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Each graph in both engines: loaded into a server, also one of the newest release, and imported by neo4j-admin."""
    folder = {"imported": "pages", "newest": "sample"}.get(request.param, request.param)
    tables = Tables.open(request.getfixturevalue(f"{folder}_graph"))
    if request.param == "imported":
        opened = imported(tables, tmp_path_factory.mktemp("imported"))
    else:
        opened = loaded(tables, request.getfixturevalue("newest_neo4j" if request.param == "newest" else "neo4j"))
    with opened as server, open_store(tables.folder) as embedded:
        yield Pair(request.param, tables, embedded, server)


@contextmanager
def loaded(tables: Tables, server: Server) -> Iterator[Neo4j]:
    """Load a graph into an empty server."""
    empty(server)
    with Neo4j(server.uri, auth=server.auth) as opened:
        load(opened, tables)
        yield opened


@contextmanager
def imported(tables: Tables, folder: Path) -> Iterator[Neo4j]:
    """Import a graph into the empty database of a server of our own, and let a load make the indexes."""
    run_import(write_bulk(tables, folder / "bulk"), folder / "home")
    with running(LTS, folder / "home") as server, Neo4j(server.uri, auth=server.auth) as opened:
        done = load(opened, tables)
        assert (done.written, done.removed, done.released) == (0, 0, 0)
        yield opened


def answer(store: Store, query: str, given: Given) -> Rows | str:
    """Return the rows, or what is said where the graph has no such name."""
    try:
        return ask(store, query, given)
    except UnknownName as e:
        return str(e)


def assert_same(one: Rows | str, other: Rows | str, given: Given) -> None:
    assert one == other, given
    if isinstance(one, Rows) and isinstance(other, Rows):
        assert [list(map(kind, row)) for row in one.rows] == [list(map(kind, row)) for row in other.rows], given


def kind(value: Any) -> Any:
    """Return the type of a value, of a list also those of its values."""
    return [kind(v) for v in value] if isinstance(value, list) else type(value)


def questions(pair: Pair, query: str) -> list[Given]:
    """Return what a query is asked of a graph. In the generated one, where it takes long to say that a name is unknown, only its own names count."""
    own = found(pair.tables, query, SPREAD.get(pair.name, 12))
    if pair.name == "generated" and own:
        return own + varied(query, own[0], 0, 1)
    return ASKED[query] + varied(query, ASKED[query][0], 0, 1, 10_000) + UNANSWERED.get(query, []) + own


def varied(query: str, first: Given, *limits: int) -> list[Given]:
    """Return a question with other limits, and with each switch the other way."""
    parameters = library()[query].parameters
    limited = [first | {"limit": n} for p in parameters if p.name == "limit" for n in limits]
    return limited + [first | {p.name: not first.get(p.name, p.default)} for p in parameters if p.type == "bool"]


def spread(frame: pl.DataFrame, many: int) -> list[tuple[Any, ...]]:
    """Return some rows of a frame, from its first to its last."""
    return frame.gather_every(max(1, frame.height // many)).rows()


def found(tables: Tables, query: str, many: int = 12) -> list[Given]:
    """Return what a query that needs names can be asked about this graph, of those that many papers name and of those that few do."""
    required = sorted((p.type, p.name) for p in library()[query].parameters if p.required)
    facts = tables.read("facts")
    named = facts.filter(pl.col("role").is_in(ROLES)).select("paper", entity="target")
    entities = tables.read("entities").sort("papers", "id", descending=[True, False])
    of = {
        "paper": tables.read("papers").select("id"),
        "entity": entities.select("id"),
        **{type_: entities.filter(pl.col("type") == type_).select("id") for type_ in ("method", "task")},
        "benchmark": entities.filter(pl.col("type").is_in(["benchmark", "dataset"])).select("id"),
    }
    types = tuple(type_ for type_, _ in required)
    if not types:
        return []
    if types == ("entity",):
        based_on = facts.filter(pl.col("role") == "based_on")
        rows = list(chain.from_iterable(spread(frame, many) for frame in (of["entity"], based_on.select("source"), based_on.select("target"))))
    elif len(types) == 1:
        rows = spread(of[types[0]], many)
    elif types == ("entity", "paper"):
        rows = spread(named.select("entity", "paper"), many)
    else:
        rows = [(a, b) for (a,), (b,) in zip(spread(of[types[0]], many), reversed(spread(of[types[1]], many)), strict=False)]
        key, end = ("entity", "paper") if types == ("paper", "paper") else ("paper", "entity")
        some = named.gather_every(max(1, named.height // 2000)).select(key, a=end)
        near = some.join(named.select(key, b=end), on=key).filter(pl.col("a") != pl.col("b"))
        for column, type_ in zip("ab", types, strict=True):
            near = near.join(of[type_].rename({"id": column}), on=column, how="semi")
        rows += spread(near.select("a", "b").sort("a", "b"), many)
    return [dict(zip((name for _, name in required), row, strict=True)) for row in rows]


@pytest.mark.parametrize("query", sorted(library()))
def test_both_engines_give_the_same_rows_in_the_same_order(pair: Pair, query: str) -> None:
    for given in questions(pair, query):
        embedded, server = answer(pair.embedded, query, given), answer(pair.server, query, given)
        assert_same(embedded, server, given)
        assert given.get("limit") != 0 or isinstance(embedded, str) or embedded.rows == []


@pytest.mark.parametrize("name", sorted(LOOKED_UP))
def test_both_engines_find_the_same_names(pair: Pair, name: str) -> None:
    for given in LOOKED_UP[name]:
        assert_same(pair.embedded.run(lookup(name).text, given), pair.server.run(lookup(name).text, given), given)


@pytest.mark.parametrize("query", sorted(library()))
def test_every_question_of_the_contract_has_an_answer(query: str, sample_graph: Path, pages_graph: Path) -> None:
    with open_store(sample_graph) as sample, open_store(pages_graph) as pages:
        assert ASKED[query], "an empty list compares nothing"
        for given in ASKED[query]:
            answers = [answer(store, query, given) for store in (sample, pages)]
            assert any(isinstance(a, Rows) and a.rows for a in answers), (given, answers)
        for given in UNANSWERED.get(query, []):
            answers = [answer(store, query, given) for store in (sample, pages)]
            assert any(isinstance(a, Rows) for a in answers), given
            assert not any(isinstance(a, Rows) and a.rows for a in answers), given
        for store, folder in ((sample, sample_graph), (pages, pages_graph)):
            rows = [answer(store, query, given) for given in found(Tables.open(folder), query)]
            assert all(isinstance(r, Rows) for r in rows), rows
            thin = query == "uncombined" or (store is pages and query in ("authors", "results-of", "timeline"))
            assert not rows or any(r.rows for r in rows if isinstance(r, Rows)) or thin, (
                "only the pages may lack something: authors, dates, most scores; and what is uncombined takes luck"
            )


def test_the_contract_asks_exactly_what_is_shipped() -> None:
    assert set(ASKED) == set(library())
    assert set(UNANSWERED) <= set(library())


# -- what pages and pictures ask

PAGES = sorted(path.stem for path in (resources.folder("cypher") / "pages").glob("*.cypher"))
VARIED: dict[str, tuple[Any, ...]] = {
    "limit": (0, 1, 3, 10_000), "skip": (1, 2), "least": (1, 4), "most": (5, 10_000), "role": ROLES,
    "generic": (True,), "by_title": (True,), "by_name": (True,),
}  # fmt: skip
"""Parameter of a page's question → values beside the default."""


def page_questions(tables: Tables, name: str, many: int) -> Iterator[tuple[Query, Given]]:
    """Yield a question of a page about each label, with what it can be asked of a graph."""
    by_label = LABEL in (resources.folder("cypher") / "pages" / f"{name}.cypher").read_text(encoding="utf-8")
    for kind_ in (*TYPES, "paper") if by_label else ("method",):
        query = for_pages(name, kind_)
        of_papers = kind_ == "paper" or (not by_label and name != "both")
        if of_papers and by_label and name not in ("counts", "methods-of-results", "collections-of-results", "metrics-of-results"):
            continue
        for given in page_values(tables, {p.name for p in query.parameters}, "paper" if of_papers else kind_, many):
            yield query, given
            first = {p.name: p.default for p in query.parameters if not p.required} | given
            yield from ((query, first | {parameter: value}) for parameter in first for value in VARIED.get(parameter, ()))


def page_values(tables: Tables, names: set[str], of: str, many: int) -> list[Given]:
    """Return values for the parameters that a page's question needs: papers or entities of a type that many name, that few do, and that relations lead to."""
    if of == "paper":
        ids = [id_ for (id_,) in spread(tables.read("papers").select("id"), many)]
    else:
        entities = tables.read("entities").filter(pl.col("type") == of).sort("papers", "id", descending=[True, False]).select("id")
        kin = tables.read("facts").filter(pl.col("role") == "based_on")
        ends = chain.from_iterable(spread(entities.join(kin.select(id=end), on="id", how="semi"), many) for end in ("source", "target"))
        ids = list(dict.fromkeys(id_ for (id_,) in (*entities.head(many).rows(), *spread(entities, many), *ends)))
    total = {"total": tables.read("papers").height} if "total" in names else {}
    if "other" in names:
        return [{"id": one, "other": two} | total for one in ids[:many] for two in reversed(ids[:many]) if one != two]
    if "id" in names:
        return [{"id": id_} | ({"ids": [i for i in ids if i != id_]} if "ids" in names else {}) | total for id_ in [*ids, "nothing"]]
    return [{"ids": [*ids, *ids[:1], "nothing"]}, {"ids": ["nothing"]}] if "ids" in names else [{}]


@pytest.mark.parametrize("name", PAGES)
def test_both_engines_give_pages_the_same_rows_in_the_same_order(pair: Pair, name: str) -> None:
    for query, given in page_questions(pair.tables, name, min(4, SPREAD.get(pair.name, 4))):
        embedded, server = (store.run(query.text, query.bind(given)) for store in (pair.embedded, pair.server))
        assert_same(embedded, server, given | {"statement": query.text})


@pytest.mark.parametrize("name", PAGES)
def test_every_question_of_a_page_has_an_answer_in_the_sample(name: str, sample_graph: Path) -> None:
    with open_store(sample_graph) as store:
        assert any(store.run(query.text, query.bind(given)).rows for query, given in page_questions(Tables.open(sample_graph), name, 60))


# -- what the stores hold


@pytest.mark.parametrize("engine", ["embedded", "server"])
def test_a_store_holds_what_the_tables_hold(pair: Pair, engine: str) -> None:
    store: Store = getattr(pair, engine)
    papers, entities, facts, results = (pair.tables.read(t) for t in ("papers", "entities", "facts", "results"))
    held = {"Paper": papers.height, "Result": results.height, "Author": papers["authors"].explode().drop_nulls().n_unique()}
    held |= {t.capitalize(): n for t, n in entities.group_by("type").len().iter_rows()}
    ties = {role.upper(): n for role, n in facts.group_by("role").len().iter_rows()}
    ties |= {"REPORTS": results.height, "AUTHORED": papers["authors"].list.unique().list.len().sum()}
    ties |= {name: results[column].count() for column, name in (("method", "OF_METHOD"), ("dataset", "ON_DATASET"), ("metric", "BY_METRIC"))}
    assert {n: count(store, f"MATCH (n:{n}) RETURN count(n) AS n") for n in held} == held
    assert {r: count(store, f"MATCH ()-[r:{r}]->() RETURN count(r) AS n") for r in ties} == ties
    assert count(store, "MATCH (n) RETURN count(n) AS n") == sum(held.values())
    assert count(store, "MATCH ()-[r]->() RETURN count(r) AS n") == sum(ties.values())


@pytest.mark.parametrize("thing", [*LABELS, *RELATIONS])
def test_nodes_and_relations_have_the_same_properties_in_both(pair: Pair, thing: str) -> None:
    pattern, order = (f"(a)-[x:{thing}]->(b)", "a.id, b.id, x.paper") if thing in RELATIONS else (f"(x:{thing})", "x.id")
    text = f"MATCH {pattern} RETURN x ORDER BY {order} LIMIT 1000"
    embedded, server = ([dict(row[0]) for row in store.run(text, {}).rows] for store in (pair.embedded, pair.server))
    for relation_or_node in server:
        assert type(relation_or_node.pop("kg_hash")) is int
        assert thing not in RELATIONS or relation_or_node.pop("kg") is True
    without_nulls = [{k: v for k, v in x.items() if v is not None} for x in embedded]  # a server does not keep these
    assert server == without_nulls
    assert [{k: kind(v) for k, v in x.items()} for x in server] == [{k: kind(v) for k, v in x.items()} for x in without_nulls]
    assert embedded or pair.name in WITHOUT_AUTHORS, "only the pages may lack something, the authors"


@pytest.mark.parametrize("engine", ["embedded", "server"])
def test_what_is_null_or_empty_in_the_tables_is_so_in_a_store(pair: Pair, engine: str) -> None:
    store: Store = getattr(pair, engine)
    frames = {label: [frame] for label, frame in nodes(pair.tables)}
    for part in relations(pair.tables):
        frames.setdefault(part.type, []).append(part.frame)
    for name, parts in frames.items():
        pattern = f"()-[x:{name}]->()" if name in RELATIONS else f"(x:{name})"
        frame = pl.concat(parts)
        for column in [c for c in frame.columns if c not in ("source", "target")]:
            nulls = count(store, f"MATCH {pattern} WHERE x.{column} IS NULL RETURN count(*) AS n")
            assert nulls == frame[column].null_count(), f"{name}.{column} that are null"
            if isinstance(frame.schema[column], pl.List):
                none = count(store, f"MATCH {pattern} WHERE size(x.{column}) = 0 RETURN count(*) AS n")
                assert none == (frame[column].list.len() == 0).sum(), f"{name}.{column} that are empty"


def test_loading_again_finds_nothing_to_do(pair: Pair) -> None:
    def counts() -> list[int]:
        return [count(pair.server, f"MATCH {pattern} RETURN count(*) AS n") for pattern in ("(n)", "()-[r]->()")]

    before = counts()
    done = load(pair.server, pair.tables)
    assert (done.written, done.removed, done.released) == (0, 0, 0)
    assert [done.nodes, done.relations] == counts() == before


def test_ids_are_unique_by_constraints(pair: Pair) -> None:
    constraints = pair.server.run("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN *", {}).dicts()
    assert sorted(c["labelsOrTypes"][0] for c in constraints) == sorted((*LABELS, "Entity"))
    assert {(*c["properties"], c["type"]) for c in constraints} == {("id", "UNIQUENESS")}


def count(store: Store, text: str) -> int:
    return int(store.run(text, {}).rows[0][0])
