"""Read-only SQL for certain, with the same values on both databases.

On SQLite a connection of its own, opened read-only, on which an authorizer admits reading alone. On PostgreSQL a
connection of its own and one statement in a READ ONLY transaction that is always rolled back; what a superuser's
functions do to the server's files no transaction undoes, so give an archive a role that is none.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError

from archive.errors import ArchiveError, MissingArchive, UsageError
from archive.log.transactions import place_of, read_connection
from archive.queries.values import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECONDS = 60.0
"""How long a query may take."""

LONGEST = 100_000_000
"""Bytes of the longest value that a query on SQLite may make."""

PACE = 10_000
"""Instructions of SQLite between two looks at the clock."""

CHUNK = 100
"""Rows that PostgreSQL's client library holds at a time."""

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

QUESTIONS = ("select", "with", "values", "table", "explain", "show", "pragma")
COMMENTS = re.compile(r"\s+|--[^\n]*|/\*.*?\*/|\(", re.DOTALL)

CANCELLED = "57014"
"""SQLSTATE of a statement that ran out of time."""

UNBOUND = "08P01"
"""SQLSTATE of a statement with a parameter, `$1`: the connection is well."""


class RefusedQuery(UsageError):  # noqa: N818 - named for what is the case
    """The query would do something else than read."""

    exit_code: ClassVar[int] = 4

    def __init__(self, said: str) -> None:
        super().__init__(
            f"the query was refused: {said}", hint="ask one question that reads: SELECT, WITH, VALUES or EXPLAIN"
        )


class FaultyQuery(UsageError):  # noqa: N818 - named for what is the case
    """The database does not understand the query."""

    exit_code: ClassVar[int] = 5

    def __init__(self, said: str) -> None:
        super().__init__(
            f"the query is at fault: {said}", hint='what a table holds: archive sql "SELECT * FROM tenures LIMIT 1"'
        )


class SlowQuery(ArchiveError):  # noqa: N818 - named for what is the case
    """The query took longer than it may."""

    exit_code: ClassVar[int] = 6

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query was stopped after {seconds:g} seconds", hint="ask for less, or narrow it down")


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query: the names of its columns, and its rows, each read as it is asked for.

    Values are JSON's: text, numbers and None. Bytes are hex, instants canonical text, truth 1 or 0.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def query(engine: Engine, sql: str, *, limit: int | None = None, seconds: float = SECONDS) -> Rows:
    """Ask one question in SQL; at most `limit` rows.

    RefusedQuery for a second statement or one that does more than read, FaultyQuery for one that the database does not
    understand, SlowQuery past `seconds`; all may come with a row too. The rows are read as they are taken.
    """
    _check_words(sql)
    ask = _ask_sqlite if engine.dialect.name == "sqlite" else _ask_postgresql
    rows = ask(engine, sql, seconds)
    return rows if limit is None else Rows(rows.columns, islice(rows.rows, limit))


def _check_words(sql: str) -> None:
    """Refuse what does not begin as a question does, before a database sees it."""
    if "\x00" in sql:
        raise FaultyQuery("it has the character U+0000")
    if any("\ud800" <= character <= "\udfff" for character in sql):
        raise FaultyQuery("it is no UTF-8")
    start = 0
    while match := COMMENTS.match(sql, start):
        start = match.end()
    word = re.match(r"[A-Za-z]*", sql[start:])
    first = word[0].lower() if word else ""
    if not sql[start:].strip(" ;"):
        raise FaultyQuery("it is empty")
    if first not in QUESTIONS:
        raise RefusedQuery(f"it begins with {sql[start:].split(maxsplit=1)[0][:40]!r}")


def _ask_sqlite(engine: Engine, sql: str, seconds: float) -> Rows:
    connection = _read_only(Path(engine.url.database or ""))
    deadline = time.monotonic() + seconds
    denied: list[str] = []
    connection.set_authorizer(_authorizer(denied))
    connection.set_progress_handler(lambda: time.monotonic() > deadline, PACE)

    def words(error: Exception) -> ArchiveError:
        said = str(error)
        if denied or isinstance(error, sqlite3.Warning) or "one statement" in said:
            return RefusedQuery(denied[0] if denied else "it has more than one statement")
        if time.monotonic() > deadline:
            return SlowQuery(seconds)
        return FaultyQuery(said)

    try:
        cursor = connection.execute(sql)
    except (sqlite3.Error, sqlite3.Warning) as error:
        connection.close()
        raise words(error) from error
    if cursor.description is None:
        connection.close()
        raise RefusedQuery("it asks for nothing")
    return Rows(_columns(cursor.description), _taken(connection, cursor, words))


def _read_only(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise MissingArchive(str(path))
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)
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


def _taken(
    connection: sqlite3.Connection, cursor: sqlite3.Cursor, words: Callable[[Exception], ArchiveError]
) -> Iterator[tuple[Any, ...]]:
    try:
        for row in cursor:
            yield tuple(plain(value) for value in row)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise words(error) from error
    finally:
        connection.close()


def _ask_postgresql(engine: Engine, sql: str, seconds: float) -> Rows:
    answer = _streamed(engine, sql, seconds)
    return Rows(next(answer), answer)


def _streamed(engine: Engine, sql: str, seconds: float) -> Iterator[tuple[Any, ...]]:
    """The names of the columns, then each row as it is taken: no answer is too long for the memory of this machine."""
    with read_connection(engine) as connection:
        connection.exec_driver_sql("SELECT set_config('statement_timeout', %s, true)", (f"{int(seconds * 1000)}ms",))
        raw: Any = connection.connection.dbapi_connection
        connection.detach()  # locks and settings of the session end with it
        try:
            cursor = raw.cursor()
            # Sent apart from its parameters, so that the server itself refuses a second statement, and % stands for
            # itself. Closed before the transaction ends, for an open stream holds the connection.
            with closing(cursor.stream(sql, size=_chunk(engine))) as stream:
                first = next(stream, None)
                if first is not None:
                    yield _columns(cursor.description)
                    yield tuple(plain(value) for value in first)
                    for row in stream:
                        yield tuple(plain(value) for value in row)
            if first is None:
                # A stream without rows has no columns either.
                described = raw.cursor().execute(sql, prepare=True).description
                if described is None:
                    raise RefusedQuery("it asks for nothing")
                yield _columns(described)
        except engine.dialect.loaded_dbapi.Error as error:
            raise _words_of_postgresql(error, seconds, place_of(engine)) from error
        finally:
            raw.rollback()


def _chunk(engine: Engine) -> int:
    """How many rows the client library may fetch at a time; those before PostgreSQL 17 know one alone."""
    capabilities: Any = engine.dialect.loaded_dbapi.capabilities
    return CHUNK if capabilities.has_stream_chunked() else 1


def _words_of_postgresql(error: Any, seconds: float, place: str) -> Exception:
    state: str = error.sqlstate or ""
    said = str(error).partition("\n")[0]
    if state == CANCELLED:
        return SlowQuery(seconds)
    if state == "25006" or "multiple commands" in said:
        return RefusedQuery(said)
    if (state.startswith("08") and state != UNBOUND) or state == "57P01":
        return DBAPIError(place, None, error)
    return FaultyQuery(said)


def _columns(description: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The names of the columns, a repeated one numbered: `count`, `count_2`."""
    names: list[str] = []
    for column in description:
        name, number = str(column[0]), 1
        while (shown := name if number == 1 else f"{name}_{number}") in names:
            number += 1
        names.append(shown)
    return tuple(names)
