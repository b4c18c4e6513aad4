"""What is said again and again, put to the database with the least between.

SQLite answers most statements of an append or a question in a few millionths of a second, a tenth of what it takes
SQLAlchemy to carry each there and back. Connections, transactions and errors are SQLAlchemy's all the same.

`fetch` takes a statement that SQLAlchemy wrote; the others take text with the driver's own marks of parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import orjson
from sqlalchemy.exc import DBAPIError

from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, TextClause

Rows = Sequence[Sequence[Any]]
Values = tuple[Any, ...]

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
    raw: Any = connection.connection.dbapi_connection
    try:
        found: list[Values] = raw.execute(statement, given).fetchall()
    except BaseException as error:  # noqa: BLE001  # it is raised again
        _fail(connection, statement, error)
    return found if is_sqlite(connection) else [_texts(row) for row in found]


def change(connection: Connection, statement: str, given: Sequence[Any] = ()) -> None:
    """Run a statement that writes."""
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.execute(statement, given)
    except BaseException as error:  # noqa: BLE001  # the same
        _fail(connection, statement, error)


def changed(connection: Connection, statement: str, given: Sequence[Any] = ()) -> int:
    """Run a statement that updates; how many rows it changed."""
    if not is_sqlite(connection):
        return len(rows(connection, f"{statement} RETURNING 1", given))
    raw: Any = connection.connection.dbapi_connection
    try:
        return int(raw.execute(statement, given).rowcount)
    except BaseException as error:  # noqa: BLE001  # the same
        _fail(connection, statement, error)


def change_many(connection: Connection, statement: str, given: Sequence[Sequence[Any]]) -> None:
    """Run a statement that writes, once for each tuple of parameters."""
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.cursor().executemany(statement, given)
    except BaseException as error:  # noqa: BLE001  # the same
        _fail(connection, statement, error)


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is written in the block waits for no answer of a server; what is read there, and the end, wait for all.

    Within, only this module speaks on the connection; a failure may be raised by a later statement than its own.
    """
    if is_sqlite(connection):
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    with raw.pipeline() as pipeline:
        yield
        try:
            pipeline.sync()
        except BaseException as error:  # noqa: BLE001  # the same
            _fail(connection, "", error)


def _texts(row: Values) -> Values:
    return tuple([to_instant(value.astimezone(UTC)) if isinstance(value, datetime) else value for value in row])


def _fail(connection: Connection, statement: str, error: BaseException) -> NoReturn:
    """Raise an error as SQLAlchemy would, its parameters hidden; what broke the connection ends it."""
    dialect, base = connection.dialect, connection.dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        if not isinstance(error, Exception):  # told to stop amid a statement: nobody knows where the connection stands
            connection.invalidate(error)
        raise error
    broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if broken:
        connection.invalidate(error)
    raise DBAPIError.instance(
        statement,
        None,
        error,
        base,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    ) from error


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
