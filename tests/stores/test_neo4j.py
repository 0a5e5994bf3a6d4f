"""Neo4j: what goes wrong is said in one line, without the password; text is data; a reading connection does not write."""

import logging
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import missing
from neo4j_server import Server, empty, free_port
from proxy import answering, between

from kg.ask import ask, paper_id
from kg.errors import KgError, QueryError, StoreError
from kg.stores import connect, is_server
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import load
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
    "MATCH (n) /* of ours */ SET/**/n.x = 1 RETURN n.x AS x",
    "MATCH (n) // of ours\n S\\u0045T n.x = 1 RETURN 1 AS x",
    "MATCH (n) CALL (n) { SET n.x = 1 } RETURN 1 AS x",
    "MATCH (n) FOREACH (i IN [1] | SET n.x = i)",
    "MATCH (n) REMOVE n:Paper",
    "MATCH (n) INSERT (:X) RETURN 1 AS x",
    "MATCH (n) NODETACH DELETE n",
    "INSERT (:X)",
    "EXPLAIN CREATE (:X)",
    "CYPHER 5 CREATE (:X)",
    "CALL db.createLabel('X')",
    "CALL dbms.setConfigValue('a', 'b')",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (n) LOAD /* a */ CSV FROM 'http://127.0.0.1:1/' AS line RETURN line",
    "CALL { LOAD\nCSV FROM 'file:///x' AS line RETURN line } RETURN line",
    "\\u004cOAD CSV FROM 'file:///x' AS line RETURN line",
    "WITH 1 AS x L\\u004fAD CSV FROM 'file:///x' AS line RETURN line",
]
READS = [
    ("RETURN 1 AS set", 1),
    ("RETURN 'CREATE (:X)' AS x", "CREATE (:X)"),
    ("RETURN 'it\\'s; LOAD CSV FROM' AS x // SET", "it's; LOAD CSV FROM"),
    ("MATCH (n:Paper) RETURN count(n.delete) AS `MERGE`", 0),
    ("OPTIONAL MATCH (n:REMOVE) RETURN n.set AS create", None),
    ("MATCH (n:Nothing {set: 1}) RETURN count(n) AS x", 0),
    ("/* SET */ CYPHER 5 UNWIND [2] AS x RETURN x", 2),
    ("CALL db.ping()", True),
]


@pytest.fixture(scope="module")
def store(neo4j: Server, hostile_graph: Path) -> Iterator[Neo4j]:
    """A server that holds the hostile graph."""
    empty(neo4j)
    with Neo4j(neo4j.uri, auth=neo4j.auth) as opened:
        load(opened, Tables.open(hostile_graph))
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


def test_a_server_that_speaks_no_bolt_of_today_is_too_old() -> None:
    with answering(b"\0\0\0\0") as address, pytest.raises(StoreError) as refused:
        Neo4j(f"bolt://{address}", auth=("neo4j", SECRET))
    assert address in said(refused.value)
    assert "Neo4j 5 or newer" in str(refused.value)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\0\0", b"SSH-2.0-OpenSSH_9.2\r\n"], ids=["http", "nothing", "short", "ssh"])
@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_what_is_no_neo4j_is_said(scheme: str, answer: bytes) -> None:
    with answering(answer) as address, pytest.raises(StoreError) as refused:
        Neo4j(f"{scheme}://{address}", auth=("neo4j", SECRET))
    assert address in said(refused.value)
    assert "is the port right" in str(refused.value)


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_tls_to_a_server_that_speaks_none_is_said(neo4j: Server, scheme: str) -> None:
    with pytest.raises(StoreError) as refused:
        Neo4j(neo4j.uri.replace("bolt", scheme), auth=(neo4j.auth[0], SECRET))
    assert "TLS" in said(refused.value)


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody but its owner signed."""
    openssl = shutil.which("openssl") or missing("no openssl on the PATH")
    folder = tmp_path_factory.mktemp("tls")
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(("scheme", "advice"), [("bolt", "TLS"), ("neo4j", "TLS"), ("bolt+s", "+ssc"), ("neo4j+s", "+ssc")])
def test_a_server_that_wants_tls_or_has_a_certificate_of_its_own_is_said(neo4j: Server, own_certificate: ssl.SSLContext, scheme: str, advice: str) -> None:
    with between(neo4j.uri, tls=own_certificate) as address, pytest.raises(StoreError) as refused:
        Neo4j(f"{scheme}://{address}", auth=(neo4j.auth[0], SECRET))
    assert advice in said(refused.value)


def test_a_server_with_a_certificate_of_its_own_answers_where_that_is_allowed(neo4j: Server, own_certificate: ssl.SSLContext) -> None:
    with between(neo4j.uri, tls=own_certificate) as address, Neo4j(f"bolt+ssc://{address}", auth=neo4j.auth) as opened:
        assert opened.run("RETURN 1 AS x", {}).rows == [(1,)]


def test_the_password_is_in_no_log(neo4j: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Neo4j(neo4j.uri, auth=neo4j.auth) as opened:
        opened.run("RETURN 1 AS x", {})
    with pytest.raises(StoreError):
        Neo4j(neo4j.uri, auth=(neo4j.auth[0], SECRET))
    assert "RETURN 1 AS x" in caplog.text
    assert neo4j.auth[1] not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("text", WRITES)
def test_a_writing_statement_is_refused_before_it_is_sent(neo4j: Server, text: str) -> None:
    sent: list[bytes] = []

    def cut(data: bytes) -> bool:
        sent.append(data)
        return False

    with between(neo4j.uri, cut=cut) as address, Neo4j(f"bolt://{address}", auth=neo4j.auth) as opened:
        opened.run("RETURN 1 AS x", {})
        before = len(sent)
        with pytest.raises(QueryError) as refused:
            opened.run(text, {})
        said(refused.value)
        assert len(sent) == before > 0


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (:X)",
        "MATCH (n) SET n.x = 1",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) INSERT (:X) RETURN 1 AS x",
        "CALL db.createLabel('X')",
        "CREATE CONSTRAINT x FOR (n:X) REQUIRE n.id IS UNIQUE",
        "DROP CONSTRAINT kg_Paper_id",
    ],
)
def test_the_server_refuses_to_write_too(store: Neo4j, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    counted = "MATCH (n) RETURN count(n) AS nodes, count(n.x) AS touched"
    before = store.read(counted), store.read("SHOW CONSTRAINTS YIELD name RETURN count(*)")
    monkeypatch.setattr("kg.stores.neo4j.check", lambda *_: None)
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    assert "only reads" in said(refused.value)
    assert (store.read(counted), store.read("SHOW CONSTRAINTS YIELD name RETURN count(*)")) == before


@pytest.mark.parametrize(("text", "value"), READS)
def test_a_reading_statement_may_look_like_a_writing_one(store: Neo4j, text: str, value: object) -> None:
    assert store.run(text, {}).rows == [(value,)]


@pytest.mark.parametrize(
    "text", ["UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n", "UNWIND range(1, 1000000000) AS x RETURN x"]
)
def test_a_statement_that_takes_too_long_is_stopped(store: Neo4j, text: str) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError) as stopped:
        store.run(text, {}, seconds=0.5)
    assert time.monotonic() - start < 10
    assert "more than 0.5 seconds" in said(stopped.value)
    assert "--timeout" in str(stopped.value)
    assert store.run("RETURN 1 AS x", {}, seconds=0.5).rows == [(1,)]


def test_rows_beyond_the_limit_are_left_out_and_not_waited_for(store: Neo4j) -> None:
    start = time.monotonic()
    first = store.run("UNWIND range(1, 1000000000) AS x RETURN x", {}, limit=3)
    assert time.monotonic() - start < 5
    assert (first.rows, first.more) == ([(1,), (2,), (3,)], True)
    for limit, more in ((2, True), (3, False), (4, False), (None, False)):
        found = store.run("UNWIND [1, 2, 3] AS x RETURN x", {}, limit=limit)
        assert (found.columns, found.rows, found.more) == (("x",), [(1,), (2,), (3,)][:limit], more)
    none = store.run("UNWIND [1] AS x RETURN x", {}, limit=0)
    assert (none.rows, none.more) == ([], True)


def test_nodes_and_relations_come_as_their_properties_with_the_label_of_their_kind(store: Neo4j) -> None:
    ((paper, relation, entity),) = store.run("MATCH (p:Paper)-[r:USES]->(m:Method) RETURN p, r, [m] AS ms LIMIT 1", {}).rows
    assert paper["_LABEL"] == "Paper"
    assert relation["_LABEL"] == "USES"
    assert entity[0]["_LABEL"] == "Method"
    assert relation["paper"] == paper["id"]


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
        load(opened, Tables.open(hostile_graph))
    assert "nowhere" in said(refused.value)
