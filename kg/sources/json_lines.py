"""JSON Lines: one object a line with ``title`` and, where known, ``id abstract authors date venue categories url``."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.lines import encoding_of, is_text, numbered
from kg.sources.record import Record


def recognises(head: bytes) -> bool:
    """Tell whether a file begins with a JSON object."""
    return is_text(head) and head.decode(encoding_of(head), errors="ignore").lstrip("\ufeff \t\r\n").startswith("{")


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record | InputError]:
    """Yield a record, or the error that took its place, for each line that is not blank."""
    for number, line in numbered(stream, name, encoding):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise InputError(f"{where}: not a JSON object; each line is one object with a “title”")
            yield Record(where, record)
        except json.JSONDecodeError as e:
            yield InputError(f"{where}: not JSON ({e.msg} at column {e.colno}); each line is one object")
        except RecursionError:
            yield InputError(f"{where}: the JSON is nested too deeply")
        except ValueError as e:  # an integer of more digits than Python converts
            yield InputError(f"{where}: not JSON that can be read ({str(e).split(';')[0]})")
        except InputError as e:
            yield e
