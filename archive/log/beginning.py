"""How a transaction begins: with the statement that says what it may do, which is the first of its connection.

Where a connection was lost while it lay in the pool, in a failover or by night, that statement is the first to meet it.
Nothing has been done then, and another connection takes its place: no question fails, and few are preceded by a sign.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from archive.log import ahead, direct

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

WRITES = "archive_writes"
"""Execution option of a connection: whether its transaction writes, or `TEMPORARY` or `MAKING`. On SQLite one without
it reads; on PostgreSQL it may do what its role may."""

TEMPORARY = "temporary"
"""Its value where only temporary tables are written: the transaction keeps nobody from the archive itself."""

MAKING = "making"
"""Its value where they are made too, which PostgreSQL tells from writing."""

BEGIN: dict[object, str] = {
    False: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    True: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    TEMPORARY: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    MAKING: "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
    None: "BEGIN",
}
"""What it is on PostgreSQL, by the value of that option."""

LIVED = "archive_lived"
"""Key in a connection's ``info``: when the last transaction began on it."""

IDLE_SECONDS = 1.0
"""How long a connection may lie idle before it is asked for a sign when it is taken from the pool: whoever brings
SQLAlchemy of their own begins with a statement that SQLAlchemy has bound to it already."""

SESSION = "archive_session"
"""Execution option of a connection that has something of its own, which no other has."""


def on_sqlite(connection: Connection) -> None:
    """Begin a transaction on a SQLite file; one that writes the archive is the only one that does from then on."""
    writes = connection.get_execution_options().get(WRITES, False)
    # To set it, even to what it is, has SQLite prepare every statement anew.
    if direct.rows(connection, "PRAGMA query_only") != [(int(not writes),)]:
        direct.change(connection, f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    direct.change(connection, "BEGIN IMMEDIATE" if writes is True else "BEGIN")


def on_postgresql(connection: Connection) -> None:
    """Begin a transaction on PostgreSQL, whose driver begins none by itself; on another connection where this one was
    lost since its last one."""
    options = connection.get_execution_options()
    writes = options.get(WRITES)
    raw: Any = connection.connection.dbapi_connection
    if not raw.autocommit and writes is not None:
        raw.autocommit = True  # somebody with SQLAlchemy of their own had another level of isolation on it
    if raw.autocommit and options.get("isolation_level") != "AUTOCOMMIT":
        first(connection, lambda: direct.change(connection, BEGIN[writes]))


def first(connection: Connection, work: Callable[[], T]) -> T:
    """What the first statement on a connection returns; on another connection where this one was lost since its last
    transaction."""
    if direct.is_sqlite(connection):
        return work()
    while True:
        replaced = LIVED in connection.info and SESSION not in connection.get_execution_options()
        replaced = replaced and not ahead.goes(connection)
        try:
            done = work()
        except DBAPIError as error:
            if not (error.connection_invalidated and replaced):
                raise
        else:
            connection.info[LIVED] = time.monotonic()
            return done


def look_after(engine: Engine) -> None:
    """Have the connections of an engine of PostgreSQL looked at when they are taken from the pool."""

    @event.listens_for(engine, "checkout")
    def checkout(raw: Any, record: Any, _: Any) -> None:
        lived = record.info.get(LIVED)
        if lived is not None and time.monotonic() - lived > IDLE_SECONDS:
            try:
                engine.dialect.do_ping(raw)
            except engine.dialect.loaded_dbapi.Error:
                raise InvalidatePoolError from None
