"""Later knowledge: at which report times and floors an entry counts, and with which content.

What a source says later acts from its own report time at the floors that its basis reaches;
what the archive says acts at all report times and floors, so that record time alone separates
before from after (DESIGN section 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import events
from archive.projections.acts import HIGH
from events.later import Amended, Later, Redacted, Retracted, standing_for
from events.sources import SourceRegistered, SourceVersionRegistered
from events.values import FIRST

FLOORS = range(1, 7)
"""Every basis; an opinion (6) is listed among the reports and changes no state."""


Edition = tuple[str, str | None]
"""A source and the digest of one of its versions; None for the one registered first."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as the fold knows it: its event, position and record time.

    Of a redaction the event is what was kept, where that is a whole report.
    """

    position: int
    recorded_at: str
    event: events.Event
    redaction: Redacted | None = None

    @classmethod
    def of(cls, position: int, recorded_at: str, event: events.Event) -> Known:
        """The entry at a position."""
        return cls(position, recorded_at, standing_for(event), event if isinstance(event, Redacted) else None)


@dataclass(frozen=True, slots=True)
class Version:
    """The content of an entry at report times ``[reported_from, reported_to)`` and floors."""

    event: events.Event
    reported: str
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


class Standings:
    """The versions of entries, from what later entries say of them."""

    def __init__(
        self,
        later: Mapping[int, Sequence[Known]],
        published: Mapping[Edition, str | None],
        entries: Mapping[int, Known],
    ) -> None:
        """Take later entries by their target, the own time (its latest bound) of each source and version, and
        the entries that later ones are about."""
        self._entries = entries
        self._later = later
        self._published = published

    def reported(self, known: Known, event: events.Event | None = None) -> str:
        """When an entry was first public, as far as its source shows."""
        event = event or known.event
        if isinstance(event, events.Registration):
            return FIRST
        if isinstance(event, Later) and event.by == "archive" and event.target in self._entries:
            return self.reported(self._entries[event.target])
        if known.redaction is not None and known.redaction.reported is not None:
            return known.redaction.reported.latest or known.recorded_at
        published = getattr(event, "published", None)
        source = getattr(event, "source", None)
        own = self._published.get((source, getattr(event, "source_version", None))) if source else None
        times = [published.latest if published else None, own]
        return min((time for time in times if time is not None), default=known.recorded_at)

    def versions(self, known: Known) -> list[Version]:
        """Every version of an entry, none overlapping another."""
        later = self._later.get(known.position)
        if not later:
            reported = self.reported(known)
            return [Version(known.event, reported, reported, HIGH, _rank(known.event), FLOORS[-1])]
        acting = [
            (entry, version)
            for entry in later
            if isinstance(entry.event, (Amended, Retracted))
            for version in self.versions(entry)
        ]
        own = self.reported(known)
        whole = self._apply(known, [pair for pair in acting if _archive(pair[1])])
        moments = {own, self.reported(known, whole)}
        for _, version in acting:
            moments |= {max(version.reported_from, own), version.reported_to}
        times = sorted(moment for moment in moments if moment != HIGH)
        cells = self._cells(known, acting, times)
        return [replace(version, reported=self.reported(known, version.event)) for version in _widest(cells)]

    def latest(self, known: Known) -> events.Event | None:
        """The content of an entry as known now at any floor; None where it was taken back."""
        for version in self.versions(known):
            if version.reported_to == HIGH and version.floor_to == FLOORS[-1]:
                return version.event
        return None

    def _cells(
        self, known: Known, acting: Sequence[tuple[Known, Version]], times: Sequence[str]
    ) -> Iterable[tuple[events.Event, str, str, int]]:
        made: dict[tuple[int, ...], events.Event] = {}
        own = self.reported(known)
        for start, stop in zip(times, [*times[1:], HIGH], strict=True):
            for floor in FLOORS:
                active = [(entry, version) for entry, version in acting if _acts(version, own, start, floor)]
                if any(isinstance(version.event, Retracted) for _, version in active):
                    continue
                key = tuple(entry.position for entry, _ in active)
                if key not in made:
                    made[key] = self._apply(known, active)
                event = made[key]
                if _rank(event) <= floor and self.reported(known, event) <= start:
                    yield event, start, stop, floor

    def _apply(self, known: Known, active: Sequence[tuple[Known, Version]]) -> events.Event:
        amended = [(version, entry) for entry, version in active if isinstance(version.event, Amended)]
        if not amended:
            return known.event
        own = self.reported(known)
        amended.sort(key=lambda pair: (own if _archive(pair[0]) else max(own, pair[0].reported), pair[1].position))
        event = known.event
        for version, _ in amended:
            if isinstance(version.event, Amended):
                event = amended_by(event, version.event)
        return event


def publications(registrations: Iterable[Known], plain: Standings) -> dict[Edition, str | None]:
    """The own time (its latest bound) of each source and version, from their registrations as known now.

    What was retrieved was public by then; of a version the first registration counts.
    """
    found: dict[Edition, str | None] = {}
    for known in registrations:
        event = plain.latest(known)
        if isinstance(event, SourceRegistered):
            own = event.published.latest if event.published else None
            found[event.source, None] = found[event.source, event.sha256] = own
        elif isinstance(event, SourceVersionRegistered):
            times = (event.published, event.retrieved)
            own = next((time.latest for time in times if time is not None and time.latest is not None), None)
            found.setdefault((event.source, event.sha256), own)
    return found


def amended_by(event: events.Event, amendment: Amended) -> events.Event:
    """The event with the fields that an amendment changes."""
    plain = events.to_plain(event) | dict(amendment.changes)
    return events.from_plain(type(event).__name__, event.VERSION, plain)


def _acts(version: Version, own: str, start: str, floor: int) -> bool:
    """Whether it acts on an entry, first public at ``own``, at report times from ``start`` on."""
    begun = version.reported_from <= start or (_archive(version) and version.reported_from <= own)
    return begun and start < version.reported_to and version.floor_from <= floor <= version.floor_to


def _archive(version: Version) -> bool:
    return isinstance(version.event, Later) and version.event.by == "archive"


def _rank(event: events.Event) -> int:
    if isinstance(event, Later) and event.by == "archive":
        return FLOORS[0]
    basis = getattr(event, "basis", None)
    return events.rank(basis) if basis else FLOORS[0]


def _widest(cells: Iterable[tuple[events.Event, str, str, int]]) -> Iterable[Version]:
    """Cells of one content joined, first in time, then over floors."""
    stretches: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    content: dict[int, events.Event] = {}
    for event, start, stop, floor in cells:
        content[id(event)] = event
        held = stretches[id(event), floor]
        if held and held[-1][1] == start:
            held[-1] = (held[-1][0], stop)
        else:
            held.append((start, stop))
    floors: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for (key, floor), held in stretches.items():
        for start, stop in held:
            floors[key, start, stop].append(floor)
    for (key, start, stop), held_at in floors.items():
        low = min(held_at)
        for floor in sorted(held_at):
            if floor + 1 not in held_at:
                yield Version(content[key], start, start, stop, low, floor)
                low = min((above for above in held_at if above > floor), default=low)
