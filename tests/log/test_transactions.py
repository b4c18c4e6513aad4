"""Transactions: what passes is run again; what is locked, lost or unsure is said."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from archive.errors import LockedArchive, NotReplicated, UnreachableDatabase
from archive.log.database import open_engine
from archive.log.log import Log
from archive.log.transactions import retrying, write_transaction
from archive.log.writing import Writing
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.log.archives import build_archive, noted


def log_on(kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Log]:
    """An archive on one database, for what only that one can do."""
    engine = open_engine(fresh_database(kind, database_template(kind, "empty_log", build_archive)))
    yield Log(engine)
    engine.dispose()


@pytest.fixture
def postgresql_log(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Log]:
    """An archive on PostgreSQL."""
    yield from log_on("postgresql", fresh_database, database_template)


@pytest.fixture
def sqlite_log(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Log]:
    """An archive on SQLite."""
    yield from log_on("sqlite", fresh_database, database_template)


def sever(connection: Connection) -> None:
    """End the session of ``connection``, as a failover does."""
    mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with write_transaction(connection.engine) as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})


@pytest.mark.parametrize("state", ["40001", "40P01", "57P01", "08006"])
def test_a_transaction_that_met_a_passing_failure_is_run_again_whole(postgresql_log: Log, state: str) -> None:
    """And what it appended stands in the log once."""
    runs = 0

    def work(writing: Writing) -> int:
        nonlocal runs
        runs += 1
        (answer,) = writing.append([noted(1)])
        if runs < 3:
            writing.connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
        return answer.position

    assert postgresql_log.transact(work, who="ann", program="tests") == 1
    assert runs == 3
    with postgresql_log.reading() as connection:
        assert postgresql_log.head(connection).size == 1


def test_a_transaction_whose_connection_was_lost_is_run_again_on_another(postgresql_log: Log) -> None:
    """As in a failover."""
    runs = 0

    def work(writing: Writing) -> int:
        nonlocal runs
        runs += 1
        if runs == 1:
            sever(writing.connection)
        return writing.append([noted(1)])[0].position

    assert postgresql_log.transact(work, who="ann", program="tests") == 1
    assert runs == 2


def test_a_failure_that_does_not_pass_is_raised_in_the_end(postgresql_log: Log) -> None:
    """After as many attempts as there are pauses, and one."""
    runs = 0

    def work() -> None:
        nonlocal runs
        runs += 1
        with write_transaction(postgresql_log.engine) as connection:
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'down' USING ERRCODE = '08006'; END $$"))

    with pytest.raises(UnreachableDatabase, match="down"):
        retrying(work, pauses=(0, 0))
    assert runs == 3


def test_a_commit_that_did_not_wait_for_its_standby_is_an_error(postgresql_log: Log) -> None:
    """PostgreSQL returns success with a warning; a deferred trigger stands in for its cancelled wait."""
    with write_transaction(postgresql_log.engine) as connection:
        connection.execute(text("CREATE TABLE scratch (id INTEGER)"))
        connection.execute(
            text(
                "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING"
                " 'canceling wait for synchronous replication due to user request'; RETURN NULL; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON scratch DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION warn()"
            )
        )

    def work(writing: Writing) -> None:
        writing.append([noted(1)])
        writing.connection.execute(text("INSERT INTO scratch VALUES (1)"))

    with pytest.raises(NotReplicated, match="canceling wait for synchronous replication"):
        postgresql_log.transact(work, who="ann", program="tests")
    again = postgresql_log.transact(lambda writing: writing.append([noted(1)]), who="ann", program="tests")
    assert [(answer.position, answer.entry) for answer in again] == [(1, None)]


def test_a_warning_before_the_commit_is_no_failure(postgresql_log: Log) -> None:
    """Only what the commit itself says counts."""
    with write_transaction(postgresql_log.engine) as connection:
        connection.execute(text("DO $$ BEGIN RAISE WARNING 'something else'; END $$"))
    assert postgresql_log.transact(lambda writing: len(writing.append([noted(1)])), who="ann", program="tests") == 1


def test_a_file_that_another_writer_holds_too_long_is_an_error(
    sqlite_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers go on meanwhile."""
    monkeypatch.setattr("archive.log.database.BUSY_SECONDS", 0.05)
    with write_transaction(sqlite_log.engine):
        other = Log(open_engine(sqlite_log.engine.url.database or ""))
        with pytest.raises(LockedArchive):
            other.transact(lambda writing: writing.append([noted(1)]), who="ann", program="tests")
        with other.reading() as connection:
            assert other.head(connection).size == 0
        other.engine.dispose()
