"""The recorders of ``eventsourcing``, on the tables of the log.

What ``StoredEvent`` lacks travels as keywords of ``insert_events``: ``appending`` (the append in
whose transaction to insert; without it each call is an append of its own), ``keys`` (the dedupe
columns, one pair an event) and ``tracking``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Tracking,
)
from sqlalchemy import Connection, Engine, Row, and_, or_, select

from archive.log import codec
from archive.log.appending import Appending, Header, Keys
from archive.log.clock import Clock, Salts, now
from archive.log.library import library_errors
from archive.log.subscription import PollingSubscription
from archive.log.tables import entries, head
from archive.log.tracking import LogTrackingRecorder, insert_tracking
from archive.log.transactions import read_connection, retrying, write_transaction
from archive.log.waking import Wait

UNSIGNED = Header(who="", program="eventsourcing")
"""The header of an append that the library makes by itself."""

NOTIFIED = tuple(entries.c[name] for name in ("position", "stream", "version", "type", "type_version", "payload"))
"""What a follower sees: nothing that a role which only reads may not."""


class LogAggregateRecorder(AggregateRecorder):
    """Inserts and selects the entries of streams."""

    def __init__(self, engine: Engine, *, clock: Clock = now, salts: Salts = os.urandom) -> None:
        self.engine = engine
        self._clock = clock
        self._salts = salts

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append entries, all or nothing."""
        self._insert(stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The entries of one stream by version; a redacted one has no bytes."""
        version = entries.c.version
        wanted = (
            select(version, entries.c.type, entries.c.type_version, entries.c.payload)
            .where(entries.c.stream == str(originator_id))
            .order_by(version.desc() if desc else version)
            .limit(limit)
        )
        if gt is not None:
            wanted = wanted.where(version > gt)
        if lte is not None:
            wanted = wanted.where(version <= lte)
        with library_errors(), read_connection(self.engine) as connection:
            return [
                StoredEvent(originator_id, row.version, codec.topic(row.type, row.type_version), row.payload or b"")
                for row in connection.execute(wanted)
            ]

    def _insert(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        appending: Appending | None = None,
        keys: Sequence[Keys] | None = None,
        tracking: Tracking | None = None,
    ) -> list[int]:
        def within(connection: Connection, append: Appending) -> list[int]:
            if tracking is not None:
                insert_tracking(connection, tracking)
            return append.insert(stored_events, keys)

        def alone() -> list[int]:
            with write_transaction(self.engine, retried=True) as connection:
                begun = Appending.begin(connection, UNSIGNED, clock=self._clock, salts=self._salts)
                return within(connection, begun())

        if appending is not None:
            return within(appending.connection, appending)
        with library_errors():
            return retrying(alone)


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """The log as one sequence: a notification's id is the entry's position, without gaps."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append entries, all or nothing, and return their positions once they are durable."""
        return self._insert(stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The entries from position ``start`` on, up to ``stop``, at most ``limit``."""
        first = 1 if start is None else start + (not inclusive_of_start)
        wanted = select(*NOTIFIED).where(entries.c.position >= first).order_by(entries.c.position).limit(limit)
        if stop is not None:
            wanted = wanted.where(entries.c.position <= stop)
        if topics:
            named = [codec.type_of(topic) for topic in topics]
            wanted = wanted.where(
                or_(*(and_(entries.c.type == name, entries.c.type_version == version) for name, version in named))
            )
        with library_errors(), read_connection(self.engine) as connection:
            return [_notification(row) for row in connection.execute(wanted)]

    def max_notification_id(self) -> int | None:
        """The last position, None while the log is empty."""
        with library_errors(), read_connection(self.engine) as connection:
            return connection.execute(select(head.c.size)).scalar_one() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = (), *, wait: Wait | None = None
    ) -> PollingSubscription:
        """The entries after position ``gt``, those there and those to come; ``wait`` is called between two looks."""
        return PollingSubscription(recorder=self, gt=gt, topics=topics, wait=wait)


class LogProcessRecorder(LogApplicationRecorder, LogTrackingRecorder, ProcessRecorder):
    """Appends entries and records how far another log was followed, in one transaction."""


def _notification(row: Row[Any]) -> Notification:
    return Notification(
        originator_id=row.stream,
        originator_version=row.version,
        topic=codec.topic(row.type, row.type_version),
        state=row.payload or b"",
        id=row.position,
    )
