"""Files are read a page at a time, and nothing that is said of them tells how long a page is."""

from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import Any

import orjson
import pytest

from archive import spilling
from archive.errors import ReportFaults, UsageError
from archive.intake import Append, MemoryKnown, Reading, read_lines
from archive.intake import reading as readings
from archive.intake.register import New
from tests.intake.conftest import dismissed

Said = tuple[list[Any], list[str], list[Any], Sequence[New], list[str]]

PAGES = (1, 2, 7)


def person(id_: str, name: str, **more: Any) -> dict[str, Any]:
    """A registration."""
    return {"type": "PersonRegistered", "person": id_, "name": name, **more}


TROUBLE: list[Any] = [
    dismissed(person="Cy Oz"),
    {"type": "OfficeRegistered", "organisation": "Late Corp", "office": "ceo", "title": "Chief"},
    person("cy-oz", "Cy Oz"),
    person("cy-oz", "Cy Oz"),
    person("cy-oz", "Cy Other"),
    b"no JSON",
    {"type": "NameRecorded", "organisation": "late", "office": "ceo", "name": "The Boss", "source": "gazette"},
    dismissed(organisation="late", office="The Boss", person="cy-oz"),
    {"type": "OrganisationRegistered", "organisation": "late", "name": "Late Corp"},
    person("twin-one", "Same Name"),
    person("twin-two", "Same Name"),
    dismissed(person="Same Name"),
    dismissed(person="nobody-at-all"),
    dismissed(person="cy-oz", id="a"),
    dismissed(person="cy-oz", id="a"),
    dismissed(person="cy-oz", id="a", summary="other"),
    person("faulty", "Faulty One", born=1),
    dismissed(person="faulty"),
    {"type": "Merged", "person": "twin-one", "into_person": "twin-two", "source": "gazette"},
    {"type": "Merged", "person": "twin-two", "into_person": "twin-one", "source": "gazette"},
    dismissed(person="cy-oz", stated_times=[{"text": "noon", "zone": "ET"}, {"text": "5 pm", "zone": "PT"}]),
    dismissed(organisation="Nowhere Inc", office="chief of nothing", person="Some Body"),
    {"type": "OfficeRegistered", "organisation": "Elsewhere Inc", "office": "cfo", "title": "Finance"},
    {"type": "SourceRegistered", "source": "with-version", "sha256": "ab" * 32},
    dismissed(person="cy-oz", source="with-version", source_version="ab" * 32),
    dismissed(person="cy-oz", source="with-version", source_version="cd" * 32),
]


def as_bytes(wires: Sequence[Any]) -> bytes:
    """Lines of these."""
    return b"".join((wire if isinstance(wire, bytes) else orjson.dumps(wire)) + b"\n" for wire in wires)


def whole(known: MemoryKnown, data: bytes, *, register: bool) -> Said:
    """What is said of lines that are read at once, in memory."""
    append = Append(known, register=register)
    read_lines(append, BytesIO(data), "f")
    intake = append.finish()
    return (
        intake.events,
        [str(fault) for fault in intake.faults],
        list(intake.places),
        intake.registered,
        list(intake.warnings()),
    )


def told(reading: Reading) -> Said:
    """The same of a reading."""
    events: list[Any] = []
    places: list[Any] = []
    for page in reading.pages():
        events += page.events
        places += page.places
    return events, [str(fault) for fault in reading.faults], places, reading.registered, reading.warnings


@pytest.mark.parametrize("register", [False, True], ids=["as they are", "--register"])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", PAGES)
def test_pages_of_any_length_say_the_same(
    size: int, seed: int, register: bool, known: MemoryKnown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events, faults, places, what is registered by the way and warnings; asked for again too."""
    wires = list(TROUBLE)
    if seed:
        Random(seed).shuffle(wires)
    data = as_bytes(wires)
    expected = whole(known, data, register=register)
    assert all(expected[place] for place in (0, 1, 4))
    monkeypatch.setattr(spilling, "PAGE", size)
    reading = Reading(known, [("f", BytesIO(data))], register=register)
    assert told(reading) == expected
    assert told(reading) == expected


class Pipe(BytesIO):
    """A stream that cannot go back."""

    def seekable(self) -> bool:
        """It cannot."""
        return False

    def seek(self, *_: Any) -> int:
        """It cannot."""
        raise OSError("not seekable")


def test_what_cannot_be_read_twice_is_kept_meanwhile(known: MemoryKnown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe says what a file does, also where it is too long for memory; two of them as one append."""
    monkeypatch.setattr(spilling, "PAGE", 3)
    monkeypatch.setattr("archive.intake.inputs.IN_MEMORY", 100)
    half = len(TROUBLE) // 2
    one, two = as_bytes(TROUBLE[:half]), as_bytes(TROUBLE[half:])
    files = told(Reading(known, [("a", BytesIO(one)), ("b", BytesIO(two))]))
    assert told(Reading(known, [("a", Pipe(one)), ("b", Pipe(two))])) == files
    assert {file for file, _ in files[2]} == {"a", "b"}


def test_a_file_that_changes_between_the_readings_is_refused(
    known: MemoryKnown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was resolved against what it said before."""
    monkeypatch.setattr(spilling, "PAGE", 2)
    stream = BytesIO(as_bytes([dismissed(), dismissed(id="a"), dismissed(id="b")]))
    reading = Reading(known, [("f", stream)])
    assert len(told(reading)[0]) == 3
    stream.seek(0, 2)
    stream.write(as_bytes([dismissed(id="c")]))
    with pytest.raises(UsageError, match="f changed while it was read"):
        told(reading)


def test_of_many_faults_the_first_are_told_and_all_are_counted(
    known: MemoryKnown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory that they take is bounded; so is that of warnings."""
    monkeypatch.setattr(readings, "MOST_TOLD", 3)
    monkeypatch.setattr(spilling, "PAGE", 2)
    ambiguous = dismissed(stated_times=[{"text": "noon", "zone": "ET"}, {"text": "5 pm", "zone": "PT"}])
    reading = Reading(known, [("f", BytesIO(as_bytes([dismissed(person="x"), ambiguous] * 5)))])
    told(reading)
    assert (len(reading.faults), reading.fault_count) == (3, 5)
    assert (len(reading.warnings), reading.warning_count) == (3, 5)
    with pytest.raises(ReportFaults, match="5 faults, nothing was appended"):
        reading.refuse()


def test_long_lines_make_short_pages(known: MemoryKnown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is bounded by its bytes too."""
    monkeypatch.setattr(readings, "LARGEST_PAGE", 1_000)
    data = as_bytes([dismissed(summary="x" * 600, id=str(number)) for number in range(6)])
    reading = Reading(known, [("a", BytesIO(data)), ("b", BytesIO(data))])
    assert [len(page.events) for page in reading.pages()] == [2] * 6


@pytest.mark.parametrize("many", [False, True], ids=["read once", "read twice"])
def test_every_byte_is_told_once(many: bool, known: MemoryKnown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress adds up to the size of what is read, however often it is."""
    monkeypatch.setattr(spilling, "PAGE", 7 if many else 5_000)
    data = as_bytes([dismissed(id=str(number)) for number in range(1_001)])
    said: list[int] = []
    reading = Reading(known, [("f", BytesIO(data))], progress=said.append)
    told(reading)
    told(reading)
    assert sum(said) == len(data)
    assert len(said) > 2


def test_what_is_registered_out_of_order_is_taken_in(known: MemoryKnown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices long before their organisations, which are called by names: what is left waits in a file."""
    monkeypatch.setattr(spilling, "PAGE", 3)
    numbers = range(40)
    offices = [
        {"type": "OfficeRegistered", "organisation": f"Company {n}", "office": "ceo", "title": "Chief"} for n in numbers
    ]
    companies = [
        {"type": "OrganisationRegistered", "organisation": f"company-no-{n}", "name": f"Company {n}"} for n in numbers
    ]
    reading = Reading(known, [("f", BytesIO(as_bytes(offices + companies)))])
    events, faults, *_ = told(reading)
    assert faults == []
    assert [event.organisation for event in events[:40]] == [f"company-no-{n}" for n in numbers]
