"""What is known of the entries that an append reaches: the new ones, and those that they say something about.

Of a long append some of its entries are known at a time; the others are read back from the log as any earlier one is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from archive.log.entries import Entry, entries_at
from archive.projections.derive import Aliases, offices_of, timeline
from archive.projections.standing import Known, Standings, amended_by, publications
from archive.projections.store import Mention, Store
from events.identity import OfficeRegistered
from events.later import Amended, Later, Merged
from events.sources import SourceRegistered, SourceVersionRegistered

if TYPE_CHECKING:
    from sqlalchemy import Connection

MERGERS: Mention = ("merged", "all")

Office = tuple[str, str]
"""An organisation and an office of it."""

Seats = dict[Office, int | None]
"""The seats of offices of organisations that stand; None is unlimited."""


class Knowledge:
    """Entries of one append (``new``) and, once they are loaded, any others (``known``), by position."""

    def __init__(self, connection: Connection, store: Store, entries: Sequence[Entry], recorded_at: str) -> None:
        """Begin with new entries."""
        self._connection = connection
        self._store = store
        self.new = {
            entry.position: Known.of(entry.position, recorded_at, event)
            for entry in entries
            if (event := entry.event) is not None
        }
        self.known = dict(self.new)
        self._mentions: dict[Mention, list[int]] = {}

    def has_whole_append(self) -> None:
        """Be told that there are no other new entries: of what is new only what is new speaks."""
        self._mentions.update((_said_of(position), []) for position in self.new)
        for position, known in self.new.items():
            if isinstance(known.event, Later) and known.event.target in self.new:
                self._mentions[_said_of(known.event.target)].append(position)

    def forget(self) -> None:
        """Let go what was loaded and looked up."""
        self.known = dict(self.new)
        self._mentions = {}

    def load(self, positions: Iterable[int]) -> None:
        """Read these entries from the log, unless they are known; what was redacted stays unknown."""
        wanted = sorted(set(positions) - self.known.keys())
        if not wanted:
            return
        for entry in entries_at(self._connection, wanted):
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        if entry.position not in self.known and entry.event is not None:
            self.known[entry.position] = Known.of(entry.position, entry.recorded_at, entry.event)

    def reached(self, first: int) -> set[int]:
        """Entries before the append, which begins at ``first``, whose standing or content these new ones change."""
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
        reached.update(position for *_, position in self._store.mentioned(wanted, before=first))
        return {position for position in reached if position < first}

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

    def look_up(self, positions: Collection[int], *more: Mention) -> None:
        """Find at once what will be asked below of these entries, which are known, and read it."""
        there = [self.known[position].event for position in positions]
        sources = {source for event in there if (source := getattr(event, "source", None))}
        wanted = [*more, *(("version", source) for source in sources), *map(_of_source, sources)]
        wanted += [_of_office(*office) for event in there for office in offices_of(event)]
        wanted += [_said_of(position) for position in positions]
        said = self._store.said_of_mentioned([one for one in dict.fromkeys(wanted) if one not in self._mentions])
        found = {_said_of(position) for _, position in self._mentioned(wanted)} - self._mentions.keys()
        self._mentions.update((one, []) for one in found)
        for target, position in dict.fromkeys(said()):
            if (one := ("entry", target)) in found:
                self._mentions[one].append(position)

    def _mentioned(self, names: Iterable[Mention]) -> list[tuple[Mention, int]]:
        """The positions that mention these, each looked up once, and read."""
        wanted = list(dict.fromkeys(names))
        if new := [one for one in wanted if one not in self._mentions]:
            self._mentions.update((one, []) for one in new)
            for kind, name, entry in self._store.mentioning(new):
                self._mentions[kind, name].append(entry.position)
                self._learn(entry)
        return [(one, position) for one in wanted for position in self._mentions[one]]

    def _registrations(self, names: Iterable[Mention]) -> dict[str, Known]:
        """The registrations of these ids, those of this append included."""
        found = self._mentioned(names)
        self.load(position for _, position in found)
        return {name: self.known[position] for (_, name), position in sorted(found) if position in self.known}

    def _load_targets(self) -> None:
        """Read what is spoken of: what the archive says of an entry has the report time of that entry."""
        gone: set[int] = set()
        while True:
            later = [known.event for known in self.known.values() if isinstance(known.event, Later)]
            waiting = {int(event.target) for event in later} - self.known.keys() - gone
            if not waiting:
                return
            self.load(waiting)
            gone |= waiting

    def background(self, positions: Collection[int], aliases: Aliases) -> tuple[Standings, Seats]:
        """What later entries say of these, which are known; and the seats of the offices that they tell of."""
        self.look_up(positions)
        later = self.later(positions)
        self._load_targets()
        sources = {source for known in self.known.values() if (source := getattr(known.event, "source", None))}
        versions = sorted(position for _, position in self._mentioned(("version", name) for name in sorted(sources)))
        self.load(versions)
        offices = {office for position in positions for office in offices_of(self.known[position].event)}
        for target, said in later.items():
            amended = [known.event for known in said if isinstance(known.event, Amended)]
            for event in amended if target in self.known else ():
                offices.update(offices_of(amended_by(self.known[target].event, event)))
        registrations = self._registrations([*map(_of_source, sources), *_registering(offices, aliases)])
        public = [*registrations.values(), *(self.known[position] for position in versions if position in self.known)]
        later.update(self.later(known.position for known in public))
        standings = Standings(later, publications(public, Standings(later, {}, self.known)), self.known)
        return standings, _seats(registrations.values(), standings, aliases)

    def aliases(self) -> Aliases:
        """The mergers that stand: of one that was taken back both identities are there again."""
        people: dict[str, str] = {}
        organisations: dict[str, str] = {}
        merged = sorted(position for _, position in self._mentioned([MERGERS]))
        self.load(merged)
        plain = Standings(self.later(merged), {}, self.known)
        for position in merged:
            event = plain.latest(self.known[position]) if position in self.known else None
            if isinstance(event, Merged):
                if event.person and event.into_person:
                    people[event.person] = event.into_person
                if event.organisation and event.into_organisation:
                    organisations[event.organisation] = event.into_organisation
        return Aliases(people, organisations)

    def seats(self, offices: Collection[Office], aliases: Aliases) -> Seats:
        """The seats of these offices."""
        registrations = self._registrations(_registering(offices, aliases)).values()
        later = self.later(known.position for known in registrations)
        return _seats(registrations, Standings(later, {}, self.known), aliases)

    def seated(self, positions: Iterable[int], aliases: Aliases) -> set[str]:
        """The timelines of the offices that these entries register."""
        there = [self.known[position].event for position in positions]
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


def _registering(offices: Iterable[Office], aliases: Aliases) -> set[Mention]:
    """The registrations of offices, by whichever of the organisations that are one now."""
    alike: dict[str, set[str]] = defaultdict(set)
    for organisation in aliases.organisations:
        alike[aliases.of("organisation", organisation)].add(organisation)
    found = set()
    for organisation, office in offices:
        stands = aliases.of("organisation", organisation)
        found |= {_of_office(one, office) for one in {organisation, stands, *alike.get(stands, ())}}
    return found


def _seats(registrations: Iterable[Known], standings: Standings, aliases: Aliases) -> Seats:
    """The seats of the offices registered; of several that are one now the organisation that stands says it."""
    found: Seats = {}
    for known in registrations:
        event = standings.latest(known) if isinstance(known.event, OfficeRegistered) else None
        if isinstance(event, OfficeRegistered):
            office = (aliases.of("organisation", event.organisation), event.office)
            if event.organisation == office[0] or office not in found:
                found[office] = event.seats
    return found
