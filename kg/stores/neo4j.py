"""Neo4j: a connection to a server by the official driver; questions asked there in reading transactions, and what goes wrong in one line."""

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import neo4j
from neo4j import GraphDatabase, exceptions, unit_of_work

from kg.errors import KgError, QueryError, StoreError
from kg.stores import Rows, check, is_server, too_long

OLDEST = 5
"""The first release that knows the Cypher of kg."""

# Without a handler, the driver's retries would reach stderr through logging's last resort.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Neo4j:
    """An open connection to a database. `auth` defaults to ``NEO4J_USERNAME`` (neo4j) and ``NEO4J_PASSWORD``.

    Raises `StoreError`, in one line, where no server answers, it is too old, or it refuses the password.
    """

    def __init__(self, uri: str, *, database: str = "neo4j", auth: tuple[str, str] | None = None) -> None:
        password = os.environ.get("NEO4J_PASSWORD")
        auth = auth or ((os.environ.get("NEO4J_USERNAME", "neo4j"), password) if password else None)
        self.uri, self.database = checked(uri), database
        with self._explained():
            self._driver = GraphDatabase.driver(
                uri, auth=auth, connection_acquisition_timeout=15, max_transaction_retry_time=15, notifications_min_severity="OFF"
            )
        try:
            with self._explained():
                agent = self._driver.get_server_info().agent
            if (release := re.search(r"(\d+)\.\d+", agent)) and int(release[1]) < OLDEST:
                raise StoreError(f"{uri}: {agent} is too old; kg needs Neo4j {OLDEST} or newer")
        except BaseException:
            self._driver.close()
            raise

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float | None = None, limit: int | None = None) -> Rows:
        """Return the answer to one statement, its first `limit` rows, run in a reading transaction of at most `seconds`."""
        check(text, parameters)

        @unit_of_work(timeout=seconds)
        def answer(transaction: neo4j.ManagedTransaction) -> tuple[tuple[str, ...], list[neo4j.Record]]:
            result = transaction.run(text, dict(parameters))
            return tuple(result.keys()), list(result) if limit is None else result.fetch(limit + 1)

        with self._explained(seconds), self._driver.session(database=self.database) as session:
            keys, records = session.execute_read(answer)
            rows = [tuple(_value(v) for v in record.values()) for record in records]
        return Rows(keys, rows[:limit], limit is not None and len(rows) > limit)

    def explain(self, text: str, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the plan of a statement, as the driver gives it, and what the server notes about it, such as labels that it does not know."""
        with self._explained(), self._driver.session(database=self.database, notifications_min_severity="INFORMATION") as session:
            summary = session.execute_read(lambda transaction: transaction.run(f"EXPLAIN {text}", dict(parameters)).consume())
            return dict(summary.plan or {}), [s.status_description for s in summary.gql_status_objects if s.is_notification]

    def write(self, text: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run a statement that may be repeated in a writing transaction, again where that fails in passing; return the number that it answers, or 0."""
        with self._explained():
            try:
                records = self._driver.execute_query(text, dict(parameters or {}), database_=self.database).records
            except exceptions.IncompleteCommit:  # whether it was written is not known
                records = self._driver.execute_query(text, dict(parameters or {}), database_=self.database).records
        return int(records[0][0]) if records and isinstance(records[0][0], int) else 0

    def read(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of a statement, values as the driver gives them: for many rows, in large portions."""
        with self._explained(), self._driver.session(database=self.database, fetch_size=20_000) as session:
            return session.execute_read(lambda transaction: [tuple(r.values()) for r in transaction.run(text, dict(parameters or {}))])

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def _explained(self, seconds: float | None = None) -> Iterator[None]:
        """Turn what the driver raises into one line that says what to do."""
        try:
            yield
        except Exception as error:
            if _interrupted(error):
                raise KeyboardInterrupt from None
            if not isinstance(error, exceptions.Neo4jError | exceptions.DriverError):
                raise
            if seconds is not None and "TransactionTimedOut" in (getattr(error, "code", None) or ""):
                raise too_long(seconds) from error
            raise as_error(error, self.uri, self.database) from error


def _interrupted(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind an error: amid a message it leaves a connection that the driver then stumbles over."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


_ADDRESS = "write neo4j://host:7687, bolt://… or, with TLS, neo4j+s://…; user and password go into NEO4J_USERNAME and NEO4J_PASSWORD"


def checked(uri: str) -> str:
    """Return an address that the driver takes as it is meant. Raises `StoreError`, which does not repeat a password in it."""
    try:
        parts = urlsplit(uri)
        plain = is_server(uri) and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc and not parts.path.strip("/")
    except ValueError:
        plain = False
    if not plain:
        raise StoreError(f"{re.sub('//.*@', '//', uri)}: not an address of a Neo4j server; {_ADDRESS}")
    return uri


_BY_CODE = {
    "AuthenticationRateLimit": "too many wrong passwords: wait 5 seconds and try again",
    "CredentialsExpired": "the password must be changed first: ALTER CURRENT USER SET PASSWORD FROM … TO …",
    "Security.Forbidden": "the user may not do that in database “{database}”; a load needs the right to write there and to make constraints ({message})",
    "DatabaseNotFound": "there is no database “{database}” on this server; name one with --database",
    "ReadOnly": "database “{database}” of this server is read-only",
    "ConstraintValidationFailed": "the database holds something of another application under an id of the graph's; load into another database ({message})",
    "ConstraintCreationFailed": "the database holds nodes of another application that share an id; load into another database ({message})",
    "IndexAlreadyExists": "the database has an index of another application where kg makes a constraint; load into another database ({message})",
    "ConstraintAlreadyExists": "the database has a constraint of another application where kg makes one; load into another database ({message})",
    "TransactionTimedOut": "the query took too long and was stopped",
    "MemoryPoolOutOfMemoryError": "the server has too little memory for a batch; give it more (server.memory.heap.max_size)",
}
"""Part of an error's code → what to say."""


def as_error(error: Exception, uri: str, database: str) -> KgError:
    """Return the error that says in one line what went wrong and what to do."""
    code = getattr(error, "code", None) or ""
    message = (getattr(error, "message", None) or str(error)).splitlines()[0]
    if "AccessMode" in code:
        return QueryError("the statement writes, and kg only reads the graph")
    for part, text in _BY_CODE.items():
        if part in code:
            return StoreError(f"{uri}: {text.format(database=database, message=message)}")
    if isinstance(error, exceptions.AuthError):
        return StoreError(f"{uri}: Neo4j refused the user name or password; set NEO4J_USERNAME and NEO4J_PASSWORD")
    if isinstance(error, exceptions.UnsupportedServerProduct):
        return StoreError(f"{uri}: no Neo4j that kg knows answers; is the port right? kg needs Neo4j {OLDEST} or newer")
    if isinstance(error, exceptions.ConfigurationError):
        return StoreError(f"{uri}: not an address of a Neo4j server; {_ADDRESS}")
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired | exceptions.ConnectionAcquisitionTimeoutError):
        return StoreError(f"{uri}: no Neo4j server answers; is it running, is the port right, does it want TLS (+s, or +ssc for a certificate of its own)?")
    if isinstance(error, exceptions.ClientError):
        return QueryError(f"Neo4j refuses the statement: {message}")
    if isinstance(error, exceptions.TransientError):
        return StoreError(f"{uri}: Neo4j could not finish because of other writers or low memory; try again ({message})")
    if isinstance(error, exceptions.DatabaseError):
        return StoreError(f"{uri}: the server failed; is its disk full? See its logs, and restart it ({message[:150]})")
    return StoreError(f"{uri}: {message}")


def _value(value: Any) -> Any:
    if isinstance(value, neo4j.graph.Node):
        return {"_LABEL": min(value.labels - {"Kg", "Entity"}, default=""), **dict(value)}
    if isinstance(value, neo4j.graph.Relationship):
        return {"_LABEL": value.type, **dict(value)}
    if isinstance(value, neo4j.graph.Path):
        return {"_NODES": _value(list(value.nodes)), "_RELS": _value(list(value.relationships))}
    if isinstance(value, list):
        return [_value(v) for v in value]
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value
