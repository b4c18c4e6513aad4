"""The front of the room: append to the log in a transaction, read it at a snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import orjson
from sqlalchemy import Connection, Engine, select

from archive.log import entries as reads
from archive.log.appending import Appending, Clock, Header, Salts, now
from archive.log.application import LogApplication, Placed
from archive.log.dedupe import sort_out
from archive.log.entries import Entry
from archive.log.tables import archive
from archive.log.transactions import read_connection, retrying, write_transaction

if TYPE_CHECKING:
    from eventsourcing.persistence import EventStore

    from events import Event

T = TypeVar("T")

VERSIONS = {
    "sqlite": """
        SELECT value, coalesce((SELECT max(version) FROM entries WHERE stream = value), 0) FROM json_each(?)
    """,
    "postgresql": """
        SELECT wanted, coalesce((SELECT max(version) FROM entries WHERE stream = wanted), 0)
        FROM unnest(%s::text[]) AS wanted
    """,
}


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event: its position, and its entry, which is None if it was there already."""

    position: int
    entry: Entry | None


class Writing:
    """An append under way; nothing of it is in the log until its transaction commits."""

    def __init__(self, appending: Appending, store: EventStore[str]) -> None:
        self.connection = appending.connection
        self.recorded_at = appending.recorded_at
        self._appending = appending
        self._store = store

    def append(self, events: Sequence[Event]) -> list[Appended]:
        """Append those events that the log has not; one answer for each event given, in order.

        May be called again. Raises SameIdOtherContent, naming every clash, before anything is written.
        """
        sorted_out = sort_out(self.connection, self._secret, events)
        placed = self._place([events[index] for index in sorted_out.new])
        recordings = self._store.put(placed, appending=self._appending, keys=list(sorted_out.new.values()))
        answers = {index: Appended(position, None) for index, position in sorted_out.known.items()}
        for index, place, recording in zip(sorted_out.new, placed, recordings, strict=True):
            entry = Entry(
                position=recording.notification.id,
                stream=place.originator_id,
                version=place.originator_version,
                type=type(place.event).__name__,
                type_version=place.event.VERSION,
                payload=recording.notification.state,
                recorded_at=self.recorded_at,
                append_id=self._appending.id,
                _event=place.event,
            )
            answers[index] = Appended(entry.position, entry)
        for index, first in sorted_out.repeated.items():
            answers[index] = Appended(answers[first].position, None)
        return [answers[index] for index in range(len(events))]

    @cached_property
    def _secret(self) -> bytes:
        return _secret_of(self.connection)

    def _place(self, events: Sequence[Event]) -> list[Placed]:
        """Each event at the next place of its stream."""
        streams = [event.stream for event in events]
        last = self._last_versions(sorted(set(streams)))
        placed = []
        for stream, event in zip(streams, events, strict=True):
            last[stream] += 1
            placed.append(Placed(stream, last[stream], event))
        return placed

    def _last_versions(self, streams: list[str]) -> dict[str, int]:
        dialect = self.connection.dialect.name
        wanted = orjson.dumps(streams).decode() if dialect == "sqlite" else streams
        rows = self.connection.exec_driver_sql(VERSIONS[dialect], (wanted,))
        return {stream: version for stream, version in rows}  # noqa: C416  # dict() takes a result for a mapping


class Log:
    """The log of one archive."""

    head = staticmethod(reads.read_head)
    entry = staticmethod(reads.read_entry)
    entries = staticmethod(reads.read_entries)
    append_of = staticmethod(reads.read_append)
    recorded_at_of = staticmethod(reads.recorded_at_of)
    size_at = staticmethod(reads.size_at)

    def __init__(self, engine: Engine, *, clock: Clock = now, salts: Salts = os.urandom) -> None:
        self.engine = engine
        self._clock = clock
        self._salts = salts

    def transact(self, work: Callable[[Writing], T], *, who: str, program: str, why: str | None = None) -> T:
        """What ``work`` returns, once all that it appended and wrote is durable; all or nothing.

        One transaction under the lock of the head. After a passing failure of the database
        (a lost connection, a deadlock, a failover) the whole is run again, ``work`` included.
        """
        header = Header(who=who, program=program, why=why)

        def whole() -> T:
            with write_transaction(self.engine) as connection:
                appending = Appending.begin(connection, header, clock=self._clock, salts=self._salts)
                return work(Writing(appending, self.application.events))

        return retrying(whole)

    def check(self, events: Sequence[Event]) -> None:
        """Raise SameIdOtherContent where an append of these events would; nothing is written."""
        with self.reading() as connection:
            sort_out(connection, _secret_of(connection), events)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection on one consistent snapshot of the archive, which cannot write."""
        return read_connection(self.engine)

    @cached_property
    def application(self) -> LogApplication:
        """The log as an application of ``eventsourcing``."""
        return LogApplication(self.engine, clock=self._clock, salts=self._salts)


def _secret_of(connection: Connection) -> bytes:
    """The random key of the archive's dedupe columns."""
    secret: bytes = connection.execute(select(archive.c.dedupe_key)).scalar_one()
    return secret
