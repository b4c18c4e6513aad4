"""What was deleted, taken off the disk too: free pages, write-ahead log, dead rows, statistics.

May be repeated at any time and broken off at any time. `UNREACHED` says what it does not reach.
"""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive.errors import DatabaseError
from archive.log import database
from archive.log.tables import metadata
from archive.log.transactions import PAUSES, in_our_words, read_connection

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

UNREACHED = {
    "sqlite": (
        "copies of the file, backups and replicas of it",
        "exported logs and published pages",
        "blocks of the disk that were freed and not yet overwritten",
    ),
    "postgresql": (
        "the server's write-ahead log until its segments are overwritten, and its archive",
        "backups, the server's own log, standbys until they have followed",
        "exported logs and published pages",
        "blocks of the disk that were freed and not yet overwritten",
    ),
}
"""What no command of ours can reach, by database."""

INDEXES = ("entry_words", "text_words")
STATISTICS = "pg_catalog.pg_statistic"

DEAD = re.compile(r"\d+")
"""The first number in the detail of what VACUUM says of a table, in any language: dead rows that it had to leave."""

HELD = "rows that an open transaction may still see"
"""What is left that need only be waited for."""


def stored_size(engine: Engine) -> int:
    """The bytes of the archive on the disk: of the file and its write-ahead log, or of tables and indexes."""
    if engine.dialect.name == "sqlite":
        files = [Path(f"{engine.url.database}{suffix}") for suffix in ("", "-wal")]
        return sum(file.stat().st_size for file in files if file.exists())
    wanted = text(
        "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0) FROM unnest(CAST(:names AS text[])) AS name"
    )
    with read_connection(engine) as connection:
        return int(connection.execute(wanted, {"names": _names()}).scalar_one())


def erase(engine: Engine) -> tuple[str, ...]:
    """Leave no copy of what was deleted in the files of the database; what had to be left, in words.

    Waits for other programs as long as an append does. The database is written anew: it takes as much room again
    meanwhile.
    """
    try:
        return _erase_sqlite(engine) if engine.dialect.name == "sqlite" else _erase_postgresql(engine)
    except DatabaseError as error:
        return (error.message,)


def _erase_sqlite(engine: Engine) -> tuple[str, ...]:
    with in_our_words(engine):
        raw = engine.raw_connection()
    connection: Any = raw.driver_connection
    try:
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'").fetchone():
            connection.execute("ANALYZE")  # it holds values of columns
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        return (f"free pages and the write-ahead log: {error}",)
    finally:
        raw.close()
    return ("the write-ahead log, which another program reads",) if busy else ()


def _erase_postgresql(engine: Engine) -> tuple[str, ...]:
    left: list[str] = []
    said: list[str] = []
    with in_our_words(engine), engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = connection.connection.driver_connection

        def notice(diagnostic: Any) -> None:
            # It is empty once the handler returns.
            if diagnostic.severity_nonlocalized == "WARNING":
                said.append(diagnostic.message_primary)
            elif (dead := DEAD.search(diagnostic.message_detail or "")) and int(dead[0]):
                said.append(HELD)

        driver.add_notice_handler(notice)
        connection.exec_driver_sql(f"SET lock_timeout = {int(database.BUSY_SECONDS * 1000)}")
        try:
            # ANALYZE replaces values of rows among the statistics; the old ones are dead rows there.
            # Over all tables. A long append to another database of the server keeps dead rows too.
            pauses = iter(PAUSES)
            for name in (*_names(), STATISTICS):
                kept = _rewritten(connection, name, said)
                while HELD in said and (pause := next(pauses, None)) is not None:
                    time.sleep(pause)
                    kept = _rewritten(connection, name, said)
                left += kept
        finally:
            driver.remove_notice_handler(notice)
            connection.exec_driver_sql("RESET lock_timeout")
    return tuple(left)


def _names() -> list[str]:
    return sorted({*metadata.tables, *INDEXES})


def _rewritten(connection: Connection, name: str, said: list[str]) -> list[str]:
    """Write a table anew without its dead rows; what had to be left of it, of which ``said`` holds what is told."""
    said.clear()
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE{'' if name == STATISTICS else ', ANALYZE'}) {name}")
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return [f"{name}: {str(error.orig).strip().partition(chr(10))[0]}"]
    return [f"{name}: {one}" for one in dict.fromkeys(said)]
