"""The rows of the log as they are stored, for who trusts none of them: no column is taken to be of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from archive.times import to_instant

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 1_000

ENTRY = (
    "position, stream, version, type, type_version, append_id, recorded_at, payload, salt, digest, leaf,"
    " dedupe_id, dedupe_content"
)
APPEND = "id, first_position, recorded_at, header, salt, digest"
WANTED = {"sqlite": "SELECT value FROM json_each(?)", "postgresql": "SELECT unnest(%s::bigint[])"}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of ``entries``."""

    position: Any
    stream: Any
    version: Any
    type: Any
    type_version: Any
    append_id: Any
    recorded_at: Any
    payload: Any
    salt: Any
    digest: Any
    leaf: Any
    dedupe_id: Any
    dedupe_content: Any


@dataclass(frozen=True, slots=True)
class AppendRow:
    """A row of ``appends``."""

    id: Any
    first_position: Any
    recorded_at: Any
    header: Any
    salt: Any
    digest: Any


def rows(connection: Connection, statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement in the driver's words, instants as their canonical texts."""
    result = connection.exec_driver_sql(statement, parameters)
    return [
        tuple(to_instant(one.astimezone(UTC)) if isinstance(one, datetime) else one for one in row) for row in result
    ]


def entry_pages(connection: Connection) -> Iterator[list[EntryRow]]:
    """Every entry in the order of position, a page at a time."""
    after: Any = -(1 << 63)
    while True:
        found = rows(
            connection,
            f"SELECT {ENTRY} FROM entries WHERE position > {after:d} ORDER BY position LIMIT {PAGE}",  # noqa: S608  # numbers
        )
        if found:
            yield [EntryRow(*row) for row in found]
        if len(found) < PAGE:
            return
        after = found[-1][0]


def append_rows(connection: Connection, ids: Iterable[Any]) -> dict[int, AppendRow]:
    """The appends of these ids that are there."""
    wanted = sorted({one for one in ids if isinstance(one, int)})
    sqlite = connection.dialect.name == "sqlite"
    statement = f"SELECT {APPEND} FROM appends WHERE id IN ({WANTED[connection.dialect.name]})"  # noqa: S608  # ours
    found = rows(connection, statement, (orjson.dumps(wanted).decode() if sqlite else wanted,))
    return {row[0]: AppendRow(*row) for row in found}
