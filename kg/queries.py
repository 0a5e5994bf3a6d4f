"""Questions as files: ``cypher/<name>.cypher`` holds what is asked, its parameters, and one statement that both engines answer alike.

Line 1, ``// …``, says what it answers; ``// param name: type = default  help`` declares a parameter
(without a default it is required); the rest is the statement.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg import resources
from kg.errors import QueryError, UnknownName
from kg.records import ROLES, TYPES

_PARAM = re.compile(r"// param (?P<name>[a-z]\w*): (?P<type>\w+)(?: = (?P<default>\"[^\"]*\"|\S+))?  (?P<help>\S.*)")
NOT_CODE = re.compile(r"//[^\r\n]*|/\*(?s:.*?)(?:\*/|\Z)|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")

PARAMETER_TYPES: dict[str, Callable[[str], Any]] = {
    "paper": str,  # an id, or an unambiguous part of a title
    "entity": str,  # an id, a name or an alias; likewise the three below, of that type
    "method": str,
    "benchmark": str,
    "task": str,
    "text": str,
    "kind": str,  # one of `CHOICES`, or "" for any; likewise role
    "role": str,
    "int": int,
    "float": float,
    "list": list,  # of ids; from Python only
    "bool": lambda s: {"true": True, "false": False}[s],
}

LABEL = "<LABEL>"
"""What stands in a file of ``cypher/pages/`` for the label of a type: one engine finds a node by its id only under one label."""

LOOKUPS = ("entity", "find-entity", "find-paper", "names", "paper")
"""What `kg.ask` looks up: queries in ``cypher/store/`` for both engines."""

CHOICES: dict[str, tuple[str, ...]] = {"kind": TYPES, "role": ROLES}
NAMED: dict[str, tuple[str, ...]] = {
    "paper": ("paper",), "entity": TYPES, "method": ("method",), "benchmark": ("benchmark", "dataset"), "task": ("task",),
}  # fmt: skip
"""Type of a parameter → the types of nodes that it names."""
_PYTHON: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "list": (list,)}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter; `default` is None where it is required."""

    name: str
    type: str
    default: Any
    help: str

    @property
    def required(self) -> bool:
        """Whether a query cannot run without it."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Query:
    """A named question."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of all parameters. Raises `QueryError` for an unknown or missing one, or one of the wrong type."""
        known = {p.name: p for p in self.parameters}
        if unknown := sorted(set(given) - set(known)):
            raise QueryError(f"query {self.name}: no parameter “{unknown[0]}”; it has {', '.join(known) or 'none'}")
        values = {}
        for name, parameter in known.items():
            value = given.get(name, parameter.default)
            if value is None:
                raise QueryError(f"query {self.name}: “{name}” is missing ({parameter.help})")
            if not isinstance(value, _PYTHON.get(parameter.type, (str,))) or isinstance(value, bool) != (parameter.type == "bool"):
                raise QueryError(f"query {self.name}: “{name}” takes {parameter.type}, not {value!r}")
            choices = CHOICES.get(parameter.type, ())
            if choices and value not in ("", *choices):
                raise QueryError(f"query {self.name}: “{name}” is one of {', '.join(choices)}, not {value!r}")
            values[name] = value
        return values


def parse(name: str, source: str, where: str) -> Query:
    """Return the query in a file's text. Raises `QueryError` where header and body disagree."""
    lines = source.splitlines()
    if not lines or not lines[0].startswith("// ") or lines[0].startswith("// param"):
        raise QueryError(f"{where}:1: the first line says what the query answers: // …")
    parameters: list[Parameter] = []
    body = 1
    for number, line in enumerate(lines[1:], 2):
        if not line.startswith("// param"):
            break
        match = _PARAM.fullmatch(line)
        if not match or match["type"] not in PARAMETER_TYPES:
            raise QueryError(f"{where}:{number}: not // param name: type = default  help, with a type of {', '.join(PARAMETER_TYPES)}")
        try:
            default = None if match["default"] is None else PARAMETER_TYPES[match["type"]](match["default"].strip('"'))
        except (ValueError, KeyError):
            raise QueryError(f"{where}:{number}: the default {match['default']} is not of type {match['type']}") from None
        if match["name"] in {p.name for p in parameters}:
            raise QueryError(f"{where}:{number}: “{match['name']}” is declared twice")
        parameters.append(Parameter(match["name"], match["type"], default, match["help"]))
        body = number
    text = "\n".join(lines[body:]).strip().rstrip(";")
    if not text:
        raise QueryError(f"{where}: no statement below the header")
    used = set(re.findall(r"\$(\w+)", NOT_CODE.sub("", text)))
    declared = {p.name for p in parameters}
    if used != declared:
        raise QueryError(f"{where}: declared and used parameters differ: {', '.join(sorted(used ^ declared))}")
    return Query(name, lines[0][3:].strip(), tuple(parameters), text)


@cache
def library() -> dict[str, Query]:
    """Return the shipped queries by name."""
    return {q.name: q for q in map(_read, sorted(resources.folder("cypher").glob("*.cypher")))}


@cache
def lookup(name: str) -> Query:
    """Return a query that a store needs for itself, from ``cypher/store/``."""
    return _read(resources.folder("cypher") / "store" / f"{name}.cypher")


@cache
def for_pages(name: str, kind: str = "method") -> Query:
    """Return a query that pictures and pages ask, from ``cypher/pages/``, about nodes of this kind."""
    path = resources.folder("cypher") / "pages" / f"{name}.cypher"
    return parse(name, path.read_text(encoding="utf-8").replace(LABEL, kind.capitalize()), f"cypher/pages/{path.name}")


def named(name: str) -> Query:
    """Return a shipped query. Raises `UnknownName`, with the near ones."""
    found = library().get(name)
    if found is None:
        raise UnknownName.near("query", name, library(), "kg query --help lists them")
    return found


def _read(path: Path) -> Query:
    return parse(path.stem, path.read_text(encoding="utf-8"), f"cypher/{path.name}")
