"""Time expressions: of a report, to the bounds of a change; of a question, to one instant."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from archive.times.clocks import read_clock
from archive.times.dates import Days, read_date
from archive.times.faults import TimeFault, check_characters, quoted
from archive.times.instants import to_instant
from archive.times.zones import check_zone, first_moment, last_moment

_FIRST, _LAST = "0002-01-01T00:00:00.000000Z", "9998-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest canonical instant at which a change can have happened, both inclusive.

    None: unbounded on that side. An exact instant has both equal.
    """

    earliest: str | None
    latest: str | None


def parse_time(text: str, tz: str | None = None) -> Bounds:
    """Read a time expression of a report; any other text is a `TimeFault`.

    A date is the civil day, month or year of `tz`, else of UTC; a clock time without a zone of its own is of `tz`.
    `[a..b]` is some time between, `[..b]` by, `[a..]` since, the ends being dates or instants.
    """
    return _bounds_of(text, tz)


def parse_question(text: str, tz: str = "UTC") -> str:
    """Read the time that a question asks about as one canonical instant; any other text is a `TimeFault`.

    A date, month or year means its last microsecond in `tz`; a clock time without a zone of its own is of `tz`.
    What is not one instant is a fault: a set, a qualifier, a local time that occurred twice.
    """
    return _instant_asked(text, tz)


@lru_cache(maxsize=1 << 13)
def _bounds_of(text: str, tz: str | None) -> Bounds:
    if tz is not None:
        check_zone(tz)
    if _is_canonical(text):
        return Bounds(text, text)
    check_characters(text)
    bounds = _read_set(text, tz) or _read_one(text, tz)
    if bounds is None:
        raise _fault_of(text)
    return bounds


@lru_cache(maxsize=1 << 10)
def _instant_asked(text: str, tz: str) -> str:
    check_zone(tz)
    if _is_canonical(text):
        return text
    check_characters(text)
    days = read_date(text)
    if days is not None:
        if days.qualifier:
            raise TimeFault(f"{quoted(text)} is no exact date; a question asks at one instant", text.rstrip("~%?"))
        return _instants_of(text, days, tz)[1]
    moments = read_clock(text, tz)
    if moments is None:
        fault = None if _read_set(text, tz) else _fault_of(text)
        if fault and not (fault.proposal or "").startswith("["):
            raise fault
        raise TimeFault(f"{quoted(text)} is no single time; a question asks at one instant, such as its end")
    if len(moments) > 1:
        either = " or ".join(f"`{to_instant(moment)}`" for moment in moments)
        raise TimeFault(f"{quoted(text)} occurred twice, as the clocks went back; write {either}")
    return to_instant(moments[0])


def _is_canonical(text: str) -> bool:
    """Tell whether a text is a canonical instant of the years 0002 to 9998, as most times are."""
    if len(text) != len(_FIRST) or text[-1] != "Z" or not _FIRST <= text <= _LAST:
        return False
    try:
        return to_instant(datetime.fromisoformat(text)) == text
    except ValueError:
        return False


def _read_one(text: str, tz: str | None) -> Bounds | None:
    """Read a date or a clock time; None if the text has another shape."""
    days = read_date(text)
    if days is not None:
        return Bounds(*_instants_of(text, days, tz or "UTC"))
    moments = read_clock(text, tz)
    return Bounds(to_instant(moments[0]), to_instant(moments[-1])) if moments else None


def _read_set(text: str, tz: str | None) -> Bounds | None:
    """Read `[a..b]`, `[..b]` or `[a..]`; None if the text has another shape."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    first, dots, last = text[1:-1].partition("..")
    if not dots or not (first or last) or " " in text or ".." in last or last.startswith("."):
        return None
    earliest = _end_of_set(first, tz).earliest if first else None
    latest = _end_of_set(last, tz).latest if last else None
    if earliest and latest and latest < earliest:
        raise TimeFault(f"{quoted(text)} ends before it begins", f"[{last}..{first}]")
    return Bounds(earliest, latest)


def _end_of_set(text: str, tz: str | None) -> Bounds:
    bounds = _read_one(text, tz)
    if bounds is None:
        raise _fault_of(text)
    return bounds


def _instants_of(text: str, days: Days, tz: str) -> tuple[str, str]:
    """Give the first and the last instant of civil days of a zone; days that it never had are a fault."""
    if tz == "UTC":
        return f"{days.first}T00:00:00.000000Z", f"{days.last}T23:59:59.999999Z"
    zone = check_zone(tz)
    earliest, latest = first_moment(days.first, zone), last_moment(days.last, zone)
    if latest < earliest:
        raise TimeFault(
            f"{quoted(text)} never occurs in {tz}, whose clocks pass that day over; write the day before or after"
        )
    return to_instant(earliest), to_instant(latest)


def _fault_of(text: str) -> TimeFault:
    from archive.times.misspellings import fault_of  # noqa: PLC0415  # a text that is understood does without

    return fault_of(text)
