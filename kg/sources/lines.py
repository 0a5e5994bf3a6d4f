"""Bytes → lines of text: encodings, and lines that are too long."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.record import MAX_RECORD

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str:
    """Return the encoding that a byte order mark states, else UTF-8."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def is_text(head: bytes) -> bool:
    """Tell whether the first bytes of a file are text in UTF-8 or in what their byte order mark says."""
    name = encoding_of(head)
    if name in ("utf-8", "utf-8-sig") and b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def numbered(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[tuple[int, str]]:
    """Yield (line number, line without its end). Raises `InputError` for bytes of another encoding and lines over `MAX_RECORD` bytes."""
    if encoding is None:
        head = stream.peek(4)[:4] if hasattr(stream, "peek") else b""
        encoding = encoding_of(head)
    try:
        decoder = codecs.lookup(encoding)
    except LookupError as e:
        raise InputError(f"--encoding {encoding}: no such encoding; try utf-8, utf-16, cp1252 or latin-1") from e
    if decoder.name.startswith(("utf-16", "utf-32")):
        yield from enumerate(_decoded(stream.read(), name, 1, encoding).splitlines(), 1)
        return
    number = 0
    while raw := stream.readline(MAX_RECORD + 1):
        number += 1
        if len(raw) > MAX_RECORD:
            raise InputError(f"{name}:{number}: the line is longer than {MAX_RECORD:,} bytes; a record is a title and an abstract, one a line")
        yield number, _decoded(raw, name, number, "utf-8-sig" if number == 1 and decoder.name == "utf-8" else encoding).rstrip("\r\n")


def _decoded(raw: bytes, name: str, number: int, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as e:
        raise InputError(
            f"{name}:{number}: not {encoding} (byte 0x{raw[e.start]:02x}); say how it is written with --encoding, for example --encoding cp1252"
        ) from e
