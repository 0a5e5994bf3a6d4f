"""Rows → text: for a terminal, as CSV, as JSON, or as one JSON object a line."""

import csv
import io
import json
import math
import shutil
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from kg.stores import Rows
from kg.text import visible

FORMS = ("table", "csv", "json", "nl")


def lines(answer: Rows, form: str, *, terminal: bool) -> Iterator[str]:
    """Yield the answer's lines in one of `FORMS`; for a terminal nothing in them can control it."""
    if form == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([cell(v) for v in row] for row in answer.rows)
        yield from (visible(line) if terminal else line for line in buffer.getvalue().removesuffix("\n").split("\n"))
    elif form == "json":
        yield json.dumps(finite(answer.dicts()), ensure_ascii=terminal, indent=2, default=str)
    elif form == "nl":
        yield from (json.dumps(finite(row), ensure_ascii=terminal, default=str) for row in answer.dicts())
    else:
        yield from table(answer, shutil.get_terminal_size((100, 24)).columns)


def finite(value: Any) -> Any:
    """Return a value with null for what JSON has no number for: infinity, and what is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    return {k: finite(v) for k, v in value.items()} if isinstance(value, dict) else value


def cell(value: Any) -> Any:
    """Return what a cell of CSV holds: lists and maps as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value


def table(answer: Rows, width: int) -> Iterator[str]:
    """Yield the rows for reading: columns side by side, or, where there are sentences, as blocks with the sentences below."""
    if any(map(_is_sentence, answer.columns)):
        yield from _blocks(answer, width)
        return
    cells = [[_clean(v) for v in row] for row in answer.rows]
    heads = [c.replace("_", " ") for c in answer.columns]
    widths = _fit([max([len(h), *(len(c[i]) for c in cells)]) for i, h in enumerate(heads)], [len(h) for h in heads], width)
    if len(cells) == 1 and any(len(c) > w for c, w in zip(cells[0], widths, strict=True)):
        for head, cell in zip(heads, cells[0], strict=True):
            yield from _wrap(f"{head:<{max(map(len, heads))}}  {cell}", width, "", " " * (2 + max(map(len, heads))))
        return
    yield _row(heads, widths)
    yield "  ".join("─" * w for w in widths)
    yield from (_row(shown, widths) for shown in cells)


def _is_sentence(column: str) -> bool:
    return column.endswith("sentence")


def _blocks(answer: Rows, width: int) -> Iterator[str]:
    """Yield rows whose first value is the same as one block: what they have in common as its head, the rest of each row below."""
    plain = [i for i, c in enumerate(answer.columns) if not _is_sentence(c)]
    quoted = [i for i, c in enumerate(answer.columns) if _is_sentence(c)]
    for number, (_, rows) in enumerate(groupby(answer.rows, key=lambda row: row[plain[0]] if plain else None)):
        block = list(rows)
        common = [i for i in plain if all(row[i] == block[0][i] for row in block)]
        if number:
            yield ""
        yield from _wrap(_line(answer.columns, block[0], common), width, "", "    ")
        for row in block:
            own = [i for i in plain if i not in common]
            if own:
                yield from _wrap(_line(answer.columns, row, own), width, "  ", "    ")
            for i in quoted:
                if row[i] is not None:
                    said_by = answer.columns[i].removesuffix("sentence").replace("_", " ") or "this "
                    whose = f"{said_by}paper: " if len(quoted) > 1 else ""
                    yield from _wrap(f"{whose}“{_clean(row[i])}”", width, "    ", "    ")


def _line(columns: tuple[str, ...], row: tuple[Any, ...], chosen: list[int]) -> str:
    """Return the values of a row in one line; numbers and flags say what they are."""
    named = (
        f"{columns[i].replace('_', ' ')} {_clean(row[i])}" if isinstance(row[i], int | float) or columns[i].endswith("role") else _clean(row[i])
        for i in chosen
        if row[i] is not None
    )
    return " · ".join(named) or "–"


def _wrap(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, max(width, 40), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False) or [first.rstrip()]


def _clean(value: Any) -> str:
    return visible(_shown(value)).replace("\n", " ")


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _fit(wanted: list[int], least: list[int], width: int) -> list[int]:
    """Return column widths that fit `width`: the widest give way first, none below its head (8 at least)."""
    out = list(wanted)
    while sum(out) + 2 * (len(out) - 1) > width:
        i = max(range(len(out)), key=lambda k: out[k] - max(least[k], 8))
        if out[i] <= max(least[i], 8):
            break
        out[i] -= 1
    return out


def _row(cells: list[str], widths: list[int]) -> str:
    return "  ".join((c if len(c) <= w else c[: w - 1] + "…").ljust(w) for c, w in zip(cells, widths, strict=True)).rstrip()
