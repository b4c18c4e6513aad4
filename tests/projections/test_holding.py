"""What a follower remembers holds for one state of the read model, also where it waited for whoever changes that."""

import time
from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import text

from archive import Archive
from archive.log.tables import READ_MODEL
from archive.log.tracking import count_mending, hold_tracking
from archive.log.transactions import write_transaction
from archive.projections.memory import Memory
from archive.projections.reach import catch_up
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.log.archives import build_archive, noted

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def archive(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Archive]:
    """On PostgreSQL, where a row is locked and not the whole file, with one entry."""
    url = fresh_database("postgresql", database_template("postgresql", "empty_log", build_archive))
    with Archive.open(url) as opened:
        opened.append([noted(1)], who="ann", program="tests")
        yield opened


def test_a_follower_that_waited_while_rows_were_put_right_knows(archive: Archive) -> None:
    """A statement that waited sees other rows as they were before it began to."""
    memory = Memory()

    def follow() -> None:
        with write_transaction(archive.engine) as connection:
            catch_up(connection, 1, memory=memory)

    follower = Thread(target=follow)
    with write_transaction(archive.engine) as connection:
        hold_tracking(connection, READ_MODEL)
        count_mending(connection)
        follower.start()
        waits, until = 0, time.monotonic() + 30
        while not waits and time.monotonic() < until:
            with archive.reading() as asking:
                waits = asking.execute(WAITING).scalar_one()
    follower.join()
    assert waits == 1
    assert memory.state is not None
    assert memory.state.mended == 1
