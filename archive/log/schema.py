"""The schema of an archive: made and brought up to date by Alembic, checked without it."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, insert, inspect, select, table, text
from sqlalchemy.exc import DatabaseError as RefusedByDatabase

from archive.errors import LockedArchive, MissingArchive, NewerArchive, NotAnArchive, OutdatedArchive, UsageError
from archive.log import merkle
from archive.log.tables import archive, head
from archive.log.transactions import PAUSES, place_of, read_connection, retrying, write_transaction
from archive.times import to_instant

if TYPE_CHECKING:
    from alembic.config import Config

DEDUPE_KEY_BYTES = 32

VERSION_TABLE = """
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))
"""

VERSION = table("alembic_version", column("version_num")).c.version_num

OURS = frozenset({"alembic_version", "appends", "archive", "entries", "head"})
"""Tables by which an archive is known, whatever its version."""

LOST_RACE = frozenset({"23505", "42P06", "42P07"})
"""SQLSTATEs of two sessions that make one schema or table: "IF NOT EXISTS" does not prevent them."""


@cache
def migrations() -> Path:
    """The folder of the installed migrations."""
    spec = find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package migrations is not installed")
    return Path(spec.submodule_search_locations[0])


@cache
def current_revision() -> str:
    """The newest version of the schema that this program knows."""
    return max(file.name.partition("_")[0] for file in (migrations() / "versions").glob("[0-9]*_*.py"))


def migrate(
    engine: Engine, *, origin: str | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> bool:
    """Make an archive, or bring its schema up to date; true if it was made.

    One transaction, all or nothing; any number of processes may do it at once and one makes it.
    ``origin`` names the new archive as a log, for ever; a random name unless given. Raises UsageError for one that no
    key can have.
    """
    from archive.log.notes import is_key_name  # noqa: PLC0415  # who only opens an archive does without

    if origin is not None and not is_key_name(origin):
        raise UsageError(f"--origin: {origin!r} cannot name a log", hint="a name has no blanks, no + and no controls")
    if _is_current(engine):
        return False
    if engine.dialect.name == "sqlite":
        _set_wal(engine)
    for _ in range(3):
        try:
            return retrying(lambda: _migrate(engine, origin, clock))
        except RefusedByDatabase as error:
            if getattr(error.orig, "sqlstate", None) not in LOST_RACE:
                raise
    return retrying(lambda: _migrate(engine, origin, clock))


def check_current(connection: Connection) -> None:
    """Raise MissingArchive, NotAnArchive, OutdatedArchive or NewerArchive unless all is as it should be."""
    place = place_of(connection.engine)
    tables = set(inspect(connection).get_table_names())
    if not tables.issuperset(OURS):
        raise NotAnArchive(place) if tables else MissingArchive(place)
    found = connection.execute(select(VERSION)).scalar_one_or_none()
    if found is None:
        raise NotAnArchive(place)
    if found < current_revision():
        raise OutdatedArchive(place)
    if found > current_revision():
        raise NewerArchive(place)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to a transaction that is already open."""
    from alembic.config import Config  # noqa: PLC0415  # slow to import, and only `init` needs it

    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _is_current(engine: Engine) -> bool:
    """Whether there is nothing to do; raises NotAnArchive for a database of something else, as it is."""
    with read_connection(engine) as connection:
        tables = set(inspect(connection).get_table_names())
        if tables and not tables.issuperset(OURS):
            raise NotAnArchive(place_of(engine))
        return bool(tables) and connection.execute(select(VERSION)).scalar_one_or_none() == current_revision()


def _set_wal(engine: Engine) -> None:
    """Set what no transaction can set. While another program does the same, SQLite refuses without waiting."""
    raw = engine.raw_connection()
    try:
        for pause in (*PAUSES, None):
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                    raise
                if pause is None:
                    raise LockedArchive(place_of(engine)) from error
                time.sleep(pause)
            else:
                break
    finally:
        raw.close()


def _migrate(engine: Engine, origin: str | None, clock: Callable[[], datetime]) -> bool:
    with write_transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            _make_schema(connection)
        connection.execute(text(VERSION_TABLE))
        # The row lock makes a second process wait here, and then find everything done.
        found = connection.execute(select(VERSION).with_for_update()).scalar_one_or_none()
        if found is not None and found > current_revision():
            check_current(connection)
        if found != current_revision():
            from alembic import command  # noqa: PLC0415  # slow to import, and only `init` needs it

            command.upgrade(alembic_config(connection), "head")
        if found is None:
            _found(connection, origin or f"archive/{secrets.token_hex(8)}", to_instant(clock()))
        return found is None


def _make_schema(connection: Connection) -> None:
    """Make the schema that ``search_path`` names, unless it is there."""
    if connection.execute(text("SELECT current_schema()")).scalar_one() is None:
        name = connection.execute(text("SHOW search_path")).scalar_one()
        quoted = connection.dialect.identifier_preparer.quote_identifier(name)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {quoted}"))


def _found(connection: Connection, origin: str, now: str) -> None:
    from archive.log.seals import archive_seal  # noqa: PLC0415  # who only opens an archive does without

    key = os.urandom(DEDUPE_KEY_BYTES)
    digest = archive_seal(origin, key, now)
    connection.execute(insert(archive).values(id=1, origin=origin, dedupe_key=key, created_at=now, digest=digest))
    connection.execute(insert(head).values(id=1, size=0, frontier=b"", root=merkle.EMPTY_ROOT))


def origin_of(connection: Connection) -> str:
    """The archive's name as a log."""
    origin: str = connection.execute(select(archive.c.origin)).scalar_one()
    return origin
