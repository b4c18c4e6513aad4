"""What entries that wait for a follower bring, which intake takes as they say it: what waits to amend or retract one of
them is not heeded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from archive.intake.registers import versions_in
from archive.log.entries import entries_at
from archive.projections.derive import called
from archive.projections.tables import waiting
from archive.queries.question import chunks

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from events import Event


def called_waiting(connection: Connection, names: Collection[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Whom these folded names mean: (name, (kind, key))."""
    wanted = {called(name): name for name in names if name}
    row = waiting.c
    for some in chunks(wanted):
        found = select(row.id, row.field).where(row.kind == "called", row.id.in_(some))
        for key, whose in connection.execute(found):
            kind, _, subject = whose.partition("/")
            yield wanted[key], (kind, subject)


def first_waiting(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """The position of the first entry that registers each of these, each ``KIND/KEY``."""
    row = waiting.c
    first = select(row.id, func.min(row.position)).where(row.kind == "registration").group_by(row.id)
    return {id_: at for some in chunks(ids) for id_, at in connection.execute(first.where(row.id.in_(some)))}


def versions_waiting(connection: Connection, source: str) -> list[str]:
    """The digests of the versions of a source, the one registered first first."""
    row = waiting.c
    registered = (row.kind == "registration") & (row.id == f"source/{source}")
    found = _events(connection, registered | ((row.kind == "version") & (row.id == source)))
    return list(dict.fromkeys(digest for event in found for of, digest in versions_in(event) if of == source))


def named_waiting(connection: Connection) -> Iterator[Event]:
    """All that registers somebody or something, or records a name, in order."""
    return _events(connection, waiting.c.kind.in_(("registration", "called")))


def _events(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Event]:
    row = waiting.c
    positions = connection.execute(select(row.position).where(condition).distinct().order_by(row.position)).scalars()
    for some in chunks(positions):
        for entry in sorted(entries_at(connection, some), key=lambda entry: entry.position):
            if entry.event is not None:
                yield entry.event
