"""What intake looks up of entries that wait for a follower: whom they register, which names they record, whom they
merge, which versions of sources they bring.

It is listed in a table of its own while they wait, as it will stand among the mentions: an append looks up what it
needs of it, however much waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from heapq import merge
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, select

from archive.log import direct
from archive.log.entries import Entry, read_entries, read_reached
from archive.log.tables import READ_MODEL, head
from archive.log.tracking import hold_tracking
from archive.log.transactions import read_connection, write_transaction
from archive.projections.derive import marks_of
from archive.projections.store import Store
from archive.projections.tables import waiting
from archive.spilling import paged
from events import Registration
from events.later import Merged
from events.names import may_name

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class Listed(NamedTuple):
    """A row of the list."""

    kind: str
    id: str
    position: int
    field: str


LOOKED_UP = frozenset({"registration", "called", "merged", "version"})
"""The kinds of mentions that intake looks up."""


def begin_to_wait(connection: Connection, entries: Iterable[Entry]) -> None:
    """List what new entries bring, which the open transaction does not fold."""
    Store(connection).insert(waiting, list(dict.fromkeys(_listed(entries))))


def waited(connection: Connection, upto: int) -> None:
    """Take entries up to a position off the list, which the open transaction has folded."""
    direct.change(connection, f"DELETE FROM waiting WHERE position <= {direct.marks(connection, 1)}", (upto,))  # noqa: S608  # a mark


def list_anew(engine: Engine) -> None:
    """List what waits where nothing is listed: of an archive in which entries waited before there was a list."""
    with read_connection(engine) as connection:
        reached, size = read_reached(connection)
        if reached == size or connection.execute(select(waiting.c.position).limit(1)).first() is not None:
            return
    with write_transaction(engine) as connection:
        connection.execute(select(head.c.size).with_for_update())
        list_again(connection, hold_tracking(connection, READ_MODEL))


def list_again(connection: Connection, reached: int) -> None:
    """Make the list anew, of what follows the position that the read model has reached; nobody appends meanwhile."""
    connection.execute(delete(waiting))
    for some in paged(read_entries(connection, after=reached)):
        begin_to_wait(connection, some)


def wrongly_listed(connection: Connection, reached: int) -> tuple[list[Listed], list[Listed]]:
    """What is listed and should not be, and what should be and is not, where the read model has reached a position."""
    found = connection.execute(select(waiting).order_by(waiting.c.position), execution_options={"yield_per": 1_000})
    there = (Listed(*row) for row in found)
    surplus: list[Listed] = []
    lacking: list[Listed] = []
    both = merge(_by(there, True), _by(_listed(read_entries(connection, after=reached)), False), key=_position)
    for _, some in groupby(both, key=_position):
        listed: dict[bool, set[Listed]] = {True: set(), False: set()}
        for row, is_there in some:
            listed[is_there].add(row)
        surplus += sorted(listed[True] - listed[False])
        lacking += sorted(listed[False] - listed[True])
    return surplus, lacking


def _by(rows: Iterable[Listed], is_there: bool) -> Iterator[tuple[Listed, bool]]:
    return ((row, is_there) for row in rows)


def _position(pair: tuple[Listed, bool]) -> int:
    return pair[0].position


def _listed(entries: Iterable[Entry]) -> Iterator[Listed]:
    return chain.from_iterable(map(_of_entry, entries))


def _of_entry(entry: Entry) -> Iterator[Listed]:
    event = entry.event
    cls: Any = type(event)  # mypy takes a class for unhashable whose instances may be
    if event is not None and _tells(cls):
        for kind, name, field in marks_of(event):
            if kind in LOOKED_UP:
                yield Listed(kind, name, entry.position, field)


@cache
def _tells(cls: Any) -> bool:
    """Whether events of a type may bring something that is looked up."""
    return issubclass(cls, (Registration, Merged)) or may_name(cls)
