"""An archive: open it, append to it, ask it.

The front of the project. Transactions begin here, and the clock is held here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from archive.log.clock import now
from archive.log.database import open_engine
from archive.log.log import Log
from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from archive.intake.documents import Document
    from archive.log.writing import Appended, Writing
    from archive.queries.differences import Clock
    from archive.queries.registers import Registers
    from archive.queries.sql import Rows
    from events import Event


class Archive:
    """One archive, a SQLite file or a schema of a PostgreSQL database.

    Use it as a context manager, or call ``close``. Every error that a user can do something
    about is an ``ArchiveError``.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = now,
        salts: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Stand before an engine of ``archive.log.database``; ``open`` and ``create`` make one."""
        self._engine = engine
        self._clock = clock
        self.log = Log(engine, clock=clock, salts=salts)

    @classmethod
    def create(cls, where: str | Path, *, origin: str | None = None, **options: Any) -> Self:
        """Make the archive, or find that it is there, and open it."""
        cls.make(where, origin=origin)
        return cls.open(where, **options)

    @classmethod
    def make(cls, where: str | Path, *, origin: str | None = None) -> bool:
        """Make the archive; whether it was not there before."""
        from archive.log.schema import migrate  # noqa: PLC0415  # only this needs Alembic
        from archive.projections.search_index import catch_up  # noqa: PLC0415  # the same

        engine = open_engine(where, create=True)
        try:
            made = migrate(engine, origin=origin)
            catch_up(engine)
            return made
        finally:
            engine.dispose()

    @classmethod
    def grant(cls, where: str | Path, prefix: str) -> tuple[str, ...]:
        """Make the roles of an archive on PostgreSQL, or bring them up to date; their names.

        `PREFIX_reader` asks, `PREFIX_writer` appends, `PREFIX_redactor` redacts besides.
        """
        from archive.log.roles import grant_roles  # noqa: PLC0415  # only `init --roles` needs it

        with cls.open(where) as opened:
            return grant_roles(opened.engine, prefix)

    @classmethod
    def open(cls, where: str | Path, **options: Any) -> Self:
        """Open an archive that is there; raises MissingArchive and its like."""
        return cls(open_engine(where), **options)

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """The archive itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine, for those who bring their own SQLAlchemy."""
        return self._engine

    def append(
        self,
        events: Sequence[Event],
        *,
        who: str,
        program: str,
        why: str | None = None,
        documents: Sequence[Document] = (),
    ) -> list[Appended]:
        """Append events, keep texts and bring the read model up to date, in one transaction, all or nothing.

        One answer for each event, in order; its entry is None where the log had it already. A text that is kept
        already stays as it is. Raises SameIdOtherContent before anything is written.
        """
        from archive.projections.projector import project  # noqa: PLC0415  # a reader does without the fold
        from archive.projections.texts import keep  # noqa: PLC0415  # the same

        def work(writing: Writing) -> list[Appended]:
            for document in documents:
                keep(writing.connection, document, writing.recorded_at)
            if not events:
                return []
            answers = writing.append(events)
            entries = [answer.entry for answer in answers if answer.entry is not None]
            project(writing.connection, entries, writing.recorded_at)
            return answers

        return self.log.transact(work, who=who, program=program, why=why)

    def check(self, events: Sequence[Event]) -> None:
        """Raise what `append` of these events would because of what the log has; append nothing."""
        self.log.check(events)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection on one consistent snapshot, which cannot write."""
        return self.log.reading()

    def known(self) -> Registers:
        """What intake must know of the archive: ids, names, entries, and the time now."""
        from archive.queries.registers import Registers  # noqa: PLC0415  # only `append` needs it

        return Registers(self.log, to_instant(self._clock()))

    def project(
        self,
        at: str | None = None,
        organisations: Sequence[str] = (),
        *,
        as_reported: str | None = None,
        as_recorded: str | None = None,
        basis: str = "press",
    ) -> dict[str, Any]:
        """The snapshot at an instant (now unless given), as JSON values.

        Instants are canonical; ``as_recorded`` may be ``@SIZE`` of the log.
        """
        from archive.queries import snapshot  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return snapshot.project(
                connection,
                head=self.log.head(connection),
                at=at or to_instant(self._clock()),
                organisations=organisations,
                as_reported=as_reported,
                as_recorded=as_recorded,
                basis=basis,
            )

    def explain(
        self, organisation: str, item: str, *, model: str = "tenures", at: str | None = None, **known: Any
    ) -> dict[str, Any]:
        """Why the archive says what it says of an office, or of an item of another model, as JSON values.

        ``known`` is ``as_reported``, ``as_recorded`` and ``basis``, as in ``project``.
        """
        from archive.queries.explanation import explain  # noqa: PLC0415  # only this question needs it

        asked = {"organisation": organisation, "item": item, "model": model, "at": at or to_instant(self._clock())}
        with self.reading() as connection:
            return explain(connection, head=self.log.head(connection), **asked, **known)

    def conflicts(self, organisation: str | None = None, **known: Any) -> dict[str, Any]:
        """What cannot all be true, of one organisation or of all, and what settled it, as JSON values."""
        from archive.queries.conflicts import conflicts  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return conflicts(connection, head=self.log.head(connection), organisation=organisation, **known)

    def search(
        self, words: str, *, organisation: str | None = None, limit: int | None = None, **known: Any
    ) -> dict[str, Any]:
        """The names, sources, reports and kept texts in which all of these words stand, as JSON values.

        Text in double quotes is one phrase. ``known`` is ``as_reported`` and ``as_recorded``, as in ``project``.
        """
        from archive.queries.search import search  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.head(connection)
            return search(connection, words, head=head, organisation=organisation, limit=limit, **known)

    def diff(
        self,
        clock: Clock,
        between: tuple[str, str],
        *,
        at: str | None = None,
        organisations: Sequence[str] = (),
        **known: Any,
    ) -> dict[str, Any]:
        """What changed between two instants on one clock, and which entries changed it, as JSON values."""
        from archive.queries.differences import diff  # noqa: PLC0415  # only this question needs it

        asked = {"at": at or to_instant(self._clock()), "organisations": organisations, **known}
        with self.reading() as connection:
            return diff(connection, head=self.log.head(connection), clock=clock, between=between, **asked)

    def sources(self) -> list[dict[str, Any]]:
        """Every source with its versions, as JSON values."""
        from archive.queries.sources import sources  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return sources(connection)

    def source(self, source: str) -> dict[str, Any]:
        """One source with its versions and the origins that it goes back to, as JSON values."""
        from archive.queries.sources import source as one  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return one(connection, self.log.head(connection), source)

    def passages(self, source: str, version: str | None = None) -> dict[str, Any]:
        """The kept text of a version of a source (the first unless given) with the passages cited of it, as JSON
        values; `covered` is how many of its code points they take."""
        from archive.queries.sources import passages  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            return passages(connection, self.log.head(connection), self.known(), source, version)

    def timeline(self, organisation: str, offices: Sequence[str] = (), **known: Any) -> dict[str, Any]:
        """Who held which office over time, as JSON values: what a picture is drawn from.

        ``known`` is ``as_reported``, ``as_recorded`` and ``basis``, as in ``project``.
        """
        from archive.queries.lanes import lanes  # noqa: PLC0415  # only this question needs it

        with self.reading() as connection:
            head = self.log.head(connection)
            return lanes(connection, head=head, organisation=organisation, offices=offices, **known)

    def export_log(self) -> Iterator[bytes]:
        """The log and the kept texts as lines of JSON, at one snapshot, for `import_log` of another archive."""
        from archive.exchange.log import write_log  # noqa: PLC0415  # only `export` needs it

        return write_log(self.log)

    def import_log(self, stream: BinaryIO, name: str, progress: Callable[[int], None] | None = None) -> int:
        """Take over a whole log, which must be the first that this archive gets; its size. All or nothing.

        Record times, salts and origin are carried over; the root is the same. Raises FaultyExport and NotEmpty.
        """
        from archive.exchange.log_reading import read_log  # noqa: PLC0415  # only `import` needs it

        return read_log(self.log, stream, name, progress)

    def query(self, sql: str, *, limit: int | None = None) -> Rows:
        """Answer one read-only SQL statement on the read model."""
        from archive.queries.sql import query  # noqa: PLC0415  # only this question needs it

        return query(self._engine, sql, limit=limit)
