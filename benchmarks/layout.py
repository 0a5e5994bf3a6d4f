"""Time of the layout of a picture, and of the communities of methods, ours beside NetworkX': python benchmarks/layout.py.

Layout: random graphs with three edges a node. `ratio` is NetworkX' spring layout (50 iterations, its default) to ours (300 iterations, 100 at
2,000 nodes, by igraph). Communities: a made-up graph of 10,000 papers. `ratio` is NetworkX' Louvain to ours (Leiden, by igraph), counting of the ties included.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

import networkx as nx
import polars as pl

from kg.communities import communities, ties
from kg.draw import layout
from kg.tables import Tables

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def main() -> None:
    print(f"{'nodes':>6} {'kg s':>7} {'NetworkX s':>11} {'ratio':>6}")
    for n in (150, 500, 1_000, 2_000):
        chance = random.Random(n)
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(map(str, range(n)))
        graph.add_edges_from((str(chance.randrange(n)), str(chance.randrange(n))) for _ in range(3 * n))
        start = time.perf_counter()
        layout(graph)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        nx.spring_layout(nx.Graph(graph), seed=1, method="force")
        theirs = time.perf_counter() - start
        print(f"{n:6,} {ours:7.2f} {theirs:11.2f} {theirs / ours:6.1f}")
    print(f"\n{'ties':>7} {'kg s':>6} {'NetworkX s':>11} {'ratio':>6}")
    entities, facts = tables()
    start = time.perf_counter()
    communities(entities, facts)
    ours = time.perf_counter() - start
    graph = nx.Graph()
    graph.add_weighted_edges_from(ties(entities, facts).iter_rows())
    start = time.perf_counter()
    nx.community.louvain_communities(graph, seed=1)
    theirs = time.perf_counter() - start
    print(f"{graph.number_of_edges():7,} {ours:6.2f} {theirs:11.2f} {theirs / ours:6.1f}")


def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entities and facts of a made-up graph."""
    from generated import generated

    with tempfile.TemporaryDirectory() as folder:
        graph = Tables.open(generated(Path(folder) / "graph", papers=10_000))
        return graph.read("entities"), graph.read("facts")


if __name__ == "__main__":
    main()
