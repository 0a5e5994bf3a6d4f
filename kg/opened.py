"""A graph that is held open for many questions: noticed when it is rebuilt, opened anew while its last state still answers."""

import contextlib
import gc
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from kg.apart import Apart
from kg.errors import KgError
from kg.records import TYPES
from kg.stores import Store, connect, is_server
from kg.suggest import Index
from kg.tables import read_manifest
from kg.views import rows

LOOK = 1.0
"""Seconds after which it is looked again whether the graph was rebuilt."""

SERVER = 600
"""Seconds after which what was kept of a server's graph is fetched anew (its names and texts), though its numbers are the same."""


@dataclass(frozen=True, slots=True)
class Made:
    """A response, ready to be sent."""

    body: bytes
    type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Kept:
    """Responses by path and query; the longest unused go first when they take more than `room` bytes."""

    def __init__(self, room: int = 1 << 26) -> None:
        self._room, self._taken = room, 0
        self._held: OrderedDict[tuple[str, bytes], Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, bytes]) -> Made | None:
        """Return what was put under a key."""
        with self._lock:
            if found := self._held.get(key):
                self._held.move_to_end(key)
            return found

    def put(self, key: tuple[str, bytes], made: Made) -> None:
        """Keep a response that is not too large."""
        with self._lock:
            if key in self._held or len(made.body) > self._room // 8:
                return
            self._held[key] = made
            self._taken += len(made.body) + sum(map(len, key))
            while self._taken > self._room:
                old, dropped = self._held.popitem(last=False)
                self._taken -= len(dropped.body) + sum(map(len, old))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._held.clear()
            self._taken = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """One state of a graph: its store, its indexes, the pages made of it, the process that answers users' statements."""

    version: str
    store: Store
    index: Index
    apart: Apart
    made: Kept

    def warm(self) -> None:
        """Make ready what the first pages would wait for."""
        for make in (self.index.warm, self.apart.start):
            with contextlib.suppress(KgError):  # whoever needs it is told
                make()
        gc.collect()
        gc.freeze()  # what stays is not looked through again and again

    def retire(self) -> None:
        """Let go of what only new requests need."""
        self.apart.rest()
        self.made.clear()

    def close(self) -> None:
        """Let go of everything."""
        self.apart.close()
        self.index.close()
        self.store.close()


class Held:
    """A graph folder or server. Raises `GraphError` and `StoreError` where it cannot be opened."""

    def __init__(self, graph: str, *, database: str = "neo4j") -> None:
        self.graph, self.database = graph, database
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._old: list[Opened] = []
        self._opened = self._open()
        threading.Thread(target=self._opened.warm, daemon=True).start()

    def now(self) -> Opened:
        """Return the newest state that is open; look for a newer one from time to time."""
        if time.monotonic() - self._looked > LOOK and self._lock.acquire(blocking=False):
            self._looked = time.monotonic()
            threading.Thread(target=self._look, daemon=True).start()
        return self._opened

    def close(self) -> None:
        """Close all states."""
        self._lock.acquire()  # for good: none is opened any more
        for opened in [*self._old, self._opened]:
            opened.close()

    def _version(self, store: Store) -> str:
        """Return what tells the states of a graph apart: a folder's content; of a server's graph its numbers and, since they do not tell all, the time."""
        if is_server(self.graph):
            numbers = [row["nodes"] for kind in ("paper", *TYPES) for row in rows(store, "counts", kind)]
            return f"{numbers} {time.monotonic() // SERVER}"
        return str(read_manifest(Path(self.graph))["content"])

    def _open(self) -> Opened:
        store = connect(self.graph, database=self.database, threads=1)
        try:
            return Opened(self._version(store), store, Index(store), Apart(self.graph, database=self.database), Kept())
        except KgError:
            store.close()
            raise

    def _look(self) -> None:
        """Open the graph anew if it was rebuilt, and let the pages go over to it; the lock is held and is released."""
        try:
            with contextlib.suppress(KgError, OSError, RuntimeError, MemoryError):  # it is being written, or gone: the last state goes on answering
                if self._version(self._opened.store) != self._opened.version:
                    fresh = self._open()
                    try:
                        fresh.warm()
                    except BaseException:
                        fresh.close()
                        raise
                    self._old.append(self._opened)
                    self._opened = fresh
                    self._old[-1].retire()
                    if len(self._old) > 2:  # whoever still reads that one has done so for two rebuilds
                        self._old.pop(0).close()
        finally:
            self._lock.release()
