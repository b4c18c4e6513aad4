"""Archives made once a run, of which each test gets a copy: to make one takes longer than most tests do."""

import pytest

from archive import Archive
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.queries.reported import opened


@pytest.fixture
def empty_url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of an archive in which there is nothing yet, once on each database."""
    return fresh_database(database_kind, database_template(database_kind, "empty", _make))


@pytest.fixture
def acme_url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of the archive that `opened` opens, once on each database."""
    return fresh_database(database_kind, database_template(database_kind, "acme", _open))


def _make(url: str) -> None:
    Archive.create(url).close()


def _open(url: str) -> None:
    with opened(url):
        pass
