"""What is known of the entries that an append reaches: the new ones, and those that they say something about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from archive.log.entries import Entry, entries_at
from archive.projections.derive import Aliases, offices_of, timeline
from archive.projections.standing import Edition, Known, Standings, amended_by, publications
from archive.projections.store import Store
from events.identity import OfficeRegistered
from events.later import Amended, Later, Merged
from events.sources import SourceRegistered, SourceVersionRegistered

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Knowledge:
    """The entries of one append (``new``) and, once they are loaded, any others (``known``), by position."""

    def __init__(self, connection: Connection, store: Store, entries: Sequence[Entry], recorded_at: str) -> None:
        """Begin with the new entries."""
        self._connection = connection
        self._store = store
        self.new = {
            entry.position: Known.of(entry.position, recorded_at, event)
            for entry in entries
            if (event := entry.event) is not None
        }
        self.known = dict(self.new)

    def load(self, positions: Iterable[int]) -> None:
        """Read these entries from the log, unless they are known; what was redacted stays unknown."""
        wanted = sorted(set(positions) - self.known.keys())
        if not wanted:
            return
        for entry in entries_at(self._connection, wanted):
            if entry.event is not None:
                self.known[entry.position] = Known.of(entry.position, entry.recorded_at, entry.event)

    def reached(self) -> set[int]:
        """Earlier entries whose standing or content the new ones change; of those that are there still."""
        new = [known.event for known in self.new.values()]
        reached = {int(event.target) for event in new if isinstance(event, Later)}
        waiting = set(reached)
        while waiting:
            self.load(waiting)
            aimed = [self.known[position].event for position in waiting if position in self.known]
            targets = {int(event.target) for event in aimed if isinstance(event, Later)}
            waiting = targets - reached
            reached |= targets
        there = [self.known[position].event for position in reached if position in self.known]
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
            reached.update(position for _, position in self._store.mentioned(kind, sorted(names)))
        reached -= self.new.keys()
        self.load(reached)
        return {position for position in reached if position in self.known}

    def later(self, positions: Iterable[int]) -> dict[int, list[Known]]:
        """Later entries by target, for these entries and for those later entries themselves."""
        found: dict[int, list[Known]] = defaultdict(list)
        waiting = set(positions)
        seen: set[int] = set()
        while waiting:
            seen |= waiting
            saying = self._store.mentioned("entry", [str(position) for position in sorted(waiting)])
            self.load(position for _, position in saying)
            for target, position in sorted(saying, key=lambda pair: pair[1]):
                found[int(target)].append(self.known[position])
            waiting = {position for _, position in saying} - seen
        return found

    def _registrations(self, names: Iterable[str]) -> dict[str, Known]:
        """The registrations of these ids, those of this append included."""
        found = self._store.mentioned("registration", sorted(set(names)))
        self.load(position for _, position in found)
        return {name: self.known[position] for name, position in sorted(found) if position in self.known}

    def published(self, again: set[int], later: dict[int, list[Known]]) -> dict[Edition, str | None]:
        """When each version of the sources that these entries, or what is said of them, come from was public."""
        named = {
            source
            for position in (*again, *self.new, *(known.position for said in later.values() for known in said))
            if (source := getattr(self.known[position].event, "source", None))
        }
        versions = [position for _, position in self._store.mentioned("version", sorted(named))]
        self.load(versions)
        registrations = [*self._registrations(f"source/{name}" for name in named).values()]
        registrations += [self.known[position] for position in sorted(versions) if position in self.known]
        later.update(self.later(known.position for known in registrations))
        return publications(registrations, Standings(later, {}, self.known))

    def aliases(self, later: dict[int, list[Known]]) -> Aliases:
        """The mergers that stand: of one that was taken back both identities are there again."""
        people: dict[str, str] = {}
        organisations: dict[str, str] = {}
        merged = sorted(position for _, position in self._store.mentioned("merged", ["all"]))
        self.load(merged)
        later.update(self.later(merged))
        plain = Standings(later, {}, self.known)
        for position in merged:
            event = plain.latest(self.known[position]) if position in self.known else None
            if isinstance(event, Merged):
                if event.person and event.into_person:
                    people[event.person] = event.into_person
                if event.organisation and event.into_organisation:
                    organisations[event.organisation] = event.into_organisation
        return Aliases(people, organisations)

    def seats(self, again: set[int], standings: Standings, aliases: Aliases) -> Mapping[tuple[str, str], int | None]:
        """The seats of the offices that these entries tell of; None is unlimited."""
        named = {office for position in (*again, *self.new) for office in offices_of(self.known[position].event)}
        named |= {(aliases.of("organisation", organisation), office) for organisation, office in named}
        found: dict[tuple[str, str], int | None] = {}
        for known in self._registrations(f"office/{organisation}/{office}" for organisation, office in named).values():
            event = standings.latest(known)
            if isinstance(event, OfficeRegistered):
                found[aliases.of("organisation", event.organisation), event.office] = event.seats
        return found

    def seated(self, again: set[int], aliases: Aliases) -> set[str]:
        """The timelines of the offices that were registered, or whose registration changed."""
        there = [self.known[position].event for position in (*again, *self.new)]
        offices = [event for event in there if isinstance(event, OfficeRegistered)]
        return {
            timeline(aliases.of("organisation", event.organisation), "tenures", event.office, "") for event in offices
        }
