"""Dates as files of data write them, to time expressions: partial ones stay as wide as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from archive.intake.faults import Wrong, of_time, quoted
from archive.times import TimeFault, parse_time
from archive.times.dates import read_date

NEVER = "9999"
"""The year by which registers say that there is no end."""

_NUMBERED = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_DAY = timedelta(days=1)


def given(value: object, field: str) -> str | None:
    """A date as text; None where there is none: null, an empty text, or the year 9999. Raises Wrong."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Wrong(f"{str(value)[:40]} is no date", "write it in quotes, as 2015, 2015-05 or 2015-05-07", field=field)
    return None if value.startswith(f"{NEVER}-") or value == NEVER else value


def begun(text: str, tz: str, field: str) -> str:
    """The expression for a first day, checked; raises Wrong."""
    _check(text, tz, field)
    return text


def ended(text: str, ends: str, tz: str, field: str) -> str:
    """The expression for an end: in the course of the day on which he is no longer there; raises Wrong.

    With inclusive ends that is the day after: of 2015-05-07 it is 2015-05-08, of 2015 some day up to 2016-01-01.
    """
    _check(text, tz, field)
    if ends == "exclusive" or not _NUMBERED.fullmatch(text):
        return text
    days = read_date(text)
    if days is None:
        return text
    first, last = (day + _DAY for day in (days.first, days.last))
    return first.isoformat() if first == last else f"[{first.isoformat()}..{last.isoformat()}]"


def shown_end(text: str, ends: str) -> str:
    """The end date that a file with such ends has for an expression of `ended`: its inverse for whole days."""
    if ends == "exclusive" or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return text
    return (date.fromisoformat(text) - _DAY).isoformat()


def within(first: str | None, last: str | None) -> str | None:
    """Some time between two, either of which may be missing."""
    return None if first is None and last is None else f"[{first or ''}..{last or ''}]"


def formatted(text: str, forms: Sequence[str], field: str) -> str:
    """The day, month or year that a text means in the first of these formats of `strptime` that fits it, as precise as
    the format is, as an ISO date; raises Wrong. Two digits of a year are 1969 to 2068."""
    for form in forms:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if re.search("%[djxcD]", form):
            return day.isoformat()
        return f"{day:%Y-%m}" if re.search("%[mbB]", form) else f"{day:%Y}"
    raise Wrong(
        f"{quoted(text)} is no date of the form {' or '.join(forms)}",
        "mend it, give another --date-format, or say that it is none: --unknown-date, --open-end",
        field=field,
    )


def _check(text: str, tz: str, field: str) -> None:
    try:
        parse_time(text, tz)
    except TimeFault as fault:
        wrong = of_time(fault)
        wrong.field = field
        raise wrong from None
