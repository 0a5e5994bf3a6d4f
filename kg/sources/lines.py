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
    if encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        yield from ((n, line.rstrip("\r")) for n, line in enumerate(decoded(stream.read(), f"{name}:1", encoding).removeprefix("\ufeff").split("\n"), 1))
        return
    number = 0
    while raw := stream.readline(MAX_RECORD + 1):
        number += 1
        if len(raw) > MAX_RECORD:
            raise InputError(f"{name}:{number}: the line is longer than {MAX_RECORD:,} bytes; a record is a title and an abstract, one a line")
        yield number, decoded(raw, f"{name}:{number}", encoding).removeprefix("\ufeff" if number == 1 else "").rstrip("\r\n")


def decoded(raw: bytes, where: str, encoding: str, errors: str = "strict") -> str:
    """Return `raw` as text. Raises `InputError` for bytes of another encoding, and for an encoding that does not exist."""
    try:
        return raw.decode(encoding, errors)
    except UnicodeError as e:
        byte = f" (byte 0x{raw[e.start]:02x})" if isinstance(e, UnicodeDecodeError) else ""
        raise InputError(f"{where}: not {encoding}{byte}; say how it is written with --encoding, for example --encoding cp1252") from e
    except (LookupError, ValueError) as e:
        raise InputError(f"--encoding {encoding}: no such encoding of text; try utf-8, utf-16, cp1252 or latin-1") from e
