"""The embedded store: LadybugDB, a file beside the tables, filled by ``COPY`` and opened read-only."""

import errno
import glob
import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import ladybug
import polars as pl
from filelock import FileLock

from kg import resources
from kg.errors import GraphError, QueryError
from kg.stores import Rows, check, model, too_long
from kg.stores.model import nodes, property_types, relations
from kg.tables import Tables, consistently

_TYPES = {pl.String: "STRING", pl.Int32: "INT64", pl.Float64: "DOUBLE", pl.Boolean: "BOOL", pl.List(pl.String): "STRING[]", pl.List(pl.Int64): "INT64[]"}

MODEL = hashlib.sha256(Path(model.__file__).read_bytes() + resources.text("cypher", "store", "ladybug-macros.cypher").encode()).hexdigest()[:12]
"""A hash of what decides how the tables become a store."""


def open_store(folder: str | Path) -> "Ladybug":
    """Open the store of a graph folder, filled anew where it is missing, damaged, or does not hold what the tables hold.

    Where the folder cannot be written the store is filled in a temporary one.
    """
    return consistently(folder, _open)


def _open(tables: Tables) -> "Ladybug":
    path, stamp = tables.folder / "store.lbug", tables.folder / "store.stamp"
    wanted = f"{tables.content} ladybug {ladybug.__version__} model {MODEL}\n"
    if found := _current(path, stamp, wanted):
        return found
    try:
        with FileLock(tables.folder / ".store.lock"):
            if found := _current(path, stamp, wanted):
                return found
            fresh = path.with_name("store.lbug.new")
            try:
                fill(tables, fresh)
            except RuntimeError as e:
                clear(fresh)
                raise GraphError(f"{tables.folder}: the store cannot be filled ({str(e).strip().splitlines()[0]}); is the disk full?") from e
            except BaseException:
                clear(fresh)
                raise
            stamp.unlink(missing_ok=True)
            clear(path)
            fresh.replace(path)
            stamp.write_text(wanted, encoding="utf-8")
            return Ladybug(path)
    except OSError as e:
        if e.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
    keep = tempfile.TemporaryDirectory(prefix="kg-store-")
    path = Path(keep.name) / "store.lbug"
    fill(tables, path)
    return Ladybug(path, keep)


def _current(path: Path, stamp: Path, wanted: str) -> "Ladybug | None":
    """Return the open store if it was filled from these tables by this engine and can be read."""
    try:
        return Ladybug(path) if path.exists() and stamp.read_text(encoding="utf-8") == wanted else None
    except (RuntimeError, MemoryError, OSError, UnicodeDecodeError):
        return None


def clear(path: Path) -> None:
    """Remove a store file and what the engine keeps beside it."""
    for leftover in path.parent.glob(f"{glob.escape(path.name)}*"):
        if leftover.name != "store.lbug.new" or path.name == "store.lbug.new":
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)


def fill(tables: Tables, path: Path) -> None:
    """Make the store file `path` from the tables: schema, macros, then every label and relation by ``COPY``. Raises OSError where it cannot be written."""
    clear(path)
    path.touch()  # says at once, and in Python's terms, that a folder cannot be written
    path.unlink()
    with tempfile.TemporaryDirectory(prefix="kg-copy-") as scratch:
        database = ladybug.Database(str(path), max_db_size=1 << 36)
        connection = ladybug.Connection(database)
        try:
            for macro in filter(str.strip, resources.text("cypher", "store", "ladybug-macros.cypher").split(";")):
                connection.execute(macro)
            for label, frame in nodes(tables):
                connection.execute(f"CREATE NODE TABLE {label}({_columns(frame)}, PRIMARY KEY(id))")
                _copy(connection, label, frame, Path(scratch))
            by_type: dict[str, list[Any]] = {}
            for relation in relations(tables):
                by_type.setdefault(relation.type, []).append(relation)
            for type_, group in by_type.items():
                ends = ", ".join(f"FROM {r.source} TO {r.target}" for r in group)
                connection.execute(f"CREATE REL TABLE {type_}({ends}, {_columns(group[0].frame)})")
                for r in group:
                    _copy(connection, type_, r.frame, Path(scratch), f" (from='{r.source}', to='{r.target}')")
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
            database.close()


def _columns(frame: pl.DataFrame) -> str:
    return ", ".join(f"{name} {_TYPES[dtype]}" for name, dtype in property_types(frame).items())


def _copy(connection: ladybug.Connection, table: str, frame: pl.DataFrame, scratch: Path, options: str = "") -> None:
    if frame.height:
        file = scratch / "rows.parquet"
        frame.with_columns(pl.col(pl.Int32).cast(pl.Int64)).write_parquet(file)
        quoted = str(file).replace("\\", "\\\\").replace("'", "\\'")
        connection.execute(f"COPY {table} FROM '{quoted}'{options}")


class Ladybug:
    """An open store file; answers reading statements. `keep` is a temporary folder that goes with it."""

    def __init__(self, path: Path, keep: "tempfile.TemporaryDirectory[str] | None" = None) -> None:
        self._keep = keep
        self._database = ladybug.Database(str(path), read_only=True, max_db_size=1 << 36)
        self._connection = ladybug.Connection(self._database)
        try:
            self._connection.execute("MATCH (p:Paper) RETURN p.id LIMIT 0")
        except (RuntimeError, MemoryError):
            self.close()
            raise

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float | None = None, limit: int | None = None) -> Rows:
        """Return the answer to one statement, its first `limit` rows.

        Raises `QueryError` for anything but a reading statement that the engine knows, and for one that takes more than `seconds`.
        """
        check(text, parameters)
        self._connection.set_query_timeout(0 if seconds is None else max(1, round(1000 * seconds)))
        try:
            # With a parameter at hand the engine prepares the text first, and so refuses several statements before it runs one.
            result = self._connection.execute(text, {"kg": 0, **parameters})
        except (RuntimeError, MemoryError, TypeError, ValueError) as e:
            if seconds is not None and str(e).startswith("Interrupted"):
                raise too_long(seconds) from e
            raise QueryError(f"the store refuses the statement: {str(e).strip().splitlines()[0]}") from e
        if isinstance(result, list):
            raise QueryError("several statements at once; run them one by one")
        rows = result.get_all() if limit is None else result.get_n(limit)
        return Rows(tuple(result.get_column_names()), [tuple(_value(v) for v in row) for row in rows], result.has_next())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._database.close()
        if self._keep:
            self._keep.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_value(v) for v in value]
    if isinstance(value, dict):  # a node or relation: without the engine's own fields
        return {k: _value(v) for k, v in value.items() if k not in ("_ID", "_SRC", "_DST")}
    return value
