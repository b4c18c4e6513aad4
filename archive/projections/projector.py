"""From new entries to the read model: what changes, on which timelines, and their rows anew.

Runs inside the transaction that appends. A batch folds each timeline once, from the first report
time that it reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import events
from archive.log.entries import Entry, read_entry
from archive.projections import rows
from archive.projections.acts import HIGH
from archive.projections.clocks import Row, Standing, fold_from, joined
from archive.projections.derive import Aliases, Placed, effects_of, mentions_of, offices_of, parts, timeline
from archive.projections.standing import Edition, Known, Standings, amended_by, publications
from archive.projections.store import Store
from archive.projections.tables import effects, evidence, mentions, reports, spans
from events.identity import OfficeRegistered
from events.later import Amended, Disputed, Later, Merged, Retracted
from events.sources import SourceRegistered, SourceVersionRegistered
from events.values import FIRST

if TYPE_CHECKING:
    from sqlalchemy import Connection

ID_BITS = 24
"""Rows that one append can make: ids are the append's first position, and a count."""

SAYS: Mapping[type, str] = {Amended: "amends", Disputed: "disputes", Retracted: "retracts"}
"""What a later entry is as evidence of the rows of its target; its row in ``reports_history`` says when known."""


def project(connection: Connection, entries: Sequence[Entry], recorded_at: str) -> None:
    """Bring the read model up to the end of one append, whose entries are ``entries``."""
    if entries:
        _Projection(connection, entries, recorded_at).run()


class _Projection:
    def __init__(self, connection: Connection, entries: Sequence[Entry], recorded_at: str) -> None:
        self.connection = connection
        self.store = Store(connection)
        self.recorded_at = recorded_at
        self.new = {
            entry.position: Known(entry.position, recorded_at, event)
            for entry in entries
            if (event := entry.event) is not None
        }
        self.known = dict(self.new)
        self.next_id = entries[0].position << ID_BITS

    def run(self) -> None:
        """Write mentions, versions, effects and rows."""
        self._mention()
        again = self._reached()
        later = self._later([*again, *self.new])
        aliases = self._aliases(later)
        standings = Standings(later, self._published(again, later), self.known)
        seats = self._seats(again, standings, aliases)
        placed: dict[int, list[Placed]] = {}
        listed: dict[int, list[rows.Values]] = {}
        for position in (*sorted(again), *self.new):
            known = self.known[position]
            versions = standings.versions(known)
            listed[position] = [rows.report(known, version, self.recorded_at) for version in versions]
            placed[position] = [one for version in versions for one in effects_of(version, position, seats, aliases)]
        self._list(listed, again)
        reached = self._place(placed, again)
        if again:
            # Another number of seats folds the same effects to other rows.
            reached |= dict.fromkeys(self._seated(again, aliases), FIRST)
        self._fold(reached, seats)
        self._stand_beside()

    def _mention(self) -> None:
        """Note whom and what the new entries name; what an amendment names counts for its target."""
        made = [
            (kind, name, position, field)
            for position, known in self.new.items()
            for kind, name, field in mentions_of(known.event)
        ]
        self.store.insert(mentions, list(dict.fromkeys(made)))
        amended = [known.event for known in self.new.values() if isinstance(known.event, Amended)]
        self._load(event.target for event in amended)
        made = [
            (kind, name, event.target, field)
            for event in amended
            if event.target in self.known
            for kind, name, field in mentions_of(amended_by(self.known[event.target].event, event))
        ]
        self.store.insert(mentions, list(dict.fromkeys(made)), unless_there=True)

    def _reached(self) -> set[int]:
        """Earlier entries whose standing or content the new ones change."""
        new = [known.event for known in self.new.values()]
        reached = {int(event.target) for event in new if isinstance(event, Later)}
        waiting = set(reached)
        while waiting:
            self._load(waiting)
            aimed = [self.known[position].event for position in waiting]
            targets = {int(event.target) for event in aimed if isinstance(event, Later)}
            waiting = targets - reached
            reached |= targets
        there = [self.known[position].event for position in reached]
        amended = [event for event in new if isinstance(event, Amended) and event.target in self.known]
        people: set[str] = set()
        organisations: set[str] = set()
        for event in (*there, *new, *(amended_by(self.known[event.target].event, event) for event in amended)):
            if isinstance(event, Merged):
                people.update(name for name in (event.person, event.into_person) if name)
                organisations.update(name for name in (event.organisation, event.into_organisation) if name)
        registered = (SourceRegistered, SourceVersionRegistered)
        sources = {event.source for event in there if isinstance(event, registered)}
        sources |= {event.source for event in new if isinstance(event, SourceRegistered)}
        offices = {
            f"{event.organisation}/{event.office}" for event in (*there, *new) if isinstance(event, OfficeRegistered)
        }
        for kind, names in (
            ("person", people),
            ("organisation", organisations),
            ("source", sources),
            ("office", offices),
        ):
            reached.update(position for _, position in self.store.mentioned(kind, sorted(names)))
        reached -= self.new.keys()
        self._load(reached)
        return {position for position in reached if position in self.known}

    def _load(self, positions: Iterable[int]) -> None:
        for position in sorted(set(positions) - self.known.keys()):
            entry = read_entry(self.connection, position)
            if entry.event is not None:
                self.known[position] = Known(position, entry.recorded_at, entry.event)

    def _later(self, positions: Iterable[int]) -> dict[int, list[Known]]:
        """Later entries by target, for these entries and for those later entries themselves."""
        found: dict[int, list[Known]] = defaultdict(list)
        waiting = set(positions)
        seen: set[int] = set()
        while waiting:
            seen |= waiting
            saying = self.store.mentioned("entry", [str(position) for position in sorted(waiting)])
            self._load(position for _, position in saying)
            for target, position in sorted(saying, key=lambda pair: pair[1]):
                found[int(target)].append(self.known[position])
            waiting = {position for _, position in saying} - seen
        return found

    def _registrations(self, names: Iterable[str]) -> dict[str, Known]:
        """The registrations of these ids, those of this append included."""
        found = self.store.mentioned("registration", sorted(set(names)))
        self._load(position for _, position in found)
        return {name: self.known[position] for name, position in sorted(found) if position in self.known}

    def _published(self, again: set[int], later: dict[int, list[Known]]) -> dict[Edition, str | None]:
        named = {
            source
            for position in (*again, *self.new, *(known.position for said in later.values() for known in said))
            if (source := getattr(self.known[position].event, "source", None))
        }
        versions = [position for _, position in self.store.mentioned("version", sorted(named))]
        self._load(versions)
        registrations = [*self._registrations(f"source/{name}" for name in named).values()]
        registrations += [self.known[position] for position in sorted(versions) if position in self.known]
        later.update(self._later(known.position for known in registrations))
        return publications(registrations, Standings(later, {}, self.known))

    def _aliases(self, later: dict[int, list[Known]]) -> Aliases:
        """The mergers that stand: of one that was taken back both identities are there again."""
        people: dict[str, str] = {}
        organisations: dict[str, str] = {}
        merged = sorted(position for _, position in self.store.mentioned("merged", ["all"]))
        self._load(merged)
        later.update(self._later(merged))
        plain = Standings(later, {}, self.known)
        for position in merged:
            event = plain.latest(self.known[position]) if position in self.known else None
            if isinstance(event, Merged):
                if event.person and event.into_person:
                    people[event.person] = event.into_person
                if event.organisation and event.into_organisation:
                    organisations[event.organisation] = event.into_organisation
        return Aliases(people, organisations)

    def _seats(self, again: set[int], standings: Standings, aliases: Aliases) -> Mapping[tuple[str, str], int | None]:
        named = {office for position in (*again, *self.new) for office in offices_of(self.known[position].event)}
        named |= {(aliases.of("organisation", organisation), office) for organisation, office in named}
        found: dict[tuple[str, str], int | None] = {}
        for known in self._registrations(f"office/{organisation}/{office}" for organisation, office in named).values():
            event = standings.latest(known)
            if isinstance(event, OfficeRegistered):
                found[aliases.of("organisation", event.organisation), event.office] = event.seats
        return found

    def _seated(self, again: set[int], aliases: Aliases) -> set[str]:
        """The timelines of the offices that were registered, or whose registration changed."""
        there = [self.known[position].event for position in (*again, *self.new)]
        offices = [event for event in there if isinstance(event, OfficeRegistered)]
        return {
            timeline(aliases.of("organisation", event.organisation), "tenures", event.office, "") for event in offices
        }

    def _list(self, listed: Mapping[int, Sequence[rows.Values]], again: set[int]) -> None:
        old = self.store.current(reports, "position", sorted(again))
        self._replace(reports_key, old, [row for made in listed.values() for row in made])

    def _replace(self, key: rows.Key, old: Sequence[rows.Values], new: Sequence[rows.Values]) -> list[rows.Values]:
        """Close the old rows that are not among the new, insert the new; returns what differs."""
        before = {key.content(row): row for row in old}
        after = {key.content(row): row for row in new}
        gone = [row for content, row in before.items() if content not in after]
        made = [row for content, row in after.items() if content not in before]
        self.store.close(key.table, [key.primary(row) for row in gone], self.recorded_at)
        self.store.insert(key.table, made)
        return gone + made

    def _place(self, placed: Mapping[int, Sequence[Placed]], again: set[int]) -> dict[str, str]:
        """Write effects; returns each timeline they change with the first report time reached."""
        old = self.store.current(effects, "position", sorted(again))
        new = [rows.effect(one, self.recorded_at) for made in placed.values() for one in made]
        reached: dict[str, str] = {}
        for row in self._replace(effects_key, old, new):
            name, since = row[0], row[effects_key.reported_from]
            reached[name] = min(since, reached.get(name, HIGH))
        return reached

    def _fold(self, reached: Mapping[str, str], seats: Mapping[tuple[str, str], int | None]) -> None:
        standings: dict[str, list[Standing]] = defaultdict(list)
        for effect in self.store.current(effects, "timeline", sorted(reached)):
            standings[effect[0]].append(rows.standing(effect))
        before: dict[str, list[rows.Kept]] = defaultdict(list)
        for stored in self.store.current(spans, "timeline", sorted(reached)):
            one = rows.kept(stored)
            if one.row.reported_to >= reached[one.timeline]:
                before[one.timeline].append(one)
        closed: list[rows.Kept] = []
        made: list[tuple[str, Row, set[tuple[int, str]]]] = []
        seen: dict[int, set[tuple[int, str]]] = {}
        for name, since in sorted(reached.items()):
            organisation, model, item, owner = parts(name)
            limit = None if owner else seats.get((organisation, item), 1)
            engine = events.MODELS.get(model, "report")
            after, reports_of = fold_from(since, engine, model, standings[name], limit)
            wanted = joined([one.row for one in before[name]], since, after)
            kept = {one.row: one for one in before[name]}
            closed += [one for row, one in kept.items() if row not in wanted]
            for row in sorted(wanted, key=rows.in_order):
                if row in kept:
                    seen[kept[row].id] = reports_of.get(row.span, set())
                else:
                    made.append((name, row, reports_of.get(row.span, set())))
        self._write(closed, made, seen)

    def _write(
        self,
        closed: Sequence[rows.Kept],
        made: Sequence[tuple[str, Row, set[tuple[int, str]]]],
        seen: Mapping[int, set[tuple[int, str]]],
    ) -> None:
        inherited: dict[tuple[str, object], set[tuple[int, str]]] = defaultdict(set)
        by_id = {one.id: (one.timeline, one.row.span) for one in closed}
        for row, position, role in self.store.select(evidence, "row", sorted(by_id)):
            inherited[by_id[row]].add((position, role))
        self.store.close(spans, [(one.id,) for one in closed], self.recorded_at)
        written, proof = [], []
        for name, row, reports_of in made:
            written.append(rows.span(self.next_id, name, row, self.recorded_at))
            proof += [(self.next_id, *pair) for pair in sorted(reports_of | inherited.get((name, row.span), set()))]
            self.next_id += 1
        self.store.insert(spans, written)
        proof += [(row, *pair) for row, pairs in seen.items() for pair in sorted(pairs)]
        self.store.insert(evidence, proof + self._said(proof), unless_there=True)

    def _stand_beside(self) -> None:
        """Put what the new ones say of others beside these, in rows left as they are; a retraction in those it ends."""
        targets = {known.event.target for known in self.new.values() if isinstance(known.event, Later)}
        said = self._said(self.store.select(evidence, "position", sorted(targets)))
        current = {row[0] for row in self.store.current(spans, "id", sorted({row for row, *_ in said}))}
        beside = [one for one in said if one[0] in current or one[2] == "retracts"]
        self.store.insert(evidence, beside, unless_there=True)

    def _said(self, proof: Sequence[rows.Values]) -> list[rows.Values]:
        """What later entries say of the reports in this evidence, as evidence of the same rows."""
        found = self.store.mentioned("entry", sorted({str(position) for _, position, _ in proof}))
        self._load(position for _, position in found)
        said: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for target, position in found:
            if position in self.known and (role := SAYS.get(type(self.known[position].event))):
                said[int(target)].append((position, role))
        return [(row, *pair) for row, position, _ in proof for pair in said.get(position, ())]


effects_key = rows.Key(effects)
reports_key = rows.Key(reports)
