"""Registering whom nobody knows, where that is asked for."""

import pytest

from archive.intake import MemoryKnown
from archive.intake.remedies import new_id
from events import to_plain
from tests.intake.conftest import appended, dismissed, named


def test_whom_nobody_knows_is_registered_where_that_is_asked_for(known: MemoryKnown) -> None:
    """In front of the first report that names them, once for all spellings of one name, with what is near."""
    wires = [
        dismissed(organisation="Beta Ltd", office="Chair", person="Ann Leigh"),
        dismissed(person="ANN LEIGH", when="2022"),
        named("A. Leigh", person="ann leigh"),
        dismissed(person="a. leigh", when="2023"),
    ]
    intake = appended(known, *wires, register=True)
    assert intake.faults == []
    assert [(new.named, new.key, new.name) for new in intake.registered] == [
        ("person", "ann-leigh", "ann leigh"),
        ("organisation", "beta-ltd", "Beta Ltd"),
        ("office", "beta-ltd/chair", "Chair"),
    ]
    assert str(intake.registered[0].near) == "`ann-lee` (Ann Lee)"
    assert [type(event).__name__ for event in intake.events] == [
        "OrganisationRegistered",
        "OfficeRegistered",
        "Dismissed",
        "Dismissed",
        "PersonRegistered",
        "NameRecorded",
        "Dismissed",
    ]
    assert [place[1] for place in intake.places] == [1, 1, 1, 2, 3, 3, 4]
    assert {to_plain(event).get("person") for event in intake.events} == {None, "ann-leigh"}


def test_nothing_is_registered_for_a_name_that_is_known_ambiguous_or_of_a_source(known: MemoryKnown) -> None:
    """A source is a document and has no names."""
    wires = [
        named("Lee", person="ann-lee"),
        named("Lee", person="bo-ek"),
        dismissed(person="Lee"),
        dismissed(source="x"),
    ]
    intake = appended(known, *wires, dismissed(person="bo ek"), register=True)
    assert [fault.field for fault in intake.faults] == ["person", "source"]
    assert intake.registered == []


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Ann O'Lée", "ann-olee"),
        ("J.-P.  Ünal", "j-p-unal"),
        ("ann-lee", "ann-lee-2"),
        ("山田太郎", "person-6b0e1c8c"),
        ("…", "person-ab5df625"),
        ("x" * 300, "x" * 60),
    ],
)
def test_an_id_is_made_of_a_name(text: str, id_: str) -> None:
    """Of its Latin letters, numbered where it is taken; else of a digest, the same for ever."""
    assert new_id("person", text, {"ann-lee"}.__contains__) == id_
