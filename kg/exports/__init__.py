"""What a graph can be written as: one format a file of this folder, with a function ``lines`` from the tables to the file's lines."""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.tables import Tables

# A new export is one file in this folder and one line here.
EXPORTS = {
    "annotations": "one JSON object a paper with its entities, roles, lineage and results",
}


def lines(name: str, tables: "Tables") -> Iterator[str]:
    """Yield the lines of an export, in an order that depends on the graph only."""
    yield from import_module(f"kg.exports.{name}").lines(tables)
