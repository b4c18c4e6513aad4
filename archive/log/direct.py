"""What is said again and again, put to the database with the least between.

SQLite answers most statements of an append or a question in a few millionths of a second, a tenth of what it takes
SQLAlchemy to carry each there and back. Connections, transactions and errors are SQLAlchemy's all the same.

`fetch` takes a statement that SQLAlchemy wrote; the others take text with the driver's own marks of parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from archive.log import ahead
from archive.log.failing import fail
from archive.log.tables import Instant
from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Select, TextClause

Rows = Sequence[Sequence[Any]]
Values = tuple[Any, ...]
Answer = Callable[[], list[Values]]
"""Rows, once they are called for."""

SHORT = 64
"""The longest list of a question whose text is kept: each length is a text of its own."""

MANY = 50
"""Rows from which on a stream of them is faster."""

TIMESTAMPTZ = 1184
"""PostgreSQL's number of that type."""


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
    return rows(connection, written.text, marked)


def is_sqlite(connection: Connection) -> bool:
    """Whether the connection is to a SQLite file; else it is to PostgreSQL."""
    return connection.dialect.name == "sqlite"


def marks(connection: Connection, count: int) -> str:
    """So many marks of parameters, as they stand in a statement."""
    return ", ".join(["?" if is_sqlite(connection) else "%s"] * count)


def keys(connection: Connection, some: Sequence[Any]) -> Any:
    """A list of keys as one parameter: JSON for `json_each(?)`, or an array."""
    return orjson.dumps(some).decode() if is_sqlite(connection) else list(some)


def rows(connection: Connection, statement: str, given: Sequence[Any] = ()) -> list[Values]:
    """The rows that a statement finds, all of them."""
    return ask(connection, statement, given)()


def ask(connection: Connection, statement: str, given: Sequence[Any] = ()) -> Answer:
    """Have a statement run now; the rows that it finds, once they are called for.

    What goes `together` on a connection waits for the answer only then: of several that are asked before the first is
    called for, all answers come in one way to the server and back.
    """
    raw: Any = connection.connection.dbapi_connection
    try:
        cursor = raw.execute(statement, given)
        if is_sqlite(connection):
            found: list[Values] = cursor.fetchall()
            return lambda: found
    except BaseException as error:  # noqa: BLE001  # it is raised again
        fail(connection, statement, error)

    def answer() -> list[Values]:
        try:
            found: list[Values] = cursor.fetchall()
        except BaseException as error:  # noqa: BLE001  # the same
            fail(connection, statement, error)
        if all(column.type_code != TIMESTAMPTZ for column in cursor.description):
            return found
        return [_texts(row) for row in found]

    return answer


def spelled(column: Column[Any], table: str, *, sqlite: bool) -> str:
    """A column in the list of a SELECT; an instant, which is made in a tenth of the time there, as canonical text."""
    name = f"{table}.{column.name}"
    if sqlite or not isinstance(column.type, Instant):
        return name
    return f"""to_char({name}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def change(connection: Connection, statement: str, given: Sequence[Any] = ()) -> None:
    """Run a statement that writes."""
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute(statement, given)
    except BaseException as error:  # noqa: BLE001  # the same
        fail(connection, statement, error)


def change_many(connection: Connection, statement: str, given: Sequence[Sequence[Any]]) -> None:
    """Run a statement that writes, once for each tuple of parameters."""
    raw: Any = connection.connection.dbapi_connection
    try:
        if len(given) == 1:
            raw.execute(statement, given[0])
        else:
            raw.cursor().executemany(statement, given)
    except BaseException as error:  # noqa: BLE001  # the same
        fail(connection, statement, error)


def insert(
    connection: Connection,
    table: str,
    columns: tuple[str, ...],
    given: Sequence[Values],
    *,
    unless_there: bool = False,
) -> None:
    """Insert rows of these columns of a table; those that are there already are a failure, or left as they are: of such
    tables the columns are of texts and numbers alone."""
    if is_sqlite(connection) or len(given) <= 1:
        change_many(connection, _insert(table, columns, is_sqlite(connection), unless_there), given)
    elif unless_there or (len(given) < MANY and not any(isinstance(value, bytes) for row in given for value in row)):
        told = orjson.dumps([dict(zip(columns, row, strict=True)) for row in given]).decode()
        change(connection, _insert_told(table, columns, unless_there), (told,))
    elif len(given) < MANY:
        change_many(connection, _insert(table, columns, False, False), given)
    else:
        copy(connection, f"COPY {table} ({', '.join(columns)}) FROM STDIN", given)


def copy(connection: Connection, statement: str, given: Sequence[Values]) -> None:
    """Have PostgreSQL take in rows as one stream: of many, ten times as fast as an insert of each."""
    raw: Any = connection.connection.dbapi_connection
    try:
        with ahead.apart(connection), raw.cursor().copy(statement) as stream:
            for row in given:
                stream.write_row(row)
    except BaseException as error:  # noqa: BLE001  # the same
        fail(connection, statement, error)


@cache
def _insert(table: str, columns: tuple[str, ...], sqlite: bool, unless_there: bool) -> str:
    marked = ", ".join(["?" if sqlite else "%s"] * len(columns))
    tail = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marked}){tail}"  # noqa: S608  # names of ours


@cache
def _insert_told(table: str, columns: tuple[str, ...], unless_there: bool) -> str:
    listed = ", ".join(f"r.{name}" for name in columns)
    tail = " ON CONFLICT DO NOTHING" if unless_there else ""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {listed}"  # noqa: S608  # names of ours
        f" FROM json_populate_recordset(NULL::{table}, %s::json) AS r{tail}"
    )


def _texts(row: Values) -> Values:
    return tuple([to_instant(value.astimezone(UTC)) if isinstance(value, datetime) else value for value in row])


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
