"""The bare driver as the limit: the very rows that our appends write, recorded once, then written by it alone.

It computes nothing, reads nothing and looks nothing up; tables, indexes and guards are the archive's own, for it writes
into a copy of the same archive.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import Connection, Engine, event, make_url

from archive.log import direct
from archive.log.database import CONNECTION_PRAGMAS
from tests.benchmarks.measuring import seconds_of

Statement = tuple[str, Any, bool]
"""A statement, its parameters, whether these are many."""

Recorded = list[list[Statement]]
"""The statements that write, of one transaction after the other."""

LOG = ("entries", "appends", "head", "nodes")
"""The tables of the log."""

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


@contextmanager
def recorded(engine: Engine) -> Iterator[Recorded]:
    """Note every statement that writes to the archive, transaction by transaction."""
    made: Recorded = []
    current: list[Statement] = []

    def execute(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:  # noqa: ARG001, PLR0917  # SQLAlchemy's signature
        note(statement, parameters, many=executemany)

    def note(statement: str, parameters: Any, *, many: bool) -> None:
        if statement.lstrip().startswith(WRITES):
            current.append((statement, parameters, many))

    def noting(name: str, *, many: bool) -> Any:
        given: Callable[..., Any] = getattr(direct, name)

        def noted(connection: Connection, statement: str, parameters: Any = ()) -> Any:
            note(statement, parameters, many=many)
            return given(connection, statement, parameters)

        return patch.object(direct, name, noted)

    def commit(conn: Any) -> None:  # noqa: ARG001  # the same
        if current:
            made.append(current.copy())
            current.clear()

    event.listen(engine, "before_cursor_execute", execute)
    event.listen(engine, "commit", commit)
    try:
        with ExitStack() as noted:
            for name, many in (("change", False), ("change_many", True), ("copy", True)):
                noted.enter_context(noting(name, many=many))
            yield made
    finally:
        event.remove(engine, "before_cursor_execute", execute)
        event.remove(engine, "commit", commit)


def of_log(transactions: Recorded) -> Recorded:
    """Those of the statements that write to the tables of the log."""
    return [
        [one for one in made if one[0].split()[1 + one[0].startswith(("INSERT", "DELETE"))] in LOG]
        for made in transactions
    ]


def write(url: str, transactions: Recorded) -> float:
    """Seconds that the bare driver takes to write these, each transaction durable."""
    return _with_psycopg(url, transactions) if "://" in url else _with_sqlite3(url, transactions)


def _with_sqlite3(path: str, transactions: Recorded) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in CONNECTION_PRAGMAS:
        connection.execute(pragma)

    def work() -> None:
        for made in transactions:
            connection.execute("BEGIN IMMEDIATE")
            _each(made, connection.execute, connection.executemany)
            connection.execute("COMMIT")

    try:
        return seconds_of(work)
    finally:
        connection.close()


def _with_psycopg(url: str, transactions: Recorded) -> float:
    where = make_url(url)
    parameters = {"dbname": where.database, "user": where.username, **where.query}
    with psycopg.connect(**parameters) as connection, connection.cursor() as cursor:  # type: ignore[arg-type]  # a query may hold lists, ours does not

        def many(statement: str, parameters: Any) -> None:
            if not statement.startswith("COPY"):
                cursor.executemany(statement, parameters)
                return
            with cursor.copy(statement) as stream:
                for row in parameters:
                    stream.write_row(row)

        def work() -> None:
            for made in transactions:
                _each(made, cursor.execute, many)
                connection.commit()

        return seconds_of(work)


def _each(made: Iterable[Statement], execute: Callable[..., Any], executemany: Callable[..., Any]) -> None:
    for statement, parameters, many in made:
        (executemany if many else execute)(statement, parameters)
