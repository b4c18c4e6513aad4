"""Instants and bounds as text for people, in a zone that is always named."""

from datetime import date, datetime, timedelta

from archive.times.instants import from_instant
from archive.times.zones import check_zone, first_moment, last_moment, offset_text

_ONE_DAY = timedelta(days=1)


def show_instant(instant: str, tz: str = "UTC") -> str:
    """Show a canonical instant as `2023-11-17 12:00:00 PST (-08:00)`, microseconds only where there are any.

    A zone without an abbreviation is shown by its name. Where local time would leave the calendar, at the very ends of
    the years 0001 and 9999, the time is shown in UTC.
    """
    local = _local(instant, tz)
    return f"{local.date()} {_clock(local)} {_zone(local)}"


def show_bounds(earliest: str | None, latest: str | None, tz: str = "UTC") -> str:
    """Show the bounds of a change as briefly as they allow, with the zone at the end.

    Specimens: `2023-11-17 (UTC)`, `2023-11 .. 2024-02 (Asia/Tokyo)`, `2023-11-17 12:00:00 .. 18:00:00 PST (-08:00)`,
    `by 2023-11-17 (UTC)`, `since 2023-11-17 20:00:00 UTC`, `at an unknown time`.
    """
    first = _day_begun(earliest, tz) if earliest else None
    last = _day_ended(latest, tz) if latest else None
    if earliest and latest:
        if earliest == latest:
            return show_instant(earliest, tz)
        return _whole_days(first, last, tz) if first and last else _stretch(_local(earliest, tz), _local(latest, tz))
    if latest:
        return f"by {last} ({tz})" if last else f"by {show_instant(latest, tz)}"
    if earliest:
        return f"since {first} ({tz})" if first else f"since {show_instant(earliest, tz)}"
    return "at an unknown time"


def brief_bounds(earliest: str | None, latest: str | None, tz: str = "UTC") -> str:
    """Show bounds for a place that names the zone once: minutes where they are whole, `24:00` for the end of a day.

    Specimens: `2023-11-17`, `2023-11-17 12:00`, `2023-11-17 12:00..24:00`, `2015-01-01 .. 2023-11-16`, `by 2023-11-17`.
    """
    if earliest and latest and earliest != latest:
        if _day_begun(earliest, tz) and _day_ended(latest, tz):
            return show_bounds(earliest, latest, tz).removesuffix(f" ({tz})")
        begin, end = _local(earliest, tz), _local(latest, tz)
        if begin.date() == end.date():
            return f"{begin.date()} {_minutes(earliest, tz)}..{_minutes(latest, tz)}"
        return f"{_day_begun(earliest, tz) or _brief(earliest, tz)} .. {_day_ended(latest, tz) or _brief(latest, tz)}"
    if earliest and latest:
        return _brief(latest, tz)
    if latest:
        return f"by {_day_ended(latest, tz) or _brief(latest, tz)}"
    return f"since {_day_begun(earliest, tz) or _brief(earliest, tz)}" if earliest else "at an unknown time"


def _whole_days(first: date, last: date, tz: str) -> str:
    """Show days as months or years where they are whole ones."""
    precision = 3
    if first.day == 1 and (last + _ONE_DAY).day == 1:
        precision = 1 if (first.month, last.month) == (1, 12) else 2
    ends = dict.fromkeys("-".join(str(day).split("-")[:precision]) for day in (first, last))
    return f"{' .. '.join(ends)} ({tz})"


def _stretch(first: datetime, last: datetime) -> str:
    """Show two clock times, saying once what both share."""
    begin = f"{first.date()} {_clock(first)}"
    if _zone(first) != _zone(last):
        begin = f"{begin} {_zone(first)}"
    end = _clock(last) if first.date() == last.date() else f"{last.date()} {_clock(last)}"
    return f"{begin} .. {end} {_zone(last)}"


def _local(instant: str, tz: str) -> datetime:
    moment = from_instant(instant)
    try:
        return moment.astimezone(check_zone(tz))
    except OverflowError:
        return moment


def _day_begun(instant: str, tz: str) -> date | None:
    """Give the civil day that begins at an instant."""
    day = _local(instant, tz).date()
    try:
        return day if first_moment(day, check_zone(tz)) == from_instant(instant) else None
    except OverflowError:
        return None


def _day_ended(instant: str, tz: str) -> date | None:
    """Give the civil day of which an instant is the last microsecond."""
    day = _local(instant, tz).date()
    try:
        return day if last_moment(day, check_zone(tz)) == from_instant(instant) else None
    except OverflowError:
        return None


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S.%f}" if local.microsecond else f"{local:%H:%M:%S}"


def _brief(instant: str, tz: str) -> str:
    return f"{_local(instant, tz).date()} {_minutes(instant, tz)}"


def _minutes(instant: str, tz: str) -> str:
    """Give the time of day, seconds and their parts only where there are any."""
    return "24:00" if _day_ended(instant, tz) else _clock(_local(instant, tz)).removesuffix(":00")


def _zone(local: datetime) -> str:
    """Name the zone of a local time by its abbreviation and offset; by its name where the abbreviation is a number."""
    short, offset = local.tzname() or "", local.utcoffset() or timedelta(0)
    if short == "UTC":
        return short
    return f"{short if short.isalpha() else local.tzinfo} ({offset_text(offset)})"
