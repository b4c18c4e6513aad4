"""One question in SQL to PostgreSQL: a connection of its own, one statement, READ ONLY and always rolled back.

A superuser asks as ``pg_read_all_data``, who may call no function that reaches the server's files. Whoever writes a
statement to undo that can: give an archive a role that is no superuser.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from archive.log.transactions import place_of, read_connection
from archive.queries.sql_answers import FaultyQuery, RefusedQuery, Rows, SlowQuery, columns_of
from archive.queries.values import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

CHUNK = 100
"""Rows that PostgreSQL's client library holds at a time."""

CANCELLED = "57014"
"""SQLSTATE of a statement that ran out of time."""

HUMBLE = """SELECT set_config('role', 'pg_read_all_data', true) FROM pg_roles
WHERE rolname = 'pg_read_all_data' AND current_setting('is_superuser') = 'on'"""
"""For the transaction, a superuser becomes a role that reads tables and nothing else (PostgreSQL 14 and later)."""

UNBOUND = "08P01"
"""SQLSTATE of a statement with a parameter, `$1`: the connection is well."""


def ask(engine: Engine, sql: str, seconds: float) -> Rows:
    """Ask the server; how long a reader takes between rows counts too."""
    answer = _streamed(engine, sql, seconds)
    return Rows(next(answer), answer)


def _streamed(engine: Engine, sql: str, seconds: float) -> Iterator[tuple[Any, ...]]:
    """The names of the columns, then each row as it is taken: no answer is too long for the memory of this machine."""
    with read_connection(engine) as connection:
        connection.exec_driver_sql("SELECT set_config('statement_timeout', %s, true)", (f"{int(seconds * 1000)}ms",))
        connection.exec_driver_sql(HUMBLE)
        raw: Any = connection.connection.dbapi_connection
        connection.detach()  # locks and settings of the session end with it
        try:
            cursor = raw.cursor()
            # Sent apart from its parameters, so that the server itself refuses a second statement, and % stands for
            # itself. Closed before the transaction ends, for an open stream holds the connection.
            with closing(cursor.stream(sql, size=_chunk(engine))) as stream:
                first = next(stream, None)
                if first is not None:
                    yield columns_of(cursor.description)
                    yield tuple(plain(value) for value in first)
                    for row in stream:
                        yield tuple(plain(value) for value in row)
            if first is None:
                # A stream without rows has no columns either.
                described = raw.cursor().execute(sql, prepare=True).description
                if described is None:
                    raise RefusedQuery("it asks for nothing")
                yield columns_of(described)
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
