"""Statements of time as print has them, in English and Japanese, taken apart: the day, and the time of that day.

What is not understood whole is not understood at all: "two hours later" or "by noon" gives nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

HOUR = 60
NOON, NIGHT = 12 * HOUR, 24 * HOUR

Minutes = tuple[int, int]
"""A time of day: its first and its last minute, counted from the day's midnight, past 24 hours for what runs into the
next day. Equal ones are an instant; else the last is exclusive."""

_PARTS: dict[str, tuple[Minutes, ...]] = {
    "noon|正午|お昼ちょうど": ((NOON, NOON),),
    "midnight|真夜中": ((0, 0), (NIGHT, NIGHT)),
    "零時": ((0, 0),),
    "early morning|未明|明け方|早朝": ((0, 9 * HOUR),),
    "small hours": ((0, 6 * HOUR),),
    "morning|午前中|午前": ((0, NOON),),
    "朝": ((4 * HOUR, NOON),),
    "midday|昼頃|お昼|昼": ((11 * HOUR, 15 * HOUR),),
    "afternoon|午後": ((NOON, NIGHT),),
    "夕方|夕": ((15 * HOUR, 20 * HOUR),),
    "evening|夜|晩": ((16 * HOUR, 29 * HOUR),),
    "late night|late at night|late evening|深夜": ((0, 5 * HOUR), (21 * HOUR, 29 * HOUR)),
    "night|tonight": ((17 * HOUR, 29 * HOUR), (0, 6 * HOUR)),
}
"""Parts of the day, as wide as they are used, so that nothing is called a contradiction that need be none; those that
two nights share, or that stand at either end of a day, have two readings."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KANJI_DAYS = "月火水木金土日"

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?",
        r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?",
        r"(?P<day>\d{1,2})日(?![前後間目])",
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?(?![\d-])t?",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<year>\d{{4}}))?",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}}))?",
        rf"{_MONTH}(?:,? (?P<year>\d{{4}}))?",
        r"(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)\b",
        r"(?<![\d:])(?P<year>[12]\d{3})(?![\d:])",
    )
]
_WEEKDAY = re.compile(
    r"\b(?P<word>mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
    r"|(?P<kanji>[月火水木金土日])曜日?|\((?P<short>[月火水木金土日])\)"
)
_CLOCKS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<half>午前|午後)?(?P<hour>\d{1,2})時(?:(?P<minute>\d{1,2})分(?:\d{1,2}秒)?|(?P<thirty>半))?(?![間前後])",
        r"(?P<half>午前|午後)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?: ?(?P<after>[ap]\.?m\b\.?))?",
        r"(?<!\d)(?P<hour>\d{1,2})(?:\.(?P<minute>\d{2}))? ?(?P<after>[ap]\.?m\b\.?)",
        r"(?<!\d)(?P<hour>\d{1,2}) ?o'?clock\b",
        r"(?<!\d)(?P<hour>\d{1,2})(?= (?:in the|at night))",
    )
]
_PART = re.compile(
    "|".join(
        rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word
        for word in sorted("|".join(_PARTS).split("|"), key=len, reverse=True)
    )
)
_READINGS = {word: readings for words, readings in _PARTS.items() for word in words.split("|")}
_FILLERS = re.compile(r"\b(?:at|on|in|the|of|exactly|sharp)\b|[のにはで、,.()\s]|ちょうど")


@dataclass(frozen=True)
class Printed:
    """A statement taken apart.

    days: the dates that it may name, as year, month and day, None for what is not printed (all three, if no date is);
    weekday: 0 for Monday to 6; times: the times of that day that it may mean, none for the whole day
    """

    days: tuple[tuple[int | None, int | None, int | None], ...]
    weekday: int | None
    times: tuple[Minutes, ...]

    @property
    def dated(self) -> bool:
        """Whether any of a date is printed."""
        return self.weekday is not None or any(part is not None for day in self.days for part in day)


def plain(text: str) -> str:
    """A statement in small letters and the usual digits, with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("−", "-").split())


def taken_apart(text: str) -> Printed | None:
    """What a statement without its zone, in the form of `plain`, says; None where it is not understood whole."""
    text, clock = _cut(text, _CLOCKS)
    text, date = _cut(text, _DATES)
    text, weekday = _cut(text, [_WEEKDAY])
    text, part = _cut(text, [_PART])
    if _FILLERS.sub("", text) or not (clock or date or weekday or part):
        return None
    days = _days(date)
    numeric = date is not None and date[0][:4].isdecimal() and "-" in date[0]
    times = _times(clock, _READINGS[part[0]] if part else (), padded=numeric)
    if days is None or times is None:
        return None
    if times and date is not None and all(day is None for *_, day in days):
        return None
    return Printed(days, _weekday(weekday), times)


def _cut(text: str, patterns: list[re.Pattern[str]]) -> tuple[str, re.Match[str] | None]:
    for pattern in patterns:
        if match := pattern.search(text):
            return f"{text[: match.start()]} {text[match.end() :]}", match
    return text, None


def _weekday(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    if match["word"]:
        return _DAYS.index(match["word"][:3])
    return _KANJI_DAYS.index(match["kanji"] or match["short"])


def _days(match: re.Match[str] | None) -> tuple[tuple[int | None, int | None, int | None], ...] | None:
    if match is None:
        return ((None, None, None),)
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    if found.get("one"):
        pair = int(found["one"]), int(found["other"])
        days = {(year, month, day) for month, day in (pair, pair[::-1]) if 1 <= month <= 12 and 1 <= day <= 31}  # noqa: PLR2004 - the calendar's
        return tuple(sorted(days)) or None
    month, day = found.get("month"), int(found["day"]) if found.get("day") else None
    number = None if month is None else int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
    if (number is not None and not 1 <= number <= 12) or (day is not None and not 1 <= day <= 31):  # noqa: PLR2004 - the calendar's
        return None
    return ((year, number, day),)


def _times(match: re.Match[str] | None, parts: tuple[Minutes, ...], *, padded: bool) -> tuple[Minutes, ...] | None:
    """The times of day of a clock time and a part of the day; of both, those that lie in the part.

    Of a clock of 24 hours is one with a leading zero, or beside a date in figures (`padded`).
    """
    if match is None:
        return parts
    found = match.groupdict()
    minute = HOUR // 2 if found.get("thirty") else int(found.get("minute") or 0)
    half = found.get("half") or (found.get("after") or "")[:1]
    padded = ":" in match[0] and (padded or match[0].startswith("0"))
    hours = _hours(int(found["hour"]), minute, half, padded=padded)
    if minute >= HOUR or hours is None:
        return None
    moments = [hour * HOUR + minute for hour in hours]
    if parts:
        moments = [
            moment
            for moment in sorted({*moments, *(moment + NIGHT for moment in moments if moment < NOON)})
            if any(first <= moment < max(last, first + 1) for first, last in parts)
        ]
    return tuple((moment, moment) for moment in moments) or None


def _hours(hour: int, minute: int, half: str, *, padded: bool) -> tuple[int, ...] | None:  # noqa: PLR0911 - a table
    """The hours that a printed one may mean; from 24 on they are of the next day.

    Twelve in the morning, in the afternoon, and 24 with a half of the day are called differently by law, by custom
    and by clocks (Japan's decree of 1872 has 午前12時 for noon and 午後12時 for midnight).
    """
    dozen, day = 12, 24
    if half in ("a", "p") and hour == dozen:
        if half == "p":
            return (dozen,)
        return (0,) if minute else (0, day)
    if half in ("午前", "午後") and hour == dozen:
        return (0, dozen) if half == "午前" else (dozen, day)
    if hour == day:
        return None if minute else (0, day) if half == "午前" else (day,)
    if hour > day:
        return (hour,) if hour < day + 6 and not half else None
    if half in ("a", "午前"):
        return (hour,) if hour < dozen else None
    if half in ("p", "午後"):
        return (hour % dozen + dozen,) if hour <= dozen or half == "午後" else None
    if hour == 0 or hour > dozen or padded:
        return (hour,)
    return (dozen, day) if hour == dozen else (hour, hour + dozen)
