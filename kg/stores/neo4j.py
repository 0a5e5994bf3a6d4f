"""Neo4j: a graph loaded into a server by the official driver, and questions asked there."""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import neo4j
import polars as pl
from neo4j import GraphDatabase, RoutingControl, exceptions

from kg import resources
from kg.errors import KgError, QueryError, StoreError
from kg.stores import Rows, check, is_server
from kg.stores.model import LABELS, nodes, property_types, relations
from kg.tables import Tables

BATCH = 2_000
"""Rows a transaction: more gains nothing and costs the server memory."""

# Without a handler, the driver's retries would reach stderr through logging's last resort.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Neo4j:
    """An open connection to a database. `auth` defaults to ``NEO4J_USERNAME`` (neo4j) and ``NEO4J_PASSWORD``.

    Raises `StoreError`, in one line, where no server answers or it refuses the password.
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
                self._driver.verify_connectivity()
        except BaseException:
            self._driver.close()
            raise

    def run(self, text: str, parameters: Mapping[str, Any]) -> Rows:
        """Return the answer to one statement, run in a reading transaction."""
        check(text, parameters)
        with self._explained():
            records, _, keys = self._driver.execute_query(text, dict(parameters), database_=self.database, routing_=RoutingControl.READ)
            return Rows(tuple(keys), [tuple(_value(v) for v in record.values()) for record in records])

    def load(self, tables: Tables, progress: Callable[[str, int, int], None] = lambda *_: None) -> int:
        """Write the graph: constraints, nodes, relations, each batch one transaction. Loading twice changes nothing. Returns the rows written."""
        constraint, put_nodes, put_relations = (resources.text("cypher", "store", f"neo4j-{n}.cypher") for n in ("constraint", "nodes", "relations"))
        node_frames, relation_frames = list(nodes(tables)), [r for r in relations(tables) if r.frame.height]
        total, done = sum(f.height for _, f in node_frames) + sum(r.frame.height for r in relation_frames), 0
        with self._explained():
            for label in LABELS:
                self._write(constraint.replace("LABEL", label), {})
            for label, frame in node_frames:
                for rows in _batches(frame):
                    self._write(put_nodes.replace("LABEL", label), {"rows": rows})
                    done += len(rows)
                    progress("nodes", done, total)
            for r in relation_frames:
                statement = put_relations.replace(":FROM", f":{r.source}").replace(":TO", f":{r.target}").replace(":TYPE", f":{r.type}")
                for rows in _batches(r.frame.sort("target", "source", "paper")):
                    keys = property_types(r.frame)
                    rows = [{"source": x["source"], "target": x["target"], "paper": x["paper"], "properties": {k: x[k] for k in keys}} for x in rows]
                    self._write(statement, {"rows": rows})
                    done += len(rows)
                    progress("relations", done, total)
        return done

    def _write(self, text: str, parameters: dict[str, Any]) -> None:
        self._driver.execute_query(text, parameters, database_=self.database)

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the driver raises into one line that says what to do."""
        try:
            yield
        except (exceptions.Neo4jError, exceptions.DriverError) as error:
            raise explain(error, self.uri, self.database) from error


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
    "TransactionTimedOut": "the query took too long and was stopped",
    "MemoryPoolOutOfMemoryError": "the batch is too big for the server's memory",
}


def explain(error: Exception, uri: str, database: str) -> KgError:
    """Return the error that says in one line what went wrong and what to do."""
    code = getattr(error, "code", None) or ""
    message = (getattr(error, "message", None) or str(error)).splitlines()[0]
    for part, text in _BY_CODE.items():
        if part in code:
            return StoreError(f"{uri}: {text}")
    if isinstance(error, exceptions.AuthError):
        return StoreError(f"{uri}: Neo4j refused the user name or password; set NEO4J_USERNAME and NEO4J_PASSWORD")
    if isinstance(error, exceptions.ConfigurationError):
        return StoreError(f"{uri}: not an address of a Neo4j server; {_ADDRESS}")
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired | exceptions.ConnectionAcquisitionTimeoutError):
        return StoreError(f"{uri}: no Neo4j server answers; is it running, is the port right, does it want TLS (+s)?")
    if "DatabaseNotFound" in code:
        return StoreError(f"{uri}: there is no database “{database}” on this server; name one with --database")
    if isinstance(error, exceptions.ClientError) and ("AccessMode" in code or "ReadOnly" in code):
        return QueryError("the statement writes, and this connection only reads")
    if isinstance(error, exceptions.ClientError):
        return QueryError(f"Neo4j refuses the statement: {message}")
    if isinstance(error, exceptions.TransientError):
        return StoreError(f"{uri}: Neo4j could not finish because of other writers or low memory; try again ({message})")
    return StoreError(f"{uri}: {message}")


def _batches(frame: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    for part in frame.iter_slices(BATCH):
        yield part.to_dicts()


def _value(value: Any) -> Any:
    if isinstance(value, neo4j.graph.Node):
        return {"_LABEL": min(value.labels, default=""), **dict(value)}
    if isinstance(value, neo4j.graph.Relationship):
        return {"_LABEL": value.type, **dict(value)}
    if isinstance(value, list):
        return [_value(v) for v in value]
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value
