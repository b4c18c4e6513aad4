"""Statements of time as printed to instants: each way in which one can be understood, with its bounds in UTC."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from archive.times.instants import from_instant, to_instant
from archive.times.printed import Minutes, Printed, plain, taken_apart
from archive.times.printed_zones import PrintedZone, printed_zones, without_zone
from archive.times.zones import check_zone, offset_text

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 100  # characters; what is longer is no mere statement of time
_MOST = 12  # readings; what has more says too little to be checked
_WIDEST = {"year": 183, "month": 15, "weekday": 4, "day": 3}
"""Days that the time of the report may span for what is not printed to follow from it."""

Day = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Understood:
    """A statement understood: its readings, as inclusive bounds and the offset of the first; its zone as printed; what
    is odd about that."""

    readings: tuple[tuple[str, str, str], ...]
    zone: str | None = None
    note: str | None = None


def understand(text: str, zone: str | None, own: str | None, between: tuple[str | None, str | None]) -> Understood:
    """Every way in which a printed statement can be understood; no readings where it is not.

    `zone` is as printed beside it, `own` the IANA name of the zone that holds where none is printed. What is missing
    of the date is taken from the nearest day to the canonical instants `between`, where they leave no choice.
    """
    if len(text) > _LONGEST:
        return Understood(())
    rest, inside = without_zone(plain(text))
    zones = printed_zones(zone or inside or "") if zone or inside else []
    if zone and inside:
        other = {str(one.clocks) for one in printed_zones(inside)}
        zones = [one for one in zones if str(one.clocks) in other]
    if not (zone or inside) and own is not None:
        zones = [PrintedZone(own, check_zone(own))]
    printed = taken_apart(rest)
    if printed is None:
        return Understood(())
    readings: dict[tuple[str, str, str], None] = {}
    note = None
    for one in zones:
        for first, last in _stretches(printed, one.clocks, between):
            readings[_reading(first, last)] = None
            note = note or (one.out_of_season(first) if len(zones) == 1 else None)
    return Understood(tuple(sorted(readings)) if len(readings) <= _MOST else (), zone or inside, note)


def _reading(first: datetime, last: datetime) -> tuple[str, str, str]:
    offset = first.utcoffset() or timedelta(0)
    return to_instant(first), to_instant(last), offset_text(offset)


def _stretches(
    printed: Printed, clocks: tzinfo, between: tuple[str | None, str | None]
) -> Iterator[tuple[datetime, datetime]]:
    for days in printed.days:
        for first, after in _days(days, printed.weekday, clocks, between):
            try:
                yield from _of_days(first, after, printed.times, clocks)
            except OverflowError:
                continue


def _of_days(first: date, after: date, times: Sequence[Minutes], clocks: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    if not times:
        yield _moment(first, 0, clocks)[0], _moment(after, 0, clocks)[0] - _MICROSECOND
    for begin, end in times:
        if begin == end:
            yield _moment(first, begin, clocks)
        else:
            yield _moment(first, begin, clocks)[0], _moment(first, end, clocks)[1] - _MICROSECOND


def _moment(day: date, minutes: int, clocks: tzinfo) -> tuple[datetime, datetime]:
    """The moments at which clocks show a time: two where they were put back."""
    local = datetime.combine(day, time.min, clocks) + timedelta(minutes=minutes)
    moments = sorted(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return moments[0].astimezone(clocks), moments[1].astimezone(clocks)


def _days(
    printed: Day, weekday: int | None, clocks: tzinfo, between: tuple[str | None, str | None]
) -> Iterator[tuple[date, date]]:
    """The stretches of days, the last exclusive, that a date may mean."""
    year, month, day = printed
    if year is not None:
        yield from _calendar(year, month, day)
        return
    near = _near(between, clocks)
    if near is None:
        return
    first, last = near
    if month is not None:
        kind, years = "year", range(first.year - 1, last.year + 2)
        candidates = [found for one in years for found in _calendar(one, month, day)]
    elif day is not None:
        kind, months = "month", range(first.year * 12 + first.month - 2, last.year * 12 + last.month + 1)
        candidates = [found for one in months for found in _calendar(one // 12, one % 12 + 1, day)]
    elif weekday is not None:
        kind = "weekday"
        span = ((first + _DAY * number) for number in range(-6, (last - first).days + 7))
        candidates = [(one, one + _DAY) for one in span if one.weekday() == weekday]
    else:
        kind = "day"
        candidates = [(first + _DAY * number,) * 2 for number in range(min((last - first).days, _WIDEST["day"]) + 1)]
        candidates = [(one, one + _DAY) for one, _ in candidates]
    if (last - first).days > _WIDEST[kind] or not candidates:
        return
    apart = [max((begin - last).days, (first - after).days + 1, 0) for begin, after in candidates]
    yield from (one for one, days in zip(candidates, apart, strict=True) if days == min(apart))


def _calendar(year: int, month: int | None, day: int | None) -> Iterator[tuple[date, date]]:
    try:
        first = date(year, month or 1, day or 1)
        if day is not None:
            yield first, first + _DAY
        elif month is not None:
            yield first, date(year + month // 12, month % 12 + 1, 1)
        else:
            yield first, date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return


def _near(between: tuple[str | None, str | None], clocks: tzinfo) -> tuple[date, date] | None:
    """The days of these clocks on which a stretch begins and ends."""
    known = [one for one in between if one is not None]
    if not known:
        return None
    try:
        first, last = (from_instant(one).astimezone(clocks).date() for one in (known[0], known[-1]))
    except OverflowError:
        return None
    return (first, last) if date.min.year + 1 < first.year and last.year + 1 < date.max.year else None
