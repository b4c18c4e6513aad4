"""Time zones and the civil days of their clocks.

The rules come from the package `tzdata` alone, never from the files of the machine, so that `tzdata_version()` names
the very rules that bounds were derived with.
"""

import importlib
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.times.faults import TimeFault, quoted

_TZDATA = importlib.import_module("tzdata")  # ships no types
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)

_LONGEST_NAME = 40  # characters worth comparing; the longest zone has 32
_ABBREVIATIONS = {
    "pt pst pdt": ("America/Los_Angeles",),
    "mt mdt": ("America/Denver",),
    "ct cdt": ("America/Chicago",),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "et edt": ("America/New_York",),
    "bst": ("Europe/London",),
    "cest": ("Europe/Paris", "Europe/Berlin"),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "hkt": ("Asia/Hong_Kong",),
    "sgt": ("Asia/Singapore",),
    "aest aedt": ("Australia/Sydney",),
    "z utc+0 gmt+0": ("UTC",),
}


def tzdata_version() -> str:
    """Name the release of the IANA time zone database in use, as `2026f`."""
    return str(_TZDATA.IANA_VERSION)


def check_zone(name: str) -> ZoneInfo:
    """Load a zone by its IANA name; any other name is a fault that says which names are near."""
    return _zone(name)


@cache
def zone_names() -> frozenset[str]:
    """Every zone that the package has, by its IANA name."""
    return frozenset((_tzdata_folder() / "zones").read_text(encoding="ascii").split())


def occurrences(wall: datetime) -> list[datetime]:
    """Give the moments (UTC, ascending) at which the clocks of a local time's zone show it: none, one or two."""
    moments = {wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    # Of two datetimes with the same zone Python compares the clock times.
    return sorted(moment for moment in moments if moment.astimezone(wall.tzinfo) == wall)


def clock_change(wall: datetime) -> datetime:
    """Find the moment (UTC) at which clocks jumped over a local time that never occurs; exact to the second."""
    before, after = sorted((wall.replace(fold=fold).astimezone(UTC) - _EPOCH) // _SECOND for fold in (0, 1))
    after += 1
    while after - before > 1:
        middle = (before + after) // 2
        if (_EPOCH + middle * _SECOND).astimezone(wall.tzinfo) < wall:
            before = middle
        else:
            after = middle
    return _EPOCH + after * _SECOND


def first_moment(day: date, zone: tzinfo) -> datetime:
    """Give the moment (UTC) at which a civil day of a zone begins; not always at 00:00 of its clocks."""
    wall = datetime.combine(day, time.min, zone)
    moments = occurrences(wall)
    return moments[0] if moments else clock_change(wall)


def last_moment(day: date, zone: tzinfo) -> datetime:
    """Give the last microsecond (UTC) of a civil day of a zone; before its first if the zone never had that day."""
    wall = datetime.combine(day, time.max, zone)
    moments = occurrences(wall)
    return moments[-1] if moments else clock_change(wall) - _MICROSECOND


def offset_text(offset: timedelta) -> str:
    """Spell an offset from UTC as `-08:00`, with seconds only where a zone had them (before standard time)."""
    minutes, seconds = divmod(abs(offset) // _SECOND, 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    if name not in zone_names():
        near = " or ".join(_near(name))
        remedy = f"did you mean {near}?" if near else "write a name such as America/Los_Angeles, Asia/Tokyo or UTC"
        raise TimeFault(f"there is no time zone {quoted(name)}; {remedy}")
    with (_tzdata_folder() / "zoneinfo").joinpath(*name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def _tzdata_folder() -> Path:
    return Path(str(_TZDATA.__file__)).parent


@lru_cache(maxsize=1024)
def _near(name: str) -> tuple[str, ...]:
    """Guess up to three zones: by abbreviation, by city, by likeness."""
    wanted = name.strip().replace(" ", "_").lower()
    for said, zones in _ABBREVIATIONS.items():
        if wanted in said.split():
            return zones
    lowered = {zone.lower(): zone for zone in sorted(zone_names())}
    cities = [zone for low, zone in lowered.items() if wanted in (low, low.rpartition("/")[2])]
    if cities or len(wanted) > _LONGEST_NAME:
        return tuple(cities[:3])
    import difflib  # noqa: PLC0415  # a name that is right does without

    return tuple(lowered[low] for low in difflib.get_close_matches(wanted, lowered))
