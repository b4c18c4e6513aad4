"""A question in SQL reads, and can do nothing else, on either database."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from archive.errors import MissingArchive, UsageError
from archive.log.database import open_engine
from archive.log.transactions import read_connection
from archive.queries.sql import FaultyQuery, RefusedQuery, SlowQuery, query
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.queries.rows import MADE, REGISTERED, fill


@pytest.fixture
def engine(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Engine]:
    """An archive with two rows."""

    def build(url: str) -> None:
        fill(url, REGISTERED)

    opened = open_engine(
        fresh_database(database_kind, database_template(database_kind, "two_rows", build)), create=True
    )
    yield opened
    opened.dispose()


def count(engine: Engine) -> int:
    """How many rows the read model has."""
    with read_connection(engine) as connection:
        found: int = connection.execute(text("SELECT count(*) FROM spans")).scalar_one()
    return found


def values(engine: Engine, sql: str) -> list[tuple[object, ...]]:
    """The rows."""
    return list(query(engine, sql).rows)


def test_a_question_has_columns_and_rows(engine: Engine) -> None:
    """The columns are known before the first row is taken; a repeated name is numbered."""
    rows = query(engine, "SELECT model, value, model FROM spans ORDER BY id;")
    assert rows.columns == ("model", "value", "model_2")
    assert list(rows.rows) == [("organisations", "OpenAI", "organisations"), ("offices", "Chief", "offices")]


def test_a_limit_ends_the_rows(engine: Engine) -> None:
    """However many there are."""
    assert len(list(query(engine, "SELECT * FROM spans", limit=1).rows)) == 1


def test_values_are_the_same_on_both_databases(engine: Engine) -> None:
    """Instants are canonical text, bytes hex, sums whole numbers, means fractions, truth 1 or 0."""
    said = "SELECT recorded_from, (SELECT leaf FROM entries), sum(id), avg(id), 1 = 1, NULL FROM spans GROUP BY 1, 2"
    ((made, leaf, total, mean, truth, nothing),) = values(engine, said)
    assert (made, total, mean, truth, nothing) == (MADE, 3, 1.5, 1, None)
    assert isinstance(total, int)
    assert isinstance(truth, int)
    assert not isinstance(truth, bool)
    assert isinstance(leaf, str)
    assert len(bytes.fromhex(leaf)) == 32


WRITES = [
    "INSERT INTO evidence VALUES (1, 1, 'begins')",
    "UPDATE spans SET value = 'x'",
    "DELETE FROM spans",
    "DROP TABLE spans",
    "CREATE TABLE mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "ATTACH 'other.db' AS other",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT x",
    "COPY spans TO '/tmp/spans'",
    "COPY spans TO PROGRAM 'cat'",
    "SET default_transaction_read_only = off",
    "DO $$ BEGIN DELETE FROM spans; END $$",
    "CALL x()",
    "/* SELECT */ DELETE FROM spans",
    "-- SELECT\nDELETE FROM spans",
    "(DELETE FROM spans)",
    "SELECT 1; DELETE FROM spans",
    "SELECT 1; SELECT 2",
    "SELECT 1; COMMIT; DELETE FROM spans",
]


@pytest.mark.parametrize("said", WRITES)
def test_what_does_more_than_read_is_refused(engine: Engine, said: str) -> None:
    """Writes, files, transactions, settings, a second statement."""
    with pytest.raises(RefusedQuery):
        values(engine, said)
    assert count(engine) == 2


WRITES_OF_ONE: dict[str, list[str]] = {
    "sqlite": [
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 7",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "WITH x AS (SELECT 1) DELETE FROM spans",
        "SELECT load_extension('x')",
    ],
    "postgresql": [
        "WITH gone AS (DELETE FROM spans RETURNING *) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM spans",
        "SELECT * INTO mine FROM spans",
        "SELECT * FROM spans FOR UPDATE",
    ],
}


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, all_of in WRITES_OF_ONE.items() for said in all_of])
def test_what_a_database_offers_besides_is_refused(engine: Engine, database_kind: Kind, kind: str, said: str) -> None:
    """Whatever a question hides, a PRAGMA that writes among it; to the other database it is no question at all."""
    with pytest.raises(RefusedQuery if kind == database_kind else UsageError):
        values(engine, said)
    assert count(engine) == 2


def test_the_schema_of_sqlite_cannot_be_written(engine: Engine) -> None:
    """The authorizer lets SQLite declare virtual tables, and SQLite keeps its schema."""
    with pytest.raises(UsageError):
        values(engine, "WITH x AS (SELECT 1) UPDATE sqlite_master SET sql = '' WHERE name = 'spans'")
    assert count(engine) == 2


def test_a_query_cannot_make_its_own_transaction_write(engine: Engine, database_kind: Kind) -> None:
    """PostgreSQL's setting cannot be turned off once a snapshot is taken; SQLite has no such function."""
    said = "SELECT set_config('transaction_read_only', 'off', true), count(*) FROM spans"
    with pytest.raises(UsageError, match="read-write" if database_kind == "postgresql" else "set_config"):
        values(engine, said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("SELEC 1", "SELEC"),
        ("SELECT nothing FROM spans", "nothing"),
        ("", "empty"),
        (" -- x", "empty"),
    ],
)
def test_what_is_not_understood_is_said_in_the_words_of_the_database(engine: Engine, said: str, words: str) -> None:
    """As an error that the caller can act on."""
    with pytest.raises(UsageError, match=words):
        values(engine, said)


def test_a_fault_that_shows_with_a_row_is_told_too(engine: Engine) -> None:
    """Some faults only the values bring out."""
    overflow = "SELECT abs(-9223372036854775807 - n) FROM (SELECT 0 AS n UNION ALL SELECT 1) AS two"
    if engine.dialect.name == "postgresql":
        overflow = "SELECT 1 / n FROM (SELECT 1 AS n UNION ALL SELECT 0) AS two"
    with pytest.raises(FaultyQuery, match=r"overflow|zero"):
        values(engine, overflow)


def test_a_percent_sign_and_a_colon_stand_for_themselves(engine: Engine) -> None:
    """A question has no parameters."""
    assert values(engine, "SELECT value FROM spans WHERE value LIKE '%A%I' AND value <> ':x %s'") == [("OpenAI",)]


def test_a_query_without_end_is_stopped(engine: Engine) -> None:
    """In the time that it may take."""
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    started = time.monotonic()
    with pytest.raises(SlowQuery, match=r"0\.3 seconds"):
        list(query(engine, endless, seconds=0.3).rows)
    assert time.monotonic() - started < 10


def test_a_reader_may_take_his_time_between_rows_of_sqlite(engine: Engine, database_kind: Kind) -> None:
    """The database's own time counts; on PostgreSQL the reader's does too."""
    if database_kind != "sqlite":
        return
    taken = []
    for row in query(engine, "VALUES (1), (2), (3)", seconds=0.2).rows:
        taken.append(row)
        time.sleep(0.15)
    assert len(taken) == 3


def test_not_even_a_superuser_reads_the_files_of_the_server(engine: Engine, database_kind: Kind) -> None:
    """The tests' own user is one."""
    if database_kind != "postgresql":
        return
    assert values(engine, "SELECT current_setting('is_superuser')") == [("off",)]
    with pytest.raises(FaultyQuery, match="permission denied"):
        values(engine, "SELECT pg_read_file('/etc/hostname')")


def test_tables_can_be_listed_and_json_taken_apart_on_sqlite(engine: Engine) -> None:
    """What only describes is admitted, and so are table-valued functions."""
    if engine.dialect.name == "sqlite":
        assert ("spans",) in values(engine, "SELECT name FROM pragma_table_list")
        assert values(engine, "PRAGMA table_info(evidence)")[0][1] == "row"
        assert values(engine, "SELECT value FROM json_each('[1, 2]')") == [(1,), (2,)]
    else:
        assert ("spans",) in values(engine, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")


def test_a_file_that_is_gone_is_a_missing_archive(engine: Engine) -> None:
    """And is not made again by being asked."""
    if engine.dialect.name == "sqlite":
        missing = open_engine(str(engine.url.database) + ".gone", create=True)
        with pytest.raises(MissingArchive):
            query(missing, "SELECT 1")
    else:
        assert values(engine, "SELECT 1") == [(1,)]


def test_an_answer_without_rows_has_its_columns(engine: Engine) -> None:
    """As any other."""
    rows = query(engine, "SELECT id, model FROM spans WHERE id < 0")
    assert rows.columns == ("id", "model")
    assert list(rows.rows) == []


def test_rows_are_read_as_they_are_taken(engine: Engine) -> None:
    """An answer longer than the memory of this machine gives its first rows at once, and may be left there."""
    began = time.monotonic()
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    if engine.dialect.name == "postgresql":
        numbers = "SELECT a.x FROM generate_series(1, 100000) AS a(x) CROSS JOIN generate_series(1, 100000) AS b"
    assert len(list(query(engine, numbers, limit=2).rows)) == 2
    assert time.monotonic() - began < 20
    assert count(engine) == 2


@pytest.mark.parametrize("said", ["SELECT $1", "SELECT '\udc80'"])
def test_a_query_that_cannot_be_sent_as_it_is_is_at_fault(engine: Engine, said: str) -> None:
    """A parameter without a value, and text that is no UTF-8: the database itself is well."""
    with pytest.raises(FaultyQuery):
        values(engine, said)
