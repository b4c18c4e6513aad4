"""Opening an archive: a SQLite file, or one schema of a PostgreSQL database.

Where an archive is, is a path or a URL::

    archive.db
    sqlite:///archive.db
    postgresql+psycopg://user@host/database?archive=openai
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from archive.errors import MissingArchive, UnknownDatabase, UnreachableDatabase
from archive.log.schema import check_current
from archive.log.transactions import WARNINGS, WRITES, read_connection

BUSY_SECONDS = 60.0
"""How long a writer waits for another one on SQLite."""

SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

CONNECTION_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -65536",
)


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
        except BaseException:
            engine.dispose()
            raise
    return engine


def locate(where: str | Path) -> URL:
    """The URL that a path or a URL stands for, with the driver that we use."""
    if not str(where):
        raise UnknownDatabase("an empty address")
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError:
        raise UnknownDatabase("the address") from None  # it may hold a password where none can be told from it
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite" and url.database not in (None, "", ":memory:") and not url.query:
        return url.set(drivername="sqlite")
    name = url.query.get("archive", "public")
    if backend in ("postgresql", "postgres") and isinstance(name, str) and SCHEMA_NAME.fullmatch(name):
        return url.set(drivername="postgresql+psycopg")
    raise UnknownDatabase(url.render_as_string(hide_password=True))


def _sqlite(url: URL, *, create: bool) -> Engine:
    path = Path(url.database or "")
    if not create and not path.exists():
        raise MissingArchive(str(path))
    if not path.absolute().parent.is_dir():
        raise UnreachableDatabase(str(path), "there is no such folder")
    mode = "rwc" if create else "rw"  # a file deleted meanwhile does not come back empty
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in CONNECTION_PRAGMAS:
            connection.execute(pragma)
        return connection

    engine = create_engine(url, creator=connect)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise UnreachableDatabase(
            url.render_as_string(hide_password=True),
            "the driver psycopg is not installed",
            hint="pip install '.[postgres]'",
        ) from error

    @event.listens_for(engine, "do_connect")
    def with_options(dialect: Any, record: Any, args: Any, parameters: dict[str, Any]) -> None:  # noqa: ARG001  # SQLAlchemy's signature
        name = parameters.pop("archive", None)
        options = ["-ctimezone=UTC"] + ([f"-csearch_path={name}"] if name else [])
        parameters["options"] = " ".join([*options, parameters.get("options", "")])

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        warnings = record.info.setdefault(WARNINGS, [])

        def notice(diagnostic: Any) -> None:
            # A cancelled wait for the standby is a commit that succeeds with a warning.
            if diagnostic.severity_nonlocalized == "WARNING":
                warnings.append(diagnostic.message_primary)

        connection.add_notice_handler(notice)

    return engine
