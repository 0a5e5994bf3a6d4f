"""kg: a graph of papers, methods, datasets, benchmarks, tasks and metrics, with the sentence behind every edge.

>>> import kg, pathlib, tempfile
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> built = kg.build(pathlib.Path(kg.__file__).parent / "sample" / "papers.jsonl", folder / "graph")
>>> kg.query("about", folder / "graph", entity="LoRA")[0]["introduced_by"]
'LoRA: Low-Rank Adaptation of Large Language Models'
>>> kg.load(folder / "graph", around="LoRA").nodes["method:lora"]["kind"]
'method'
>>> page = kg.view(folder / "graph", around="LoRA", output=folder / "lora.html")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.errors import AmbiguousName, GraphError, InputError, KgError, QueryError, StoreError, UnknownName

if TYPE_CHECKING:
    from kg.ask import query
    from kg.assemble import build
    from kg.draw import view
    from kg.graph import from_neo4j, load

__version__ = "0.1.0"
__all__ = ["AmbiguousName", "GraphError", "InputError", "KgError", "QueryError", "StoreError", "UnknownName", "build", "from_neo4j", "load", "query", "view"]

_FUNCTIONS = {"build": "kg.assemble", "from_neo4j": "kg.graph", "load": "kg.graph", "query": "kg.ask", "view": "kg.draw"}


def __getattr__(name: str) -> Any:
    """Import a function when it is first asked for: what it needs is heavy."""
    if name not in _FUNCTIONS:
        raise AttributeError(f"module kg has no attribute {name}")
    return getattr(import_module(_FUNCTIONS[name]), name)
