"""What the times that a report carries as printed say against each other, and against the report's own times.

Pure arithmetic on what intake derived: no zone data is read, so that a fold says the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, product

from events.base import Event
from events.values import Reading, Understood, When

KIND = "stated times disagree"
NEAR = timedelta(minutes=15)
"""Times that lie nearer do not disagree: no two zones do."""

_HALF_DAY = timedelta(hours=12)
_DAYS_FROM = timedelta(hours=72)
_MINUTE = timedelta(minutes=1)
_OFFSETS = tuple(
    timedelta(minutes=minutes)
    for minutes in sorted(
        {
            *range(-12 * 60, 15 * 60, 60),
            *(-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825),
        }
    )
)
"""Offsets from UTC that the zones of the last fifty years keep."""

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Remedy:
    """Another offset under which two times would agree.

    text, zone: the statement as printed; offset: as `+08:00`, at the instant ``at``; provided: what else must hold
    """

    text: str
    zone: str | None
    offset: str
    at: str
    provided: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two times that cannot both be right, by how much (for each way to read them), what would reconcile them, and what
    is odd about their zones."""

    sides: tuple[str, str]
    apart: tuple[timedelta, ...]
    remedies: tuple[Remedy, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """The whole finding, one sentence."""
        apart = " or ".join(map(_duration, self.apart))
        said = [f"{self.sides[0]} and {self.sides[1]} are {apart} apart"]
        conditions: dict[tuple[str, str | None, str], list[str]] = {}
        for one in self.remedies:
            conditions.setdefault((one.text, one.zone, one.offset), []).extend([one.provided] if one.provided else [])
        for (text, zone, offset), provided in conditions.items():
            instead = f"{offset} in place of {zone}" if zone else offset
            given = ", or if ".join(provided)
            said.append(f"{instead} for `{text}` would reconcile them" + (f" if {given}" if given else ""))
        return "; ".join((*said, *([] if self.remedies else ["no other zone would reconcile them"]), *self.notes))

    def details(self) -> dict[str, object]:
        """The finding as JSON values; times apart in minutes."""
        return {
            "finding": str(self),
            "apart_minutes": [one // _MINUTE for one in self.apart],
            "reconciled_by": [{field.name: getattr(one, field.name) for field in fields(one)} for one in self.remedies],
        }


@dataclass(frozen=True, slots=True)
class _Side:
    """A statement with its readings, and those of them that fit the report's own times (all, if none does)."""

    text: str
    zone: str | None
    note: str | None
    readings: tuple[Reading, ...]
    likely: tuple[Reading, ...]
    fits: bool

    @classmethod
    def of(cls, text: str, known: Understood, own: Mapping[str, When]) -> _Side:
        """The side of a statement that was understood."""
        fitting = tuple(
            one for one in known.readings if any(_meet(_stretch(one), _bounds(each)) for each in own.values())
        )
        return cls(text, known.zone, known.note, known.readings, fitting or known.readings, bool(fitting))

    def as_read(self, reading: Reading) -> str:
        """What the statement means in one reading."""
        return f"`{self.text}` is {_local(reading)}"

    def __str__(self) -> str:
        """The statement as printed, with how it is read where it can be read otherwise."""
        parts = [self.zone] if self.zone else []
        if len(self.readings) > 1:
            parts.append("read as " + " or ".join(map(_local, self.likely)))
        return f"`{self.text}`" + (f" ({', '.join(parts)})" if parts else "")


def disagreements(event: Event) -> Iterator[Disagreement]:
    """Printed times of different zones that no reading brings together, and those far from all times of the report."""
    sides, own = _sides(event)
    told: set[int] = set()
    for (place, one), (other_place, other) in combinations(enumerate(sides), 2):
        if None in (one.zone, other.zone) or one.zone == other.zone:
            continue
        if not any(_meet(_stretch(a), _stretch(b)) for a, b in product(one.readings, other.readings)):
            told |= {place, other_place}
            yield _between(one, other)
    for place, one in enumerate(sides):
        if own and place not in told and not one.fits:
            yield _against(one, own)


def ambiguities(event: Event) -> Iterator[str]:
    """Printed times of which neither the report's own times nor its other statements leave one reading alone."""
    sides, _ = _sides(event)
    for one in sides:
        left = one.likely
        for other in sides:
            met = [a for a in left if any(_meet(_stretch(a), _stretch(b)) for b in other.likely)]
            left = tuple(met) if met and other is not one else left
        if len(left) > 1:
            zone = f" ({one.zone})" if one.zone else ""
            yield f"`{one.text}`{zone} is ambiguous: {' or '.join(map(_local, left))}"


def _sides(event: Event) -> tuple[list[_Side], dict[str, When]]:
    """What an event has of printed times that were understood, and its own times by name."""
    stated = getattr(event, "stated_times", ())
    if not stated:
        return [], {}
    own = {name.rstrip("_"): moment for name, moment in vars(event).items() if isinstance(moment, When)}
    return [_Side.of(one.text, one.understood, own) for one in stated if one.understood], own


def _between(one: _Side, other: _Side) -> Disagreement:
    movable = [each for each in (other, one) if not each.fits] or [other, one]
    pairs = [(moved, other if moved is one else one) for moved in movable]
    remedies = [
        remedy
        for moved, still in pairs
        for kept in still.likely
        for remedy in _moved(moved, moved.likely, kept, still.as_read(kept) if len(still.likely) > 1 else None)
    ]
    if not remedies:
        for moved, still in pairs:
            for kept in still.readings:
                if kept not in still.likely:
                    remedies += _moved(moved, moved.readings, kept, still.as_read(kept))
            for kept in still.likely:
                remedies += _halved(moved, kept)
    apart = {_gap(_stretch(a), _stretch(b)) for a, b in product(one.likely, other.likely)}
    notes = dict.fromkeys(each.note for each in (one, other) if each.note)
    return Disagreement((str(one), str(other)), tuple(sorted(apart)), tuple(dict.fromkeys(remedies)), tuple(notes))


def _against(one: _Side, own: Mapping[str, When]) -> Disagreement:
    gaps = {
        name: min(_gap(_stretch(reading), _bounds(moment)) for reading in one.readings) for name, moment in own.items()
    }
    name = min(gaps, key=lambda each: gaps[each])
    remedies = _moved(one, one.readings, own[name]) if one.zone else []
    sides = (str(one), f"the report's own `{name}` ({own[name].text})")
    return Disagreement(sides, (gaps[name],), tuple(remedies), (one.note,) if one.note else ())


def _moved(
    moved: _Side,
    readings: Sequence[Reading],
    target: Reading | When,
    provided: str | None = None,
    by: timedelta = timedelta(),
) -> list[Remedy]:
    """For each reading the nearest other offset under which it would meet the target, where there is one."""
    found = []
    to = _bounds(target) if isinstance(target, When) else _stretch(target)
    for reading in readings:
        printed = _offset(reading.offset)
        first, last = (moment + printed + by for moment in _stretch(reading))
        meeting = [one for one in _OFFSETS if (one != printed or by) and _meet((first - one, last - one), to)]
        if meeting:
            nearest = min(meeting, key=lambda one: (abs(one - printed), one))
            given = [provided] if provided else []
            if len(readings) > 1:
                given.append(moved.as_read(reading))
            at = (first - nearest).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
            found.append(Remedy(moved.text, moved.zone, _offset_text(nearest), at, " and ".join(given) or None))
    return found


def _halved(moved: _Side, target: Reading) -> list[Remedy]:
    """The remedies that take a morning for an evening, or an evening for a morning."""
    clock = [reading for reading in moved.likely if reading.earliest == reading.latest]
    earlier = _moved(moved, clock, target, f"`{moved.text}` is meant 12 h earlier", -_HALF_DAY)
    return earlier + _moved(moved, clock, target, f"`{moved.text}` is meant 12 h later", _HALF_DAY)


def _stretch(reading: Reading) -> Stretch:
    return datetime.fromisoformat(reading.earliest), datetime.fromisoformat(reading.latest)


def _bounds(moment: When) -> Stretch:
    first = datetime.fromisoformat(moment.earliest) if moment.earliest else datetime.min.replace(tzinfo=UTC)
    last = datetime.fromisoformat(moment.latest) if moment.latest else datetime.max.replace(tzinfo=UTC)
    return first, last


def _gap(one: Stretch, other: Stretch) -> timedelta:
    return max(one[0] - other[1], other[0] - one[1], timedelta())


def _meet(one: Stretch, other: Stretch) -> bool:
    return _gap(one, other) < NEAR


def _local(reading: Reading) -> str:
    """The local time at which a reading begins, and where it is a stretch its end."""
    first, last = (moment.astimezone(timezone(_offset(reading.offset))) for moment in _stretch(reading))
    said = f"{first:%Y-%m-%d %H:%M}" + (f" to {last:%Y-%m-%d %H:%M}" if first != last else "")
    return f"{said} {reading.offset}"


def _offset(text: str) -> timedelta:
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return -ahead if text[0] == "-" else ahead


def _offset_text(offset: timedelta) -> str:
    minutes = abs(offset) // _MINUTE
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _duration(apart: timedelta) -> str:
    if apart >= _DAYS_FROM:
        return f"{apart.days} days"
    hours, minutes = divmod(apart // _MINUTE, 60)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min")) if number)
