"""The kinds of value that a field of an event may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

PersonId = NewType("PersonId", str)
OrganisationId = NewType("OrganisationId", str)
OfficeId = NewType("OfficeId", str)
SourceId = NewType("SourceId", str)
Slug = NewType("Slug", str)
Amount = NewType("Amount", str)
Currency = NewType("Currency", str)
Language = NewType("Language", str)
Zone = NewType("Zone", str)
Sha256 = NewType("Sha256", str)
Position = NewType("Position", int)
Count = NewType("Count", int)

Basis = Literal["official", "first_hand", "stated", "press", "rumour", "opinion"]
Capacity = Literal["permanent", "interim", "acting"]
Access = Literal["public", "internal"]
By = Literal["source", "archive"]
Choice = Literal["for", "against", "abstain", "absent"]

BASES: tuple[Basis, ...] = ("official", "first_hand", "stated", "press", "rumour", "opinion")
"""Every basis, firmest first; the rank of a basis is its index here plus one."""


@dataclass(frozen=True, slots=True)
class When:
    """A time expression as given, with the inclusive bounds that were derived from it at intake.

    ``earliest`` and ``latest`` are canonical UTC instants of 27 characters, or None where the
    expression bounds the time on one side only.
    """

    text: str
    earliest: str | None
    latest: str | None


FIRST = "0001-01-01T00:00:00.000000Z"
"""An instant before every other: what is true of the archive's registers is true from here on."""

ALWAYS = When("always", None, FIRST)
"""The time of what has no valid time of its own: a registration or a name."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a source: half-open code points ``[start, end)`` of the registered text, the
    SHA-256 of its UTF-8 bytes in hex, and perhaps the text itself."""

    start: Count
    end: Count
    sha256: Sha256
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a printed time: its inclusive bounds as canonical instants, and the offset from UTC that
    its zone has at the first."""

    earliest: str
    latest: str
    offset: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How intake understood a printed time: every reading (more than one: it is ambiguous), the zone as printed beside
    it or within it, and what is odd about that zone."""

    readings: tuple[Reading, ...] = ()
    zone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A statement of time as printed, with its zone as printed.

    understood: what intake made of it (set at intake)
    """

    text: str
    zone: str | None = None
    understood: Understood | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One named vote."""

    person: PersonId
    choice: Choice


def rank(basis: str) -> int:
    """The rank of a basis, 1 (``official``) to 6 (``opinion``)."""
    return _RANKS[basis]


_RANKS: dict[str, int] = {basis: index for index, basis in enumerate(BASES, 1)}
