"""A graph → files for ``neo4j-admin database import``, the way into an empty database for millions of nodes.

A CSV file and a header file for each label and type, and ``import.sh``, which holds the command. The database is then what a load makes
of the graph, marks and hashes included, but for the indexes: ``kg load`` makes these, finds everything else in place, and from then on
keeps it up to date.
"""

import shlex
import shutil
import tempfile
from pathlib import Path

import polars as pl

from kg import resources
from kg.errors import GraphError, StoreError
from kg.stores.model import ENTITIES, LABELS, RELATIONS, Source
from kg.stores.neo4j_load import GROUPS, MARK, Part, Progress, parts

SEPARATOR = "\x1f"
"""Between the values of a list; the white space that it is does not occur in texts."""

COMMAND = "import.sh"
MADE = "# Made by kg."
"""What tells our script from another."""

_TYPES = {
    pl.String: "string",
    pl.Int32: "long",
    pl.Int64: "long",
    pl.Float64: "double",
    pl.Boolean: "boolean",
    pl.List(pl.String): "string[]",
    pl.List(pl.Int64): "long[]",
}


def write_bulk(graph: Source, folder: str | Path, *, database: str = "neo4j", progress: Progress = lambda *_: None) -> Path:
    """Write the files into a folder, made if need be, and return the path of the script that imports them into `database`.

    Files of a former write are replaced. The script goes first and comes last: while it is there, the files belong together.

    Raises `StoreError` for a folder that holds something else or cannot be written, `GraphError` for a graph without papers.
    """
    folder = Path(folder)
    every = [part for part in parts(graph) if part.frame.height]
    if not every:
        raise GraphError("the graph holds no papers; there is nothing to import")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / COMMAND
        former = [folder / f"{name}{ending}" for name in (*LABELS, *RELATIONS) for ending in (".csv", ".header.csv")]
        if strangers := [p.name for p in folder.iterdir() if p not in former and not p.name.startswith(".bulk-") and not _is_ours(p)]:
            raise StoreError(f"{folder}: holds other files ({min(strangers)} …); name an empty or new folder")
        for killed in folder.glob(".bulk-*"):
            shutil.rmtree(killed, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".bulk-", dir=folder) as beside:
            rows, done, longest = sum(part.frame.height for part in every), 0, 0
            options = []
            for part in every:
                option, length = _write(part, Path(beside))
                options.append(option)
                longest = max(longest, length)
                done += part.frame.height
                progress("rows", done, rows)
            text = resources.text("cypher", "store", "neo4j-import.sh")
            for name, value in (("DATABASE", shlex.quote(database)), ("BUFFER", f"{4 + 2 * longest // 2**20}m"), ("FILES", " \\\n  ".join(options))):
                text = text.replace(f"<{name}>", value)
            script.unlink(missing_ok=True)
            for old in former:
                old.unlink(missing_ok=True)
            (Path(beside) / COMMAND).write_text(text, encoding="utf-8")
            for path in sorted(Path(beside).iterdir(), key=lambda p: p.name == COMMAND):
                path.replace(folder / path.name)
    except (OSError, pl.exceptions.PolarsError) as e:
        raise StoreError(f"{folder}: cannot be written ({getattr(e, 'strerror', None) or str(e).splitlines()[0]})") from e
    return script


def _is_ours(path: Path) -> bool:
    """Tell our script, and what neo4j-admin leaves where it ran, from other files."""
    return path.name == "import.report" or (path.name == COMMAND and path.is_file() and MADE in path.read_text(encoding="utf-8", errors="replace"))


def _write(part: Part, folder: Path) -> tuple[str, int]:
    """Write the rows of a part and their header; return the option that names them and the length of the longest row, in bytes."""
    frame = part.frame if part.ends is None else part.frame.with_columns(kg=True)
    special = {"id": f"id:ID({GROUPS[part.name]})"} if part.ends is None else {"source": f":START_ID({part.ends[0]})", "target": f":END_ID({part.ends[1]})"}
    header = [special.get(name) or f"{name}:{_TYPES[dtype]}" for name, dtype in frame.schema.items()]
    lists = [
        pl.col(c).cast(pl.List(pl.String)).list.eval(pl.element().str.replace_all(SEPARATOR, " ", literal=True)).list.join(SEPARATOR)
        for c, dtype in frame.schema.items()
        if isinstance(dtype, pl.List)
    ]
    flat = frame.with_columns(lists)
    (folder / f"{part.name}.header.csv").write_text(",".join(header) + "\n", encoding="utf-8")
    flat.write_csv(folder / f"{part.name}.csv", include_header=False, quote_style="non_numeric")
    longest = flat.select(pl.sum_horizontal(pl.col(pl.String).str.len_bytes()).max()).item() or 0
    labels = part.name if part.ends else ":".join([part.name, *(["Entity"] if part.name in ENTITIES else []), MARK])
    return f"--{'relationships' if part.ends else 'nodes'}={labels}=./{part.name}.header.csv,./{part.name}.csv", longest
