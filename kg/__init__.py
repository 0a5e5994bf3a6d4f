"""kg: a graph of papers, methods, datasets, benchmarks, tasks and metrics, with the sentence behind every edge.

>>> import kg
>>> kg.build(["pages/"], "graph")  # doctest: +SKIP
>>> kg.query("shared-method", paper="PiSSA")  # doctest: +SKIP
>>> graph = kg.load("graph", around="LoRA")  # doctest: +SKIP
>>> kg.view("graph", around="LoRA", output="lora.html")  # doctest: +SKIP
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import GraphError, InputError, KgError, QueryError, StoreError, UnknownName

if TYPE_CHECKING:
    from kg.assemble import Built
    from kg.graph import Graph

__version__ = "0.1.0"
__all__ = ["GraphError", "InputError", "KgError", "QueryError", "StoreError", "UnknownName", "build", "load", "query", "view"]


def build(files: Iterable[str | Path], graph: str | Path = "graph", **options: Any) -> "Built":
    """Add the papers of files (or folders) to a graph folder; see `kg.assemble.build` for the options and errors."""
    from kg import assemble

    return assemble.build(files, graph, **options)


def load(
    graph: str | Path = "graph",
    *,
    around: str | None = None,
    hops: int = 1,
    sharing: str | None = None,
    types: Collection[str] | None = None,
    top: int | None = None,
) -> "Graph":
    """Return a graph folder, or a selection of it, as a `networkx.MultiDiGraph`; see `kg.graph.load`."""
    from kg import graph as module

    return module.load(graph, around=around, hops=hops, sharing=sharing, types=types, top=top)


def query(question: str, graph: str | Path = "graph", **parameters: Any) -> list[dict[str, Any]]:
    """Answer a named query, or a statement in Cypher (anything with a blank in it), on a folder or a ``neo4j://`` server.

    Returns one dictionary a row. Raises `UnknownName`, `QueryError`, `GraphError`, `StoreError`.
    """
    from kg.ask import ask
    from kg.stores import connect

    with connect(str(graph)) as store:
        named = not any(c.isspace() for c in question.strip())
        return (ask(store, question, parameters) if named else store.run(question, parameters)).dicts()


def view(graph: str | Path = "graph", *, around: str | None = None, paper: str | None = None, limit: int = 150, output: str | Path | None = None) -> str:
    """Return the page of a picture, and write it to `output` if given; see `kg.views.view`."""
    from kg import views

    return views.view(graph, around=around, paper=paper, limit=limit, output=output)
