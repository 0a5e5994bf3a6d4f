"""Questions as forms: what was filled in → an answer, whose values know what they name; the same question as a command and in Python."""

import contextlib
import csv
import io
import json
import math
import shlex
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from kg.apart import Apart
from kg.asked import Asked, NotFound, address, resolved
from kg.errors import QueryError
from kg.output import cell
from kg.queries import NAMED, Query
from kg.records import TYPES
from kg.stores import Rows
from kg.suggest import Names

ROWS = 1000
"""Rows that an answer shows, at most."""

SECONDS_NAMED = 30
"""Seconds that a named question may take, at least."""


_ON, _OFF = ("1", "true", "yes"), ("0", "false", "no")


def answer(apart: Apart, asked: Asked, question: Query | None, filled: Mapping[str, str], *, seconds: float) -> Rows:
    """Return the answer to a question or, without one, to the statement ``q``; from a process of its own.

    Raises `QueryError` for what cannot be asked, and `asked.NotFound` for a name that the graph does not have.
    """
    if question is None:
        return apart.run(filled["q"], {}, seconds=seconds, limit=ROWS)
    values = {p.name: _value(p.name, p.type, filled[p.name]) for p in question.parameters if filled[p.name]}
    bound = question.bind(values)
    for p in question.parameters:
        if p.type in NAMED:
            try:
                bound[p.name] = resolved(asked, str(bound[p.name]), NAMED[p.type])
            except NotFound as e:
                raise NotFound(str(e), e.hits, partial(_instead, question.name, filled, p.name)) from None
    return apart.run(question.text, bound, seconds=max(seconds, SECONDS_NAMED), limit=ROWS)


def _instead(question: str, filled: Mapping[str, str], parameter: str, id_: str) -> str:
    """Return the address of the question with another value of a parameter."""
    return f"/query/{question}?{urlencode({name: text for name, text in {**filled, parameter: id_}.items() if text})}"


def _value(name: str, type_: str, text: str) -> Any:
    if type_ == "bool":
        if text.lower() not in (*_ON, *_OFF):
            raise QueryError(f"“{name}” is 1 or 0, not “{text[:40]}”")
        return text.lower() in _ON
    if type_ not in ("int", "float"):
        return text
    try:
        number = int(text) if type_ == "int" else float(text)
    except ValueError:
        raise QueryError(f"“{name}” is a number, not “{text[:40]}”") from None
    if not (math.isfinite(number) and 0 <= number < 10**9):
        raise QueryError(f"“{name}” is a number from 0 to 1,000,000,000, not “{text[:40]}”")
    return number


def as_command(question: Query | None, filled: Mapping[str, str]) -> str:
    """Return the command that gives the same rows."""
    words = ["kg", "query", *([question.name] if question else ["--cypher", filled["q"]])]
    for p in question.parameters if question else ():
        option = f"--{p.name.replace('_', '-')}"
        if p.type == "bool":
            words += [option] if filled[p.name].lower() in _ON else []
        elif filled[p.name]:
            words += [option, filled[p.name]]
    return shlex.join(words)


def of_graph(graph: str, database: str = "neo4j") -> str:
    """Return what a command needs to be about this graph: nothing, if it is the one that commands take by default."""
    return "".join(f" {option} {shlex.quote(given)}" for option, given, usual in (("-g", graph, "graph"), ("--database", database, "neo4j")) if given != usual)


def as_python(question: Query | None, filled: Mapping[str, str], graph: str) -> str:
    """Return the call that gives the same rows."""
    if question is None:
        return f"kg.query({filled['q']!r}, {graph!r})"
    given = []
    for p in question.parameters:
        if filled[p.name]:
            with contextlib.suppress(QueryError):
                given.append(f"{p.name}={_value(p.name, p.type, filled[p.name])!r}")
    return f"kg.query({', '.join([repr(question.name), repr(graph), *given])})"


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Rows) -> str:
    """Return an answer as CSV (RFC 4180); a leading apostrophe keeps a spreadsheet from taking a text for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows([f"'{v}" if isinstance(v, str) and v.startswith(_FORMULA) else cell(v) for v in row] for row in rows.rows)
    return out.getvalue()


def ids(rows: Rows, names: Names) -> list[str]:
    """Return the ids of all nodes that an answer names, once each."""
    return list(dict.fromkeys(i for row in rows.rows for column, value in zip(rows.columns, row, strict=True) for i in _ids(column, value, names)))


def linked(rows: Rows, names: Names) -> dict[str, Any]:
    """Return an answer for reading: each value with its text and, where it names one thing, its type and address."""
    lines = []
    for row in rows.rows:
        line = []
        for column, value in zip(rows.columns, row, strict=True):
            found = list(_ids(column, value, names)) if isinstance(value, str | dict) else []
            kind = names.kind(found[0]) if len(found) == 1 else None
            name = value.get("name") or value.get("title") if isinstance(value, dict) and kind else None  # a node
            line.append({"text": str(name) if name else _text(value), "kind": kind, "address": address(kind, found[0]) if kind else None})
        lines.append(line)
    numeric = [all(isinstance(row[i], int | float | None) for row in rows.rows) for i in range(len(rows.columns))]
    return {"columns": rows.columns, "rows": lines, "more": rows.more, "numeric": numeric}


def _ids(column: str, value: Any, names: Names) -> Iterable[str]:
    """Yield the ids of the nodes that a value of a column names: nodes, ids, and names in a column that is called by a type."""
    if isinstance(value, dict):
        for inner in value.values():
            if isinstance(inner, list | dict):
                yield from _ids("", inner, names)
        value = value.get("id")
    if isinstance(value, list):
        for inner in value:
            yield from _ids(column, inner, names)
    elif isinstance(value, str):
        if names.kind(value):
            yield value
        elif kinds := _kinds_of(column):
            exact = names.exact(value, kinds)
            if len(exact) == 1:
                yield exact[0].id


def _kinds_of(column: str) -> tuple[str, ...]:
    """Return the types of what a column with this name holds the names of."""
    if column in ("name", "through", "and_through", "source_name", "target_name"):
        return TYPES
    if column == "benchmark":
        return ("benchmark", "dataset", "task")
    return tuple(kind for kind in ("paper", *TYPES) if column == kind or column.endswith(f"_{kind}"))


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)[:2000]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)
