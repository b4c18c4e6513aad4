"""Dates of EDTF (level 1 of ISO 8601-2): a year, a month or a day, perhaps approximate."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from archive.times.faults import TimeFault, quoted

FIRST_YEAR, LAST_YEAR = 2, 9998
_MONTHS = 12
_SEASONS = range(21, 42)  # the codes of ISO 8601-2, quarters and halves of the year among them
_ONE_DAY = timedelta(days=1)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~%?]?)")


@dataclass(frozen=True, slots=True)
class Days:
    """The civil days that a date covers, both inclusive, before a zone says when they were."""

    first: date
    last: date
    qualifier: str


def read_date(text: str) -> Days | None:
    """Read a year, month or day with its qualifier; None if the text has another shape.

    `~` and `%` add one unit of the date's own precision on each side; `?` adds nothing.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, qualifier = match.groups()
    around = 1 if qualifier in ("~", "%") else 0
    if day is not None:
        middle = checked_day(text, int(year), int(month), int(day))
        first, last = middle - around * _ONE_DAY, middle + around * _ONE_DAY
    else:
        _check_year(text, int(year))
        if month is not None:
            _check_month(text, int(year), int(month))
            index = int(year) * _MONTHS + int(month) - 1
            first, last = _month(index - around)[0], _month(index + around)[1]
        else:
            first, last = date(int(year) - around, 1, 1), date(int(year) + around, _MONTHS, 31)
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise TimeFault(f"{quoted(text)} reaches past the years {FIRST_YEAR:04} to {LAST_YEAR}")
    return Days(first, last, qualifier)


def checked_day(text: str, year: int, month: int, day: int) -> date:
    """Make a day of the years 0002 to 9998; one that no calendar has is a fault of `text`."""
    _check_year(text, year)
    _check_month(text, year, month)
    length = calendar.monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise TimeFault(f"{quoted(text)} has the day {day:02}; {year:04}-{month:02} has the days 01 to {length}")
    return date(year, month, day)


def _check_year(text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise TimeFault(f"{quoted(text)} has the year {year:04}; years run from {FIRST_YEAR:04} to {LAST_YEAR}")


def _check_month(text: str, year: int, month: int) -> None:
    if month in _SEASONS:
        wrong = f"{quoted(text)} is a season, whose ends nobody has fixed; say its months"
        raise TimeFault(f"{wrong}, as [{year:04}-03..{year:04}-05]")
    if not 1 <= month <= _MONTHS:
        raise TimeFault(f"{quoted(text)} has the month {month:02}; months run from 01 to 12")


def _month(index: int) -> tuple[date, date]:
    """Give the first and last day of a month, counted from January of year 0."""
    year, month = divmod(index, _MONTHS)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])
