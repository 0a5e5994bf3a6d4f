"""What was read from papers, mention by mention: as JSON objects, and as a page with the mentions in colour."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from kg import resources
from kg.records import TYPES, Mention, Paper, Reading


def rows(paper: Paper, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield one row a mention, in the order of the text.

    `start` and `end` index `field` (``title`` or ``abstract``) in code points; `entity` numbers the paper's entities.
    """
    for m in reading.mentions:
        local = reading.entities[m.entity]
        yield {
            "paper": paper.id,
            "field": m.at.field,
            "start": m.at.start,
            "end": m.at.end,
            "surface": m.surface,
            "type": m.type,
            "score": m.score,
            "rule": m.rule,
            "entity": m.entity,
            "role": local.role,
            "generic": local.generic,
        }


def lines(read: Iterable[tuple[Paper, Reading]], *, ascii_only: bool = False) -> Iterator[str]:
    """Yield the rows of all papers as JSON, one a line."""
    for paper, reading in read:
        for row in rows(paper, reading):
            yield json.dumps(row, ensure_ascii=ascii_only) + "\n"


def page(read: Iterable[tuple[Paper, Reading]], title: str) -> str:
    """Return an HTML page of the texts with their mentions marked by type; it holds no script and loads nothing."""
    counts: Counter[str] = Counter()
    papers = []
    for paper, reading in read:
        counts.update(m.type for m in reading.mentions)
        papers.append({"id": paper.id, **{name: _pieces(getattr(paper, name), name, reading) for name in ("title", "abstract")}})
    return resources.render("abstracts.html", title=title, papers=papers, counts=[(t, counts[t]) for t in TYPES])


def _pieces(text: str, field: str, reading: Reading) -> list[tuple[str, dict[str, str] | None]]:
    """Cut a text at its mentions: (text, what to say of it, None between mentions)."""
    out: list[tuple[str, dict[str, str] | None]] = []
    at = 0
    for m in sorted((m for m in reading.mentions if m.at.field == field), key=lambda m: m.at.start):
        if m.at.start < at:
            continue
        out += [(text[at : m.at.start], None), (text[m.at.start : m.at.end], {"type": m.type, "note": _note(m, reading)})]
        at = m.at.end
    return [*out, (text[at:], None)]


def _note(m: Mention, reading: Reading) -> str:
    local = reading.entities[m.entity]
    return f"{m.type}{', too broad to say anything' if local.generic else ''} · {local.role.replace('_', ' ')} · score {m.score:.2f}"
