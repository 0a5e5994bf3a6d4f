"""The embedded store: a cache beside the tables that fills itself, and only ever reads."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg import resources
from kg.ask import ask, entity_id, paper_id
from kg.assemble import build
from kg.errors import GraphError, QueryError
from kg.stores import connect, is_server, ladybug
from kg.stores.ladybug import Ladybug, open_store
from kg.tables import Tables

COUNT = "MATCH (p:Paper) RETURN count(p) AS papers"
WRITES = [
    "CREATE (:Paper {id: 'x'})",
    "MERGE (:Paper {id: 'x'})",
    "UNWIND [1] AS x CREATE (:Paper {id: 'x'})",
    "MATCH (p:Paper) SET p.title = 'x'",
    "MATCH (p:Paper) REMOVE p.title",
    "MATCH (p:Paper) DETACH DELETE p",
    "DROP TABLE Paper",
    "ALTER TABLE Paper ADD x STRING",
    "CREATE NODE TABLE X(id STRING, PRIMARY KEY(id))",
    "COPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    "PROFILE COPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    "/**/ COPY (MATCH (p:Paper) RETURN '*/ MATCH' AS x, p.id) TO 'out.csv'",
    "MATCH (p:Paper) LOAD FROM '/etc/passwd' RETURN *",
    "/* MATCH */ COPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    "RETURN 1; COPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    "RETURN 1; EXPORT DATABASE 'out'",
    "EXPORT DATABASE 'out'",
    "IMPORT DATABASE 'out'",
    "INSTALL fts",
    "LOAD EXTENSION fts",
    "ATTACH 'out.db' AS other (dbtype duckdb)",
    "CHECKPOINT",
    "BEGIN TRANSACTION",
]
UNREADABLE = [
    "MATCH (p",
    "RETURN",
    "",
    ";",
    "// nothing",
    "hello",
    "MATCH (p:Paper) RETURN p.nope AS x",
    "MATCH (p:Nope) RETURN p",
    "RETURN 1; RETURN 2",
    "RETURN '\ud800' AS x",
    "RETURN $x AS x",
]


@pytest.fixture
def graph(sample_graph: Path, tmp_path: Path) -> Path:
    """A graph folder of the test's own, without a store."""
    return Path(shutil.copytree(sample_graph, tmp_path / "graph", ignore=shutil.ignore_patterns("store.*")))


@pytest.fixture(scope="module")
def store(sample_graph: Path) -> Iterator[Ladybug]:
    with open_store(sample_graph) as opened:
        yield opened


def papers(folder: Path) -> int:
    with open_store(folder) as opened:
        return int(opened.run(COUNT, {}).rows[0][0])


def no_filling(*_: object) -> None:
    raise AssertionError("filled again")


# -- a cache beside the tables


def test_the_first_opening_makes_the_store(graph: Path) -> None:
    before = {p.name for p in graph.iterdir() if not p.name.startswith(".")}
    assert papers(graph) == Tables.open(graph).manifest["rows"]["papers"]
    assert {p.name for p in graph.iterdir() if not p.name.startswith(".")} - before == {"store.lbug", "store.stamp"}


def test_a_store_that_holds_the_tables_is_opened_as_it_is(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers(graph)
    monkeypatch.setattr(ladybug, "fill", no_filling)
    assert papers(graph) > 0


def test_a_store_is_filled_again_when_the_tables_have_changed(graph: Path, tmp_path: Path) -> None:
    before = papers(graph)
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps({"id": "new", "title": "A new paper", "abstract": "We train BERT."}), encoding="utf-8")
    build([more], graph)
    assert papers(graph) == before + 1


def test_a_store_is_filled_again_when_what_a_store_holds_has_changed(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = papers(graph)
    fillings: list[Path] = []

    def fill(tables: Tables, path: Path) -> None:
        fillings.append(path)
        real(tables, path)

    real = ladybug.fill
    monkeypatch.setattr(ladybug, "fill", fill)
    for source, filled in ((None, 0), ("another model", 1), ("another model", 1), (None, 2)):
        with monkeypatch.context() as patch:
            if source:
                patch.setattr(ladybug, "MODEL", source)
            assert papers(graph) == expected
        assert len(fillings) == filled


def test_a_store_of_another_engine_is_filled_again(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = papers(graph)
    stamp = graph / "store.stamp"
    wanted = stamp.read_text(encoding="utf-8")
    stamp.write_text(wanted.replace(ladybug.ladybug.__version__, "0.1.0"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(ladybug, "fill", no_filling)
        with pytest.raises(AssertionError, match="filled again"):
            papers(graph)
    assert papers(graph) == expected
    assert stamp.read_text(encoding="utf-8") == wanted


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 500, None], ids=["empty", "garbage", "cut"])
def test_a_damaged_store_is_filled_again(graph: Path, damage: bytes | None) -> None:
    expected = papers(graph)
    file = graph / "store.lbug"
    file.write_bytes(file.read_bytes()[:20_000] if damage is None else damage)
    assert papers(graph) == expected


def test_a_store_whose_filling_was_cut_short_is_filled_again_and_leaves_nothing(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {p.name for p in graph.iterdir() if not p.name.startswith(".")}

    def cut(*_: object) -> None:
        raise RuntimeError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(ladybug, "_copy", cut)
        with pytest.raises(GraphError, match="no space left"):
            open_store(graph)
    assert {p.name for p in graph.iterdir() if not p.name.startswith(".")} == names
    assert papers(graph) > 0


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while where root runs the tests, who may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    resources.text("cypher", "store", "ladybug-macros.cypher")  # kept from now on: nobody may be unable to read the checkout
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("stale", [False, True])
def test_a_folder_that_cannot_be_written_is_asked_all_the_same(sample_graph: Path, stale: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="kg-read-only-") as place:
        folder = Path(shutil.copytree(sample_graph, Path(place, "graph"), ignore=shutil.ignore_patterns("store.*", ".lock")))
        if not stale:
            papers(folder)
        names = sorted(folder.iterdir())
        Path(place).chmod(0o755)
        folder.chmod(0o555)
        with unprivileged():
            assert papers(folder) == Tables.open(folder).manifest["rows"]["papers"]
        folder.chmod(0o755)
        assert sorted(folder.iterdir()) == names


def test_two_may_read_one_store_at_once(graph: Path) -> None:
    with open_store(graph) as one, open_store(graph) as other:
        assert one.run(COUNT, {}) == other.run(COUNT, {})


def test_connect_opens_a_folder_even_one_whose_name_looks_like_an_address(graph: Path) -> None:
    odd = graph.rename(graph.with_name("neo4j it's"))
    assert not is_server(str(odd))
    with connect(str(odd)) as opened:
        assert opened.run(COUNT, {}).rows[0][0] > 0


# -- only reads, and says why in one line


@pytest.mark.parametrize("text", WRITES)
def test_a_writing_statement_is_refused_in_one_line_and_leaves_no_file(store: Ladybug, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = store.run(COUNT, {})
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
    assert store.run(COUNT, {}) == before


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_run_is_refused_in_one_line(store: Ladybug, text: str) -> None:
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "match (p:Paper) return count(p) AS n",
        "  // why\n/* and\nhow */ MATCH (p:Paper) RETURN count(p) AS n;",
        "EXPLAIN MATCH (p:Paper) RETURN p",
        "CALL show_tables() RETURN *",
    ],
)
def test_a_reading_statement_may_begin_with_comments_and_end_with_a_semicolon(store: Ladybug, text: str) -> None:
    assert store.run(text, {}).rows


@pytest.mark.parametrize("value", [2**70, [1, "a"], {1}, object(), "\ud800"], ids=["big", "mixed", "set", "object", "surrogate"])
def test_a_parameter_that_the_engine_cannot_take_is_refused_in_one_line(store: Ladybug, value: object) -> None:
    with pytest.raises(QueryError) as refused:
        store.run("RETURN $x AS x", {"x": value})
    assert "\n" not in str(refused.value)


FILES = [
    "LOAD FROM 'secret.csv' RETURN *",
    "load from 'secret.csv' return *",
    "LOAD/**/FROM 'secret.csv' RETURN *",
    "LOAD // why\nFROM 'secret.csv' RETURN *",
    "LOAD WITH HEADERS (a INT64) FROM 'secret.csv' RETURN *",
    "UNWIND [1] AS x LOAD FROM 'secret.csv' RETURN *",
    "MATCH (p:Paper) /* LOAD */ LOAD /* FROM */ FROM 'secret.csv' RETURN *",
    "MATCH (p:Paper) WITH p LOAD\u00a0FROM 'secret.csv' RETURN *",
    "CALL read_csv('secret.csv') RETURN *",
    "CALL { LOAD FROM 'secret.csv' RETURN * }",
    "COPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    "copy(MATCH (p:Paper) RETURN p.id)to'out.csv'",
    "COPY/**/(MATCH (p:Paper) RETURN p.id) /* to */ TO 'out.csv'",
    "MATCH (p:Paper) RETURN p.id; COPY (RETURN 1 AS x) TO 'out.csv'",
    "RETURN 1 AS `a`; COPY (RETURN 1 AS x) TO 'out.csv' // `",
    "// a comment that ends with \\r\rCOPY (RETURN 1 AS x) TO 'out.csv'",
    r"\u0043OPY (MATCH (p:Paper) RETURN p.id) TO 'out.csv'",
    r"RETURN '\u0027 AS x; COPY (RETURN 1 AS x) TO \u0027out.csv\u0027 //' AS y",
    r"RETURN 1 AS x //\u000a; COPY (RETURN 1 AS x) TO 'out.csv'",
    r"RETURN 1 AS x /* \u002a\u002f ; COPY (RETURN 1 AS x) TO 'out.csv' // */",
]


@pytest.mark.parametrize("text", FILES)
def test_a_statement_that_reads_or_writes_files_is_refused_in_one_line(store: Ladybug, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(QueryError) as refused:
        store.run(text, {})
    assert "\n" not in str(refused.value)
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


LIKE_FILES = [
    "RETURN 'COPY (x) TO y; LOAD FROM z' AS x",
    "RETURN 1 AS x // COPY TO",
    "MATCH (p:Paper {id: 'LOAD FROM'}) RETURN count(p) AS n",
    r"""RETURN '\'; COPY (RETURN 1 AS x) TO "out.csv" //' AS x""",
]


@pytest.mark.parametrize("text", LIKE_FILES)
def test_what_only_looks_like_it_in_a_text_is_answered(store: Ladybug, text: str) -> None:
    assert len(store.run(text, {}).rows) == 1


# -- as long and as much as is allowed

ENDLESS = "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y UNWIND range(1, 100000) AS z RETURN count(*) AS n"


def test_a_statement_that_takes_too_long_is_stopped_and_says_so(store: Ladybug) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match=r"^the statement took more than 0.2 seconds and was stopped; .*--timeout$"):
        store.run(ENDLESS, {}, seconds=0.2)
    assert time.monotonic() - start < 5


def test_after_one_that_was_stopped_the_next_takes_as_long_as_it_needs(store: Ladybug) -> None:
    with pytest.raises(QueryError):
        store.run(ENDLESS, {}, seconds=0.001)
    slow = "UNWIND range(1, 2000) AS x UNWIND range(1, 2000) AS y WITH x, y WHERE x * y % 7 = 3 RETURN count(*) AS n"
    assert store.run(slow, {}).rows == store.run(slow, {}, seconds=60).rows == [(sum((x * y) % 7 == 3 for x in range(1, 2001) for y in range(1, 2001)),)]


@pytest.mark.parametrize(("limit", "rows", "more"), [(None, 50, False), (50, 50, False), (51, 50, False), (49, 49, True), (1, 1, True), (0, 0, True)])
def test_no_more_rows_than_the_limit_come_and_that_there_are_more_is_told(store: Ladybug, limit: int | None, rows: int, more: bool) -> None:
    found = store.run("UNWIND range(1, 50) AS x RETURN x ORDER BY x", {}, limit=limit)
    assert (found.rows, found.more) == ([(x,) for x in range(1, rows + 1)], more)


def test_of_no_rows_there_are_no_more(store: Ladybug) -> None:
    found = store.run("MATCH (p:Paper {id: 'nowhere'}) RETURN p.id AS id", {}, limit=0)
    assert (found.rows, found.more, found.columns) == ([], False, ("id",))


# -- text is data


def test_a_hostile_text_comes_back_from_a_parameter_as_it_went_in(store: Ladybug, hostile: tuple[str, ...]) -> None:
    for text in (*hostile, "two\nlines\r\n", "nul\x00nul", "", "$x", "x" * 100_000):
        assert store.run("RETURN $x AS x", {"x": text}).rows == [(text,)]
        assert store.run("MATCH (p:Paper) WHERE p.title = $x RETURN p.id AS id", {"x": text}).rows == []


def test_hostile_names_survive_the_filling(hostile_graph: Path, hostile: tuple[str, ...]) -> None:
    tables = Tables.open(hostile_graph)
    with open_store(hostile_graph) as opened:
        for table, pattern, column in (
            ("papers", "Paper", "title"),
            ("papers", "Paper", "authors"),
            ("entities", "Method|Dataset|Benchmark|Task|Metric", "name"),
            ("entities", "Method|Dataset|Benchmark|Task|Metric", "aliases"),
        ):
            expected = tables.read(table).select("id", column).sort("id").rows()
            assert opened.run(f"MATCH (n:{pattern}) RETURN n.id AS id, n.{column} AS value ORDER BY id", {}).rows == expected
        authors = {row[0] for row in opened.run("MATCH (a:Author)-[:AUTHORED]->(:Paper) RETURN a.name AS name ORDER BY name", {}).rows}
    assert len(authors) == len(hostile)


def test_hostile_names_can_be_asked_for(hostile_graph: Path) -> None:
    tables = Tables.open(hostile_graph)
    with open_store(hostile_graph) as opened:
        for id_, title in tables.read("papers").select("id", "title").rows():
            assert paper_id(opened, id_) == id_
            assert paper_id(opened, title) == id_
        for id_ in tables.read("entities")["id"]:
            assert entity_id(opened, id_) == id_
            assert ask(opened, "about", {"entity": id_}).rows


# -- numbers after LIMIT and SKIP are written out


@pytest.mark.parametrize(
    ("text", "given", "written", "left"),
    [
        ("RETURN 1 LIMIT $n", {"n": 3}, "RETURN 1 LIMIT 3", set()),
        ("RETURN 1 SKIP $m LIMIT $n", {"m": 0, "n": 3}, "RETURN 1 SKIP 0 LIMIT 3", set()),
        ("RETURN $n LIMIT $n", {"n": 3}, "RETURN $n LIMIT 3", {"n"}),
        ("RETURN $x LIMIT $n", {"x": "LIMIT $n", "n": 3}, "RETURN $x LIMIT 3", {"x"}),
        ("RETURN 1 LIMIT $n2 SKIP $n", {"n": 3, "n2": 4}, "RETURN 1 LIMIT 4 SKIP 3", set()),
        ("RETURN 1 LIMIT $n + $m", {"n": 3, "m": 4}, "RETURN 1 LIMIT 3 + $m", {"m"}),
        ("RETURN 'LIMIT $n' AS x", {"n": 3}, None, {"n"}),
        ('RETURN "LIMIT $n" LIMIT $n', {"n": 3}, 'RETURN "LIMIT $n" LIMIT 3', {"n"}),
        ("RETURN 'it\\'s LIMIT $n' LIMIT $n", {"n": 3}, "RETURN 'it\\'s LIMIT $n' LIMIT 3", {"n"}),
        ("RETURN 1 AS `LIMIT $n`", {"n": 3}, None, {"n"}),
        ("RETURN 1 // LIMIT $n\n", {"n": 3}, None, {"n"}),
        ("RETURN 1 /* LIMIT $n */", {"n": 3}, None, {"n"}),
        ("RETURN 1 LIMIT $n", {"n": True}, None, {"n"}),
        ("RETURN 1 LIMIT $n", {"n": -1}, None, {"n"}),
        ("RETURN 1 LIMIT $n", {"n": 1.5}, None, {"n"}),
        ("RETURN 1 LIMIT $n", {"n": "1; DROP TABLE Paper"}, None, {"n"}),
        ("RETURN 1 LIMIT $n", {"m": 1}, None, {"m"}),
        ("RETURN 1 AS LIMITED ORDER BY $n", {"n": 1}, None, {"n"}),
        ("RETURN 1 AS NOLIMIT $n", {"n": 1}, None, {"n"}),
    ],
)
def test_only_numbers_after_limit_and_skip_are_written_out(text: str, given: dict[str, object], written: str | None, left: set[str]) -> None:
    told, parameters = ladybug._planned_once(text, given)
    assert told == (text if written is None else written)
    assert parameters == {name: given[name] for name in left}


def test_a_statement_whose_numbers_are_written_out_gives_the_rows_of_each(store: Ladybug) -> None:
    text = "UNWIND range(1, 50) AS x RETURN x, $n AS n, 'LIMIT $n' AS t ORDER BY x SKIP $m LIMIT $n // LIMIT $n"
    for m, n in ((0, 0), (0, 3), (2, 3), (49, 3), (50, 3), (0, 1 << 40)):
        assert store.run(text, {"m": m, "n": n}).rows == [(x, n, "LIMIT $n") for x in range(1, 51)][m : m + n]


# -- many threads


def test_a_store_may_be_asked_from_several_threads(sample_graph: Path) -> None:
    def asked(number: int) -> list[tuple[object, ...]]:
        assert opened.run(COUNT, {}).rows == expected
        return opened.run("UNWIND range(1, 200) AS x RETURN x * $n AS y ORDER BY y LIMIT $k", {"n": number, "k": 1 + number % 7}).rows

    with open_store(sample_graph, threads=1) as opened, ThreadPoolExecutor(20) as asking:
        expected = opened.run(COUNT, {}).rows
        for number, rows in enumerate(asking.map(asked, range(1, 201)), 1):
            assert rows == [(x * number,) for x in range(1, 2 + number % 7)]


def test_a_statement_that_is_stopped_in_one_thread_stops_no_other(sample_graph: Path) -> None:
    with open_store(sample_graph, threads=1) as opened, ThreadPoolExecutor(2) as asking:
        stopped = asking.submit(opened.run, ENDLESS, {}, seconds=0.5)
        while not stopped.done():
            assert opened.run(COUNT, {}).rows[0][0] > 0
        with pytest.raises(QueryError, match="seconds"):
            stopped.result()
