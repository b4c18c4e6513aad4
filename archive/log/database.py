"""Opening an archive: a SQLite file, or one schema of a PostgreSQL database."""

from __future__ import annotations

import logging
import os
import sqlite3
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError

from archive.errors import DatabaseError, MissingArchive, UnknownDatabase, UnreachableDatabase
from archive.log import ahead, beginning
from archive.log.places import locate, shown
from archive.log.schema import check_current
from archive.log.transactions import DAMAGED, WARNINGS, WRITER, read_connection

BUSY_SECONDS = 60.0
"""How long a writer waits for another one on SQLite."""

PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""How long a server that answers no more is waited for, in seconds (the last in milliseconds): libpq itself would wait
for ever to connect, and two hours for an answer. What the URL says comes first."""

WATCH = tuple(
    f"-ctcp_{name.removeprefix('tcp_')}={value}" for name, value in PATIENCE.items() if name != "connect_timeout"
)
"""The same for the server: a writer whose machine has gone holds the head of the log until the server knows."""

CONNECTION_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -65536",
)


WAITS = "SyncRepWaitForLSN"
"""The function of PostgreSQL in which a commit waits for its standby; its messages are in the server's language."""

MEANINGLESS = (DBAPIError, TypeError, ValueError)
"""What a damaged file raises beside what has words of its own; a file of another program has other tables."""


def open_engine(where: str | Path, *, create: bool = False) -> Engine:
    """The engine of the archive at ``where``, a path or a URL.

    Raises MissingArchive, NotAnArchive, NewerArchive or OutdatedArchive unless a current archive
    is there. With ``create`` nothing is asked of what is there: ``migrate`` makes it an archive.
    """
    url = locate(where)
    engine = _sqlite(url, create=create) if url.get_backend_name() == "sqlite" else _postgresql(url)
    if not create:
        try:
            with read_connection(engine) as connection:
                check_current(connection)
        except BaseException as error:
            engine.dispose()
            if engine.dialect.name == "sqlite" and isinstance(error, MEANINGLESS):
                raise DatabaseError(
                    f"the file {shown(url)} is damaged: {getattr(error, 'orig', error)}", hint=DAMAGED
                ) from error
            raise
    return engine


def _sqlite(url: URL, *, create: bool) -> Engine:
    path = Path(url.database or "")
    if not create and not path.exists():
        raise MissingArchive(str(path))
    if not path.absolute().parent.is_dir():
        raise UnreachableDatabase(str(path), "there is no such folder")
    mode = "rwc" if create else "rw"  # a file deleted meanwhile does not come back empty
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}{'&immutable=1' if is_sealed(path) else ''}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in CONNECTION_PRAGMAS:
            connection.execute(pragma)
        return connection

    engine = create_engine(url, creator=connect, hide_parameters=True)

    event.listen(engine, "begin", beginning.on_sqlite)
    writer = copy(engine)
    writer.pool = engine.pool.recreate()
    engine.update_execution_options(**{WRITER: writer})

    @event.listens_for(engine, "engine_disposed")
    def disposed(_: Engine) -> None:
        writer.pool.dispose()
        writer.pool = writer.pool.recreate()

    return engine


def is_sealed(path: Path) -> bool:
    """Whether a file lies on a medium that nobody can write: it is read as it is, without the files beside it that
    SQLite would make."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):  # no such file yet, or no such question on this system
        return False


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise UnreachableDatabase(
            shown(url),
            "the driver psycopg is not installed",
            hint="pip install '.[postgres]'",
        ) from error
    except ArgumentError:
        raise UnknownDatabase("the address", hint="write several hosts as ONE:5432,TWO:5432") from None

    event.listen(engine, "begin", beginning.on_postgresql)
    beginning.look_after(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def settle(connection: Connection, *_: Any) -> None:
        ahead.settle(connection)

    remarks = logging.getLogger("psycopg")
    if not remarks.handlers:  # what it remarks on beside an error, the error tells; it would stand among our own words
        remarks.addHandler(logging.NullHandler())

    @event.listens_for(engine, "do_connect")
    def with_options(dialect: Any, record: Any, args: Any, parameters: dict[str, Any]) -> None:  # noqa: ARG001  # SQLAlchemy's signature
        options = ["-ctimezone=UTC", f"-csearch_path={parameters.pop('archive', 'public')}", *WATCH]
        parameters["options"] = " ".join([*options, parameters.get("options", "")])
        parameters.update({name: value for name, value in PATIENCE.items() if name not in parameters})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.autocommit = True  # `beginning` says when a transaction begins
        warnings = record.info.setdefault(WARNINGS, [])

        def notice(diagnostic: Any) -> None:
            # A cancelled wait for the standby is a commit that succeeds with a warning, by this function of the server.
            if diagnostic.severity_nonlocalized == "WARNING" and diagnostic.source_function == WAITS:
                warnings.append(diagnostic.message_primary)

        connection.add_notice_handler(notice)

    return engine
