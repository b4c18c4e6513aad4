"""Whom a name means: what is recorded of it and still counts, looked up by its folded form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from archive.projections.clocks import FLOORS
from archive.projections.derive import called, parts
from archive.projections.tables import effects, mentions
from archive.queries.question import chunks
from events.names import fold_name

if TYPE_CHECKING:
    from sqlalchemy import Connection

Key = tuple[str, str]
"""A kind and a key of it: an id, of an office `organisation/office`."""


class Meaning(NamedTuple):
    """A name that counts: folded, the position of the entry that records it, whom that entry ever gave this name, and
    who stands for the one whom it means now."""

    folded: str
    position: int
    recorded: frozenset[Key]
    standing: Key


def meanings(connection: Connection, names: Collection[str], recorded_at: str | None = None) -> Iterator[Meaning]:
    """What these folded names mean, as known at a record time, now unless given; in no order.

    A name counts that no amendment and no retraction took back at the latest report time.
    """
    wanted = {called(name): name for name in names if name}
    said: dict[int, dict[str, set[Key]]] = defaultdict(lambda: defaultdict(set))
    row = mentions.c
    for some in chunks(wanted):
        found = select(row.id, row.position, row.field).where(row.kind == "called", row.id.in_(some))
        for key, position, whose in connection.execute(found):
            kind, _, subject = whose.partition("/")
            said[position][wanted[key]].add((kind, subject))
    one = effects.c
    current: ColumnElement[bool] = one.recorded_to.is_(None)
    if recorded_at is not None:
        current = and_(one.recorded_from <= recorded_at, or_(current, one.recorded_to > recorded_at))
    for these in chunks(said):
        known = select(one.position, one.timeline, one.holder, one.value).where(
            one.position.in_(these), current, one.reported_to.is_(None), one.floor_to == FLOORS[-1]
        )
        for position, timeline, holder, value in connection.execute(known):
            organisation, model, item, _ = parts(timeline)
            if model == "names":
                kind, _, subject = item.partition("/")
                name = holder
            elif model == "offices":
                kind, subject, name = "office", f"{organisation}/{item}", value or ""
            else:
                continue
            folded = fold_name(name)
            if folded in said[position]:
                yield Meaning(folded, position, frozenset(said[position][folded]), (kind, subject))
