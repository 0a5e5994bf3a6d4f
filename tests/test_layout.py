import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg

PACKAGE = Path(kg.__file__).parent
README = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
ORDER = re.findall(r"`kg/(\w+)(?:/|\.py)`", "".join(line for line in README.splitlines() if line.startswith("| `kg/")))
"""The modules in the reading order that the README gives."""

HEAVY = {"spacy", "polars", "networkx", "neo4j", "pyvis", "ladybug", "igraph", "jinja2", "onnxruntime", "tokenizers", "starlette", "uvicorn"}
LAZY = {"__init__", "cli", "options", "query_commands", "alias_commands"}  # may import anything inside a function


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, first-level module of kg) for each import in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            parts = node.module.split(".")
            names = parts[1:2] or [a.name for a in node.names]
            yield from ((node.lineno, name) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, a.name.split(".")[1]) for a in node.names if a.name.startswith("kg."))


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_every_module_has_its_place_in_the_reading_order() -> None:
    assert {module_of(p) for p in files()} - {"__init__"} == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_in_reading_order(path: Path) -> None:
    own = module_of(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if own in LAZY:
        for node in list(ast.walk(tree)):
            if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
                node.body = []
    allowed = {"errors", "__version__"} if own == "__init__" else {*ORDER[: ORDER.index(own) + 1], "__version__"}
    assert [f"{path.name}:{line}: {name}" for line, name in imports(tree) if name not in allowed] == []


@pytest.mark.parametrize("module", ["kg", "kg.cli"])
def test_import_leaves_heavy_libraries_alone(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()
