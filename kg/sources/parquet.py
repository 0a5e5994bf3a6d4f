"""Parquet with a column ``title`` and, where known, ``id abstract authors date venue categories url``."""

from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.record import COLUMNS, Record

_BATCH = 10_000


def recognises(head: bytes) -> bool:
    """Tell whether a file begins as Parquet does."""
    return head.startswith(b"PAR1")


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record | InputError]:
    """Yield a record, or the error that took its place, for each row. Only the known columns are read."""
    import polars as pl

    try:
        table = pl.scan_parquet(stream)
        known = [c for c in COLUMNS if c in table.collect_schema().names()]
        rows = table.select(known).collect()
    except (pl.exceptions.PolarsError, OSError) as e:
        raise InputError(f"{name}: not Parquet that can be read ({str(e).splitlines()[0]})") from e
    if "title" not in known:
        raise InputError(f"{name}: the table has no column “title”")
    for number, row in enumerate(rows.iter_rows(named=True, buffer_size=_BATCH), 1):
        yield Record(f"{name}:row {number}", row)
