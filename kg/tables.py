"""The graph on disk: a folder of Parquet tables and ``manifest.json``, replaced as a whole or not at all.

A build writes the new tables beside the old ones (``.next``), makes them durable, and renames that
folder to ``.commit``: from this moment the new graph stands. Its files are then moved into place; whoever
comes upon a ``.commit`` left by a killed build finishes the moves. One writer at a time (``.lock``; ``.owner``
names it; the lock of a dead process is free).

Same content, same bytes: rows are sorted, and neither a clock nor a path of the machine is in the data.
"""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from filelock import FileLock, Timeout

from kg.errors import GraphError

T = TypeVar("T")

FORMAT = 1
"""The version of the folder's layout; a folder of another one is refused."""

_PASSAGE: dict[str, Any] = {"field": pl.String, "start": pl.Int32, "end": pl.Int32}
_LIST = pl.List(pl.String)
_SOURCE: dict[str, Any] = {
    "title": pl.String,
    "abstract": pl.String,
    "authors": _LIST,
    "date": pl.String,
    "venue": pl.String,
    "categories": _LIST,
    "url": pl.String,
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "papers": {
        "id": pl.String,
        **_SOURCE,
        "year": pl.Int32,
        "month": pl.Int32,
        "code_urls": _LIST,
        "sources": _LIST,
        "other_ids": _LIST,  # further ids that its sources give it
        "versions": pl.List(pl.Struct({"id": pl.String, "source": pl.String, **_SOURCE})),  # what each source gave, where it differs
    },
    "mentions": {"paper": pl.String, **_PASSAGE, "surface": pl.String, "type": pl.String, "score": pl.Float64, "rule": pl.String, "entity": pl.String},
    "entities": {
        "id": pl.String,
        "name": pl.String,
        "type": pl.String,
        "aliases": _LIST,
        "reasons": _LIST,  # why each alias is one: see `kg.reasons`
        "apart": _LIST,  # names that were kept from it
        "apart_reasons": _LIST,  # and why each was
        "generic": pl.Boolean,
        "papers": pl.Int32,
        "other_ids": _LIST,
        "community": pl.Int32,  # of methods that papers use together: see `kg.communities`
    },
    "links": {
        "family": pl.String,
        "name": pl.String,
        "other": pl.String,
        "same": pl.Boolean,
        "reason": pl.String,
        "evidence": pl.String,
        "score": pl.Float64,
        "paper": pl.String,
        "entity": pl.String,
        "other_entity": pl.String,
    },
    "facts": {
        "source": pl.String,
        "target": pl.String,
        "role": pl.String,
        "paper": pl.String,
        "score": pl.Float64,
        **_PASSAGE,
        "sentence": pl.String,
        "marks": pl.List(pl.List(pl.Int32)),
        "further": _LIST,
    },
    "results": {
        "id": pl.String,
        "paper": pl.String,
        "value": pl.String,
        "relative": pl.Boolean,
        "method": pl.String,
        "metric": pl.String,
        "dataset": pl.String,
        "score": pl.Float64,
        **_PASSAGE,
        "sentence": pl.String,
    },
    # what extraction read, kept for the next build, and the entities that linking made of it
    "readings": {"paper": pl.String, "text_hash": pl.String, "reading": pl.String, "entities": _LIST},
}
"""Table → columns. ``start`` and ``end`` are code points into the paper's field; ``marks`` are offsets into the sentence."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A graph folder, opened. Raises `GraphError` when it is missing, damaged or of another version."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, folder: str | Path) -> "Tables":
        """Open a graph folder for reading, after finishing the commit of a build that was killed during it."""
        folder = folder_of(folder)
        if (folder / ".commit").exists():
            with writing(folder, wait=10):
                pass
        return cls(folder, read_manifest(folder))

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table lazily, for `collect`: filters and columns are pushed down to the file; a column that an older kg did not write is null."""
        return pl.scan_parquet(self.folder / f"{table}.parquet", schema=SCHEMAS[table], missing_columns="insert")

    def collect(self, lazy: pl.LazyFrame, table: str = "a table") -> pl.DataFrame:
        """Return what a scan selects. Raises `GraphError` for a table that is damaged."""
        try:
            return lazy.collect()
        except (OSError, pl.exceptions.PolarsError) as e:
            raise GraphError(f"{self.folder}: {table} cannot be read ({str(e).splitlines()[0]}); {_again(self.folder)}") from e

    def read(self, table: str) -> pl.DataFrame:
        """Return a whole table."""
        return self.collect(self.scan(table), f"{table}.parquet")

    @property
    def content(self) -> str:
        """A hash of everything in the graph: equal graphs, equal hashes."""
        return str(self.manifest["content"])


def folder_of(graph: str | Path) -> Path:
    """Return the folder of a graph. Raises `GraphError` for the address of a server."""
    if not str(graph):
        raise GraphError("the name of the graph folder is empty; name one with -g")
    if "://" in str(graph):
        raise GraphError(f"{graph}: this works on a graph folder, not on a server; name the folder with -g")
    return Path(graph)


def consistently(folder: str | Path, use: Callable[[Tables], T]) -> T:
    """Return what `use` makes of a graph's tables, all of one build: it is used again if a build replaced them meanwhile."""
    while True:
        tables = Tables.open(folder)
        try:
            made = use(tables)
        except GraphError:
            if Tables.open(folder).content == tables.content:
                raise
            continue
        if Tables.open(folder).content == tables.content:
            return made


def _again(folder: Path) -> str:
    return f"build it again: kg build --fresh FILES -g {folder}"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a graph folder."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found = manifest["format"]
        if found == FORMAT and not {"pipeline", "content", "rows"} <= manifest.keys():
            raise KeyError("pipeline, content or rows")
    except FileNotFoundError:
        raise GraphError(f"{folder}: no graph here; make one with kg build FILES -g {folder}") from None
    except NotADirectoryError:
        raise GraphError(f"{folder}: a file, not a graph folder") from None
    except (ValueError, KeyError, TypeError) as e:
        raise GraphError(f"{path}: not the manifest of a graph ({type(e).__name__}); {_again(folder)}") from e
    except OSError as e:
        raise GraphError(f"{path}: {e.strerror}") from e
    if found != FORMAT:
        raise GraphError(f"{folder}: a graph of format {found}, this kg reads format {FORMAT}; {_again(folder)}")
    missing = [t for t in SCHEMAS if not (folder / f"{t}.parquet").exists()]
    if missing:
        raise GraphError(f"{folder}: {missing[0]}.parquet is missing; {_again(folder)}")
    return dict(manifest)


@contextmanager
def writing(folder: Path, *, wait: float = 0) -> Iterator[Path]:
    """Hold the folder's lock, the folder made if need be; a commit that was cut short is finished first.

    Raises `GraphError` while another process writes for longer than `wait` seconds, and where the folder cannot be written.
    """
    owner = folder / ".owner"
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
    try:
        with _explained(folder):
            lock.acquire(timeout=wait)
    except Timeout as e:
        who = owner.read_text(encoding="utf-8") if owner.exists() else "another process"
        raise GraphError(f"{folder}: {who} is writing this graph; wait for it to end") from e
    try:
        with _explained(folder):
            owner.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
            _finish_commit(folder)
        yield folder
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:
        raise
    except (OSError, pl.exceptions.ComputeError) as e:
        reason = getattr(e, "strerror", None) or str(e).splitlines()[0]
        raise GraphError(f"{folder}: cannot be written ({reason}); the graph in it, if any, is as it was") from e


def write(folder: Path, frames: Mapping[str, pl.DataFrame], about: Mapping[str, Any], files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Replace the graph in `folder` (whose lock is held) by `frames`; return its manifest, which holds `about` too.

    `files` (name → text) are written with it, as a whole or not at all.

    Raises `GraphError` where it cannot be written; the old graph then stands.
    """
    with _explained(folder):
        return _write(folder, frames, about, files or {})


def _write(folder: Path, frames: Mapping[str, pl.DataFrame], about: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    next_ = folder / ".next"
    shutil.rmtree(next_, ignore_errors=True)
    next_.mkdir()
    hashes = {}
    for name in SCHEMAS:
        path = next_ / f"{name}.parquet"
        frames[name].write_parquet(path, compression="zstd", statistics=True)
        with open(path, "rb") as stream:
            hashes[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
    manifest = {
        "format": FORMAT,
        **about,
        "rows": {name: frames[name].height for name in SCHEMAS},
        "sha256": hashes,
        "content": hashlib.sha256("".join(hashes[n] for n in sorted(hashes)).encode()).hexdigest(),
    }
    for name, text in {**files, "manifest.json": json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"}.items():
        with open(next_ / name, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    _sync(next_)
    next_.rename(folder / ".commit")
    _sync(folder)
    _finish_commit(folder)
    return manifest


def _finish_commit(folder: Path) -> None:
    commit = folder / ".commit"
    if not commit.exists():
        return
    for path in sorted(commit.iterdir(), key=lambda p: p.name == "manifest.json"):
        path.replace(folder / path.name)
    commit.rmdir()
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, where the system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame of the table's schema."""
    return pl.DataFrame({column: [row.get(column) for row in rows] for column in SCHEMAS[table]}, schema=SCHEMAS[table])
