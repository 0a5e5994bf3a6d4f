"""One record of a table or JSON Lines file → Paper, checked once, here."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError
from kg.records import Paper
from kg.text import MONTHS, code_urls, collapse, partial_date, slug

COLUMNS = ("id", "title", "abstract", "authors", "date", "venue", "categories", "url")
MAX_RECORD = 4_000_000
"""Characters (bytes, where a file is read by bytes) that one record may hold; longer ones are errors, not papers."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a reader found: values by column (see `COLUMNS`), and the ``file:line`` for errors."""

    where: str
    values: Mapping[str, Any]


def paper_of(found: Record) -> Paper:
    """Return the paper that a record describes. Raises `InputError` for a missing title or a value of the wrong kind."""
    record, where = found.values, found.where
    title = collapse(_string(record, "title", where) or "")
    if not title:
        raise InputError(f"{where}: the record has no title")
    abstract = collapse(_string(record, "abstract", where) or "")
    if len(title) + len(abstract) > MAX_RECORD:
        raise InputError(f"{where}: the record is longer than {MAX_RECORD:,} characters")
    id_ = record.get("id")
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = str(id_)
    if id_ is not None and not isinstance(id_, str):
        raise InputError(f"{where}: “id” is not a text")
    if id_ and re.search("[\x00\ud800-\udfff]", id_):
        raise InputError(f"{where}: “id” holds a character that no store can keep (NUL or half a surrogate pair)")
    return Paper(
        id=id_ or f"title:{slug(title)}",
        title=title,
        abstract=abstract,
        authors=_strings(record, "authors", where, r"\s*;\s*|\s+and\s+"),
        date=_date(record.get("date"), where),
        venue=collapse(_string(record, "venue", where) or "") or None,
        categories=_strings(record, "categories", where, r"[\s;,]+"),
        url=collapse(_string(record, "url", where) or "") or None,
        code_urls=code_urls(abstract),
    )


def _string(record: Mapping[str, Any], column: str, where: str) -> str | None:
    value = record.get(column)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{where}: “{column}” is not a text")
    return value


def _strings(record: Mapping[str, Any], column: str, where: str, separator: str) -> tuple[str, ...]:
    value = record.get(column)
    if value is None:
        return ()
    if isinstance(value, str):
        value = re.split(separator, value.strip())
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f"{where}: “{column}” is neither a text nor a list of texts")
    return tuple(dict.fromkeys(v for v in map(collapse, value) if v))


_MONTH = r"(?P<month>[A-Za-z]{3})[a-z]*\.?"
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})[/.](?P<number>\d{1,2})(?:[/.](?P<day>\d{1,2}))?"),  # 2024/5/12
    re.compile(rf"(?:(?P<day>\d{{1,2}})\s+)?{_MONTH},?\s+(?P<year>\d{{4}})"),  # 12 May 2024, May 2024
    re.compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})"),  # May 12, 2024
)


def _date(value: object, where: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | datetime.date):
        value = str(value)
    date = partial_date(_iso(value.strip())) if isinstance(value, str) else None
    if date is None:
        raise InputError(f"{where}: “date” is not a date as YYYY, YYYY-MM, YYYY-MM-DD, --MM-DD, 12 May 2024 or May 2024")
    return date


def _iso(text: str) -> str:
    """Return a date written with slashes or the name of a month as YYYY-MM-DD or YYYY-MM; anything else as it is."""
    for form in _WRITTEN:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            month = parts.get("number") or MONTHS.get((parts.get("month") or "").lower(), 0)
            return f"{parts['year']}-{int(month):02}" + (f"-{int(parts['day']):02}" if parts["day"] else "")
    return text
