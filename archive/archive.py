"""An archive: open it, append to it, move it; it is asked in ``asking.py`` and made to forget in ``destroying.py``.

The front of the project. Transactions begin here, and the clock is held here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TypeVar

from archive.asking import Asking
from archive.destroying import Destroying
from archive.errors import ReportFaults, SameIdOtherContent
from archive.garbage import collecting_seldom
from archive.log.clock import now
from archive.log.database import open_engine
from archive.log.log import Log
from archive.log.roles import grant_roles
from archive.log.schema import migrate
from archive.proving import Proving
from archive.spilling import paged

if TYPE_CHECKING:
    import threading

    from sqlalchemy import Engine

    from archive.intake import Reading
    from archive.intake.documents import Document
    from archive.log.writing import Appended, Counted, Writing
    from archive.projections.memory import Memory
    from archive.projections.rebuild import Rebuilt
    from events import Event

T = TypeVar("T")


class Archive(Asking, Destroying, Proving):
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
        self._memory: Memory | None = None

    @classmethod
    def create(cls, where: str | Path, *, origin: str | None = None, **options: Any) -> Self:
        """Make the archive, or find that it is there, and open it."""
        cls.make(where, origin=origin)
        return cls.open(where, **options)

    @classmethod
    def make(cls, where: str | Path, *, origin: str | None = None) -> bool:
        """Make the archive; whether it was not there before."""
        from archive.projections.search_index import catch_up  # noqa: PLC0415  # only `init` makes up for its lack
        from archive.projections.waiting import list_anew  # noqa: PLC0415  # the same

        engine = open_engine(where, create=True)
        try:
            made = migrate(engine, origin=origin)
            catch_up(engine)
            list_anew(engine)
            return made
        finally:
            engine.dispose()

    @classmethod
    def grant(cls, where: str | Path, prefix: str) -> tuple[str, ...]:
        """Make the roles of an archive on PostgreSQL, or bring them up to date; their names.

        `PREFIX_reader` asks, `PREFIX_writer` appends, `PREFIX_redactor` redacts besides.
        """
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
        defer: bool = False,
    ) -> list[Appended]:
        """Append events, keep texts and bring the read model up to date, in one transaction, all or nothing.

        One answer for each event, in order; its entry is None where the log had it already. A text that is kept
        already stays as it is. With `defer` the read model is left to a follower, as it is where more entries wait
        for one than an append should fold. Raises SameIdOtherContent, naming every clash.
        """
        from archive.projections.texts import keep  # noqa: PLC0415  # only an append keeps texts

        def work(writing: Writing, memory: Memory) -> list[Appended]:
            for document in documents:
                keep(writing.connection, document, writing.recorded_at)
            return list(chain.from_iterable(_appended(writing, paged(events), memory, defer=defer)))

        try:
            return self._transact(work, who=who, program=program, why=why)
        except SameIdOtherContent:
            self.check(events)  # it names every clash, and counts from the first event
            raise

    def append_reading(
        self, reading: Reading, *, who: str, program: str, why: str | None = None, defer: bool = False
    ) -> Counted:
        """Append the reports of files as `append` does, a page at a time, in memory that no number of them exhausts.

        Raises ReportFaults where reports have faults; all of them are found then, and nothing is appended.
        """
        from archive.log.writing import Counted  # noqa: PLC0415  # only an append counts

        with collecting_seldom():
            reading.prepare()
        if reading.is_faulty:
            self.check_reading(reading)

        def work(writing: Writing, memory: Memory) -> Counted:
            counted = Counted()
            for answers in _appended(writing, _faultless(reading), memory, defer=defer):
                counted.add(answers)
            return counted

        try:
            return self._transact(work, who=who, program=program, why=why)
        except ReportFaults:
            self.check_reading(reading)  # it finds every fault, and others append meanwhile
            raise

    def _transact(self, work: Callable[[Writing, Memory], T], *, who: str, program: str, why: str | None) -> T:
        """Append in one transaction, with what the last one that was committed left of its timelines."""
        from archive.projections.memory import Memory  # noqa: PLC0415  # only an append folds

        def whole(writing: Writing) -> tuple[T, Memory]:
            # A second try begins with nothing: what the first one did to it is not in the tables. So does who appends
            # at the same time in another thread.
            lent, self._memory = self._memory or Memory(), None
            return work(writing, lent), lent

        with collecting_seldom():
            done, self._memory = self.log.transact(whole, who=who, program=program, why=why)
        return done

    def check_reading(self, reading: Reading) -> int:
        """Raise what `append_reading` would because of the reports or of what the log has; how many are without fault.

        Appends nothing.
        """
        count = 0
        for page in reading.pages():
            count += len(page.events)
            try:
                self.check(page.events)
            except SameIdOtherContent as error:
                reading.tell(page.clashing(error.clashes))
        reading.refuse()
        return count

    def check(self, events: Sequence[Event]) -> None:
        """Raise what `append` of these events would because of what the log has; append nothing."""
        self.log.check(events)

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring the read model up to the log as it is now, and return how far it goes then.

        In short transactions, between which others append. `progress` is told how far it is, and of how much.
        """
        from archive.projections.follower import keep_up  # noqa: PLC0415  # only this needs it

        return keep_up(self._engine, progress)

    def follow(self, stop: threading.Event, tell: Callable[[str], None]) -> None:
        """Bring the read model up to the log as it grows, until `stop` is set; while another does, wait for its end.

        `tell` is given a sentence on what this follower does now.
        """
        from archive.projections.follower import follow  # noqa: PLC0415  # only this needs it

        follow(self._engine, stop, tell)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
        """Make the read model anew from the log, beside the old one, and put what differs right in one transaction.

        Appends and questions go on meanwhile. `progress` is told how many entries are folded, and of how many.
        """
        from archive.projections.rebuild import rebuild  # noqa: PLC0415  # only this needs it

        rebuilt = rebuild(self._engine, progress)
        self.catch_up()
        return rebuilt

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


def _appended(
    writing: Writing, pages: Iterable[Sequence[Event]], memory: Memory, *, defer: bool
) -> Iterator[list[Appended]]:
    """Append events page by page, and in the end bring the read model up to them; the answers of each page."""
    from archive.projections.reach import Reaching  # noqa: PLC0415  # a reader does without the fold

    reaching = Reaching(writing.connection, defer=defer, memory=memory)
    for events in pages:
        answers = writing.append(events)
        reaching.take_in([answer.entry for answer in answers if answer.entry is not None])
        yield answers
    reaching.finish()


def _faultless(reading: Reading) -> Iterator[Sequence[Event]]:
    """The events of a reading, page by page; raises ReportFaults at the first page with a fault."""
    for page in reading.pages():
        reading.refuse()
        yield page.events
