"""Making an archive, and telling one from what is none."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

from archive import Archive
from archive.errors import (
    MissingArchive,
    NewerArchive,
    NotAnArchive,
    OutdatedArchive,
    UnreachableDatabase,
    UsageError,
)
from archive.log import tables
from archive.log.database import open_engine
from archive.log.schema import current_revision, migrate, migrations, origin_of
from archive.log.transactions import read_connection, write_transaction
from archive.projections.tables import WORDS
from tests.databases import FreshDatabase


def known_to_sqlalchemy(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is of a kind that metadata can describe: full-text indexes are not."""
    return kind != "table" or not str(name).startswith(WORDS)


def test_the_migrations_make_the_tables_that_the_program_knows(engine: Engine) -> None:
    """Autogenerate finds nothing to do, in any room's tables."""
    with read_connection(engine) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": known_to_sqlalchemy})
        assert compare_metadata(context, tables.metadata) == []


def test_every_constraint_and_index_has_the_name_of_its_convention(engine: Engine) -> None:
    """No database makes names up."""
    with read_connection(engine) as connection:
        if engine.dialect.name == "sqlite":
            made = str(connection.execute(text("SELECT group_concat(sql) FROM sqlite_master")).scalar_one())
        else:
            names = "SELECT string_agg(conname, ' ') FROM pg_constraint WHERE contype <> 'n'"
            made = str(connection.execute(text(names)).scalar_one())
    for name in ("pk_entries", "uq_entries_stream_version", "fk_entries_append_id_appends", "ck_head_one_row"):
        assert name in made.split() + made.replace("\n", " ").split(" ")


def test_the_newest_revision_is_known_without_alembic() -> None:
    """The names of the files say what Alembic's own reading of them says."""
    assert ScriptDirectory(str(migrations())).get_current_head() == current_revision()


def test_making_an_archive_twice_changes_nothing(database_url: str) -> None:
    """The second time finds it made, with its origin and its key."""
    engine = open_engine(database_url, create=True)
    assert migrate(engine, origin="tests.example/one")
    with read_connection(engine) as connection:
        before = connection.execute(select(tables.archive)).one()
    assert not migrate(engine, origin="tests.example/two")
    with read_connection(engine) as connection:
        assert connection.execute(select(tables.archive)).one() == before
        assert origin_of(connection) == "tests.example/one"
    engine.dispose()


def test_of_several_that_make_an_archive_at_once_one_makes_it(database_url: str) -> None:
    """The others find it made; none fails."""

    def make(_: int) -> bool:
        engine = open_engine(database_url, create=True)
        try:
            return migrate(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [False, False, False, True]


def test_an_archive_is_missing_until_it_is_made(database_url: str) -> None:
    """The error says how to make one."""
    with pytest.raises(MissingArchive, match="make one with: archive init"):
        open_engine(database_url)


def test_two_archives_live_in_one_database_of_postgresql(fresh_database: FreshDatabase) -> None:
    """Each is a schema, named in the URL."""
    url = fresh_database("postgresql")
    for name in ("one", "two"):
        engine = open_engine(f"{url}{'&' if '?' in url else '?'}archive={name}", create=True)
        assert migrate(engine, origin=f"tests.example/{name}")
        engine.dispose()
    again = open_engine(f"{url}{'&' if '?' in url else '?'}archive=one")
    with read_connection(again) as connection:
        assert origin_of(connection) == "tests.example/one"
    again.dispose()
    with pytest.raises(MissingArchive):
        open_engine(url)


def test_an_archive_is_made_once_another_program_lets_go_of_the_file(tmp_path: Path) -> None:
    """Who makes it at the same time holds it for a moment in which SQLite refuses without waiting."""
    where = tmp_path / "archive.db"
    other = sqlite3.connect(where, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    released = threading.Timer(0.3, other.rollback)
    released.start()
    engine = open_engine(where, create=True)
    assert migrate(engine)
    engine.dispose()
    released.join()
    other.close()


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Opened or made: not a byte of it changes."""
    text_file, foreign = tmp_path / "notes.txt", tmp_path / "other.db"
    text_file.write_text("no database, but long enough to be read as the header of one" * 20)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    for file in (text_file, foreign):
        before = file.read_bytes()
        with pytest.raises(NotAnArchive):
            open_engine(file)
        engine = open_engine(file, create=True)
        with pytest.raises(NotAnArchive):
            migrate(engine)
        engine.dispose()
        assert file.read_bytes() == before


@pytest.mark.parametrize(("version", "error"), [("0000", OutdatedArchive), ("9999", NewerArchive)])
def test_an_archive_of_another_version_is_refused(archive_url: str, version: str, error: type[Exception]) -> None:
    """An earlier one can be brought up to date, a later one is not touched."""
    engine = open_engine(archive_url)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    with pytest.raises(error):
        open_engine(archive_url)
    engine.dispose()


def test_a_later_version_is_not_migrated_back(engine: Engine) -> None:
    """`init` refuses it as everything else does."""
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerArchive):
        migrate(engine)


def test_a_sqlite_archive_is_durable_and_checks_its_keys(engine: Engine) -> None:
    """WAL, full synchronisation, foreign keys, no trust in the schema."""
    with read_connection(engine) as connection:
        if engine.dialect.name == "sqlite":
            names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
            assert found == ["wal", 2, 1, 0]
        else:
            assert connection.execute(text("SHOW timezone")).scalar_one() == "UTC"
            assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"


def test_the_file_of_an_archive_may_have_any_name(tmp_path: Path) -> None:
    """Signs that mean something in a URL, and letters of any script."""
    file = tmp_path / "a b?c#d%20é.db"
    engine = open_engine(file, create=True)
    migrate(engine)
    engine.dispose()
    assert file.stat().st_size > 0
    open_engine(file).dispose()


def test_an_unreachable_database_is_an_error_without_the_password(tmp_path: Path) -> None:
    """Nothing listens there."""
    with pytest.raises(UnreachableDatabase) as caught:
        open_engine("postgresql://ann:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)
    with pytest.raises(UnreachableDatabase, match="no such folder"):
        open_engine(tmp_path / "none" / "archive.db", create=True)


def test_a_database_with_some_of_our_names_is_no_archive(tmp_path: Path) -> None:
    """Others use Alembic too, and may have a table of that name."""
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE archive (id INTEGER)")
    connection.close()
    with pytest.raises(NotAnArchive):
        open_engine(foreign)
    engine = open_engine(foreign, create=True)
    with pytest.raises(NotAnArchive):
        migrate(engine)
    engine.dispose()


def test_a_schema_of_something_else_is_refused_and_left_alone(fresh_database: FreshDatabase) -> None:
    """An archive does not move in beside other tables."""
    url = fresh_database("postgresql")
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("CREATE TABLE other (id INTEGER)")
    engine = open_engine(url, create=True)
    with pytest.raises(NotAnArchive):
        migrate(engine)
    with read_connection(engine) as connection:
        assert inspect(connection).get_table_names() == ["other"]
    engine.dispose()
    elsewhere = open_engine(f"{url}&archive=acme", create=True)
    assert migrate(elsewhere)
    elsewhere.dispose()


@pytest.mark.parametrize("origin", ["", "a blank", "a+b", "two\nlines", "a\u00a0b"])
def test_an_origin_that_no_key_can_have_is_refused(database_url: str, origin: str) -> None:
    """Before anything is made: a checkpoint could not be signed in its name."""
    with pytest.raises(UsageError, match="cannot name a log"):
        Archive.make(database_url, origin=origin)
    with pytest.raises(MissingArchive):
        open_engine(database_url)
