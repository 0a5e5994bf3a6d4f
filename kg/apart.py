"""A store in a process of its own, for statements of users: what takes too long or too much memory is ended with the process, and nothing else.

Questions and answers go through the pipes of ``python -m kg.apart GRAPH DATABASE`` as pickles.
"""

import contextlib
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from kg.errors import KgError, QueryError, StoreError
from kg.stores import Rows, connect, too_long

MEMORY = 1 << 31
"""Bytes that a process may take beyond what an open store takes."""

HELD = 1 << 29
"""Bytes of an embedded store that it may hold in memory."""

LARGEST = 1 << 24
"""Bytes of an answer, at most."""

DEEPEST = 100
"""Levels of lists and maps in a value of an answer, at most."""

_GRACE = 1.0
"""Seconds that an engine has to stop a statement by itself."""


class Apart:
    """A process that holds a store open; it is started when first asked, and again after it was ended. One statement at a time."""

    def __init__(self, graph: str, *, database: str = "neo4j") -> None:
        self._command = [sys.executable, "-m", "kg.apart", graph, database]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float, limit: int) -> Rows:
        """Return the answer to a statement, as a store does. Raises `QueryError`, and `StoreError` where no process can be started."""
        with self._lock:
            process = self._started()
            assert process.stdin
            assert process.stdout
            stopped = threading.Event()

            def stop() -> None:
                stopped.set()
                process.kill()

            timer = threading.Timer(seconds + _GRACE, stop)
            timer.start()
            try:
                pickle.dump((text, dict(parameters), seconds, limit), process.stdin)
                process.stdin.flush()
                answer = pickle.load(process.stdout)
            except (OSError, EOFError, pickle.UnpicklingError):
                self._end()
                raise too_long(seconds) if stopped.is_set() else _too_much() from None
            finally:
                timer.cancel()
            if stopped.is_set():  # just after it had answered
                self._end()
        if isinstance(answer, KgError):
            raise answer
        return Rows(*answer)

    def start(self) -> None:
        """Start the process before it is asked. Raises `KgError`."""
        with self._lock:
            self._started()

    def rest(self) -> None:
        """End the process once it has answered; it is started again when it is asked."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """End the process, whatever it does."""
        if process := self._process:
            process.kill()  # a statement that runs holds the lock until then
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process and _answers(self._process):
            return self._process
        self._end()
        failed: KgError | None
        try:
            pipe, null = subprocess.PIPE, subprocess.DEVNULL
            process = self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=null, start_new_session=True)
            assert process.stdout
            failed = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            failed = StoreError("the process that answers statements could not be started; is memory short?")
        if failed is not None:
            self._end()
            raise failed
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        process.wait()


def _answers(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a process that has nothing to do is still there."""
    assert process.stdin
    assert process.stdout
    try:
        pickle.dump(None, process.stdin)
        process.stdin.flush()
        return pickle.load(process.stdout) is None
    except (OSError, EOFError, pickle.UnpicklingError):
        return False


def main(graph: str, database: str, given: BinaryIO, out: BinaryIO) -> None:
    """Answer what is given until its end: first None or why the graph cannot be opened, then answers or what is wrong with a statement; None to None."""
    try:
        store = connect(graph, database=database, memory=HELD)
    except KgError as e:
        _send(out, e)
        return
    _bounded()
    _send(out, None)
    with store:
        while True:
            try:
                asked = pickle.load(given)
            except EOFError:
                return
            if asked is None:
                _send(out, None)
                continue
            text, parameters, seconds, limit = asked
            _alarm(seconds + 2 * _GRACE)
            try:
                rows = store.run(text, parameters, seconds=seconds, limit=limit)
                answer: Any = (rows.columns, rows.rows, rows.more)
                if _deeper(rows.rows, DEEPEST):
                    answer = QueryError(f"a value of the answer has more than {DEEPEST} lists or maps within each other")
                elif len(pickle.dumps(answer)) > LARGEST:
                    answer = QueryError(f"the answer is larger than {LARGEST >> 20} MiB; ask for fewer rows or columns")
            except KgError as e:
                answer = e
            except (MemoryError, RecursionError):
                answer = _too_much()
            _alarm(0)
            _send(out, answer)


def _send(out: BinaryIO, answer: Any) -> None:
    out.write(pickle.dumps(answer))
    out.flush()


def _too_much() -> QueryError:
    return QueryError("the statement was stopped: it needed too much memory, or its process was ended; ask for less")


def _deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most + 3):  # rows, a row and its values are levels too
        level = [inner for outer in level if isinstance(outer, list | tuple | dict) for inner in (outer.values() if isinstance(outer, dict) else outer)]
    return bool(level)


def _alarm(seconds: float) -> None:
    """Let the system end this process after so many seconds, whatever it does then and whether or not anyone still waits; 0: let it be."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _bounded() -> None:
    """Bound the memory of this process, where the system can."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    except (ImportError, OSError, ValueError):
        return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
