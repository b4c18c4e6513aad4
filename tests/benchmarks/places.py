"""Where the measured archives are: SQLite files, and databases of a PostgreSQL that syncs to disk, each a copy of one
filled once."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from typing import Any, Protocol

from archive import Archive
from archive.intake import read_reports
from tests.benchmarks.reports import first, histories, lines
from tests.databases import new_run
from tests.postgresql import Server


class Place(Protocol):
    """Archives of one database, by address."""

    kind: str
    settings: dict[str, Any]

    def fresh(self) -> str:
        """Make an empty place for an archive, or for a peer's own tables."""
        ...

    def copy(self, filled: str) -> str:
        """Copy a place to which nobody is connected."""
        ...

    def drop(self, made: str) -> None:
        """Give a place up."""
        ...


class Files:
    """SQLite files in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        url = self.fresh()
        Archive.create(url).close()
        with Archive.open(url).reading() as connection:
            pragmas = ("journal_mode", "synchronous", "page_size", "cache_size")
            read = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas}
        self.settings = {"sqlite": sqlite3.sqlite_version, **read}

    def fresh(self) -> str:
        """The address of a file that is not there."""
        return str(self._folder / f"{next(self._numbers)}.db")

    def copy(self, filled: str) -> str:
        """A file of its own, with nothing left to write back."""
        made = self.fresh()
        shutil.copyfile(filled, made)
        return made

    def drop(self, made: str) -> None:
        """Remove the file and what SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm"):
            Path(made + suffix).unlink(missing_ok=True)


class Databases:
    """Databases of one private PostgreSQL server with fsync on."""

    kind = "postgresql"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._numbers = count()
        with server.connect() as connection:
            shown = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
            rows = {name: connection.execute(f"SHOW {name}").fetchone() for name in shown}
        self.settings = {name: row[0] for name, row in rows.items() if row}

    def fresh(self) -> str:
        """An empty database."""
        return self._made("template1")

    def copy(self, filled: str) -> str:
        """A database copied from another."""
        return self._made(self.name(filled))

    def drop(self, made: str) -> None:
        """Drop it."""
        self._server.drop(self.name(made))

    def _made(self, template: str) -> str:
        name = f"bench_{next(self._numbers)}"
        self._server.create(name, template)
        return self._server.url(name)

    @staticmethod
    def name(url: str) -> str:
        """The database's name in an address."""
        return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def databases() -> Iterator[Databases]:
    """A server for these measurements alone."""
    run = new_run(durable=True)
    try:
        yield Databases(run.server())
    finally:
        run.close()


def filled(place: Place, seed: int, organisations: int, *, at_once: int = 20) -> str:
    """A new archive with the histories of so many organisations."""
    url = place.fresh()
    with Archive.create(url) as archive:
        take_in(archive, lines([first()]))
        grow(archive, seed, range(organisations), at_once=at_once)
    settle(url)
    return url


def grow(archive: Archive, seed: int, organisations: Iterable[int], *, at_once: int = 20) -> None:
    """Append the histories of some organisations, `at_once` in an append."""
    left = iter(organisations)
    while some := list(islice(left, at_once)):
        take_in(archive, lines(histories(seed, some)))


def take_in(archive: Archive, given: bytes, *, defer: bool = False) -> Sequence[int]:
    """Append JSON Lines as the command `append` does: read, checked, resolved, hashed, durable; projected too unless
    `defer`."""
    intake = read_reports(BytesIO(given), "bench", archive.known())
    if intake.faults:
        raise ValueError(str(intake.faults[0]))
    return [one.position for one in archive.append(intake.events, who="bench", program="benchmarks", defer=defer)]


def settle(url: str) -> None:
    """Write a SQLite file's log of changes back, so that the file alone is the archive."""
    if "://" not in url:
        connection = sqlite3.connect(url)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
