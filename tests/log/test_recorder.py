"""The recorders keep every promise that the library tests its own recorders for, on both databases."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import pytest
from eventsourcing.tests import persistence as shipped

from archive.log.database import open_engine
from archive.log.recorder import LogAggregateRecorder, LogApplicationRecorder, LogProcessRecorder
from archive.log.tracking import LogTrackingRecorder
from tests.log.archives import build_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import DatabaseTemplate, FreshDatabase, Kind


class OnArchive:
    """Gives one of the library's cases an archive and textual names of streams.

    Those cases are unittest's, which knows no parameters: so a class for each database.
    """

    KIND: ClassVar[Kind]
    engine: Engine

    @pytest.fixture(autouse=True)
    def open_archive(self, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[None]:
        """Open an empty archive of the test's own."""
        template = database_template(self.KIND, "empty_log", build_archive)
        self.engine = open_engine(fresh_database(self.KIND, template))
        before = set(threading.enumerate())
        yield
        # The concurrent cases leave their readers running.
        for thread in set(threading.enumerate()) - before:
            thread.join()
        self.engine.dispose()

    def new_originator_id(self) -> str:
        """A new stream."""
        return str(uuid4())


class AggregateCases(OnArchive, shipped.AggregateRecorderTestCase):
    """The library's cases of a recorder of streams."""

    def create_recorder(self) -> LogAggregateRecorder:
        """Ours."""
        return LogAggregateRecorder(self.engine)


class ApplicationCases(OnArchive, shipped.ApplicationRecorderTestCase[LogApplicationRecorder]):
    """The library's cases of a recorder of the whole log, concurrent ones included."""

    def create_recorder(self) -> LogApplicationRecorder:
        """Ours."""
        return LogApplicationRecorder(self.engine)

    def test_insert_subscribe(self) -> None:
        """A subscription meets every entry, those there and those to come."""
        self.optional_test_insert_subscribe()


class TrackingCases(OnArchive, shipped.TrackingRecorderTestCase):
    """The library's cases of a recorder of followers."""

    def create_recorder(self) -> LogTrackingRecorder:
        """Ours."""
        return LogTrackingRecorder(self.engine)


class ProcessCases(OnArchive, shipped.ProcessRecorderTestCase):
    """The library's cases of a recorder of both at once."""

    def create_recorder(self) -> Any:
        """Ours."""
        return LogProcessRecorder(self.engine)


class NonInterleavingCases(OnArchive, shipped.NonInterleavingNotificationIDsBaseCase):
    """The library's case of two appends at once, whose positions must not mix."""

    def create_recorder(self) -> LogApplicationRecorder:
        """Ours."""
        return LogApplicationRecorder(self.engine)


class TestAggregateOnSQLite(AggregateCases):  # noqa: D101  # the database is all that it adds; so below
    KIND = "sqlite"


class TestAggregateOnPostgreSQL(AggregateCases):  # noqa: D101
    KIND = "postgresql"


class TestApplicationOnSQLite(ApplicationCases):  # noqa: D101
    KIND = "sqlite"


class TestApplicationOnPostgreSQL(ApplicationCases):  # noqa: D101
    KIND = "postgresql"


class TestTrackingOnSQLite(TrackingCases):  # noqa: D101
    KIND = "sqlite"


class TestTrackingOnPostgreSQL(TrackingCases):  # noqa: D101
    KIND = "postgresql"


class TestProcessOnSQLite(ProcessCases):  # noqa: D101
    KIND = "sqlite"


class TestProcessOnPostgreSQL(ProcessCases):  # noqa: D101
    KIND = "postgresql"


class TestNonInterleavingOnSQLite(NonInterleavingCases):  # noqa: D101
    KIND = "sqlite"


class TestNonInterleavingOnPostgreSQL(NonInterleavingCases):  # noqa: D101
    KIND = "postgresql"


# pytest collects every unittest case by its base class: these are no tests by themselves.
del AggregateCases, ApplicationCases, TrackingCases, ProcessCases, NonInterleavingCases
