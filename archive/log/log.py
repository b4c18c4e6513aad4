"""The front of the room: append to the log in a transaction, read it at a snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from archive.log import entries as reads
from archive.log.clock import Clock, Salts, now
from archive.log.transactions import asked_alone, read_connection, retrying, write_transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from archive.log.application import LogApplication
    from archive.log.writing import Writing
    from events import Event

T = TypeVar("T")


class Log:
    """The log of one archive."""

    head = staticmethod(reads.read_head)
    projected = staticmethod(reads.read_projected)
    reached = staticmethod(reads.read_reached)
    entry = staticmethod(reads.read_entry)
    entries = staticmethod(reads.read_entries)
    append_of = staticmethod(reads.read_append)
    recorded_at_of = staticmethod(reads.recorded_at_of)
    size_at = staticmethod(reads.size_at)

    def __init__(self, engine: Engine, *, clock: Clock = now, salts: Salts = os.urandom) -> None:
        self.engine = engine
        self._clock = clock
        self._salts = salts
        self._secret: bytes | None = None

    def transact(self, work: Callable[[Writing], T], *, who: str, program: str, why: str | None = None) -> T:
        """What ``work`` returns, once all that it appended and wrote is durable; all or nothing.

        One transaction under the lock of the head. After a passing failure of the database
        (a lost connection, a deadlock, a failover) the whole is run again, ``work`` included.
        """
        # A reader does without what only an append needs.
        from archive.log.appending import Appending, Header  # noqa: PLC0415  # see above
        from archive.log.writing import Writing  # noqa: PLC0415  # see above

        header = Header(who=who, program=program, why=why)

        def whole() -> T:
            with write_transaction(self.engine, retried=True) as connection:
                begun = Appending.begin(connection, header, clock=self._clock, salts=self._salts)
                writing = Writing(connection, begun, self.application.recorder, self._secret)
                done = work(writing)
                self._secret = writing.appending.secret
                return done

        return retrying(whole)

    def check(self, events: Sequence[Event]) -> None:
        """Raise SameIdOtherContent where an append of these events would; nothing is written."""
        from archive.log.dedupe import ask, sort_out  # noqa: PLC0415  # only this needs it
        from archive.log.writing import secret_of  # noqa: PLC0415  # only this needs it

        with self.reading() as connection:
            sort_out(ask(connection, secret_of(connection), events))

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection on one consistent snapshot of the archive, which cannot write."""
        return read_connection(self.engine)

    def asked_alone(self, question: Callable[[Connection], T]) -> T:
        """What a question returns that puts one statement to the archive as it is then."""
        return asked_alone(self.engine, question)

    @cached_property
    def application(self) -> LogApplication:
        """The log as an application of ``eventsourcing``."""
        from archive.log.application import LogApplication  # noqa: PLC0415  # a reader does without the library

        return LogApplication(self.engine, clock=self._clock, salts=self._salts)
