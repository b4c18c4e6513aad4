"""What is read from the log: entries, appends, the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, Select, Text, bindparam, literal_column, select, text

from archive.errors import DamagedLog, NoSuchEntry
from archive.log import tables
from archive.log.direct import fetch, keys, rows, spelled

if TYPE_CHECKING:
    from events import Event

PAGE = 1_000
"""Entries read by one statement: memory stays small on a log of any length."""

COLUMNS = (
    tables.entries.c.position,
    tables.entries.c.stream,
    tables.entries.c.version,
    tables.entries.c.type,
    tables.entries.c.type_version,
    tables.entries.c.payload,
    tables.entries.c.recorded_at,
    tables.entries.c.append_id,
)


HEAD = select(tables.head)
REACHED = select(
    tables.head.c.size,
    tables.head.c.root,
    tables.head.c.recorded_at,
    select(tables.tracking.c.notification_id)
    .where(tables.tracking.c.application_name == literal_column(f"'{tables.READ_MODEL}'", Text))
    .scalar_subquery(),
)
AFTER = text(
    """
    WITH RECURSIVE halves (low, high) AS (
        SELECT CAST(0 AS bigint), coalesce((SELECT max(id) FROM appends), 0) + 1
        UNION ALL
        SELECT CASE WHEN recorded_at > :instant THEN low ELSE id END,
               CASE WHEN recorded_at > :instant THEN id ELSE high END
        FROM halves JOIN appends ON id = (low + high) / 2 WHERE high - low > 1
    )
    SELECT first_position FROM appends WHERE id = (SELECT min(high) FROM halves)
    """
).bindparams(bindparam("instant", type_=tables.Instant))
"""The first position of the first append after an instant: record times rise with ids, which have no gaps."""

NAMES = {
    name: ", ".join(spelled(column, "e", sqlite=name == "sqlite") for column in COLUMNS)
    for name in ("sqlite", "postgresql")
}
AT = {
    "sqlite": f"SELECT {NAMES['sqlite']} FROM json_each(?) AS k CROSS JOIN entries AS e ON e.position = k.value",  # noqa: S608  # names of columns
    "postgresql": f"SELECT {NAMES['postgresql']} FROM entries AS e WHERE e.position = ANY(%s)",  # noqa: S608  # the same
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event at its place in the log; its payload is None once it is redacted."""

    position: int
    stream: str
    version: int
    type: str
    type_version: int
    payload: bytes | None
    recorded_at: str
    append_id: int
    _event: Event | None = field(default=None, repr=False, compare=False)

    @property
    def event(self) -> Event | None:
        """The event, decoded once; None if it is redacted. Raises DamagedLog if it cannot be read."""
        if self._event is None and self.payload is not None:
            from archive.log import codec  # noqa: PLC0415  # it brings the whole language, which few readers need

            try:
                event = codec.decode(self.type, self.type_version, self.payload)
            except (KeyError, TypeError, ValueError) as error:
                raise DamagedLog(
                    f"entry {self.position} ({codec.topic(self.type, self.type_version)}) cannot be read: {error!r}",
                    hint="a later version of the program may know its type; else restore the archive from a copy",
                ) from error
            object.__setattr__(self, "_event", event)
        return self._event


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends, or that part of it which the read model has: size, Merkle root in hex, last record time.

    `behind` is how many entries follow that the read model has not.
    """

    size: int
    root: str
    recorded_at: str | None
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Append:
    """One append: its entries from ``first`` to ``last``, and who made it; redacted, nobody is named."""

    id: int
    first: int
    last: int
    recorded_at: str
    who: str | None
    program: str | None
    why: str | None


def read_head(connection: Connection) -> Head:
    """The head of the log."""
    row = connection.execute(HEAD).one()
    return Head(row.size, row.root.hex(), row.recorded_at)


def read_reached(connection: Connection) -> tuple[int, int]:
    """How far in the log the read model goes, and how long the log is."""
    ((whole, _, _, reached),) = fetch(connection, REACHED)
    return min(reached or 0, whole), whole


def read_projected(connection: Connection) -> Head:
    """The head of the log as far as the read model goes: what a question is answered from."""
    ((whole, root, last, reached),) = fetch(connection, REACHED)
    size: int = reached or 0
    if size >= whole:
        return Head(whole, root.hex(), last)
    from archive.log.nodes import root_at  # noqa: PLC0415  # only a read model that is behind needs it

    recorded_at = recorded_at_of(connection, size) if size else None
    return Head(size, root_at(connection, size).hex(), recorded_at, whole - size)


def read_entry(connection: Connection, position: int) -> Entry:
    """The entry at a position; NoSuchEntry if the log does not reach it."""
    row = connection.execute(select(*COLUMNS).where(tables.entries.c.position == position)).first()
    if row is None:
        raise NoSuchEntry(f"the log has no entry {position}", hint=f"it ends at {read_head(connection).size}")
    return Entry(*row)


def entries_at(connection: Connection, positions: Iterable[int]) -> Iterator[Entry]:
    """The entries at these positions, in no order; a position that the log does not reach has none."""
    wanted = sorted(set(positions))
    for start in range(0, len(wanted), PAGE):
        given = keys(connection, wanted[start : start + PAGE])
        for row in rows(connection, AT[connection.dialect.name], (given,)):
            yield Entry(*row)


def read_entries(
    connection: Connection,
    *,
    after: int = 0,
    upto: int | None = None,
    stream: str | None = None,
    limit: int | None = None,
    newest_first: bool = False,
) -> Iterator[Entry]:
    """Entries with ``after < position <= upto``, in order; of one stream, at most ``limit``."""
    position = tables.entries.c.position
    wanted = select(*COLUMNS).order_by(position.desc() if newest_first else position)
    if stream is not None:
        # By version, its index serves: in a stream, versions rise as positions do.
        version = tables.entries.c.version
        wanted = (
            select(*COLUMNS)
            .where(tables.entries.c.stream == stream)
            .order_by(version.desc() if newest_first else version)
        )
    low, high, left = after, upto, limit
    while left is None or left > 0:
        page = _between(wanted, low, high).limit(PAGE if left is None else min(left, PAGE))
        rows = connection.execute(page).all()
        for row in rows:
            yield Entry(*row)
        if len(rows) < PAGE:
            return
        left = None if left is None else left - len(rows)
        if newest_first:
            high = rows[-1].position - 1
        else:
            low = rows[-1].position


def read_append(connection: Connection, append_id: int) -> Append:
    """One append by its id; NoSuchEntry if there is none."""
    appends = tables.appends
    columns = (appends.c.id, appends.c.first_position, appends.c.recorded_at, appends.c.header)
    row = connection.execute(select(*columns).where(appends.c.id == append_id)).first()
    if row is None:
        raise NoSuchEntry(f"the log has no append {append_id}")
    following = select(appends.c.first_position).where(appends.c.id == append_id + 1)
    after = connection.execute(following).scalar_one_or_none()
    last = read_head(connection).size if after is None else after - 1
    header = {} if row.header is None else orjson.loads(row.header)
    said = (header.get("who"), header.get("program"), header.get("why"))
    return Append(row.id, row.first_position, last, row.recorded_at, *said)


def recorded_at_of(connection: Connection, size: int) -> str:
    """When the log had reached a size: the record time of its entry at that position."""
    return read_entry(connection, size).recorded_at


def size_at(connection: Connection, instant: str) -> int:
    """How long the log was at an instant of record time."""
    found = fetch(connection, AFTER, instant=instant)
    return found[0][0] - 1 if found else read_head(connection).size


def _between(wanted: Select[Any], low: int, high: int | None) -> Select[Any]:
    position = tables.entries.c.position
    if low > 0:
        wanted = wanted.where(position > low)
    return wanted if high is None else wanted.where(position <= high)
