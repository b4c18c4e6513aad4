"""How often an append waits for the server, counted in what the driver sends: no clock is read. It may only fall."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from psycopg.pq import Trace

from archive import Archive
from tests.benchmarks.places import take_in
from tests.benchmarks.reports import first, further, histories, lines
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.log.archives import build_archive

WAITED = ("Query", "Sync", "Flush")
"""Messages that have the server answer at once."""

ENDED = ("Sync", "Flush")

Ways = Callable[[Archive, bytes], tuple[int, int]]


@pytest.fixture
def archive(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Archive]:
    """On PostgreSQL, with the histories of a few organisations."""
    url = fresh_database("postgresql", database_template("postgresql", "empty_log", build_archive))
    with Archive.open(url) as opened:
        take_in(opened, lines([first(), *histories(1, range(3))]))
        yield opened


@pytest.fixture
def ways(tmp_path: Path) -> Ways:
    """Append reports on the one connection of an archive; ways to the server and back, and transactions."""

    def counted(archive: Archive, given: bytes) -> tuple[int, int]:
        with archive.engine.connect() as connection:
            raw = connection.connection.driver_connection
        assert raw is not None
        raw.prepare_threshold = None
        with (tmp_path / "trace").open("w+b") as file:
            raw.pgconn.trace(file.fileno())
            raw.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            take_in(archive, given)
            raw.pgconn.untrace()
            file.seek(0)
            sent = [line for line in file.read().decode(errors="replace").splitlines() if line.startswith("F\t")]
        names = [line.split("\t")[2] for line in sent]
        # What a flush asks for that follows a sync at once is on its way already.
        waited = [name for before, name in pairwise(["", *names]) if name in WAITED and (before, name) != ENDED]
        return len(waited), sum("BEGIN" in line for line in sent)

    return counted


def test_an_append_to_a_timeline_that_is_remembered(archive: Archive, ways: Ways) -> None:
    """One for the question of intake, then one transaction: its beginning with what the log has, what the fold asks,
    and its end with all that is written."""
    given = [lines([one]) for one in further(1, 1, 4)]
    for one in given[:-1]:
        take_in(archive, one)
    assert ways(archive, given[-1]) == (4, 1)


def test_an_append_to_a_timeline_that_is_not(archive: Archive, ways: Ways) -> None:
    """Its acts, the rows that it may reach, and their evidence come besides."""
    assert ways(archive, lines(further(1, 1, 1))) == (6, 1)


def test_an_append_of_what_is_there(archive: Archive, ways: Ways) -> None:
    """Nothing is folded."""
    given = lines(further(1, 1, 1))
    take_in(archive, given)
    assert ways(archive, given) == (3, 1)
