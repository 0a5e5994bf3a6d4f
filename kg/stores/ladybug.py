"""The embedded store: LadybugDB, a file beside the tables, filled by ``COPY`` and opened read-only."""

import errno
import glob
import hashlib
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Self

import ladybug
import polars as pl
from filelock import FileLock

from kg import resources
from kg.errors import GraphError, QueryError
from kg.queries import NOT_CODE
from kg.stores import Rows, check, model, too_long
from kg.stores.model import nodes, property_types, relations
from kg.tables import Tables, consistently

_TYPES = {pl.String: "STRING", pl.Int32: "INT64", pl.Float64: "DOUBLE", pl.Boolean: "BOOL", pl.List(pl.String): "STRING[]", pl.List(pl.Int64): "INT64[]"}

MODEL = hashlib.sha256(Path(model.__file__).read_bytes() + resources.text("cypher", "store", "ladybug-macros.cypher").encode()).hexdigest()[:12]
"""A hash of what decides how the tables become a store."""


def open_store(folder: str | Path, *, threads: int = 0, memory: int = 0) -> "Ladybug":
    """Open the store of a graph folder, filled anew where it is missing, damaged, or does not hold what the tables hold.

    A statement runs in so many `threads`, by default in all that the machine has, and so many bytes of `memory` hold parts of the store, by default
    most of the machine's. Where the folder cannot be written the store is filled
    in a temporary one.
    """
    return consistently(folder, lambda tables: _open(tables, partial(Ladybug, threads=threads, memory=memory)))


def _open(tables: Tables, opened: "Callable[..., Ladybug]") -> "Ladybug":
    path, stamp = tables.folder / "store.lbug", tables.folder / "store.stamp"
    wanted = f"{tables.content} ladybug {ladybug.__version__} model {MODEL}\n"
    if found := _current(path, stamp, wanted, opened):
        return found
    try:
        with FileLock(tables.folder / ".store.lock"):
            if found := _current(path, stamp, wanted, opened):
                return found
            fresh = path.with_name("store.lbug.new")
            try:
                fill(tables, fresh)
            except RuntimeError as e:
                clear(fresh)
                raise GraphError(f"{tables.folder}: the store cannot be filled ({_first_line(e)}); is the disk full?") from e
            except BaseException:
                clear(fresh)
                raise
            stamp.unlink(missing_ok=True)
            clear(path)
            fresh.replace(path)
            stamp.write_text(wanted, encoding="utf-8")
            return opened(path)
    except OSError as e:
        if e.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
    keep = tempfile.TemporaryDirectory(prefix="kg-store-")
    path = Path(keep.name) / "store.lbug"
    fill(tables, path)
    return opened(path, keep)


def _current(path: Path, stamp: Path, wanted: str, opened: "Callable[..., Ladybug]") -> "Ladybug | None":
    """Return the open store if it was filled from these tables by this engine and can be read."""
    try:
        return opened(path) if path.exists() and stamp.read_text(encoding="utf-8") == wanted else None
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


_PLANS = 300
"""Different texts that one connection runs, at most."""


class Ladybug:
    """An open store file; answers reading statements, each thread through a connection of its own. `keep` is a temporary folder that goes with it."""

    def __init__(self, path: Path, keep: "tempfile.TemporaryDirectory[str] | None" = None, *, threads: int = 0, memory: int = 0) -> None:
        self._keep, self._threads = keep, threads
        self._database = ladybug.Database(str(path), read_only=True, buffer_pool_size=memory, max_db_size=1 << 36)
        self._here = threading.local()
        self._connections: list[ladybug.Connection] = []
        try:
            self._for("").execute("MATCH (p:Paper) RETURN p.id LIMIT 0")
        except (RuntimeError, MemoryError):
            self.close()
            raise

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float | None = None, limit: int | None = None) -> Rows:
        """Return the answer to one statement, its first `limit` rows.

        Raises `QueryError` for anything but a reading statement that the engine knows, and for one that takes more than `seconds`.
        """
        check(text, parameters)
        text, parameters = _planned_once(text, parameters)
        connection = self._for(text)
        connection.set_query_timeout(0 if seconds is None else max(1, round(1000 * seconds)))
        try:
            # With a parameter at hand the engine prepares the text first, and so refuses several statements before it runs one.
            result = connection.execute(text, {"kg": 0, **parameters})
        except (RuntimeError, MemoryError, TypeError, ValueError) as e:
            if seconds is not None and str(e).startswith("Interrupted"):
                raise too_long(seconds) from e
            raise QueryError(f"the store refuses the statement: {_first_line(e)}") from e
        if isinstance(result, list):
            raise QueryError("several statements at once; run them one by one")
        rows = result.get_all() if limit is None else result.get_n(limit)
        return Rows(tuple(result.get_column_names()), [tuple([v if v.__class__ in _PLAIN else _value(v) for v in row]) for row in rows], result.has_next())

    def _for(self, text: str) -> ladybug.Connection:
        """Return the connection of the thread that asks. It keeps the plan of every text for good, so it is exchanged after `_PLANS` different ones."""
        here = self._here
        if len(getattr(here, "texts", ())) >= _PLANS and text not in here.texts:
            self._connections.remove(here.connection)
            here.connection.close()
            del here.texts
        if not hasattr(here, "texts"):
            here.connection, here.texts = ladybug.Connection(self._database, num_threads=self._threads), set()
            self._connections.append(here.connection)
        here.texts.add(text)
        connection: ladybug.Connection = here.connection
        return connection

    def close(self) -> None:
        """Close the file."""
        for connection in self._connections:
            connection.close()
        self._database.close()
        if self._keep:
            self._keep.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


_BOUND = re.compile(rf"(?:{NOT_CODE.pattern})|\b(?P<clause>LIMIT|SKIP) \$(?P<name>\w+)\b")


def _planned_once(text: str, parameters: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return a statement with the numbers after LIMIT and SKIP written out: with parameters there the engine plans it anew each time, ten times as slow."""
    numbers = {name: n for name, n in parameters.items() if isinstance(n, int) and not isinstance(n, bool) and n >= 0}
    written = _BOUND.sub(lambda found: f"{found['clause']} {numbers[found['name']]}" if found["name"] in numbers else found[0], text)
    gone = {found["name"] for found in _BOUND.finditer(text)} - set(re.findall(r"\$(\w+)", written))
    return written, {name: value for name, value in parameters.items() if name not in gone}


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


_PLAIN = {str, int, float, bool, type(None)}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [v if v.__class__ in _PLAIN else _value(v) for v in value]
    if isinstance(value, dict):  # a node or relation: without the engine's own fields
        return {k: _value(v) for k, v in value.items() if k not in ("_ID", "_SRC", "_DST")}
    return value
