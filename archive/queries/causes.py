"""Which entries changed what a timeline says, between two places on the report clock or the record clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from archive.projections.derive import parts
from archive.projections.tables import effects, mentions, reports
from archive.queries.question import Question, chunks
from archive.queries.reports import Reports
from archive.times import from_instant, to_instant

COMPARED = tuple(column for column in effects.columns if not column.name.startswith("recorded_"))


def just_before(instant: str) -> str:
    """The last instant before this one."""
    return to_instant(from_instant(instant) - timedelta(microseconds=1))


class Causes:
    """The entries that made the difference between two questions, `before` the one that knows less."""

    def __init__(self, connection: Connection, before: Question, after: Question) -> None:
        """Read on this connection."""
        self._connection = connection
        self._before = before
        self._after = after
        self._reports = Reports(connection, after)

    def of(self, timelines: Iterable[str]) -> list[int]:
        """Positions, in order: new reports, later knowledge of old ones, registrations that these depend on.

        Of entries about which something was learned, the entry that says it counts, not the one that it is about.
        """
        names = sorted(set(timelines))
        moved = self._moved(names)
        own = self._new(moved) - self._old(moved)
        found = own | self._new(self._about(moved))
        if stirred := moved - own:
            sources = self._registrations(f"source/{name}" for name in self._sources(stirred))
            found |= self._new(self._with_later(sources))
            found |= self._mergers(stirred)
        if not found:
            offices = {f"office/{owner}/{item}" for owner, _, item, _ in map(parts, names)}
            found |= self._new(self._with_later(self._registrations(offices)))
        return sorted(found)

    def _moved(self, timelines: Collection[str]) -> set[int]:
        """Positions of effects on these timelines that are seen by one question only."""
        seen = []
        for question in (self._before, self._after):
            rows = set()
            for some in chunks(timelines):
                wanted = select(*COMPARED).where(effects.c.timeline.in_(some), question.sees(effects))
                rows |= {tuple(row) for row in self._connection.execute(wanted)}
            seen.append(rows)
        place = [column.name for column in COMPARED].index("position")
        return {row[place] for row in seen[0] ^ seen[1]}

    def _new(self, positions: Collection[int]) -> set[int]:
        """Those of the entries that count after and did not before."""
        after, before = (set(self._standing(positions, question)) for question in (self._after, self._before))
        return after - before

    def _standing(self, positions: Iterable[int], question: Question) -> Iterator[int]:
        for some in chunks(positions):
            wanted = select(reports.c.position).where(reports.c.position.in_(some), question.sees(reports))
            yield from self._connection.execute(wanted).scalars()

    def _old(self, positions: Iterable[int]) -> set[int]:
        """Those that had been reported and recorded before, whether they counted or not."""
        found: set[int] = set()
        for some in chunks(positions):
            wanted = select(reports.c.position).where(
                reports.c.position.in_(some), reports.c.recorded_from <= self._before.recorded.instant
            )
            if self._before.as_reported is not None:
                wanted = wanted.where(reports.c.reported_from <= self._before.as_reported)
            found |= set(self._connection.execute(wanted).scalars())
        return found

    def _about(self, positions: Iterable[int]) -> set[int]:
        """Entries about these, about those, and so on."""
        found: set[int] = set()
        waiting = set(positions)
        while waiting:
            later = {one for many in self._reports.later(waiting).values() for one in many}
            waiting = later - found
            found |= later
        return found

    def _with_later(self, positions: Iterable[int]) -> set[int]:
        there = set(positions)
        return there | self._about(there)

    def _sources(self, positions: Iterable[int]) -> set[str]:
        wanted = (mentions.c.kind == "source",)
        return {name for _, name, _ in self._mentions(positions, select(mentions).where(*wanted))}

    def _registrations(self, names: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for some in chunks(names):
            wanted = select(mentions.c.position).where(mentions.c.kind == "registration", mentions.c.id.in_(some))
            found |= set(self._connection.execute(wanted).scalars())
        return found

    def _mergers(self, positions: Collection[int]) -> set[int]:
        """New mergers of somebody whom one of the entries names."""
        merged = select(mentions.c.position).where(mentions.c.kind == "merged")
        new = self._new(set(self._connection.execute(merged).scalars()))
        if not new:
            return new
        named = or_(mentions.c.kind == "person", mentions.c.kind == "organisation")
        people = {(kind, name) for kind, name, _ in self._mentions(positions, select(mentions).where(named))}
        joined = self._mentions(new, select(mentions).where(named))
        return {position for kind, name, position in joined if (kind, name) in people}

    def _mentions(self, positions: Iterable[int], wanted: Select[Any]) -> set[tuple[str, str, int]]:
        found: set[tuple[str, str, int]] = set()
        for some in chunks(positions):
            rows = self._connection.execute(wanted.where(mentions.c.position.in_(some)))
            found |= {(row.kind, row.id, row.position) for row in rows}
        return found
