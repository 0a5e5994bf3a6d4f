"""A store in a process of its own: it answers as the store does, and whatever a statement does to it, the next one is answered."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from stores.test_ladybug import ENDLESS, WRITES

from kg import apart
from kg.apart import LARGEST, MEMORY, Apart
from kg.errors import GraphError, QueryError, StoreError
from kg.stores import connect

PROC = Path("/proc/self/status").exists()


@pytest.fixture(scope="module")
def aside(sample_graph: Path) -> Iterator[Apart]:
    connect(str(sample_graph)).close()  # the store is filled
    made = Apart(str(sample_graph))
    yield made
    made.close()


def ask(aside: Apart, text: str, *, seconds: float = 20, limit: int = 1000, **parameters: object) -> list[tuple[object, ...]]:
    return aside.run(text, parameters, seconds=seconds, limit=limit).rows


def child(aside: Apart) -> int:
    ask(aside, "RETURN 1 AS x")
    assert aside._process
    return aside._process.pid


def memory(pid: int, field: str) -> int:
    """Return what a process has taken, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{field}:"))


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Paper)-[r]->(m:Method) RETURN p.id, r.marks, m ORDER BY p.id, m.id",
        "RETURN 1 AS i, 1.5 AS f, true AS b, null AS n, 'naïve 漢字 😀' AS t, [1, 2] AS l, {a: [1]} AS m, date('2024-05-12') AS d",
        "UNWIND range(1, 1001) AS x RETURN x ORDER BY x",
        "MATCH (p:Paper {id: 'nowhere'}) RETURN p",
    ],
)
def test_it_answers_as_the_store_does(aside: Apart, sample_graph: Path, text: str) -> None:
    with connect(str(sample_graph)) as store:
        assert aside.run(text, {}, seconds=20, limit=1000) == store.run(text, {}, seconds=20, limit=1000)


def test_parameters_go_as_they_are(aside: Apart, hostile: tuple[str, ...]) -> None:
    for value in (*hostile, 1, -(1 << 62), 1.5, True, ["a", "b"], "", "x" * 1_000_000):
        assert ask(aside, "RETURN $x AS x", x=value) == [(value,)]


@pytest.mark.parametrize("text", [*WRITES, "RETURN", "hello", "RETURN $y", "MATCH (p:Nope) RETURN p", "RETURN '\ud800' AS x"])
def test_what_the_store_refuses_is_refused(aside: Apart, text: str) -> None:
    with pytest.raises(QueryError) as refused:
        ask(aside, text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [2**70, {1}, object(), "\ud800"], ids=["big", "set", "object", "surrogate"])
def test_a_parameter_that_cannot_be_sent_is_refused_and_the_next_statement_is_answered(aside: Apart, value: object) -> None:
    with pytest.raises(QueryError):
        ask(aside, "RETURN $x AS x", x=value)
    assert ask(aside, "RETURN 3 AS x") == [(3,)]


def test_it_is_one_process_as_long_as_nothing_ends_it(aside: Apart) -> None:
    assert child(aside) == child(aside)


def test_an_endless_statement_is_stopped_in_time_and_says_so(aside: Apart) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match=r"more than 0\.5 seconds"):
        ask(aside, ENDLESS, seconds=0.5)
    assert time.monotonic() - start < 4
    assert ask(aside, "RETURN 4 AS x") == [(4,)]


HUNGRY = {
    "a text": "RETURN repeat('a', 2000000000) AS x",
    "several texts": "UNWIND range(1, 60) AS x WITH repeat('a', 100000000) + cast(x AS STRING) AS t RETURN collect(t) AS y",
    "a range": "RETURN range(1, 500000000) AS x",
    "a list": "UNWIND range(1, 100000000) AS x RETURN collect(x) AS y",
    "all triples": "MATCH (a), (b), (c) RETURN collect([a.abstract, b.abstract, c.abstract]) AS x",
    "a sort": "MATCH (a), (b), (c) RETURN a.id, b.id, c.id, a.abstract, b.abstract, c.abstract ORDER BY a.abstract, b.id DESC, c.id",
    "values that differ": "UNWIND range(1, 30000) AS x UNWIND range(1, 30000) AS y RETURN DISTINCT x * 30000 + y AS z ORDER BY z",
}


@pytest.mark.skipif(not PROC, reason="what a process takes is read from /proc")
@pytest.mark.parametrize("what", HUNGRY)
def test_a_statement_that_needs_too_much_memory_is_stopped_within_bounds(sample_graph: Path, what: str) -> None:
    aside = Apart(str(sample_graph))
    pid = child(aside)
    opened, peak, done = memory(pid, "VmRSS"), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            try:
                peak = max(peak, memory(pid, "VmHWM"))
            except (OSError, StopIteration):
                return

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with pytest.raises(QueryError) as stopped:
            ask(aside, HUNGRY[what], seconds=6)
    finally:
        done.set()
        watching.join()
    assert "\n" not in str(stopped.value)
    assert ask(aside, "RETURN 5 AS x") == [(5,)]
    aside.close()
    assert peak <= opened + MEMORY


def test_a_large_answer_is_refused_and_a_smaller_one_given(aside: Apart) -> None:
    with pytest.raises(QueryError, match="16 MiB"):
        ask(aside, "UNWIND range(1, 1000) AS x RETURN repeat('a', 20000) AS y")
    assert len(ask(aside, f"RETURN repeat('a', {LARGEST // 2}) AS y")[0][0]) == LARGEST // 2


def test_several_may_ask_at_once(aside: Apart) -> None:
    with ThreadPoolExecutor(20) as asking:
        assert list(asking.map(lambda n: ask(aside, "RETURN $n AS n", n=n), range(100))) == [[(n,)] for n in range(100)]


def test_a_process_that_was_ended_is_started_again(aside: Apart) -> None:
    before = child(aside)
    assert aside._process
    aside._process.kill()
    aside._process.wait()
    assert child(aside) != before


def test_a_process_that_dies_while_it_answers_is_told(aside: Apart) -> None:
    child(aside)
    process = aside._process
    assert process
    threading.Timer(0.5, process.kill).start()
    with pytest.raises(QueryError, match="stopped"):
        ask(aside, ENDLESS, seconds=20)
    assert ask(aside, "RETURN 6 AS x") == [(6,)]


def test_after_it_is_closed_no_process_is_left(sample_graph: Path) -> None:
    made = Apart(str(sample_graph))
    pid = child(made)
    made.close()
    made.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_graph_that_is_not_there_is_told_each_time(tmp_path: Path) -> None:
    made = Apart(str(tmp_path / "nowhere"))
    for _ in range(2):
        with pytest.raises(GraphError, match="nowhere"):
            ask(made, "RETURN 1")
        with pytest.raises(GraphError, match="nowhere"):
            made.start()
    made.close()


def test_a_server_that_does_not_answer_is_told() -> None:
    made = Apart("bolt://127.0.0.1:1")
    with pytest.raises(StoreError):
        ask(made, "RETURN 1")
    made.close()


def test_a_process_that_cannot_be_started_is_told(sample_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")
    made = Apart(str(sample_graph))
    with pytest.raises(StoreError, match="could not be started"):
        ask(made, "RETURN 1")
    monkeypatch.setattr(apart.sys, "executable", "/nowhere/python")
    made = Apart(str(sample_graph))
    with pytest.raises(StoreError, match="could not be started"):
        ask(made, "RETURN 1")
