"""A file written as a whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

from kg.errors import KgError


def write_file(output: str | Path, parts: Iterable[str]) -> None:
    """Write text to a file as a whole or not at all; what is no regular file (a device, a pipe) is written through.

    Raises `KgError` where that cannot be done.
    """
    path = Path(os.path.realpath(output))
    try:
        if path.exists() and not path.is_file():
            with open(path, "w", encoding="utf-8", newline="\n") as out:
                out.writelines(parts)
            return
        beside = path.with_name(f".{path.name[:100]}.{os.getpid()}")
        try:
            with open(beside, "w", encoding="utf-8", newline="\n") as out:
                out.writelines(parts)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as e:
        raise KgError(f"{output}: cannot be written ({e.strerror or e})") from e
