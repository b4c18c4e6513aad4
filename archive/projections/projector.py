"""From new entries to the read model: what changes, on which timelines, and their rows anew.

Runs inside the transaction that appends. A batch folds each timeline once, from the first report
time that it reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archive.log.entries import Entry
from archive.projections import rows
from archive.projections.derive import Placed, effects_of, mentions_of, replaced_by
from archive.projections.knowledge import Knowledge
from archive.projections.refold import Reached, Refold
from archive.projections.search_index import index
from archive.projections.standing import Standings, amended_by
from archive.projections.store import Store
from archive.projections.tables import effects, mentions, reports
from events.later import Amended

if TYPE_CHECKING:
    from sqlalchemy import Connection

ID_BITS = 24
"""Rows that one append can make: ids are the append's first position, and a count."""


def project(connection: Connection, entries: Sequence[Entry], recorded_at: str) -> None:
    """Bring the read model up to the end of one append, whose entries are ``entries``."""
    if entries:
        project_rows(connection, entries, recorded_at)
        index(connection, entries)


def project_rows(connection: Connection, entries: Sequence[Entry], recorded_at: str, schema: str | None = None) -> None:
    """The same without the index of words, in the tables of a schema; ``entries`` are the whole append, or those of it
    that the rows wanted depend on."""
    _Projection(connection, Store(connection, schema), entries, recorded_at).run()


class _Projection:
    def __init__(self, connection: Connection, store: Store, entries: Sequence[Entry], recorded_at: str) -> None:
        self.store = store
        self.recorded_at = recorded_at
        self.knowledge = Knowledge(connection, self.store, entries, recorded_at)
        self.refold = Refold(self.store, self.knowledge, recorded_at, entries[0].position << ID_BITS)

    def run(self) -> None:
        """Write mentions, versions, effects and rows."""
        self._mention()
        again = self.knowledge.reached()
        self.knowledge.look_up(again)
        later = self.knowledge.later([*again, *self.knowledge.new])
        aliases = self.knowledge.aliases(later)
        standings = Standings(later, self.knowledge.published(again, later), self.knowledge.known)
        seats = self.knowledge.seats(again, standings, aliases)
        placed: dict[int, list[Placed]] = {}
        listed: dict[int, list[rows.Values]] = {}
        for position in (*sorted(again), *self.knowledge.new):
            known = self.knowledge.known[position]
            versions = standings.versions(known)
            listed[position] = [rows.report(known, version, self.recorded_at) for version in versions]
            placed[position] = [one for version in versions for one in effects_of(version, position, seats, aliases)]
        self._list(listed, again)
        reached = self._place(placed, again)
        # Another number of seats folds the same effects to other rows.
        anew = self.knowledge.seated(again, aliases) if again else set()
        self.refold.fold(reached, seats, anew)
        self.refold.stand_beside()

    def _mention(self) -> None:
        """Note whom and what the new entries name; what an amendment names counts for its target."""
        made = [
            (kind, name, position, field)
            for position, known in self.knowledge.new.items()
            for kind, name, field in (*mentions_of(known.event), *replaced_by(known.redaction))
        ]
        self.store.insert(mentions, list(dict.fromkeys(made)))
        amended = [known.event for known in self.knowledge.new.values() if isinstance(known.event, Amended)]
        self.knowledge.load(event.target for event in amended)
        made = [
            (kind, name, event.target, field)
            for event in amended
            if event.target in self.knowledge.known
            for kind, name, field in mentions_of(amended_by(self.knowledge.known[event.target].event, event))
        ]
        self.store.insert(mentions, list(dict.fromkeys(made)), unless_there=True)

    def _list(self, listed: Mapping[int, Sequence[rows.Values]], again: set[int]) -> None:
        old = self.store.current(reports, "position", sorted(again))
        self._replace(reports_key, old, [row for made in listed.values() for row in made])

    def _replace(
        self, key: rows.Key, old: Sequence[rows.Values], new: Sequence[rows.Values]
    ) -> tuple[list[rows.Values], list[rows.Values]]:
        """Close the old rows that are not among the new, insert the new; returns which are gone, and which made."""
        before = {key.content(row): row for row in old}
        after = {key.content(row): row for row in new}
        gone = [row for content, row in before.items() if content not in after]
        made = [row for content, row in after.items() if content not in before]
        self.store.close(key.table, [key.primary(row) for row in gone], self.recorded_at)
        self.store.insert(key.table, made)
        return gone, made

    def _place(self, placed: Mapping[int, Sequence[Placed]], again: set[int]) -> dict[str, Reached]:
        """Write effects; returns each timeline they change with what it loses and gains."""
        old = self.store.current(effects, "position", sorted(again))
        new = [rows.effect(one, self.recorded_at) for made in placed.values() for one in made]
        reached: dict[str, Reached] = defaultdict(Reached)
        gone, made = self._replace(effects_key, old, new)
        for row in gone:
            reached[row[0]].removed.append(rows.standing(row))
        for row in made:
            reached[row[0]].added.append(rows.standing(row))
        return reached


effects_key = rows.Key(effects)
reports_key = rows.Key(reports)
