"""What a file of data lists, whatever its format, before it is held against what the archive has of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from archive.intake.faults import Wrong

Wire = dict[str, Any]
"""A report as on the wire."""

MEMBER = "member"
"""The office that all members of an organisation hold."""


@dataclass(slots=True)
class Named:
    """Somebody or something that a file names.

    wire: its registration; others: (name, language) by which it is called too
    """

    place: str
    wire: Wire
    others: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """A report of the file. Its `development` tells it from others in every version; None where the file has no id."""

    place: str
    wire: Wire


@dataclass(slots=True)
class Listing:
    """Everything that a file lists, in its order, with what is wrong with it.

    people and organisations by id, offices by (organisation, id); notes: what was left out or stands for something
    else, each with how often
    """

    people: dict[str, Named] = field(default_factory=dict)
    organisations: dict[str, Named] = field(default_factory=dict)
    offices: dict[tuple[str, str], Named] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    wrongs: list[tuple[str, Wrong]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Take note of what is found wrong within, and go on."""
        try:
            yield
        except Wrong as wrong:
            self.wrongs.append((place, wrong))

    def note(self, what: str) -> None:
        """Count something that is not taken as it stands."""
        self.notes[what] = self.notes.get(what, 0) + 1

    def office(self, place: str, organisation: str, office: str, title: str) -> str:
        """An office without a limit of seats, registered once; its id."""
        wire = {"type": "OfficeRegistered", "organisation": organisation, "office": office, "title": title}
        self.offices.setdefault((organisation, office), Named(place, {**wire, "seats": None}))
        return office
