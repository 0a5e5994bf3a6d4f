"""CSV (or TSV) with a header line that names at least ``title``."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.lines import encoding_of, is_text, numbered
from kg.sources.record import COLUMNS, MAX_RECORD, Record


def recognises(head: bytes) -> bool:
    """Tell whether the first line is a header of known columns, ``title`` among them."""
    if not is_text(head):
        return False
    first = head.decode(encoding_of(head), errors="ignore").lstrip("\ufeff\r\n").split("\n", 1)[0].strip()
    names = _names(first, _delimiter(first))
    return "title" in names and len(names) > 1 and len(set(names) & set(COLUMNS)) > 1


def _delimiter(header: str) -> str:
    return max(",\t;", key=header.count)


def _names(header: str, delimiter: str) -> list[str]:
    try:
        return [n.strip().lower() for n in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:  # a line end inside: not a header
        return []


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record | InputError]:
    """Yield a record, or the error that took its place, for each row; columns that kg does not know are left out."""
    lines = (line for _, line in numbered(stream, name, encoding))
    header = next((line for line in lines if line.strip()), "")
    delimiter = _delimiter(header)
    names = _names(header, delimiter)
    if "title" not in names:
        raise InputError(f"{name}: the first line names no column “title”; it is the header of the table")
    csv.field_size_limit(MAX_RECORD)
    rows = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    while True:
        where = f"{name}:{rows.line_num + 2}"
        try:
            row = next(rows, None)
        except csv.Error as e:
            raise InputError(f"{where}: not CSV ({e})") from e
        if row is None:
            return
        if not any(row):
            continue
        if len(row) != len(names):
            yield InputError(f"{where}: {len(row)} values where the header names {len(names)} columns")
            continue
        yield Record(where, {k: v for k, v in zip(names, row, strict=True) if v != ""})
