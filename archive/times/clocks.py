"""Dates with a clock time: RFC 3339, RFC 9557, and local time of a zone."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from archive.times.dates import checked_day
from archive.times.faults import TimeFault, quoted
from archive.times.zones import check_zone, clock_change, occurrences, offset_text

_LAST_HOUR, _LAST_MINUTE = 23, 59
_MINUTE = timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)
_DATE_AND_CLOCK = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
    r"((?:\[[^\[\]]*\])*)"
)
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_SUFFIX = re.compile(r"\[(!?)([^\[\]]*)\]")
_TAG = re.compile(r"[a-z_][a-z0-9_-]*=[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_UNKNOWN_LOCALLY = ("Z", "z", "-00:00")  # RFC 9557, section 2.2: UTC is known, the local offset is not


def read_clock(text: str, tz: str | None) -> list[datetime] | None:
    """Read a date with a clock time as the moments (UTC, ascending) it can mean; None if the text has another shape.

    There is one moment, or two for a local time that its zone's clocks showed twice. Seconds may be left out. A text
    with neither offset nor `[Zone]` is local time of `tz`. Suffixes such as `[u-ca=gregory]` are read past.
    """
    match = _DATE_AND_CLOCK.fullmatch(text)
    if match is None:
        return None
    year, month, day_of_month, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction, offset, suffixes = match.groups()[6:]
    day = checked_day(text, year, month, day_of_month)
    _check_clock(text, day, hour, minute, second)
    zone = _zone_of(text, suffixes)
    if zone is None and offset is None:
        if tz is None:
            raise TimeFault(
                f"{quoted(text)} does not say of which zone; end it with Z, an offset as -08:00 or a zone as "
                "[America/Los_Angeles], or give the report a `tz`"
            )
        zone = check_zone(tz)
    microsecond = int((fraction or "").ljust(6, "0"))
    wall = datetime(year, month, day_of_month, hour, minute, second, microsecond, tzinfo=zone or UTC)
    if offset is None:
        return occurrences(wall) or _never(text, wall)
    given = _offset_of(text, offset)
    if zone is None or offset in _UNKNOWN_LOCALLY:
        return [wall.replace(tzinfo=timezone(given)).astimezone(UTC)]
    return _agreeing(text, wall, given)


def _check_clock(text: str, day: date, hour: int, minute: int, second: int) -> None:
    if hour == _LAST_HOUR + 1:
        wrong = f"{quoted(text)} has the hour 24; hours run from 00 to 23"
        if minute or second:
            raise TimeFault(wrong)
        rest = text[len("2023-11-17T24") :]
        raise TimeFault(f"{wrong}, and midnight begins the next day", f"{day + timedelta(days=1)}T00{rest}")
    if hour > _LAST_HOUR:
        raise TimeFault(f"{quoted(text)} has the hour {hour}; hours run from 00 to 23")
    if minute > _LAST_MINUTE:
        raise TimeFault(f"{quoted(text)} has the minute {minute}; minutes run from 00 to 59")
    if second == _LAST_MINUTE + 1:
        raise TimeFault(
            f"{quoted(text)} is a leap second, which is not kept; write second 59, or 00 of the next minute"
        )
    if second > _LAST_MINUTE:
        raise TimeFault(f"{quoted(text)} has the second {second}; seconds run from 00 to 59")


def _offset_of(text: str, offset: str) -> timedelta:
    match = _OFFSET.fullmatch(offset)
    if match is None:  # Z
        return timedelta(0)
    sign, hours, minutes = match.groups()
    if int(hours) > _LAST_HOUR or int(minutes) > _LAST_MINUTE:
        raise TimeFault(f"{quoted(text)} has the offset {offset}; offsets run from -23:59 to +23:59")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return -size if sign == "-" else size


def _zone_of(text: str, suffixes: str) -> tzinfo | None:
    """Find the zone among the suffixes of RFC 9557; it stands first, tags such as `[u-ca=gregory]` follow."""
    zone: tzinfo | None = None
    for place, (critical, content) in enumerate(_SUFFIX.findall(suffixes)):
        if "=" not in content:
            if place:
                raise TimeFault(f"{quoted(text)} has `[{content}]` after its first suffix; one zone is enough")
            zone = timezone(_offset_of(text, content)) if _OFFSET.fullmatch(content) else check_zone(content)
        elif not _TAG.fullmatch(content):
            raise TimeFault(f"{quoted(text)} has `[{content}]`, which is no tag of the form [key=value]")
        elif critical:
            raise TimeFault(
                f"{quoted(text)} has `[!{content}]`, a tag that must be understood and is not; leave it out"
            )
    return zone


def _agreeing(text: str, wall: datetime, given: timedelta) -> list[datetime]:
    """Give the one moment at which clock time, offset and zone agree; else a fault.

    Offsets are written to the minute, so a zone's offset of hours long past is compared rounded, and then used in full.
    """
    found = [moment.astimezone(wall.tzinfo) for moment in occurrences(wall) or _never(text, wall)]
    for local in found:
        if _to_the_minute(local.utcoffset()) == given:
            return [local.astimezone(UTC)]
    right = " or ".join(offset_text(_to_the_minute(local.utcoffset())) for local in found)
    raise TimeFault(
        f"{quoted(text)} has the offset {offset_text(given)}, but {wall.tzinfo} had {right} then; "
        "correct one of them or leave one out"
    )


def _to_the_minute(offset: timedelta | None) -> timedelta:
    return ((offset or timedelta(0)) + _MINUTE / 2) // _MINUTE * _MINUTE


def _never(text: str, wall: datetime) -> list[datetime]:
    change = clock_change(wall)
    before = (change - _MICROSECOND).astimezone(wall.tzinfo) + _MICROSECOND
    jump = " to ".join(clock.strftime("%H:%M:%S on %d %B") for clock in (before, change.astimezone(wall.tzinfo)))
    raise TimeFault(
        f"{quoted(text)} never occurs in {wall.tzinfo}, whose clocks go from {jump}; "
        "write the time that was meant, with its offset or as UTC"
    )
