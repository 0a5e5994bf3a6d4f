"""The explorer's server: the pages of `kg.explorer` over HTTP, by default for this machine only.

Everything is read: GET alone, no cookies, a store that is opened read-only, statements of users in a process of their own.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.explorer import SECONDS, STATIC, Explorer, static_version
from kg.opened import Held, Made

WORKERS = 3
"""Pages that are made at the same time; more would only wait for each other."""

WAITING = 8
"""Statements and questions that wait for their turn, at most: they are answered one after the other."""

PATIENCE = 10
"""Seconds after which one of them that has not had its turn is told so."""

LONGEST = 64_000
"""Bytes of an address, at most."""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What every response says."""


class Guard:
    """What every request must pass: GET, a Host and an Origin of ours (against DNS rebinding), no other site's page behind it, a bounded address."""

    def __init__(self, app: ASGIApp, ours: Callable[[str], bool]) -> None:
        self._app, self._ours = app, ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        refused = self._refused(scope, headers)
        app: ASGIApp = Response(f"{refused[1]}\n", refused[0], {"allow": "GET, HEAD"} if refused[0] == 405 else None, "text/plain") if refused else self._app

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((name.encode(), value.encode()) for name, value in HEADERS.items())]
            await send(message)

        await app(scope, receive, sent)

    def _refused(self, scope: Scope, headers: Mapping[str, list[str]]) -> tuple[int, str] | None:
        """Return status and reason, if a request is not to be answered."""
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "only GET: nothing here can be changed"
        if len(headers.get("host", ())) != 1 or not self._ours(headers["host"][0]):
            return 403, "this server answers under its own address only"
        if any(not origin.startswith("http://") or not self._ours(origin.removeprefix("http://")) for origin in headers.get("origin", ())):
            return 403, "this server answers its own pages only"
        if headers.get("sec-fetch-site", [""])[0] in ("cross-site", "same-site") and headers.get("sec-fetch-dest", [""])[0] != "document":
            return 403, "this server answers its own pages only"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST:
            return 414, f"an address has at most {LONGEST:,} bytes"
        return None


_HERE = ("127.0.0.1", "::1", "localhost")
_ALL = ("0.0.0.0", "::")


def is_ours(asked: str, host: str, port: int) -> bool:
    """Tell whether a Host header names the server that listens on `host` and `port`.

    One that listens on all addresses of a machine is called by any of them, but by no name: a page from elsewhere can let its own name lead here,
    but not an address.
    """
    try:
        parts = urlsplit(f"//{asked}")
        name, its_port = parts.hostname or "", parts.port or 80
    except ValueError:
        return False
    if parts.netloc != asked or "@" in asked or its_port != port:
        return False
    if name == host.lower() or (name in _HERE and host.lower() in (*_HERE, *_ALL)):
        return True
    try:
        return host in _ALL and bool(ip_address(name))
    except ValueError:
        return False


def application(held: Held, ours: Callable[[str], bool], *, seconds: float = SECONDS, ready: Callable[[], None] = lambda: None) -> ASGIApp:
    """Return the explorer as an ASGI application that answers under the hosts that are `ours` (``name:port``)."""
    explorer = Explorer(held, seconds=seconds)
    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="page")
    statements = ThreadPoolExecutor(1, thread_name_prefix="statement")
    asking = 0

    async def page(request: Request) -> Response:
        path, query = request.scope["path"], request.scope["query_string"]
        made = explorer.made(path, query)
        if made is None and explorer.waits(path, query):
            return await answer(request, path, query)
        if made is None:
            made = await asyncio.get_running_loop().run_in_executor(workers, explorer.make, path, query)
        return _response(made)

    async def answer(request: Request, path: str, query: bytes) -> Response:
        nonlocal asking
        if asking > WAITING:
            return _response(explorer.busy(path))
        asking += 1
        waiting = statements.submit(explorer.make, path, query)
        gone = asyncio.create_task(_gone(request))
        try:
            made: asyncio.Future[Any] = asyncio.wrap_future(waiting)
            done, _ = await asyncio.wait([made, gone], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not done and waiting.cancel():  # it has not begun
                return _response(explorer.busy(path))
            await asyncio.wait([made, gone], return_when=asyncio.FIRST_COMPLETED)
            return _response(await made) if made.done() else Response(status_code=400)  # nobody waits for it any more
        finally:
            waiting.cancel()
            gone.cancel()
            asking -= 1

    async def static(request: Request) -> Response:
        found = STATIC.get(request.path_params["name"])
        if found is None:
            return Response("there is no such file\n", 404, media_type="text/plain")
        kept = "max-age=31536000, immutable" if request.path_params["version"] == static_version() else "no-cache"
        return Response(found[1](), 200, {"cache-control": kept}, found[0])

    async def icon(_: Request) -> Response:
        return Response(media_type="image/x-icon")

    @contextlib.asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        ready()
        yield
        for pool in (workers, statements):
            pool.shutdown(wait=False, cancel_futures=True)

    routes = [Route("/static/{version}/{name}", static), Route("/favicon.ico", icon), Route("/{path:path}", page)]
    return Guard(Starlette(routes=routes, lifespan=alive), ours)


def _response(made: Made) -> Response:
    return Response(made.body, made.status, dict(made.headers), made.type)


async def _gone(request: Request) -> None:
    """Return when who asked has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; with port 0, on any free one. Raises OSError for an address that cannot be listened on."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)  # who asks as soon as the address is said waits, and is not refused
    except OSError:
        listening.close()
        raise
    return listening


def serve(
    graph: str, listening: socket.socket, *, host: str, database: str = "neo4j", seconds: float = SECONDS, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve the explorer under the name `host` until it is stopped; `ready` gets its address once it answers.

    Raises `GraphError` and `StoreError` for a graph that cannot be opened.
    """
    import uvicorn

    sys.setswitchinterval(0.0005)  # seconds: pages that are being made give way to requests
    with contextlib.closing(listening), contextlib.closing(Held(graph, database=database)) as held:
        port = listening.getsockname()[1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        app = application(held, partial(is_ours, host=host, port=port), seconds=seconds, ready=lambda: ready(address))
        config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, proxy_headers=False, ws="none", timeout_graceful_shutdown=2)
        uvicorn.Server(config).run(sockets=[listening])
