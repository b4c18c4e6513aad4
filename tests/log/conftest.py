"""An archive of the test's own, with clock and salts that the test decides."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from archive.log.database import open_engine
from archive.log.log import Log
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.log.archives import SetClock, build_archive, counted_salts


@pytest.fixture
def archive_url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of a new, empty archive, once on each database."""
    return fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))


@pytest.fixture
def engine(archive_url: str) -> Iterator[Engine]:
    """An open archive."""
    opened = open_engine(archive_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands."""
    return SetClock()


@pytest.fixture
def log(engine: Engine, clock: SetClock) -> Log:
    """The log of that archive, with a clock that stands and salts that repeat."""
    return Log(engine, clock=clock, salts=counted_salts())
