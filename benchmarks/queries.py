"""Run times of every shipped question in both engines, side by side, on a made-up graph of 20,000 papers.

    python benchmarks/queries.py [--papers 20000] [--runs 5] [--graph FOLDER]

Starts a real Neo4j (see tests/neo4j_server.py), loads the graph, and asks each question with the names that most papers hold: the
hardest case. Each engine is asked once, then `runs` times; the table gives the median, in milliseconds, names resolved included.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from generated import generated
from neo4j_server import running

from kg.ask import ask
from kg.queries import Query, library
from kg.stores import Store
from kg.stores.ladybug import open_store
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import load
from kg.tables import Tables

TYPES = {"entity": ["method"], "method": ["method"], "benchmark": ["benchmark", "dataset"], "task": ["task"]}


def asked(query: Query, graph: Tables) -> dict[str, Any]:
    """Return the values of a query's required parameters: the most named entities, and the papers that name one together."""
    facts = graph.read("facts").filter(pl.col("role") != "based_on")
    entities = graph.read("entities").filter(~pl.col("generic")).sort("papers", "id", descending=[True, False])
    first = entities.filter(pl.col("type") == "method")["id"][0]
    papers = iter(facts.filter(pl.col("target") == first)["source"])
    named = {type_: iter(entities.filter(pl.col("type").is_in(types))["id"]) for type_, types in TYPES.items()}
    return {p.name: next(papers if p.type == "paper" else named[p.type]) for p in query.parameters if p.required}


def timed(store: Store, query: Query, values: dict[str, Any], runs: int) -> tuple[int, float]:
    """Return the rows of an answer and the median milliseconds that it takes."""
    times = []
    rows = len(ask(store, query.name, values).rows)
    for _ in range(runs):
        start = time.perf_counter()
        ask(store, query.name, values)
        times.append(1000 * (time.perf_counter() - start))
    return rows, median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--graph", help="a graph folder, instead of the made-up graph")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name, running() as server, Neo4j(server.uri, auth=server.auth) as neo4j:
        graph = Tables.open(arguments.graph or generated(Path(name) / "graph", papers=arguments.papers))
        print(f"{graph.manifest['rows']['papers']:,} papers, {graph.manifest['rows']['facts']:,} facts; Neo4j {server.version}; loading …", file=sys.stderr)
        load(neo4j, graph)
        print(f"{'question':20} {'rows':>5} {'LadybugDB ms':>13} {'Neo4j ms':>9}")
        with open_store(graph.folder) as embedded:
            for query in library().values():
                values = asked(query, graph)
                (rows, here), (there_rows, there) = (timed(store, query, values, arguments.runs) for store in (embedded, neo4j))
                print(f"{query.name:20} {rows:5} {here:13.0f} {there:9.0f}{'' if rows == there_rows else '  other rows!'}", flush=True)


if __name__ == "__main__":
    main()
