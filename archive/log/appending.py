"""One append: positions, record time and Merkle tree, counted under the lock of the log's head."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.errors import ClockBehind
from archive.log import ahead, codec, direct, nodes
from archive.log.clock import Clock, Salts, now
from archive.log.merkle import Frontier, leaf_hash
from archive.times import from_instant, to_instant

if TYPE_CHECKING:
    from eventsourcing.persistence import StoredEvent
    from sqlalchemy import Connection

Keys = tuple[int | None, int | None]
"""The two dedupe columns of an entry, over id and over content."""

TOLERANCE = timedelta(seconds=60)
"""A clock this far behind the head, or further, is wrong and refuses to append."""

Row = tuple[Any, ...]

INSERTED = (
    *("position", "stream", "version", "type", "type_version", "append_id", "recorded_at"),
    *("payload", "salt", "digest", "leaf", "dedupe_id", "dedupe_content"),
)
"""The columns of ``entries``, all of them."""

LEAF = INSERTED.index("leaf")

HEAD = {
    "sqlite": "SELECT size, frontier, recorded_at FROM head",
    "postgresql": "SELECT size, frontier, recorded_at FROM head FOR UPDATE",
}
"""Read and, where a transaction has not locked the whole file, lock the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who appends, with which program and why: once an append, hashed into each of its leaves."""

    who: str
    program: str
    why: str | None = None

    def __bytes__(self) -> bytes:
        return codec.canonical({"who": self.who, "program": self.program, "why": self.why})


@dataclass(slots=True)
class Appending:
    """An append in an open transaction; what ``insert`` adds stands in the log once that commits.

    ``secret`` is the key of the archive's dedupe columns.
    """

    connection: Connection
    header: Header
    recorded_at: str
    salts: Salts
    frontier: Frontier
    id: int
    secret: bytes
    digest: bytes = field(default=b"", init=False)

    @classmethod
    def begin(
        cls, connection: Connection, header: Header, *, clock: Clock = now, salts: Salts = os.urandom
    ) -> Callable[[], Appending]:
        """Lock the head until the transaction ends; the append, once it is called for, with its record time:
        max(clock, last + 1 µs)."""
        locked = direct.ask(connection, HEAD[connection.dialect.name])
        # A statement of its own: in PostgreSQL one that waited for the lock sees other tables as they were before.
        asked = direct.ask(connection, "SELECT max(id), (SELECT dedupe_key FROM archive) FROM appends")

        def begun() -> Appending:
            ((size, frontier, recorded_at),) = locked()
            ((last, secret),) = asked()
            return cls(
                connection=connection,
                header=header,
                recorded_at=_record_time(clock(), recorded_at),
                salts=salts,
                frontier=Frontier(size, frontier),
                id=(last or 0) + 1,
                secret=bytes(secret),
            )

        return begun

    def insert(self, events: Sequence[StoredEvent], keys: Sequence[Keys] | None = None) -> list[int]:
        """Add entries at the end of the log and return their positions."""
        if not events:
            return []
        with ahead.together(self.connection):
            return self._insert(events, keys or [(None, None)] * len(events))

    def _insert(self, events: Sequence[StoredEvent], keys: Sequence[Keys]) -> list[int]:
        if not self.digest:
            self._insert_header()
        first = self.frontier.size + 1
        positions = range(first, first + len(events))
        rows = [self._row(*one) for one in zip(positions, events, keys, self._salts(len(events)), strict=True)]
        insert_entries(self.connection, rows)
        nodes.store(self.connection, self.frontier.extend([row[LEAF] for row in rows]))
        mark = direct.marks(self.connection, 1)
        direct.change(
            self.connection,
            f"UPDATE head SET size = {mark}, frontier = {mark}, root = {mark}, recorded_at = {mark}",  # noqa: S608  # marks
            (self.frontier.size, bytes(self.frontier), self.frontier.root(), self.recorded_at),
        )
        return list(positions)

    def _insert_header(self) -> None:
        salt, header = self.salts(codec.SALT_BYTES), bytes(self.header)
        self.digest = codec.digest(salt, header)
        direct.change(
            self.connection,
            "INSERT INTO appends (id, first_position, recorded_at, header, salt, digest)"  # noqa: S608  # marks
            f" VALUES ({direct.marks(self.connection, 6)})",
            (self.id, self.frontier.size + 1, self.recorded_at, header, salt, self.digest),
        )

    def _salts(self, count: int) -> list[bytes]:
        """So many salts, drawn at once."""
        size = codec.SALT_BYTES
        drawn = self.salts(size * count)
        if len(drawn) != size * count:
            raise ValueError(f"{size * count} bytes of salt were asked for, and {len(drawn)} given")
        return [drawn[start : start + size] for start in range(0, len(drawn), size)]

    def _row(self, position: int, event: StoredEvent, keys: Keys, salt: bytes) -> Row:
        """The values of `INSERTED`."""
        name, type_version = codec.type_of(event.topic)
        stream, version, payload = str(event.originator_id), event.originator_version, event.state
        digest = codec.digest(salt, payload)
        data = codec.leaf_data(
            append=self.digest,
            payload=digest,
            position=position,
            recorded_at=self.recorded_at,
            stream=stream,
            name=name,
            type_version=type_version,
            version=version,
        )
        leaf, recorded_at = leaf_hash(data), self.recorded_at
        return position, stream, version, name, type_version, self.id, recorded_at, payload, salt, digest, leaf, *keys


def insert_entries(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert rows of the columns of ``INSERTED``."""
    direct.insert(connection, "entries", INSERTED, rows)


def _record_time(clock: datetime, last: str | None) -> str:
    if last is None:
        return to_instant(clock)
    before = from_instant(last)
    if clock <= before - TOLERANCE:
        raise ClockBehind(
            f"this machine's clock says {to_instant(clock)}, and the last append was recorded at {last}",
            hint="set the clock right and append again",
        )
    return to_instant(max(clock, before + timedelta(microseconds=1)))
