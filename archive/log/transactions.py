"""Transactions: one writer at a time, readers on one consistent snapshot, whole retries.

Every statement of the program that touches a database runs inside ``write_transaction`` or
``read_connection``, or is ``asked_alone``; a connection of the engine that asked for neither is read-only on SQLite.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from archive.errors import (
    DatabaseError,
    LockedArchive,
    NotAnArchive,
    NotReplicated,
    ReadOnlyArchive,
    UnreachableDatabase,
)
from archive.log.ahead import committed, together
from archive.log.beginning import MAKING, SESSION, TEMPORARY, WRITES, first
from archive.log.places import shown

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

WRITER = "archive_writer"
"""Execution option of an engine on SQLite: the engine whose connections are for writing alone. Where one connection
went from reading alone to writing and back, SQLite would prepare every statement anew each time."""

WARNINGS = "archive_warnings"
"""Key in a PostgreSQL connection's ``info``: the warnings that the server sent on it."""

RETRIED = frozenset({"40001", "40P01", "57P01", "57P02", "57P03"})
"""SQLSTATEs after which the whole transaction is run again, and so is every one of class 08: a conflict of two
transactions, a server that stops, has crashed or does not take sessions yet."""

READ_ONLY = "25006"
"""SQLSTATE of a write in a transaction that only reads."""

NOT_SUPPORTED = "0A000"
"""SQLSTATE of the beginning of a transaction that writes on a standby, among others."""

FORBIDDEN = "42501"
"""SQLSTATE of what the role may not do."""

DAMAGED = "see what is left of it: archive verify; and restore the archive from a copy"
"""What to do about a file that cannot be read as it should."""

PAUSES = (0.02, 0.1, 0.25, 0.5, 1.0, *(2.0,) * 30)
"""Seconds before each retry, 62 in all: a cluster may take twice the 30 seconds that Patroni gives a leader unless told
otherwise. Short to the end: a writer is back soon after its database is."""


@contextmanager
def write_transaction(engine: Engine, *, retried: bool = False) -> Iterator[Connection]:
    """A transaction that may write, committed at the end of the block, rolled back on any error.

    On SQLite it is the only writer from its first statement on. Raises NotReplicated if
    PostgreSQL committed without the synchronous standby that it was told to wait for. With ``retried``, of
    whoever runs it again after a passing failure, its statements go `together`, the first and the last with them.
    """
    own: Engine = engine.get_execution_options().get(WRITER, engine)
    with (
        in_our_words(engine),
        own.connect() as connection,
        together(connection) if retried else nullcontext(),
        writing(connection),
    ):
        yield connection


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """A transaction on an open connection, with the promises of `write_transaction`."""
    with connection.execution_options(**{WRITES: True}).begin():
        warnings: list[str] = connection.info.setdefault(WARNINGS, [])
        with committed(connection):
            yield
            warnings.clear()
    if warnings:
        raise NotReplicated(place_of(connection.engine), "; ".join(warnings))


@contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """A new connection for several transactions, closed for good in the end: its temporary tables go with it.

    From no pool: what PostgreSQL prepared on a connection before there were temporary tables would go on meaning the
    tables of the archive.
    """
    own = copy(engine)
    own.pool = engine.pool.recreate()
    try:
        with in_our_words(engine), own.connect() as connection:
            yield connection.execution_options(**{SESSION: True})
    finally:
        own.pool.dispose()


@contextmanager
def writing_temporary(connection: Connection, *, making: bool = False) -> Iterator[None]:
    """A transaction on an open session that sees the archive as it is at its first statement, and may write its own
    temporary tables; `making` them too, which PostgreSQL tells from writing."""
    with connection.execution_options(**{WRITES: MAKING if making else TEMPORARY}).begin():
        yield


@contextmanager
def read_connection(engine: Engine) -> Iterator[Connection]:
    """A connection that cannot write and sees the archive as it is at its first statement."""
    with in_our_words(engine), engine.connect() as connection, connection.execution_options(**{WRITES: False}).begin():
        yield connection


def asked_alone(engine: Engine, question: Callable[[Connection], T]) -> T:
    """What a question returns that puts one statement: that sees the archive as it is when it begins, and needs no
    transaction to. It may be put again."""
    with in_our_words(engine), engine.connect() as connection:
        return first(connection, lambda: question(connection))


def retrying(work: Callable[[], T], *, pauses: tuple[float, ...] = PAUSES) -> T:
    """What ``work`` returns; after a passing failure of the database it is called again whole."""
    for pause in pauses:
        try:
            return work()
        except DatabaseError as error:
            if not is_passing(error.__cause__):
                raise
        time.sleep(pause)
    return work()


def is_passing(error: BaseException | None) -> bool:
    """Whether the same transaction may well succeed when it is run again."""
    if not isinstance(error, DBAPIError):
        return False
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in RETRIED or state.startswith("08")
    # Without a state: no connection, or one that broke. SQLite's errors have names instead, or none.
    return isinstance(error, OperationalError) and not _is_of_sqlite(error)


def place_of(engine: Engine) -> str:
    """Where the archive is, as it may be shown: a path, or a URL without its password."""
    return shown(engine.url)


@contextmanager
def in_our_words(engine: Engine) -> Iterator[None]:
    """Raise the database's failures as errors of the archive; what only a bug of ours explains stays as it is."""
    try:
        yield
    except DBAPIError as error:
        known = _known(error, place_of(engine))
        if known is None:
            raise
        raise known from error


def _known(error: DBAPIError, place: str) -> DatabaseError | None:
    said = str(error.orig).strip().partition("\n")[0] or type(error.orig).__name__
    if code := getattr(error.orig, "sqlite_errorname", ""):
        return _known_of_sqlite(code, said, place)
    if _is_of_sqlite(error):  # what the driver itself cannot make of the bytes in a file
        return DatabaseError(f"the file {place} is damaged: {said}", hint=DAMAGED)
    return _known_of_postgresql(error, getattr(error.orig, "sqlstate", None), said, place)


def _known_of_postgresql(error: DBAPIError, state: str | None, said: str, place: str) -> DatabaseError | None:
    if state == READ_ONLY or (state == NOT_SUPPORTED and "recovery" in said):
        return ReadOnlyArchive(
            place,
            hint="a standby only answers; name all servers: postgresql://ONE,TWO/DB?target_session_attrs=read-write",
        )
    if state == FORBIDDEN:
        return DatabaseError(f"the database at {place} refused: {said}", hint="use a role that may: README.md, Roles")
    if is_passing(error):
        return UnreachableDatabase(place, said)
    if state is None and said.startswith("invalid connection option"):
        return UnreachableDatabase(place, said, hint="check what stands after the ? of the URL")
    return DatabaseError(f"the database at {place} refused: {said}") if isinstance(error, OperationalError) else None


def _is_of_sqlite(error: DBAPIError) -> bool:
    return type(error.orig).__module__ == "sqlite3"


def _known_of_sqlite(code: str, said: str, place: str) -> DatabaseError | None:
    if code.startswith("SQLITE_BUSY"):
        return LockedArchive(place)
    if code.startswith("SQLITE_READONLY"):
        return ReadOnlyArchive(place)
    if code == "SQLITE_NOTADB":
        return NotAnArchive(place)
    # Not SQLITE_ERROR: a statement that does not compile is ours.
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_CORRUPT")):
        return DatabaseError(f"the file {place} cannot be used: {said}", hint="check the disk and the permissions")
    return None
