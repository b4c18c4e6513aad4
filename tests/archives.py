"""Archives made once a run, of which each test gets a copy: to make one takes longer than most tests do."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archive import Archive
from archive.log.database import open_engine
from archive.log.transactions import write_transaction
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.queries.reported import opened
from tests.queries.rows import make_tables

EmptyArchive = Callable[[Kind], str]
"""Make an archive of a kind in which there is nothing yet, and return its address."""


@pytest.fixture
def empty_archive(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> EmptyArchive:
    """Make empty archives."""

    def made(kind: Kind) -> str:
        return fresh_database(kind, database_template(kind, "empty_archive", _make))

    return made


@pytest.fixture
def empty_url(database_kind: Kind, empty_archive: EmptyArchive) -> str:
    """The address of an empty archive, once on each database."""
    return empty_archive(database_kind)


@pytest.fixture
def acme_url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of the archive that `opened` opens, once on each database."""
    return fresh_database(database_kind, database_template(database_kind, "acme", _open))


@pytest.fixture
def tables_url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of the tables of an archive, for `tests.queries.rows.fill`, once on each database."""
    return fresh_database(database_kind, database_template(database_kind, "tables", _make_tables))


@cache
def empty_file() -> bytes:
    """An empty archive as SQLite has it, for those that a test wants by the dozen."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "empty.db"
        Archive.make(made)
        return made.read_bytes()


def _make(url: str) -> None:
    Archive.create(url).close()


def _make_tables(url: str) -> None:
    engine = open_engine(url, create=True)
    with write_transaction(engine) as connection:
        make_tables(connection)
    engine.dispose()


def _open(url: str) -> None:
    with opened(url):
        pass
