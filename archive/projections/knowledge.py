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

Mention = tuple[str, str]
"""A kind of mention and what is mentioned."""

MERGERS: Mention = ("merged", "all")


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
        # Of what is new only what is new speaks.
        self._mentions: dict[Mention, list[int]] = {_said_of(position): [] for position in self.new}
        for position, known in self.new.items():
            if isinstance(known.event, Later) and known.event.target in self.new:
                self._mentions[_said_of(known.event.target)].append(position)

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
        named = (("person", people), ("organisation", organisations), ("source", sources), ("office", offices))
        wanted = [(kind, name) for kind, names in named for name in sorted(names)]
        reached.update(position for _, position in self._mentioned(wanted))
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
            saying = self.saying(waiting)
            for target, position in sorted(saying, key=lambda pair: pair[1]):
                found[target].append(self.known[position])
            waiting = {position for _, position in saying} - seen
        return found

    def saying(self, positions: Iterable[int]) -> list[tuple[int, int]]:
        """The entries that say something of these, which are known then: (target, position)."""
        found = self._mentioned(_said_of(position) for position in sorted(positions))
        self.load(position for _, position in found)
        return [(int(target), position) for (_, target), position in found]

    def look_up(self, again: set[int]) -> None:
        """Find at once what will be asked below of the new entries and of those ``again``, and read it."""
        there = [self.known[position].event for position in (*again, *self.new)]
        sources = {source for event in there if (source := getattr(event, "source", None))}
        wanted = [MERGERS, *(("version", source) for source in sources), *map(_of_source, sources)]
        wanted += [_of_office(*office) for event in there for office in offices_of(event)]
        found = {position for _, position in self._mentioned(wanted)}
        self.load(found)
        self._mentioned(_said_of(position) for position in (*again, *found))

    def _mentioned(self, names: Iterable[Mention]) -> list[tuple[Mention, int]]:
        """The positions that mention these, each looked up once."""
        wanted = list(dict.fromkeys(names))
        if new := [one for one in wanted if one not in self._mentions]:
            self._mentions.update((one, []) for one in new)
            for kind, name, position in self._store.mentioned(new):
                self._mentions[kind, name].append(position)
        return [(one, position) for one in wanted for position in self._mentions[one]]

    def _registrations(self, names: Iterable[Mention]) -> dict[str, Known]:
        """The registrations of these ids, those of this append included."""
        found = self._mentioned(names)
        self.load(position for _, position in found)
        return {name: self.known[position] for (_, name), position in sorted(found) if position in self.known}

    def published(self, again: set[int], later: dict[int, list[Known]]) -> dict[Edition, str | None]:
        """When each version of the sources that these entries, or what is said of them, come from was public."""
        named = {
            source
            for position in (*again, *self.new, *(known.position for said in later.values() for known in said))
            if (source := getattr(self.known[position].event, "source", None))
        }
        versions = [position for _, position in self._mentioned(("version", name) for name in sorted(named))]
        self.load(versions)
        registrations = [*self._registrations(map(_of_source, named)).values()]
        registrations += [self.known[position] for position in sorted(versions) if position in self.known]
        later.update(self.later(known.position for known in registrations))
        return publications(registrations, Standings(later, {}, self.known))

    def aliases(self, later: dict[int, list[Known]]) -> Aliases:
        """The mergers that stand: of one that was taken back both identities are there again."""
        people: dict[str, str] = {}
        organisations: dict[str, str] = {}
        merged = sorted(position for _, position in self._mentioned([MERGERS]))
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
        for known in self._registrations(_of_office(*office) for office in named).values():
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


def _said_of(position: int) -> Mention:
    return "entry", str(position)


def _of_source(source: str) -> Mention:
    return "registration", f"source/{source}"


def _of_office(organisation: str, office: str) -> Mention:
    return "registration", f"office/{organisation}/{office}"
