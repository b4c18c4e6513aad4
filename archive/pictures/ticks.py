"""The calendar along a picture that is to scale: years, months, days or hours, as many as have room for their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice, takewhile
from typing import NamedTuple

from archive.times import check_zone, from_instant, to_instant
from archive.times.zones import first_moment

BLANK = 3
"""Characters between two names."""

MOST = 100
"""Ticks of one picture."""


class Tick(NamedTuple):
    """An instant with its name."""

    instant: str
    label: str


def ticks(first: str, last: str, tz: str, room: int) -> list[Tick]:
    """The finest calendar of which every name between two instants has room on a line of so many characters.

    Specimens of names: `1990`, `2023-11`, `2023-11-17`, `11-17 18:00`. None where even one name has no room.
    """
    for step in STEPS:
        found = [one for one in islice(step(first, last, tz), MOST + 1) if one.instant >= first]
        if found and sum(len(one.label) + BLANK for one in found) <= room:
            return found
    return []


Step = Callable[[str, str, str], Iterator[Tick]]


def _hours(hours: int) -> Step:
    def marks(first: str, last: str, tz: str) -> Iterator[Tick]:
        zone = check_zone(tz)
        at = first_moment(from_instant(first).astimezone(zone).date(), zone)
        while (instant := to_instant(at)) <= last:
            if instant >= first:
                yield Tick(instant, f"{at.astimezone(zone):%m-%d %H:%M}")
            at += timedelta(hours=hours)

    return marks


def _days(days: int) -> Step:
    def starts(day: date) -> Iterator[date]:
        ordinal = day.toordinal() - (day.toordinal() - 1) % days
        while ordinal <= date.max.toordinal():
            yield date.fromordinal(ordinal)
            ordinal += days

    return _dates(starts, lambda day: day.isoformat())


def _months(months: int) -> Step:
    def starts(day: date) -> Iterator[date]:
        number = day.year * 12 + (day.month - 1) // months * months
        while number // 12 <= date.max.year:
            yield date(number // 12, number % 12 + 1, 1)
            number += months

    return _dates(starts, lambda day: day.isoformat()[:7])


def _years(years: int) -> Step:
    def starts(day: date) -> Iterator[date]:
        for year in range(-(-day.year // years) * years, date.max.year + 1, years):
            yield date(year, 1, 1)

    return _dates(starts, lambda day: day.isoformat()[:4])


def _dates(starts: Callable[[date], Iterator[date]], name: Callable[[date], str]) -> Step:
    def marks(first: str, last: str, tz: str) -> Iterator[Tick]:
        zone = check_zone(tz)
        begin = from_instant(first).astimezone(zone).date()
        made = (Tick(to_instant(first_moment(day, zone)), name(day)) for day in starts(begin))
        yield from takewhile(lambda tick: tick.instant <= last, made)

    return marks


STEPS: tuple[Step, ...] = (
    *map(_hours, (1, 3, 6, 12)),
    *map(_days, (1, 2, 7)),
    *map(_months, (1, 3, 6)),
    *map(_years, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
"""Finest first; weeks begin on Mondays."""
