"""Transactions: what passes is run again; what is locked, lost or unsure is said."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from archive.errors import LockedArchive, NotReplicated, UnreachableDatabase
from archive.log.database import open_engine
from archive.log.direct import change, rows
from archive.log.log import Log
from archive.log.transactions import (
    read_connection,
    retrying,
    session,
    write_transaction,
    writing,
    writing_temporary,
)
from archive.log.writing import Writing
from tests.databases import DatabaseTemplate, FreshDatabase, Kind, new_run
from tests.log.archives import build_archive, noted
from tests.postgresql import Server


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


def lose_idle(log: Log, count: int) -> None:
    """Have the server end as many sessions as lie in the pool."""
    with ExitStack() as opened:
        connections = [opened.enter_context(log.reading()) for _ in range(count)]
        mine = [connection.execute(text("SELECT pg_backend_pid()")).scalar_one() for connection in connections]
    end(log, mine)


def end(log: Log, sessions: list[int]) -> None:
    """Have the server end these."""
    other = open_engine(log.engine.url.render_as_string(hide_password=False))
    with write_transaction(other) as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM unnest(:mine) AS pid"), {"mine": sessions})
    other.dispose()


@pytest.mark.parametrize("count", [1, 4])
def test_sessions_that_were_lost_while_they_lay_idle_fail_nothing(
    postgresql_log: Log, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a question nor what is written, at once; nor, a while after, whoever brings SQLAlchemy of their own."""
    lose_idle(postgresql_log, count)
    for _ in range(count):
        with postgresql_log.reading() as connection:
            assert postgresql_log.head(connection).size == 0
    lose_idle(postgresql_log, count)
    for _ in range(count):
        assert postgresql_log.asked_alone(partial(rows, statement="SELECT size FROM head")) == [(0,)]
    lose_idle(postgresql_log, count)
    for _ in range(count):
        with write_transaction(postgresql_log.engine) as connection:
            assert postgresql_log.head(connection).size == 0
    lose_idle(postgresql_log, count)
    for number in range(count):
        assert len(postgresql_log.transact(partial(Writing.append, events=[noted(number)]), who="a", program="b")) == 1
    lose_idle(postgresql_log, count)
    monkeypatch.setattr("archive.log.beginning.IDLE_SECONDS", 0)
    for _ in range(count):
        with postgresql_log.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM entries")).scalar_one() == count


def test_a_session_with_something_of_its_own_is_never_replaced(postgresql_log: Log) -> None:
    """Statements about its temporary tables would mean those of the archive on another."""

    def begin_again() -> None:
        with session(postgresql_log.engine) as connection:
            with writing_temporary(connection):
                mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            end(postgresql_log, [mine])
            with writing_temporary(connection):
                pytest.fail("it began")

    with pytest.raises(UnreachableDatabase):
        begin_again()


def kind_of(connection: Connection) -> tuple[str, str]:
    """Isolation of the open transaction, and whether it only reads."""
    found = text("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
    isolation, only = connection.execute(found).one()
    return isolation, only


READS = ("repeatable read", "on")
MAKES = ("repeatable read", "off")
WRITES = ("read committed", "off")


def test_each_kind_of_transaction_is_isolated_as_it_says(postgresql_log: Log) -> None:
    """Also after somebody had another level on the same connection."""
    engine = postgresql_log.engine
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        assert kind_of(connection)[0] == "serializable"
    with read_connection(engine) as connection:
        assert kind_of(connection) == READS
    for retried in (False, True):
        with write_transaction(engine, retried=retried) as connection:
            assert kind_of(connection) == WRITES
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM head"))
    with session(engine) as connection:
        for making, wanted in ((True, MAKES), (False, READS)):
            with writing_temporary(connection, making=making):
                assert kind_of(connection) == wanted
        with writing(connection):
            assert kind_of(connection) == WRITES
    with engine.connect() as connection:
        assert kind_of(connection) == WRITES


def test_a_failure_of_what_goes_with_the_commit_is_the_first_one(postgresql_log: Log) -> None:
    """And nothing is committed."""
    broken = "INSERT INTO leases (name, beat) VALUES (%s, %s)"

    def fail_last() -> None:
        with write_transaction(postgresql_log.engine, retried=True) as connection:
            change(connection, broken, ("a", 1))
            change(connection, broken, ("a", 1))
            change(connection, broken, ("b", 1))

    with pytest.raises(IntegrityError, match="leases"):
        fail_last()
    with postgresql_log.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM leases WHERE name < 'c'")).scalar_one() == 0


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


def test_a_commit_that_did_not_wait_for_its_standby_is_an_error() -> None:
    """PostgreSQL returns success with a warning. A server of its own waits here for a standby that never comes, until
    somebody cancels that."""
    run = new_run(durable=True)
    try:
        server = run.server()
        server.create("waiting", "template1")
        build_archive(server.url("waiting"))
        log = Log(open_engine(server.url("waiting")))
        with server.connect() as connection, cancelling(server) as cancelled:
            connection.autocommit = True
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            connection.execute("SELECT pg_reload_conf()")
            with pytest.raises(NotReplicated, match="synchronous replication"):
                log.transact(lambda writing: writing.append([noted(1)]), who="ann", program="tests")
            connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
            connection.execute("SELECT pg_reload_conf()")
        assert cancelled
        again = log.transact(lambda writing: writing.append([noted(1)]), who="ann", program="tests")
        assert [(answer.position, answer.entry) for answer in again] == [(1, None)]
        log.engine.dispose()
    finally:
        run.close()


@contextmanager
def cancelling(server: Server) -> Iterator[list[int]]:
    """Cancel every wait for a standby, once it is seen twice; by their processes."""
    done, found, seen = Event(), list[int](), set[int]()

    def watch() -> None:
        waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        with server.connect() as connection:
            connection.autocommit = True
            while not done.wait(0.02):
                now = {pid for (pid,) in connection.execute(waits).fetchall()}
                for pid in seen & now:
                    connection.execute("SELECT pg_cancel_backend(%s)", (pid,))
                    found.append(pid)
                seen.clear()
                seen.update(now)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("when", ["AFTER INSERT ON scratch", "AFTER INSERT ON scratch DEFERRABLE INITIALLY DEFERRED"])
def test_another_warning_is_no_failure(postgresql_log: Log, when: str) -> None:
    """Of a trigger of somebody's own, before the commit or by it."""
    raised = "BEGIN RAISE WARNING 'something else'; RETURN NULL; END"
    with write_transaction(postgresql_log.engine) as connection:
        connection.execute(text("CREATE TABLE scratch (id INTEGER)"))
        connection.execute(text(f"CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$"))
        connection.execute(text(f"CREATE CONSTRAINT TRIGGER warns {when} FOR EACH ROW EXECUTE FUNCTION warn()"))

    def work(writing: Writing) -> int:
        change(writing.connection, "INSERT INTO scratch VALUES (1)")
        return len(writing.append([noted(1)]))

    assert postgresql_log.transact(work, who="ann", program="tests") == 1


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
