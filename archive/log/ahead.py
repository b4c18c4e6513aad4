"""Statements sent ahead of the answers to those before: on PostgreSQL, as a pipeline of its driver's.

Each answer waited for is a way to the server and back, and a late failure is as good: a transaction is all or nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from archive.log.failing import fail

if TYPE_CHECKING:
    from sqlalchemy import Connection

AHEAD = "archive_ahead"
"""Key in a connection's ``info`` while statements go `together` on it."""


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is written in the block waits for no answer of a server; what is read there, and the end, wait for all.

    A failure may be raised by a later statement than its own. What SQLAlchemy itself runs within waits as ever, and so
    does what follows it. A block within a block is part of it.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    info = connection.info
    if AHEAD in info:
        info[AHEAD].begin()
        yield
        return
    with ExitStack() as stack:
        info[AHEAD] = ahead = _Ahead(connection.connection.dbapi_connection, stack)
        try:
            ahead.begin()
            yield
        finally:
            del info[AHEAD]
        _settle(connection, ahead)


def goes(connection: Connection) -> bool:
    """Whether statements go `together` on a connection."""
    return AHEAD in connection.info


def settle(connection: Connection) -> None:
    """Wait for what goes `together`, and end that: somebody else is to speak on the connection."""
    if (ahead := connection.info.get(AHEAD)) is not None:
        _settle(connection, ahead)


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """Wait for what goes `together` before the block, and go on with it behind: what is in it cannot."""
    ahead: _Ahead | None = connection.info.get(AHEAD)
    if ahead is not None:
        ahead.end()
    yield
    if ahead is not None:
        ahead.begin()


@contextmanager
def committed(connection: Connection) -> Iterator[None]:
    """Have the transaction committed at the end of the block in one way with what goes `together`; where the block
    fails, nothing does any longer."""
    ahead: _Ahead | None = connection.info.get(AHEAD)
    try:
        yield
    except BaseException:
        if ahead is not None:
            ahead.give_up()
        raise
    if ahead is not None and ahead.goes:
        try:
            ahead.raw.execute("COMMIT")
            ahead.end()
        except BaseException as error:  # noqa: BLE001  # it is raised again
            fail(connection, "COMMIT", error)


class _Ahead:
    """A pipeline of psycopg that can be left and entered again; an error leaves it by the stack."""

    def __init__(self, raw: Any, stack: ExitStack) -> None:
        self.raw = raw
        self._stack = stack
        self._pipeline: Any = None

    @property
    def goes(self) -> bool:
        return self._pipeline is not None

    def begin(self) -> None:
        if self._pipeline is None:
            self._pipeline = self._stack.enter_context(self.raw.pipeline())

    def end(self) -> None:
        if self._pipeline is None:
            return
        self._pipeline = None
        try:
            self._stack.close()
        except Exception as error:  # noqa: BLE001  # it is raised again
            raise _first(error) from None

    def give_up(self) -> None:
        """End it whatever it says, amid an error."""
        self._pipeline = None
        self._stack.__exit__(*sys.exc_info())


def _first(error: BaseException) -> BaseException:
    """The failure of which the driver told, before it told that what followed was not run."""
    while type(error).__name__ == "PipelineAborted" and error.__context__ is not None:
        error = error.__context__
    return error


def _settle(connection: Connection, ahead: _Ahead) -> None:
    try:
        ahead.end()
    except BaseException as error:  # noqa: BLE001  # it is raised again
        fail(connection, "", error)
