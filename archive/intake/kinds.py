"""The kinds of value that a field on the wire may have: how each is checked, and its JSON Schema."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal
from urllib.parse import urlsplit

from archive.intake.faults import Wrong, of_time, quoted
from archive.times import TimeFault, check_zone, parse_time
from events import When, values

LONGEST_TEXT = 10_000
LONGEST_ID = 100
LONGEST_TIME = 200
LARGEST_NUMBER = 2**53 - 1
"""Beyond this, programs that read JSON numbers as floating point lose digits."""

Named = Literal["person", "organisation", "office", "source"]
"""What an id can be the id of, and all but a source have names."""

Check = Callable[[Any, str | None], Any]
"""From the JSON value and the report's zone to the value of the field; raises Wrong."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    says: its name in the catalogue; schema: its JSON Schema; named: what an id or a name means;
    timed: whether it holds times, whose bounds depend on the time-zone data; new: whether an id is being registered
    """

    says: str
    check: Check
    schema: Mapping[str, Any]
    named: Named | None = None
    timed: bool = False
    new: bool = False


def shown(value: Any) -> str:
    """Show a JSON value of the wrong kind inside a sentence."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text(value: Any, _tz: str | None, longest: int = LONGEST_TEXT) -> str:
    if type(value) is not str:
        example = f'"{value}"' if type(value) is int else '"…"'
        raise Wrong(f"{shown(value)} is no text", f"write it in quotes, as {example}")
    if len(value) > longest:
        raise Wrong(f"{len(value)} characters", f"write {longest} at most")
    if not value or value.isspace():
        raise Wrong("an empty text", "write something, or leave the field out")
    if "\0" in value:
        raise Wrong(f"the character U+0000 at place {value.index(chr(0)) + 1}", "leave it out")
    if not value.isascii() and _SURROGATE.search(value):
        raise Wrong(f"half of a surrogate pair in {quoted(value)}", "write the whole character")
    return value


def _url(value: Any, tz: str | None) -> str:
    text = _text(value, tz)
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        right = False
    if not right or not text.isprintable() or " " in text:
        raise Wrong(f"{quoted(text)} is no address of the web", "write it whole, as https://example.org/page")
    return text


def _matching(value: Any, tz: str | None, pattern: re.Pattern[str], says: str, remedy: str) -> str:
    text = _text(value, tz, LONGEST_ID)
    if not pattern.fullmatch(text):
        raise Wrong(f"{quoted(text)} is no {says}", remedy)
    return text


def _pattern(pattern: str, says: str, remedy: str) -> Kind:
    check = partial(_matching, pattern=re.compile(pattern), says=says, remedy=remedy)
    return Kind(says, check, {"type": "string", "pattern": f"^{pattern}$", "maxLength": LONGEST_ID})


def _number(value: Any, _tz: str | None, least: int) -> int:
    if type(value) is not int:
        remedy = f"write a whole number from {least}, without quotes"
        if type(value) is float and abs(value) > LARGEST_NUMBER:
            raise Wrong(f"a number beyond {LARGEST_NUMBER}", f"write {LARGEST_NUMBER} at most")
        raise Wrong(f"{shown(value)} is no whole number", remedy)
    if not least <= value <= LARGEST_NUMBER:
        raise Wrong(f"{value} is out of range", f"write a whole number from {least} to {LARGEST_NUMBER}")
    return value


def _whole(least: int) -> Kind:
    return Kind(
        "number", partial(_number, least=least), {"type": "integer", "minimum": least, "maximum": LARGEST_NUMBER}
    )


def _truth(value: Any, _tz: str | None) -> bool:
    if type(value) is not bool:
        raise Wrong(f"{shown(value)} is neither true nor false", "write true or false, without quotes")
    return value


def _zone(value: Any, tz: str | None) -> str:
    text = _text(value, tz, LONGEST_ID)
    try:
        check_zone(text)
    except TimeFault as fault:
        raise of_time(fault) from None
    return text


def _time(value: Any, tz: str | None) -> When:
    if type(value) is not str:
        raise Wrong(f"{shown(value)} is no time", 'write it in quotes, as "2023-11-17T12:00:00-08:00"')
    try:
        return _when(value, tz)
    except TimeFault as fault:
        raise of_time(fault) from None


@lru_cache(maxsize=1 << 13)
def _when(text: str, tz: str | None) -> When:
    bounds = parse_time(text, tz)
    return When(text, bounds.earliest, bounds.latest)


def _called(named: Named) -> Kind:
    says = f"id or name of {'an' if named[0] == 'o' else 'a'} {named}"
    return Kind(says, _text, {"type": "string", "pattern": "\\S", "maxLength": LONGEST_TEXT}, named)


def _known_id(value: Any, tz: str | None) -> str:
    return _text(value, tz, LONGEST_ID)


def _id(named: Named) -> Kind:
    schema = {"type": "string", "pattern": f"^{ID}$", "maxLength": LONGEST_ID}
    return Kind(f"id of a {named}", _known_id, schema, named)


ID = "[a-z0-9]+(-[a-z0-9]+)*"
NEW_ID = _pattern(ID, "id", "write a slug: small letters, digits and single hyphens, as sam-altman")
"""An id that is being registered. One that only refers is looked up as it is, so that whoever writes something else is
told the nearest."""

TEXT = Kind("text", _text, {"type": "string", "pattern": "\\S", "maxLength": LONGEST_TEXT})
URL = Kind("address", _url, {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^ ]+$", "maxLength": LONGEST_TEXT})
TIME = Kind("time", _time, {"type": "string", "minLength": 4, "maxLength": LONGEST_TIME}, timed=True)

KINDS: dict[Any, Kind] = {
    str: TEXT,
    int: _whole(0),
    bool: Kind("true or false", _truth, {"type": "boolean"}),
    When: TIME,
    values.PersonId: _called("person"),
    values.OrganisationId: _called("organisation"),
    values.OfficeId: _called("office"),
    values.SourceId: _id("source"),
    values.Slug: _pattern(
        "[a-z0-9]+([-_][a-z0-9]+)*",
        "slug",
        "write small letters, digits, single hyphens or underscores, as open-letter or legal_form",
    ),
    values.Amount: _pattern(
        r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", "decimal number", 'write digits with a point at most, as "13000000000"'
    ),
    values.Currency: _pattern("[A-Z]{3}", "currency code", "write three capitals of ISO 4217, as USD"),
    values.Language: _pattern(
        "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", "language tag", "write a tag of BCP 47, as en or zh-Hant"
    ),
    values.Zone: Kind("time zone", _zone, {"type": "string", "pattern": r"^[A-Za-z0-9_+/-]+$"}),
    values.Sha256: _pattern("[0-9a-f]{64}", "SHA-256 digest", "write it as 64 digits 0-9 and a-f"),
    values.Position: _whole(1),
    values.Count: _whole(0),
}
