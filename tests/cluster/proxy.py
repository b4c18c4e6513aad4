"""A proxy before PostgreSQL that cuts a connection where it commits: before the server hears of it, or after it did."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Literal

from sqlalchemy import make_url

Cut = Literal["before", "after"] | None

COMMIT = b"COMMIT\x00"
"""What a client says to commit, in PostgreSQL's protocol, version 3."""

DONE = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""What the server answers once it has."""

STARTED = b"\x00\x03\x00\x00"
"""The version in the message with which a session starts; that and those before it have no type."""


class Messages:
    """What a client sends, message by message, and which of them commit: a statement sent by itself, or one that was
    prepared."""

    def __init__(self) -> None:
        self._rest = b""
        self._started = False
        self._prepared: set[bytes] = set()

    def take(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now."""
        self._rest += data
        while len(self._rest) >= (begin := int(self._started)) + 4:
            size = begin + int.from_bytes(self._rest[begin : begin + 4])
            if len(self._rest) < size:
                return
            message, self._rest = self._rest[:size], self._rest[size:]
            self._started = self._started or message[4:8] == STARTED
            yield message

    def commits(self, message: bytes) -> bool:
        """Whether a message commits."""
        kind, body = message[:1], message[5:]
        if kind == b"P":
            name, _, rest = body.partition(b"\x00")
            (self._prepared.add if rest.startswith(COMMIT) else self._prepared.discard)(name)
        return body == COMMIT if kind == b"Q" else kind == b"B" and body.split(b"\x00", 2)[1] in self._prepared


class Proxy:
    """Listens on loopback; `cut` says of each commit, counted from 1, whether its connection is cut."""

    def __init__(self, target: str) -> None:
        self.cut: Callable[[int], Cut] = lambda _: None
        self.commits = 0
        self.cuts: dict[Cut, int] = {"before": 0, "after": 0}
        self._target = target
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def serve(self) -> None:
        """Take connections until it is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more, and end those that there are."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _pass(self, client: socket.socket) -> None:
        """Carry what each end sends to the other, until one of them ends or a commit is cut."""
        with closing(client), closing(socket.socket(socket.AF_UNIX)) as server:
            with self._lock:
                self._open |= {client, server}
            with suppress(OSError):
                server.connect(self._target)
                self._carry(client, server)
            with self._lock:
                self._open -= {client, server}

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        messages = Messages()
        kept: bytes | None = None  # what the server says of a commit, and the client is not to hear
        while True:
            for end in select.select([client, server], [], [])[0]:
                data = end.recv(1 << 16)
                if not data:
                    return
                if end is server:
                    if kept is None:
                        client.sendall(data)
                    elif DONE in (kept := kept + data):
                        return
                    continue
                for message in messages.take(data):
                    if messages.commits(message):
                        cut = self._asked()
                        if cut == "before":
                            return
                        kept = b"" if cut == "after" else None
                    server.sendall(message)

    def _asked(self) -> Cut:
        with self._lock:
            self.commits += 1
            cut = self.cut(self.commits)
            if cut:
                self.cuts[cut] += 1
            return cut


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server at `url`, which listens on a socket in a folder; with the address that goes by it."""
    given = make_url(url)
    folder = given.query["host"]
    assert isinstance(folder, str)
    proxy = Proxy(f"{folder}/.s.PGSQL.5432")
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        by_it = given.update_query_dict({"host": "127.0.0.1", "port": str(proxy.port)})
        yield proxy, by_it.render_as_string(hide_password=False)
    finally:
        proxy.close()
