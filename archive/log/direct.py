"""What is asked again and again, put to the database with the least between.

A statement is written by SQLAlchemy once. SQLite then answers in a few millionths of a second, a tenth of what it takes
SQLAlchemy to carry question and answer, so there the driver's own cursor does; a server is farther away than that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, TextClause

Rows = Sequence[Sequence[Any]]

SHORT = 64
"""The longest list of a question whose text is kept: each length is a text of its own."""


class Written(NamedTuple):
    """A statement as SQLite has it: its text, what stands at each mark (a name, and of a list the number of the
    member), and the values that are part of the statement."""

    text: str
    marks: Sequence[tuple[str, int | None]]
    given: Mapping[str, Any]


_written: dict[tuple[object, ...], Written] = {}
"""What was written so far, by statement and lengths of lists."""


def fetch(connection: Connection, statement: Select[Any] | TextClause, **parameters: Any) -> Rows:
    """The rows of a statement that is made once and kept; lists are of expanding parameters.

    Its columns and parameters are of the types that SQLite's driver has: text, instants too, numbers, bytes.
    """
    lists = {name: len(value) for name, value in parameters.items() if isinstance(value, list)}
    if connection.dialect.name != "sqlite" or any(length > SHORT for length in lists.values()):
        return connection.execute(statement, parameters).all()
    key = (statement, *lists.items())
    if key not in _written:
        _written[key] = _write(connection, statement, parameters)
    written = _written[key]
    values = {**written.given, **parameters}
    marked = [values[name] if number is None else values[name][number] for name, number in written.marks]
    return fetch_text(connection, written.text, marked)


def fetch_text(connection: Connection, text: str, parameters: Sequence[Any] = ()) -> Rows:
    """The rows of a statement in the words of the database, with its driver's marks of parameters."""
    if connection.dialect.name == "sqlite":
        try:
            return cast("Rows", connection.connection.cursor().execute(text, parameters).fetchall())
        except sqlite3.Error:
            pass  # SQLAlchemy meets the same failure below, and says it in its words
    return connection.exec_driver_sql(text, tuple(parameters)).all()


def _write(connection: Connection, statement: Select[Any] | TextClause, parameters: Mapping[str, Any]) -> Written:
    compiled = statement.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state(parameters)
    members = {
        member: (name, number)
        for name, expanded in state.parameter_expansion.items()
        for number, member in enumerate(expanded)
    }
    given = {name: value for name, value in compiled.params.items() if name not in parameters}
    return Written(state.statement, [members.get(name, (name, None)) for name in state.positiontup or ()], given)
