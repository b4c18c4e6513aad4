"""What was redacted: which positions, by which entry, why, and what was kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from archive.log import tables
from archive.log.direct import fetch
from archive.log.entries import COLUMNS, Entry
from archive.projections.tables import mentions

MANY = 5_000
"""Organisations in one statement: SQLite takes 32,766 parameters."""

REDACTED = mentions.c.kind == "redacted"
OF_ALL = select(mentions.c.position).where(REDACTED)
OF_SOME = OF_ALL.where(mentions.c.id.in_(bindparam("some", expanding=True)))

Told = dict[str, Any]


def redactions(connection: Connection, size: int, organisations: Sequence[str] = ()) -> dict[str, list[Told]]:
    """The redacted positions of a log of this size by organisation, in order; of all of them where none is named.

    A redaction holds at every record time, so that one made since is told too: an answer at an older record time is
    no longer what it was.
    """
    some = [f"organisation/{one}" for one in organisations] if len(organisations) <= MANY else []
    rows = fetch(connection, OF_SOME, some=some) if some else fetch(connection, OF_ALL)
    found: dict[str, list[Told]] = defaultdict(list)
    for stream, told in _told(connection, {position for (position,) in rows}):
        if told["position"] <= size:
            found[stream.removeprefix("organisation/")].append(told)
    return {name: sorted(told, key=lambda one: int(one["position"])) for name, told in found.items()}


def redaction_of(connection: Connection, position: int) -> Told | None:
    """What is told of one redacted position; None where no entry that is left says so."""
    wanted = select(mentions.c.position).where(REDACTED, mentions.c.id == str(position))
    positions = set(connection.execute(wanted).scalars())
    return next((told for _, told in _told(connection, positions) if told["position"] == position), None)


def _told(connection: Connection, positions: Collection[int]) -> list[tuple[str, Told]]:
    """What these redactions tell of each position that one of them emptied, with its stream."""
    if not positions:
        return []
    from events.later import Redacted, standing_for  # noqa: PLC0415  # few archives have any

    emptied = tables.entries.c
    found = []
    for row in connection.execute(select(*COLUMNS).where(emptied.position.in_(positions))).all():
        entry = Entry(*row)
        event = entry.event
        if not isinstance(event, Redacted):
            continue
        there = (event.target, *event.stood_for)
        types = select(emptied.position, emptied.type, emptied.recorded_at).where(emptied.position.in_(there))
        for position, type_, recorded_at in connection.execute(types).all():
            told = {
                "position": position,
                "type": type_,
                "recorded": recorded_at,
                "reason": event.reason,
                "by": entry.position,
                "redacted": entry.recorded_at,
                "kept": sorted(event.kept),
                "counts": standing_for(event) is not event,
                "access": event.access,
            }
            found.append((entry.stream, told))
    return found
