"""Speed of loading a graph into Neo4j, beside a bare script with the same driver, the same rows and the same batches.

    python benchmarks/neo4j [--papers 20000] [--rounds 2]

Starts a real Neo4j (see tests/neo4j_server.py), loads a made-up graph into it by a bare script and by kg in turns, the database emptied
before each, then by kg again: without a change, and after one in a hundred papers is gone. At last it writes the files for
``neo4j-admin database import`` and imports them into an empty database. `ratio` is the rows a second over those of the bare script.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

TESTS = Path(__file__).resolve().parents[2] / "tests"
sys.path[0] = str(TESTS)  # not this folder, whose name is that of the driver

from generated import generated  # noqa: E402
from neo4j import GraphDatabase  # noqa: E402
from neo4j_import import run_import  # noqa: E402
from neo4j_server import LTS, Server, empty, running  # noqa: E402

from kg.stores.model import LABELS, nodes, property_types, relations  # noqa: E402
from kg.stores.neo4j import Neo4j  # noqa: E402
from kg.stores.neo4j_bulk import write_bulk  # noqa: E402
from kg.stores.neo4j_load import BATCH, load  # noqa: E402
from kg.tables import Tables  # noqa: E402


def bare(server: Server, graph: Tables) -> float:
    """Return the seconds that a bare script takes: constraints, then a MERGE for each batch of rows, which are made before."""
    batches: list[tuple[str, list[dict[str, Any]]]] = []
    for label, frame in nodes(graph):
        text = f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n += row"
        batches += [(text, part.to_dicts()) for part in frame.iter_slices(BATCH)]
    for r in relations(graph):
        ends = f"MATCH (a:{r.source} {{id: row.source}}) MATCH (b:{r.target} {{id: row.target}})"
        text = f"UNWIND $rows AS row {ends} MERGE (a)-[r:{r.type} {{paper: row.paper}}]->(b) SET r += row.properties"
        rows = r.frame.select("source", "target", "paper", properties=pl.struct(*property_types(r.frame)))
        batches += [(text, part.to_dicts()) for part in rows.iter_slices(BATCH)]
    start = time.perf_counter()
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        for label in LABELS:
            driver.execute_query(f"CREATE CONSTRAINT kg_{label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE", database_="neo4j")
        for text, part in batches:
            driver.execute_query(text, {"rows": part}, database_="neo4j")
    return time.perf_counter() - start


def by_kg(server: Server, graph: Tables) -> tuple[float, int]:
    """Return the seconds that kg takes, from the tables on, and the rows that it wrote or removed."""
    start = time.perf_counter()
    with Neo4j(server.uri, auth=server.auth) as store:
        done = load(store, graph)
    return time.perf_counter() - start, done.written + done.removed


class Fewer:
    """A graph without every hundredth paper and what it says."""

    def __init__(self, graph: Tables) -> None:
        self.graph, self.gone = graph, graph.read("papers")["id"].gather_every(100)

    def read(self, table: str) -> pl.DataFrame:
        key = {"papers": "id", "facts": "paper", "results": "paper"}.get(table)
        frame = self.graph.read(table)
        return frame if key is None else frame.filter(~pl.col(key).is_in(self.gone.implode()))


def imported(graph: Tables, folder: Path) -> tuple[float, float]:
    """Return the seconds that writing the files takes, and importing them."""
    start = time.perf_counter()
    script = write_bulk(graph, folder / "bulk")
    written = time.perf_counter() - start
    (folder / "home").mkdir()
    start = time.perf_counter()
    run_import(script, folder / "home")
    return written, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        folder = Path(name)
        graph = Tables.open(generated(folder / "graph", papers=arguments.papers))
        size = sum(f.height for _, f in nodes(graph)) + sum(r.frame.height for r in relations(graph))
        warm = Tables.open(generated(folder / "warm", papers=1_000))
        loads: dict[str, list[float]] = {"a bare script": [], "kg load": []}
        ways: dict[str, Callable[[Server, Tables], float]] = {"a bare script": bare, "kg load": lambda s, g: by_kg(s, g)[0]}
        print(f"{graph.manifest['rows']['papers']:,} papers, {size:,} nodes and relations, Neo4j {LTS}\n")
        with running(LTS) as server:
            for way in ways.values():
                way(server, warm)
                empty(server)
            for number in range(arguments.rounds):
                for what in sorted(loads, reverse=number % 2 == 1):
                    empty(server)
                    loads[what].append(ways[what](server, graph))
                    print(f"{what}: {loads[what][-1]:.1f} s", file=sys.stderr)
            empty(server)
            by_kg(server, graph)
            again, nothing = by_kg(server, graph)
            fewer, gone = by_kg(server, Fewer(graph))  # type: ignore[arg-type]
        written, read = imported(graph, folder)
    base = size / median(loads["a bare script"])
    print(f"{'what':42} {'rows':>9} {'wall s':>8} {'rows/s':>9} {'ratio':>6}")
    for what, rows, seconds in (
        *((what, size, median(times)) for what, times in loads.items()),
        ("kg load again, nothing new", nothing, again),
        ("kg load, one paper in a hundred gone", gone, fewer),
        ("kg load --bulk, writing the files", size, written),
        ("neo4j-admin database import of these", size, read),
    ):
        rate = f"{rows / seconds:9,.0f} {rows / seconds / base:6.2f}" if rows == size else f"{'':9} {'':6}"
        print(f"{what:42} {rows:9,} {seconds:8.1f} {rate}")


main()
