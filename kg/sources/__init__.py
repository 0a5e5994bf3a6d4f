"""Where papers come from: one reader a format, each a file of this folder.

Which reader takes a file is decided by what the file begins with, then by its suffix; `FORMATS` is in the order of asking.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from kg.errors import InputError
from kg.records import Paper
from kg.sources import csv_file, json_lines, parquet, saved_page
from kg.sources.lines import decoded, is_text
from kg.sources.record import Record, paper_of
from kg.text import collapse

_TAG = re.compile(rb"</(?:p|div|a|span|h\d|li|ul|td|tr|body|html|article|section)>", re.IGNORECASE)
HEAD = 65_536
"""How many bytes of a file a reader sees when it is asked whether it reads it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: `recognises` is shown the first bytes of a file, `read` yields its records, or the error that took a record's place."""

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[BinaryIO, str, str | None], Iterator[Record | InputError]]


# A new source is one file in this folder and one line here. Saved pages have no mark of their own, so they stay last.
FORMATS = (
    Format("Parquet", (".parquet",), parquet.recognises, parquet.read),
    Format("JSON Lines", (".jsonl", ".ndjson", ".json"), json_lines.recognises, json_lines.read),
    Format("CSV", (".csv", ".tsv"), csv_file.recognises, csv_file.read),
    Format("saved pages as text", (".txt", ".text", ".md"), saved_page.recognises, saved_page.read),
)
KNOWN = f"kg reads {', '.join(f.name for f in FORMATS[:-1])} and {FORMATS[-1].name}"


@dataclass(slots=True)
class Tally:
    """What was met on the way, to be said once at the end."""

    records: int = 0
    without_abstract: int = 0
    skipped: int = 0
    first: list[str] = field(default_factory=list)  # what was wrong with the first few that were skipped

    def skip(self, error: InputError) -> None:
        """Count a record or file that cannot be read."""
        self.skipped += 1
        if len(self.first) < 3:
            self.first.append(str(error))


def read_papers(paths: Iterable[str | Path], *, skip_bad: bool = False, encoding: str | None = None, tally: Tally | None = None) -> Iterator[Paper]:
    """Yield the papers of all files, folders (every file in them) and ``-`` (JSON Lines on standard input), in the order given.

    A paper's source is the name of its file: within a folder given, the path below it; so much of the path in front
    as tells files of one name apart.
    Raises `InputError` at the first record that cannot be read; with `skip_bad` such records, and files that cannot be
    read to their end, are counted instead.
    """
    tally = tally if tally is not None else Tally()
    for path, source in named(expand(paths)):
        try:
            for record in _read_file(path, encoding):
                try:
                    if isinstance(record, InputError):
                        raise record
                    paper = paper_of(record)
                except InputError as error:
                    if not skip_bad:
                        raise
                    tally.skip(error)
                    continue
                tally.records += 1
                tally.without_abstract += not paper.abstract
                yield replace(paper, sources=(source,))
        except InputError as error:
            if not skip_bad:
                raise
            tally.skip(error)


def expand(paths: Iterable[str | Path]) -> Iterator[tuple[Path, Path]]:
    """Yield (file, its path below the folder given), folders opened in order of their names; hidden files and graph folders are left out."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path, Path(path.name)
            continue
        files = sorted(p for p in path.rglob("*") if p.is_file() and not _left_out(p, path))
        if not files:
            raise InputError(f"{path}: the folder holds no files")
        yield from ((file, file.relative_to(path)) for file in files)


def _left_out(file: Path, folder: Path) -> bool:
    inside = file.relative_to(folder)
    graphs = (folder / parent for parent in inside.parents)
    return any(part.startswith(".") for part in inside.parts) or any((g / "manifest.json").exists() and (g / "readings.parquet").exists() for g in graphs)


def named(files: Iterable[tuple[Path, Path]]) -> list[tuple[Path, str]]:
    """Return each file with the name of its source; files of one name get as many folders in front as it takes."""
    given = list(dict(files).items())
    names = {path: "stdin" if str(path) == "-" else short.as_posix() for path, short in given}
    for depth in range(2, 1 + max((len(p.absolute().parts) for p, _ in given), default=0)):
        count = Counter(names.values())
        for path, _ in given:
            if count[names[path]] > 1:
                names[path] = Path(*path.absolute().parts[-depth:]).as_posix()
    return [(path, collapse(name)) for path, name in names.items()]


def _read_file(path: Path, encoding: str | None) -> Iterator[Record | InputError]:
    if str(path) == "-":
        nothing = True
        for record in json_lines.read(sys.stdin.buffer, "stdin", encoding):
            nothing = False
            yield record
        if nothing:
            raise InputError("stdin: standard input is empty; it takes JSON Lines, one object with a “title” a line")
        return
    try:
        with open(path, "rb") as stream:
            head = stream.read(HEAD)
            stream.seek(0)
            yield from format_of(head, path, encoding).read(stream, collapse(str(path)), encoding)
    except OSError as e:
        raise InputError(f"{path}: {e.strerror or e}") from e


def format_of(head: bytes, path: Path, encoding: str | None = None) -> Format:
    """Return the format of a file by what it begins with; for text that begins like nothing in particular, by its suffix.

    Raises `InputError`, naming the known formats, for a file that is none of them.
    """
    if encoding:
        head = decoded(head, str(path), encoding, errors="ignore").encode()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if not start:
        raise InputError(f"{path}: the file is empty; {KNOWN}")
    *marked, page = FORMATS
    for known in marked:
        if known.recognises(head):
            return known
    if start.startswith(b"<") or len(_TAG.findall(head)) > 2:
        raise InputError(f"{path}: this is HTML or XML; {KNOWN} (save the page as text, or copy its text into a .txt file)")
    if page.recognises(head):
        return page
    by_suffix = next((f for f in FORMATS if path.suffix.lower() in f.suffixes), None)
    if by_suffix and is_text(head):
        return by_suffix
    if b"\0" not in head and not is_text(head):
        raise InputError(
            f"{path}: not a format that kg knows, nor UTF-8; if it is text, say how it is written with --encoding, for example --encoding cp1252 ({KNOWN})"
        )
    raise InputError(f"{path}: not a format that kg knows; {KNOWN}")
