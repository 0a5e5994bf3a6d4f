"""A real Neo4j for the tests: Community edition from Maven Central, run as a process of its own. Needs Java 17 or later and Maven, no Docker."""

import atexit
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

POM = Path(__file__).parent / "neo4j" / "pom.xml"
VERSION = re.findall(r"<version>([\d.]+)</version>", POM.read_text(encoding="utf-8"))[-1]
SETTINGS = {
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "dbms.usage_report.enabled": "false",
    "server.memory.pagecache.size": "64m",
    "db.tx_log.preallocate": "false",
    "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",  # stops in one second instead of eleven
}
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
START_SECONDS = 120


class Unavailable(Exception):
    """This machine cannot run a Neo4j; says what is missing."""


class Server(NamedTuple):
    """Where a Neo4j answers, and as whom."""

    uri: str
    auth: tuple[str, str]


def jars() -> Path:
    """Return the folder of Neo4j's jars, fetched on the first call (about 145 MB). Raises `Unavailable`."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if not java or not maven:
        raise Unavailable(f"no {'mvn' if java else 'java'} on the PATH (apt install openjdk-17-jre-headless maven), and no NEO4J_URI of a running server")
    found = re.search(r'version "(\d+)', subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr)
    if not found or int(found[1]) < 17:
        raise Unavailable(f"{java} is older than Java 17")
    folder = Path(os.environ.get("KG_TEST_CACHE") or Path.home() / ".cache" / "kg-tests") / f"neo4j-{VERSION}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / ".complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
            fetched = subprocess.run([maven, "-q", "-B", "-ntp", "-f", str(POM), *goal], capture_output=True, text=True)
            if fetched.returncode:
                raise Unavailable(f"Maven Central did not give Neo4j {VERSION}: {fetched.stdout.strip()[:300]}")
            (folder / ".complete").touch()
    return folder


@contextmanager
def running() -> Iterator[Server]:
    """Start a Neo4j with an empty database, a password and a free port; stop it at the end. Raises `Unavailable`."""
    library = jars()
    with tempfile.TemporaryDirectory(prefix="kg-neo4j-", ignore_cleanup_errors=True) as home:
        server = Server(f"bolt://127.0.0.1:{free_port()}", ("neo4j", secrets.token_hex(12)))
        settings = {**SETTINGS, "server.bolt.listen_address": server.uri.removeprefix("bolt://"), "server.directories.data": f"{home}/data"}
        Path(home, "neo4j.conf").write_text("".join(f"{k}={v}\n" for k, v in settings.items()), encoding="utf-8")
        flags = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *(f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENED)]
        command = ["java", *flags, "-cp", f"{library}/*", "org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home}"]
        with open(f"{home}/out.log", "w+", encoding="utf-8") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
            atexit.register(_stop, process)
            try:
                new_password = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
                _answer(server.uri, ("neo4j", "neo4j"), "system", new_password, {"password": server.auth[1]}, process, Path(log.name))
                _answer(server.uri, server.auth, "neo4j", "RETURN 1", {}, process, Path(log.name))
                yield server
            finally:
                _stop(process)
                atexit.unregister(_stop)


def holds_nodes(server: Server) -> bool:
    """Tell whether there is anything that `empty` would delete."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        return bool(driver.execute_query("MATCH (n) RETURN 1 LIMIT 1", database_="neo4j").records)


def empty(server: Server) -> None:
    """Delete all nodes, and the constraints that kg makes."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n", database_="neo4j")
        for (name,) in driver.execute_query("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'kg_' RETURN name", database_="neo4j").records:
            driver.execute_query(f"DROP CONSTRAINT {name}", database_="neo4j")


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _answer(uri: str, auth: tuple[str, str], database: str, statement: str, parameters: dict[str, str], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Run a statement as soon as the starting server takes it."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with GraphDatabase.driver(uri, auth=auth) as driver, driver.session(database=database) as session:
                session.run(statement, parameters).consume()  # not execute_query, which waits longer and longer between its retries
            return
        except (DriverError, Neo4jError) as e:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Neo4j {VERSION} did not start ({e}):\n{log.read_text(encoding='utf-8')[-2000:]}") from e
            time.sleep(0.1)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    process.kill()
    process.wait()
