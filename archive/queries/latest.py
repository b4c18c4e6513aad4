"""Entries as they are known now, with what later entries say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from archive.log.direct import rows
from archive.log.entries import read_entry
from archive.projections.standing import Known, Standings
from archive.projections.tables import mentions
from events.later import Merged

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from events import Event

MERGED = "SELECT position FROM {} WHERE kind = 'merged' AND id = 'all'"


def amended(connection: Connection, position: int) -> Event | None:
    """The event at a position, with the amendments known now, also where it was taken back; None where redacted.

    Of a redaction what was kept, where that is a whole report.
    """
    target = _known(connection, position)
    return None if target is None else _latest(connection, target) or target.event


def mergers(connection: Connection) -> list[tuple[int, Merged]]:
    """The mergers that stand now, as amended, with their positions, in order; those too that wait for a follower, as
    they are."""
    found = []
    for position in sorted({position for (position,) in rows(connection, MERGED.format("mentions"))}):
        known = _known(connection, position)
        event = None if known is None else _latest(connection, known)
        if isinstance(event, Merged):
            found.append((position, event))
    for position in sorted({position for (position,) in rows(connection, MERGED.format("waiting"))}):
        event = read_entry(connection, position).event
        if isinstance(event, Merged):
            found.append((position, event))
    return found


def _latest(connection: Connection, target: Known) -> Event | None:
    later: dict[int, list[Known]] = {}
    _gather(connection, target.position, later)
    return Standings(later, {}, {target.position: target}).latest(target)


def _known(connection: Connection, position: int) -> Known | None:
    entry = read_entry(connection, position)
    return None if entry.event is None else Known.of(position, entry.recorded_at, entry.event)


def _gather(connection: Connection, position: int, later: dict[int, list[Known]]) -> None:
    wanted = select(mentions.c.position).where(mentions.c.kind == "entry", mentions.c.id == str(position))
    for saying in connection.execute(wanted.order_by(mentions.c.position)).scalars().all():
        said = _known(connection, saying)
        if said is not None:
            later.setdefault(position, []).append(said)
            _gather(connection, saying, later)
