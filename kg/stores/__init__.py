"""Engines that answer Cypher: one a file. Both hold the same labels, types and properties, and give the same rows for every shipped query."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from kg.errors import QueryError
from kg.stores.reading import check_reads

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: the columns' names, and a row of values for each match; `more` where further ones were left out."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool = False

    def dicts(self) -> list[dict[str, Any]]:
        """Return each row by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Store(Protocol):
    """What a store can do: answer a reading statement, and be closed."""

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float | None = None, limit: int | None = None) -> Rows:
        """Return the answer to a statement, its first `limit` rows. Raises `QueryError` for one that the engine refuses,
        writing ones included, and for one that takes more than `seconds`."""

    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


def check(text: str, parameters: Mapping[str, Any]) -> None:
    """Raise `QueryError` for a statement that does more than read the graph, and for a text or parameter that no engine can take."""
    check_reads(text)
    try:
        json.dumps([text, dict(parameters)], ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        raise QueryError(f"a text or parameter that cannot be sent: {str(error).splitlines()[0]}") from error
    todo = list(parameters.values())
    while todo:
        value = todo.pop()
        if isinstance(value, list | dict):
            todo += value.values() if isinstance(value, dict) else value
        elif isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            raise QueryError(f"a number that cannot be sent: {str(value)[:30]} has more than 64 bits")


def too_long(seconds: float) -> QueryError:
    """Return the error for a statement that was stopped."""
    return QueryError(f"the statement took more than {seconds:g} seconds and was stopped; ask for less, or allow more with --timeout")


def is_server(graph: str) -> bool:
    """Tell the address of a server from a folder."""
    return graph.split("://", 1)[0].lower() in SCHEMES if "://" in graph else False


def connect(graph: str, *, database: str = "neo4j", auth: tuple[str, str] | None = None, threads: int = 0, memory: int = 0) -> Store:
    """Open the store of a graph: a folder's embedded one, filled from the tables where it is missing or older, or a Neo4j server.

    `threads` is how many run one statement in an embedded store, 0 for all; with many callers at once, one is best. `memory` is how many bytes of it are
    held in memory at most, 0 for what the engine thinks right. Raises `GraphError` and `StoreError`.
    """
    if is_server(graph):
        from kg.stores.neo4j import Neo4j

        return Neo4j(graph, database=database, auth=auth)
    from kg.stores.ladybug import open_store

    return open_store(graph, threads=threads, memory=memory)
