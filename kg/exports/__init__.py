"""What a graph can be written as: one format a file of this folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.exports import annotations
from kg.tables import Tables


@dataclass(frozen=True, slots=True)
class Export:
    """A format: `write` yields the lines of the file, in an order that depends on the graph only."""

    summary: str
    write: Callable[[Tables], Iterator[str]]


# A new export is one file in this folder and one line here.
EXPORTS = {
    "annotations": Export("one JSON object a paper with its entities, roles, lineage and results", annotations.lines),
}
