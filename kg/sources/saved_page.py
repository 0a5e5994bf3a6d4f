"""A page of paper titles and abstracts, saved as text, in two layouts.

*Blank lines* between title, abstract and next title; or *compact*, one line each, where the page's
``Subscribe`` button is glued to the first title. Lines of the site itself are not papers.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from kg.errors import InputError
from kg.sources.lines import encoding_of, is_text, numbered
from kg.sources.record import Record
from kg.text import MONTHS, partial_date

_FURNITURE = re.compile(
    r"new|daily papers|trending papers|subscribe|get trending papers in your email inbox.*|by\s?\S+ and the research community"
    r"|submitted by.*|upvotes?|·?\s?\d+ authors?|(?:view|read)(?: on)? (?:arxiv|pdf|paper|page).*|published on .*|previous|next|[\W\d]*",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?P<month>[A-Z][a-z]{2})[a-z]*\.? (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?")
_GLUED = "Subscribe"


def recognises(head: bytes) -> bool:
    """Tell whether the beginning of a file is text with lines of the site, or with a title above a paragraph."""
    if not is_text(head):
        return False
    text = head.decode(encoding_of(head), errors="ignore").lstrip("\ufeff")
    if text.lstrip()[:1] in "<{[":
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    furniture = any(len(line) > 8 and not line[0].isdigit() and _FURNITURE.fullmatch(line) and any(c.isalpha() for c in line) for line in lines[:20])
    return furniture or any(is_prose(b) and b[0] not in "{[<" and not is_prose(a) for a, b in pairwise(lines))


def is_prose(line: str) -> bool:
    """Tell an abstract's paragraph from a title, by length and full stop."""
    return len(line) >= 300 or (line.endswith((".", "!", "?", ")", '."', ".}")) and len(line) >= 120) or (line.endswith(".") and line.count(" ") >= 5)


def date_of(line: str) -> str | None:
    """Return the date that a line consists of: ``Aug 28`` → ``--08-28``, with a year only where the line has one."""
    match = _DATE.fullmatch(line)
    month = MONTHS.get(match["month"].lower()) if match else None
    return partial_date(f"{match['year'] or '-'}-{month:02}-{int(match['day']):02}") if match and month else None


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record | InputError]:
    """Yield the page's papers, each with the date line above it; a title without a paragraph is a paper without abstract."""
    date: str | None = None
    title: tuple[int, str] | None = None
    paragraphs: list[str] = []
    after_site = True
    found = False
    for number, line in [*numbered(stream, name, encoding), (0, "")]:
        line = line.strip()
        if number and not line:
            continue
        if number and title and is_prose(line):
            paragraphs.append(line)
            continue
        if title:
            found = True
            yield Record(f"{name}:{title[0]}", {"title": title[1], "abstract": " ".join(paragraphs), "date": date})
            title, paragraphs = None, []
        if not number:
            break
        day = date_of(line)
        if day or _FURNITURE.fullmatch(line):
            date, after_site = day or date, True
            continue
        if after_site and line.startswith(_GLUED) and line[len(_GLUED) : len(_GLUED) + 1].strip():
            line = line[len(_GLUED) :]
        if is_prose(line):
            yield InputError(f"{name}:{number}: a paragraph without a title above it")
            continue
        title, after_site = (number, line), False
    if not found:
        raise InputError(f"{name}: no paper found; a page holds titles, each with its abstract below")
