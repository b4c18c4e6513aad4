"""One question in SQL to SQLite: a connection of its own, opened read-only, with an authorizer that admits reading."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.errors import ArchiveError, MissingArchive
from archive.log.database import is_sealed
from archive.queries.sql_answers import FaultyQuery, RefusedQuery, Rows, SlowQuery, columns_of
from archive.queries.values import plain

LONGEST = 100_000_000
"""Bytes of the longest value that a query on SQLite may make."""

PACE = 10_000
"""Instructions of SQLite between two looks at the clock."""

READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
DESCRIBING = frozenset(
    {
        "collation_list",
        "compile_options",
        "data_version",
        "database_list",
        "foreign_key_list",
        "function_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
"""Pragmas that only describe, whatever their argument."""

FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})


def ask(path: Path, sql: str, seconds: float) -> Rows:
    """Ask the file; what is not a question that reads is refused by it."""
    connection = _read_only(path)
    patience = _Patience(seconds)
    denied: list[str] = []
    connection.set_authorizer(_authorizer(denied))
    connection.set_progress_handler(lambda: patience.over, PACE)

    def words(error: Exception) -> ArchiveError:
        said = str(error)
        if denied or isinstance(error, sqlite3.Warning) or "one statement" in said:
            return RefusedQuery(denied[0] if denied else "it has more than one statement")
        return SlowQuery(seconds) if patience.over else FaultyQuery(said)

    try:
        patience.begin()
        cursor = connection.execute(sql)
        patience.pause()
    except (sqlite3.Error, sqlite3.Warning) as error:
        connection.close()
        raise words(error) from error
    if cursor.description is None:
        connection.close()
        raise RefusedQuery("it asks for nothing")
    return Rows(columns_of(cursor.description), _taken(connection, cursor, words, patience))


def _read_only(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise MissingArchive(str(path))
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if is_sealed(path) else ''}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def _authorizer(denied: list[str]) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """Admit reading alone; what was not is noted in `denied`."""

    def check(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action in READING:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in FORBIDDEN_FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in DESCRIBING:
            return sqlite3.SQLITE_OK
        # A virtual table asks for this as it is met. A statement that means it is refused by SQLite itself.
        if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
            return sqlite3.SQLITE_OK
        named = second if action == sqlite3.SQLITE_FUNCTION else first
        denied.append(f"it does more than read{f' ({named})' if named else ''}")
        return sqlite3.SQLITE_DENY

    return check


class _Patience:
    """How much longer a query may take; it passes while the database works, not while the reader does."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._deadline = math.inf

    @property
    def over(self) -> bool:
        return time.monotonic() > self._deadline

    def begin(self) -> None:
        self._deadline = time.monotonic() + self._left

    def pause(self) -> None:
        self._left = self._deadline - time.monotonic()


def _taken(
    connection: sqlite3.Connection,
    cursor: sqlite3.Cursor,
    words: Callable[[Exception], ArchiveError],
    patience: _Patience,
) -> Iterator[tuple[Any, ...]]:
    try:
        while True:
            patience.begin()
            row = next(cursor, None)
            patience.pause()
            if row is None:
                return
            yield tuple(plain(value) for value in row)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise words(error) from error
    finally:
        connection.close()
