"""What the linter of query files finds in their text, and what the engines have against them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j_server import Server, empty

import kg
from kg import resources
from kg.lint import INSTEAD, objections, problems
from kg.queries import Parameter, Query, library, lookup
from kg.stores import Store, connect
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import load
from kg.tables import Tables

LOOKUPS = sorted(p.stem for p in resources.folder("cypher").glob("store/*.cypher") if not p.name.startswith(("neo4j-", "ladybug-")))
SHIPPED = [*library().values(), *map(lookup, LOOKUPS)]

# What to write instead → texts that break the rule, and such as do not.
RULES: dict[str, tuple[list[str], list[str]]] = {
    "log10(": (
        ["RETURN log(x) AS y", "RETURN LN (x) AS y", "RETURN exp(2.0) AS y"],
        ["RETURN log10(x) AS y", "RETURN n.log AS y", "RETURN n.exp + (1) AS y"],
    ),
    "left(, right(": (["RETURN substring(s, 1, 3) AS y"], ["RETURN left(s, 3) AS y"]),
    "the property kind": (
        ["RETURN labels(n) AS y", "RETURN label(n) AS y", "RETURN keys(n) AS y", "MATCH (n) WHERE n:Paper RETURN n.id AS id"],
        ["MATCH (n:Paper) RETURN n.kind AS y", "MATCH (n) WHERE n.keys = 1 RETURN n.id AS id"],
    ),
    "the string property id": (["RETURN id(n) AS y", "RETURN elementId(n) AS y"], ["RETURN n.id AS y", "RETURN paid(n) AS y"]),
    "list[..n] or UNWIND": (
        ["RETURN n.aliases[0] AS y", "RETURN n.aliases[$n] AS y", "RETURN n.aliases[1..2] AS y", "RETURN [1, 2][ 1 ] AS y"],
        ["RETURN n.aliases[..2] AS y", "UNWIND [1, 2] AS x RETURN x", "RETURN n.x IN [1] AS y"],
    ),
    "UNWIND instead of a comprehension": (
        ["RETURN [x IN l WHERE x > 1] AS y", "RETURN reduce(a = 0, x IN l | a + x) AS y", "MATCH (n) WHERE any(x IN n.l WHERE x = 1) RETURN n.id AS id"],
        ["UNWIND n.l AS x RETURN x", "MATCH (n) WHERE $a IN n.l RETURN n.id AS id"],
    ),
    "rows in order, grouped in Python": (
        ["WITH x ORDER BY x LIMIT 2 RETURN collect(x) AS y", "WITH x ORDER BY x LIMIT 2 WITH count(x) AS n RETURN n"],
        ["WITH x ORDER BY x LIMIT 2 MATCH (p:Paper) RETURN count(p) AS n", "RETURN count(x) AS n ORDER BY n"],
    ),
    "round(x, n)": (["RETURN round(x) AS y"], ["RETURN round(x, 2) AS y", "RETURN round(sum(x), 4) AS y", "RETURN background AS y"]),
    "coalesce(sum(x), 0) or a sum of CASE … ELSE 0": (
        ["RETURN sum(r.score) AS y", "RETURN sum( x ) AS y"],
        ["RETURN coalesce(sum(r.score), 0) AS y", "RETURN sum(CASE WHEN r.x THEN 1 ELSE 0 END) AS y"],
    ),
    "a flat chain of WITH": (
        [
            "CALL (m) { RETURN 1 AS x } RETURN x",
            "CALL { RETURN 1 AS x } RETURN x",
            "MATCH p = shortestPath((a)-[*]-(b)) RETURN length(p) AS n",
            "MATCH p = (a)-[* SHORTEST 1..3]-(b) RETURN length(p) AS n",
            "MATCH (n) SET n += $map",
            "FOREACH (x IN l | SET x.a = 1)",
        ],
        ["MATCH (n) WITH n MATCH (n)-[:USES]->(m) RETURN m.id AS id", "RETURN n.shortest_path AS x"],
    ),
    "EXISTS { MATCH … }": (
        ["MATCH (a) WHERE EXISTS { (a)-->() } RETURN a.id AS id", "RETURN COUNT { (a)-->() } AS n"],
        ["MATCH (a) WHERE EXISTS { MATCH (a)-->() } RETURN a.id AS id", "RETURN count(a) AS n"],
    ),
    "(x:A|B)": (
        ["MATCH (x:Method:Dataset) RETURN x.id AS id", "MATCH (a)-[r:USES|:MENTIONS]->(b) RETURN r.role AS role"],
        ["MATCH (x:Method|Dataset) RETURN x.id AS id", "MATCH (a)-[r:USES|MENTIONS]->(b) RETURN r.role AS role"],
    ),
    "no UNION": (["RETURN 1 AS x UNION RETURN 2 AS x", "RETURN 1 AS x union all RETURN 2 AS x"], ["RETURN n.union_of AS x"]),
    "another alias": (["RETURN 1 AS end", "RETURN 1 AS Order"], ["RETURN 1 AS ending", "RETURN n.order AS ordinal"]),
    "an integer property": (
        ["RETURN date('2020-01-01') AS d", "RETURN datetime() AS d", "RETURN p.published.year AS y", "CYPHER 25 RETURN 1 AS x"],
        ["RETURN p.date AS date", "RETURN p.year AS year"],
    ),
    "no procedures": (["CALL db.labels() YIELD label RETURN label", "MATCH (n) CALL show_tables() RETURN *"], ["RETURN recall AS y"]),
}
FORMS = {
    "not one RETURN": (["MATCH (p:Paper)", "MATCH (p:Paper) RETURN p.id AS id ORDER BY id RETURN 1 AS x"], ["MATCH (p:Paper) RETURN p.id AS id ORDER BY id"]),
    "a column without a name": (
        ["RETURN p.id ORDER BY p.id", "RETURN count(*) ORDER BY 1", "RETURN 1 AS x, coalesce(a, b) ORDER BY x", "RETURN * ORDER BY x"],
        ["RETURN x ORDER BY x", "RETURN coalesce(a, b) AS x, y ORDER BY x, y", "RETURN DISTINCT a AS x ORDER BY x", 'RETURN ", " AS x ORDER BY x'],
    ),
    "two columns of one name": (["RETURN a AS x, b AS x ORDER BY x", "RETURN x, b AS x ORDER BY x"], ["RETURN a AS x, b AS y ORDER BY x"]),
    "no order": (["RETURN 1 AS x", "WITH x ORDER BY x LIMIT 1 RETURN x", 'RETURN "ORDER BY" AS x'], ["RETURN 1 AS x ORDER BY x"]),
    "limits nothing": (
        ["RETURN $limit AS x ORDER BY x", "MATCH (p) WHERE p.x < $limit RETURN p.id AS x ORDER BY x LIMIT $limits"],
        ["RETURN 1 AS x ORDER BY x LIMIT $limit", "WITH x LIMIT $limit RETURN x ORDER BY x"],
    ),
    "the statement writes": (
        [
            "MATCH (p:Paper) SET p.x = 1 RETURN 1 AS x ORDER BY x",
            "CREATE (p:Paper) RETURN p.id AS id ORDER BY id",
        ],
        ["MATCH (p:Paper) WHERE p.set = 1 RETURN p.id AS id ORDER BY id"],
    ),
    "the statement reads a file": (["LOAD CSV FROM 'x' AS x RETURN x ORDER BY x"], ["MATCH (p:Paper) WHERE p.load = 1 RETURN p.id AS id ORDER BY id"]),
    "not a reading statement": (["EXTEND x RETURN x ORDER BY x"], ["OPTIONAL MATCH (x:Paper) RETURN x.id AS id ORDER BY id"]),
}


def query(text: str) -> Query:
    """Return a query with a text, all of its parameters required and whole numbers."""
    names = dict.fromkeys(re.findall(r"\$(\w+)", text))
    return Query("q", "What it answers", tuple(Parameter(name, "int", None, "help") for name in names), text)


def cases(right: bool) -> list[tuple[str, str]]:
    """Return (what is said, text) of every rule."""
    return [(said, text) for said, texts in [*RULES.items(), *FORMS.items()] for text in texts[right]]


# -- texts


def test_every_rule_has_texts_that_break_it() -> None:
    assert set(RULES) == set(INSTEAD)


@pytest.mark.parametrize(("said", "text"), cases(False))
def test_a_text_that_breaks_a_rule_is_found(said: str, text: str) -> None:
    assert [p for p in problems(query(text)) if said in p]


@pytest.mark.parametrize(("said", "text"), cases(True))
def test_a_text_that_keeps_a_rule_is_let_be(said: str, text: str) -> None:
    assert [p for p in problems(query(text)) if p.endswith(f"write {said}") or (said in FORMS and said in p)] == []


@pytest.mark.parametrize("text", ['"CALL { log(x) } UNION RETURN"', "'round(x)'", "1 // CALL log(x) RETURN\n ", "1 /* UNION\nlabels(n) */ ", "`labels(n)`"])
def test_what_stands_in_texts_and_comments_breaks_no_rule(text: str) -> None:
    assert list(problems(query(f"MATCH (x:Paper) RETURN {text} AS x ORDER BY x"))) == []


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda q: q.name)
def test_a_shipped_file_has_no_problem(shipped: Query) -> None:
    assert list(problems(shipped)) == []


# -- engines


@pytest.fixture(scope="module")
def embedded(sample_graph: Path) -> Iterator[Store]:
    with connect(str(sample_graph)) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(neo4j: Server, sample_graph: Path) -> Iterator[Neo4j]:
    """A server that holds the sample, and whose planner knows how much that is."""
    empty(neo4j)
    with Neo4j(neo4j.uri, auth=neo4j.auth) as opened:
        load(opened, Tables.open(sample_graph))
        opened.write("CALL db.prepareForReplanning()")
        yield opened


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda q: q.name)
def test_an_engine_has_nothing_against_a_shipped_file(store: Store, shipped: Query) -> None:
    assert list(objections(shipped, store)) == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("MATCH (p:Pappier) RETURN p.id AS id ORDER BY id", "Pappier"),
        ("MATCH (p:Paper) RETURN p.tytle AS x ORDER BY x", "tytle"),
        ("MATCH (p:Paper) WHERE p.tytle = $x RETURN p.id AS x ORDER BY x", "tytle"),
        ("MATCH (p:Paper)-[r:UZES]->(m:Method) RETURN m.id AS id ORDER BY id", "UZES"),
        ("MATCH (p:Paper)-[r:USES]->(m:Method) RETURN r.skore AS x ORDER BY x", "skore"),
        ("MATCH (p:Paper)-[:USES|UZES]->(m:Method) RETURN m.id AS id ORDER BY id", "UZES"),
    ],
)
def test_an_engine_objects_to_a_name_that_it_does_not_know(store: Store, text: str, unknown: str) -> None:
    assert [o for o in objections(query(text), store) if unknown.lower() in o.lower()]


@pytest.mark.parametrize("text", ["MATCH (p:Paper", "RETURN nope(1) AS x ORDER BY x"])
def test_an_engine_objects_to_a_text_that_it_cannot_read(store: Store, text: str) -> None:
    (said,) = objections(query(text), store)
    assert "\n" not in said


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Paper) USING SCAN p:Paper WHERE p.id = $id RETURN p.title AS title ORDER BY title",
        "MATCH (p:Paper) USING SCAN p:Paper WHERE p.id IN [$id] RETURN p.title AS title ORDER BY title",
        "MATCH (p:Paper)-[:USES]->(m:Method) WHERE p.id = $id OR m.id = $id RETURN p.title AS title ORDER BY title",
        "MATCH (e:Method|Task)-[:BASED_ON]->(o:Method) WHERE (e.id = $id OR o.id IN [$id]) AND e.papers > 1 RETURN e.name AS name ORDER BY name",
    ],
)
def test_a_scan_where_an_index_is_is_found(server: Neo4j, text: str) -> None:
    (said,) = objections(query(text), server)
    assert re.match(r"a scan where an index is: \w+:\w+(\|\w+)*, \w+\.id (=|IN) …$", said)


def test_a_scan_of_all_nodes_is_found(server: Neo4j) -> None:
    for text in ("MATCH (n) RETURN n.id AS id ORDER BY id", "MATCH (n) WHERE n.id = $id RETURN n.kind AS kind ORDER BY kind"):
        (said,) = objections(query(text), server)
        assert said.startswith("a scan of all nodes: n")


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Paper {id: $id}) RETURN p.title AS title ORDER BY title",
        "MATCH (e:Method|Task) WHERE e.id IN [$id, $other] RETURN e.name AS name ORDER BY name",
        "MATCH (p:Paper) WHERE p.title CONTAINS $id RETURN p.title AS title ORDER BY title",
        "MATCH (p:Paper) RETURN p.id AS id ORDER BY id",
        "MATCH (p:Paper)-[:USES]->(m:Method) WHERE p.id <> $id RETURN p.title AS title, m.id AS id ORDER BY title, id",
        "MATCH (p:Paper)-[:USES]->(m:Method)<-[:USES]-(o:Paper) WHERE o.id <> p.id RETURN p.id AS id, o.id AS other, m.id AS m ORDER BY id, other, m",
        "MATCH (e:Method|Task) WHERE e.id = $id OR e.name = $id RETURN e.name AS name ORDER BY name",
        "MATCH (p:Paper) WHERE toLower(p.id) = $id RETURN p.title AS title ORDER BY title",
    ],
)
def test_a_search_by_index_and_a_scan_that_no_index_spares_are_let_be(server: Neo4j, text: str) -> None:
    assert list(objections(query(text), server)) == []


# -- the command


def lint(folder: Path, *graphs: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, "-m", "kg.lint", *graphs], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose query files are the test's own."""
    (tmp_path / "kg").symlink_to(Path(kg.__file__).parent, target_is_directory=True)
    shutil.copytree(resources.folder("cypher"), tmp_path / "cypher")
    return tmp_path


def test_the_command_is_silent_and_ends_with_0_where_nothing_is_wrong(checkout: Path, sample_graph: Path) -> None:
    done = lint(checkout, str(sample_graph))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_names_the_files_and_what_is_wrong_and_ends_with_1(checkout: Path, sample_graph: Path) -> None:
    (checkout / "cypher" / "top.cypher").write_text("// The most named entities\nMATCH (m:Method) RETURN m.id\n", encoding="utf-8")
    (checkout / "cypher" / "odd.cypher").write_text("// An odd thing of methods\nMATCH (m:Method) RETURN m.odd AS odd ORDER BY odd\n", encoding="utf-8")
    done = lint(checkout, str(sample_graph))
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["cypher/top.cypher", "cypher/top.cypher", "cypher/odd.cypher"]
    assert f"cypher/odd.cypher: {sample_graph}: " in done.stdout
    assert lint(checkout).stdout.splitlines() == done.stdout.splitlines()[:2]
