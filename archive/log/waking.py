"""A word to whoever follows the log that something came: it only looks sooner, and is right without."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from archive.log.transactions import session, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Wait = Callable[[float], object]
"""Waits for at most so many seconds."""

CHANNEL = "archive_appended"
"""The channel of PostgreSQL, one for all archives of a database; what is sent is the archive's schema."""


def wake(connection: Connection) -> None:
    """Have followers look once the open transaction is committed; on SQLite they look by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, current_schema())"), {"channel": CHANNEL})


@contextmanager
def waking(engine: Engine) -> Iterator[Wait]:
    """A wait that ends sooner where something was appended for followers."""
    if engine.dialect.name == "sqlite":
        yield time.sleep
        return
    with session(engine) as connection:
        with writing(connection):
            connection.execute(text(f"LISTEN {CHANNEL}"))
        raw: Any = connection.connection.dbapi_connection
        raw.autocommit = True

        def wait(seconds: float) -> None:
            try:
                next(raw.notifies(timeout=seconds, stop_after=1), None)
            except engine.dialect.loaded_dbapi.Error:
                time.sleep(seconds)  # deaf, which is slower and no worse

        yield wait
