"""Time of the layout of a picture, ours beside NetworkX': python benchmarks/layout.py.

Random graphs with three edges a node. `ratio` is NetworkX' spring layout (50 iterations, its default) to ours (500 iterations, by igraph).
"""

import random
import time

import networkx as nx

from kg.views import layout


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


if __name__ == "__main__":
    main()
