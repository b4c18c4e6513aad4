"""A small archive that reports can be about."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import orjson
import pytest

from archive.intake import Append, Intake, MemoryKnown, read_reports
from events import When
from events.identity import OfficeRegistered, OrganisationRegistered, PersonRegistered
from events.offices import Appointed
from events.sources import SourceRegistered
from events.values import OfficeId, OrganisationId, PersonId, SourceId, Zone

MAY = When("2020-05-01", "2020-05-01T04:00:00.000000Z", "2020-05-02T03:59:59.999999Z")


@pytest.fixture
def known() -> MemoryKnown:
    """Acme with its chief executive, a source, two people, and (entry 6) one appointment in New York time."""
    return MemoryKnown(
        [
            OrganisationRegistered(organisation=OrganisationId("acme"), name="Acme"),
            OfficeRegistered(organisation=OrganisationId("acme"), office=OfficeId("ceo"), title="Chief executive"),
            PersonRegistered(person=PersonId("ann-lee"), name="Ann Lee", names=("李安",)),
            PersonRegistered(person=PersonId("bo-ek"), name="Bo Ek"),
            SourceRegistered(source=SourceId("acme-release"), title="Release"),
            Appointed(
                organisation=OrganisationId("acme"),
                office=OfficeId("ceo"),
                person=PersonId("ann-lee"),
                from_=MAY,
                source=SourceId("acme-release"),
                tz=Zone("America/New_York"),
                tzdata="2024a",
                id="entry-six",
            ),
        ]
    )


Reading = Callable[..., Intake]


@pytest.fixture
def read(known: MemoryKnown) -> Reading:
    """Reads objects, or lines as bytes, as one file `f.jsonl`."""

    def reading(*lines: bytes | dict[str, Any]) -> Intake:
        data = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
        return read_reports(BytesIO(data + b"\n"), "f.jsonl", known)

    return reading


def dismissed(**changed: Any) -> dict[str, Any]:
    """A report without fault, but for what is changed; a field changed to `...` is left out."""
    wire = {
        "type": "Dismissed",
        "organisation": "acme",
        "office": "ceo",
        "person": "ann-lee",
        "when": "2021-05-01",
        "source": "acme-release",
        **changed,
    }
    return {name: value for name, value in wire.items() if value is not ...}


def named(name: str, **whose: str) -> dict[str, Any]:
    """A source's spelling of somebody or something."""
    return {"type": "NameRecorded", "name": name, "source": "acme-release", **whose}


def appended(known: MemoryKnown, *wires: dict[str, Any], register: bool = False) -> Intake:
    """The reports as one append, which may register."""
    append = Append(known, register=register)
    for number, wire in enumerate(wires, 1):
        append.add("f.jsonl", number, wire)
    return append.finish()


def said(intake: Intake) -> list[str]:
    """The faults as they are told."""
    return [str(fault) for fault in intake.faults]
