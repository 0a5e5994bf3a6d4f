"""What may stand between a client and a server: something that cuts connections, that wants TLS, or that is no Neo4j at all."""

import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""How what a client sends to end a transaction ends."""


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Answer whoever connects with these bytes; yield host:port."""

    def handle(client: socket.socket, stopped: threading.Event) -> None:
        client.recv(4096)
        client.sendall(answer)

    with _listening(handle) as address:
        yield address


@contextmanager
def between(server: str, *, cut: Callable[[bytes], bool] = lambda sent: False, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Pass on what clients and the server at this address say, with TLS towards the clients if wanted; yield host:port.

    A connection is cut when `cut` says so of what the client sent, which the server still gets; a commit it also carries out.
    """
    parts = urlsplit(server)

    def handle(client: socket.socket, stopped: threading.Event) -> None:
        with ExitStack() as stack:
            if tls:
                client = stack.enter_context(tls.wrap_socket(client, server_side=True))
            upstream = stack.enter_context(socket.create_connection((parts.hostname, parts.port)))
            while not stopped.is_set():
                for ready in select.select([client, upstream], [], [], 0.05)[0]:
                    data = ready.recv(1 << 16)
                    while isinstance(ready, ssl.SSLSocket) and ready.pending():
                        data += ready.recv(1 << 16)
                    if not data:
                        return
                    (upstream if ready is client else client).sendall(data)
                    if ready is client and cut(data):
                        if data.endswith(COMMIT):
                            upstream.recv(1 << 16)
                        return

    with _listening(handle) as address:
        yield address


@contextmanager
def _listening(handle: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    stopped = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                handle(self.request, stopped)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"127.0.0.1:{listener.server_address[1]}"
        finally:
            stopped.set()
            listener.shutdown()
            thread.join()
