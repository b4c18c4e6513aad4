"""What is said again and again, put to the database with the least between.

SQLite answers most statements of an append or a question in a few millionths of a second, a tenth of what it takes
SQLAlchemy to carry each there and back. Connections, transactions and errors are SQLAlchemy's all the same.

`fetch` takes a statement that SQLAlchemy wrote; the others take text with the driver's own marks of parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import orjson
from sqlalchemy.exc import DBAPIError

from archive.log.tables import Instant
from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Select, TextClause

Rows = Sequence[Sequence[Any]]
Values = tuple[Any, ...]

SHORT = 64
"""The longest list of a question whose text is kept: each length is a text of its own."""

MANY = 50
"""Rows from which on a stream of them is faster."""

TIMESTAMPTZ = 1184
"""PostgreSQL's number of that type."""

AHEAD = "archive_ahead"
"""Key in a connection's ``info`` while statements go `together` on it."""


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
        cursor = raw.execute(statement, given)
        found: list[Values] = cursor.fetchall()
    except BaseException as error:  # noqa: BLE001  # it is raised again
        _fail(connection, statement, error)
    if is_sqlite(connection) or all(column.type_code != TIMESTAMPTZ for column in cursor.description):
        return found
    return [_texts(row) for row in found]


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
        if len(given) == 1:
            raw.execute(statement, given[0])
        else:
            raw.cursor().executemany(statement, given)
    except BaseException as error:  # noqa: BLE001  # the same
        _fail(connection, statement, error)


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
    if is_sqlite(connection) or len(given) < MANY:
        change_many(connection, _insert(table, columns, is_sqlite(connection), unless_there), given)
    elif unless_there:
        told = orjson.dumps([dict(zip(columns, row, strict=True)) for row in given]).decode()
        change(connection, _insert_told(table, columns), (told,))
    else:
        copy(connection, f"COPY {table} ({', '.join(columns)}) FROM STDIN", given)


def copy(connection: Connection, statement: str, given: Sequence[Values]) -> None:
    """Have PostgreSQL take in rows as one stream: of many, ten times as fast as an insert of each."""
    ahead: _Ahead | None = connection.info.get(AHEAD)
    raw: Any = connection.connection.dbapi_connection
    try:
        if ahead is not None:
            ahead.end()
        with raw.cursor().copy(statement) as stream:
            for row in given:
                stream.write_row(row)
        if ahead is not None:
            ahead.begin()
    except BaseException as error:  # noqa: BLE001  # the same
        _fail(connection, statement, error)


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is written in the block waits for no answer of a server; what is read there, and the end, wait for all.

    A failure may be raised by a later statement than its own. What SQLAlchemy itself runs within waits as ever, and so
    does what follows it. A block within a block is part of it.
    """
    if is_sqlite(connection):
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


def settle(connection: Connection) -> None:
    """Wait for what goes `together`, and end that: somebody else is to speak on the connection."""
    if (ahead := connection.info.get(AHEAD)) is not None:
        _settle(connection, ahead)


class _Ahead:
    """A pipeline of psycopg that can be left and entered again; an error leaves it by the stack."""

    def __init__(self, raw: Any, stack: ExitStack) -> None:
        self._raw = raw
        self._stack = stack
        self._pipeline: Any = None

    def begin(self) -> None:
        if self._pipeline is None:
            self._pipeline = self._stack.enter_context(self._raw.pipeline())

    def end(self) -> None:
        if self._pipeline is not None:
            self._pipeline.sync()
            self._pipeline = None
            self._stack.close()


def _settle(connection: Connection, ahead: _Ahead) -> None:
    try:
        ahead.end()
    except BaseException as error:  # noqa: BLE001  # it is raised again
        _fail(connection, "", error)


@cache
def _insert(table: str, columns: tuple[str, ...], sqlite: bool, unless_there: bool) -> str:
    marked = ", ".join(["?" if sqlite else "%s"] * len(columns))
    tail = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marked}){tail}"  # noqa: S608  # names of ours


@cache
def _insert_told(table: str, columns: tuple[str, ...]) -> str:
    listed = ", ".join(f"r.{name}" for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {listed}"  # noqa: S608  # names of ours
        f" FROM json_populate_recordset(NULL::{table}, %s::json) AS r ON CONFLICT DO NOTHING"
    )


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
