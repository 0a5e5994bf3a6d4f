"""Neo4j: what goes wrong is said in one line, without the password; text is data; a reading connection does not write."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j_server import Server, empty, free_port

from kg.ask import ask, paper_id
from kg.errors import KgError, QueryError, StoreError
from kg.stores import connect, is_server
from kg.stores.neo4j import Neo4j
from kg.tables import Tables

SECRET = "s3cret-of-a-person"
WRITES = [
    "CREATE (:Paper {id: 'x'})",
    "MERGE (:Paper {id: 'x'})",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS RETURN 1",
    "CREATE CONSTRAINT x FOR (n:X) REQUIRE n.id IS UNIQUE",
    "DROP CONSTRAINT kg_Paper_id",
    "CREATE USER x SET PASSWORD 'long enough'",
]


@pytest.fixture(scope="module")
def store(neo4j: Server, hostile_graph: Path) -> Iterator[Neo4j]:
    """A server that holds the hostile graph."""
    empty(neo4j)
    with Neo4j(neo4j.uri, auth=neo4j.auth) as opened:
        opened.load(Tables.open(hostile_graph))
        yield opened


def said(error: KgError) -> str:
    """Return the message, which is one line and shows no password."""
    text = str(error)
    assert "\n" not in text
    assert SECRET not in text
    return text


def test_a_wrong_password_is_said_and_not_shown(neo4j: Server) -> None:
    with pytest.raises(StoreError) as refused:
        Neo4j(neo4j.uri, auth=(neo4j.auth[0], SECRET))
    assert "refused the user name or password" in said(refused.value)


def test_without_a_password_the_variables_to_set_are_named(neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(StoreError) as refused:
        Neo4j(neo4j.uri)
    assert "NEO4J_PASSWORD" in said(refused.value)


def test_user_and_password_come_from_the_environment(neo4j_env: Server) -> None:
    with connect(neo4j_env.uri) as opened, connect(neo4j_env.uri.replace("bolt://", "neo4j://")) as routed:
        assert opened.run("RETURN 1 AS x", {}).rows == routed.run("RETURN 1 AS x", {}).rows == [(1,)]


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_an_address_without_a_server_is_said(scheme: str) -> None:
    uri = f"{scheme}://127.0.0.1:{free_port()}"
    with pytest.raises(StoreError) as refused:
        Neo4j(uri, auth=("neo4j", SECRET))
    assert uri in said(refused.value)
    assert "is it running" in said(refused.value)


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:7474", "https://x", "ftp://x", "nonsense", "", "bolt://host:port", "bolt://[::1", "bolt://127.0.0.1:1/neo4j", "bolt://127.0.0.1:1?a=b"],
)
def test_a_wrong_address_is_said_with_the_right_form(uri: str) -> None:
    with pytest.raises(StoreError) as refused:
        Neo4j(uri, auth=("neo4j", SECRET))
    assert "neo4j://host:7687" in said(refused.value)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_password_in_an_address_is_not_shown(neo4j: Server, scheme: str) -> None:
    with pytest.raises(StoreError) as refused:
        Neo4j(f"{scheme}://neo4j:{SECRET}@{neo4j.uri.removeprefix('bolt://')}", auth=neo4j.auth)
    said(refused.value)


def test_a_wrong_database_is_named(neo4j: Server) -> None:
    with pytest.raises(StoreError) as refused, Neo4j(neo4j.uri, auth=neo4j.auth, database="nowhere") as opened:
        opened.run("RETURN 1 AS x", {})
    assert "nowhere" in said(refused.value)


def test_addresses_are_told_from_folders() -> None:
    assert all(map(is_server, ("neo4j://localhost", "bolt://h:7687", "neo4j+s://x.databases.neo4j.io", "BOLT+SSC://h")))
    assert not any(map(is_server, ("graph", "./neo4j", "neo4j:", "http://localhost:7474", "C://graph", "")))


@pytest.mark.parametrize("text", WRITES)
def test_a_writing_statement_is_refused_in_one_line(store: Neo4j, text: str) -> None:
    before = store.run("MATCH (n) RETURN count(n) AS nodes, count(n.x) AS touched", {})
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    assert "only reads" in said(refused.value)
    assert store.run("MATCH (n) RETURN count(n) AS nodes, count(n.x) AS touched", {}) == before


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n",
        "RETURN",
        "",
        "hello",
        "RETURN 1 AS a; CREATE (:X)",
        "RETURN $x AS x",
        "RETURN nope(1) AS x",
        "CALL apoc.help('x')",
        "RETURN 1 / 0 AS x",
        "RETURN '\ud800' AS x",
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(store: Neo4j, text: str) -> None:
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    said(refused.value)


@pytest.mark.parametrize("value", [2**70, {1}, object(), "\ud800"], ids=["big", "set", "object", "surrogate"])
def test_a_parameter_that_the_server_cannot_take_is_refused_in_one_line(store: Neo4j, value: object) -> None:
    with pytest.raises(QueryError) as refused:
        store.run("RETURN $x AS x", {"x": value})
    said(refused.value)


def test_a_hostile_text_comes_back_from_a_parameter_as_it_went_in(store: Neo4j, hostile: tuple[str, ...]) -> None:
    for text in (*hostile, "two\nlines\r\n", "nul\x00nul", "", "$x"):
        assert store.run("RETURN $x AS x", {"x": text}).rows == [(text,)]


def test_hostile_names_survive_loading_and_can_be_asked_for(store: Neo4j, hostile_graph: Path, hostile: tuple[str, ...]) -> None:
    tables = Tables.open(hostile_graph)
    for table, pattern, column in (
        ("papers", "Paper", "title"),
        ("entities", "Method|Dataset|Benchmark|Task|Metric", "name"),
        ("entities", "Method|Dataset|Benchmark|Task|Metric", "aliases"),
    ):
        expected = tables.read(table).select("id", column).sort("id").rows()
        assert store.run(f"MATCH (n:{pattern}) RETURN n.id AS id, n.{column} AS value ORDER BY id", {}).rows == expected
    assert store.run("MATCH (a:Author)-[:AUTHORED]->(:Paper) RETURN count(DISTINCT a.name) AS n", {}).rows == [(len(hostile),)]
    for id_, title in tables.read("papers").select("id", "title").rows():
        assert paper_id(store, id_) == paper_id(store, title) == id_
    for id_ in tables.read("entities")["id"]:
        assert ask(store, "about", {"entity": id_}).rows


def test_a_load_that_the_server_refuses_is_said_in_one_line(neo4j: Server, hostile_graph: Path) -> None:
    with pytest.raises(StoreError) as refused, Neo4j(neo4j.uri, auth=neo4j.auth, database="nowhere") as opened:
        opened.load(Tables.open(hostile_graph))
    assert "nowhere" in said(refused.value)
