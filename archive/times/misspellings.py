"""The ways in which people misspell a time, each with the spelling that was probably meant."""

import re
from collections.abc import Callable

from archive.times.faults import WAYS, TimeFault, quoted

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?(?:\[[^\[\]]*\])?"

_MISSPELLINGS: list[tuple[re.Pattern[str], str, Callable[[re.Match[str]], str] | None]] = [
    (re.compile(pattern), wrong, right)
    for pattern, wrong, right in (
        (" .*|.* ", "has spaces around it", lambda m: m[0].strip()),
        (
            "([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?",
            "is no date of the form 2023-11-17",
            lambda m: "-".join(part.zfill(2) for part in m.groups() if part),
        ),
        ("([0-9]{4})([0-9]{2})([0-9]{2})", "has no hyphens", lambda m: "-".join(m.groups())),
        (f"({_DAY}) +({_CLOCK}{_ZONE})", "has a space where `T` stands", lambda m: f"{m[1]}T{m[2]}"),
        (
            f"({_DAY})[Tt ]({_CLOCK}) *([+-][0-9]{{2}}):?([0-9]{{2}})?",
            "has an offset that is not of the form -08:00",
            lambda m: f"{m[1]}T{m[2]}{m[3]}:{m[4] or '00'}",
        ),
        (
            f"{_DAY}[Tt ]{_CLOCK} ?[A-Za-z]{{2,5}}",
            "names its zone by an abbreviation, which zones share; end it with -08:00 or [America/Los_Angeles] instead",
            None,
        ),
        (
            f"({_DAY})[Tt]([0-9]{{2}})({_ZONE})",
            "has an hour but no minutes",
            lambda m: f"{m[1]}T{m[2]}:00{m[3]}",
        ),
        (
            f"({_DAY})[Tt]{_CLOCK}{_ZONE}[~%?]",
            "has a qualifier, which only dates take; say between which instants, as [a..b]",
            None,
        ),
        (f"({_DAY})[Tt]{_CLOCK}[0-9]+{_ZONE}", "has more than six digits of a second; six are kept", None),
        (
            rf"({_DAY})(?:Z|[+-][0-9]{{2}}:[0-9]{{2}}|\[[^\[\]]*\])",
            "is a date with a zone of its own; a date is a day of the report's `tz`",
            lambda m: m[1],
        ),
        ("([0-9]{3})[XxUu]|([0-9]{3})0s", "is a decade", lambda m: f"[{m[1] or m[2]}0..{m[1] or m[2]}9]"),
        ("([0-9]{2})[XxUu]{2}", "is a century", lambda m: f"[{m[1]}00..{m[1]}99]"),
        ("([~?%])([0-9][0-9-]*)", "has its qualifier in front", lambda m: m[2] + m[1]),
        (r"\[([^.,\[\]]+)\]", "has brackets round one time", lambda m: m[1]),
        (
            r"[\[{]([^ .,\[\]{}]+) *,.*?([^ .,\[\]{}]+)[\]}]",
            "is a list of times, perhaps for some time between them",
            lambda m: f"[{m[1]}..{m[2]}]",
        ),
        (
            r"\[([^ .]*) +[.][.] *([^ ]*)\]|\[([^ .]*)[.][.] +([^ ]*)\]",
            "has spaces inside",
            lambda m: f"[{m[1] or m[3] or ''}..{m[2] or m[4] or ''}]",
        ),
        (r"\[[.]*\]", "is a set without an end; it takes one at least, as [..2015], [2015..] or [2015..2016]", None),
        ("[-+Y][0-9E]+.*", "has a sign or more than four digits; years run from 0002 to 9998", None),
    )
]


def fault_of(text: str) -> TimeFault:
    """Make the fault for a text that is no time expression, with a proposal if what was meant is recognised.

    The text has passed `check_characters`.
    """
    for pattern, wrong, right in _MISSPELLINGS:
        if match := pattern.fullmatch(text):
            return TimeFault(f"{quoted(text)} {wrong}", right and right(match))
    return _fault_of_stretch(text) or TimeFault(f"{quoted(text)} is not understood as a time; {WAYS}")


def _fault_of_stretch(text: str) -> TimeFault | None:
    """Recognise an interval `a/b`, or a set without its brackets; a slash inside brackets belongs to a zone."""
    bare = re.sub(r"\[[^\[\]]*\]", lambda zone: " " * len(zone[0]), text)
    for mark in ("/", ".."):
        before, found, _ = bare.partition(mark)
        first = text[: len(before)].strip(". ")
        last = text[len(before) + len(found) :].strip(". ")
        if found and (first or last) and not set("/[]") & set(bare.replace(mark, "", 1)):
            wrong = f"{quoted(text)} is a stretch of time where one instant is asked for"
            return TimeFault(f"{wrong}, perhaps some time between its ends", f"[{first}..{last}]")
    return None
