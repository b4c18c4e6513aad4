"""Ids: each must be registered, in the archive or anywhere in the same append; names are in `test_names.py`."""

from typing import Any

import pytest

from archive.intake import MemoryKnown, Near, nearest_of, registers, to_wire
from tests.intake.conftest import Reading, dismissed

CY: dict[str, Any] = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz", "names": ["Cyrus Oz"]}
BETA = {"type": "OrganisationRegistered", "organisation": "beta", "name": "Beta"}
CHAIR = {"type": "OfficeRegistered", "organisation": "beta", "office": "chair", "title": "Chair"}
PAPER = {"type": "SourceRegistered", "source": "paper", "derived_from": ["acme-release"]}
OF_BETA = dismissed(organisation="beta", office="chair", person="cy-oz", source="paper")


def test_registrations_may_stand_after_what_uses_them(read: Reading) -> None:
    """Ids are resolved once the whole append is read."""
    assert read(OF_BETA, PAPER, CHAIR, BETA, CY).faults == []


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (dismissed(person="ann-le"), "person: there is no person `ann-le`; did you mean `ann-lee` (Ann Lee)?"),
        (dismissed(person="Bo Eck"), "person: there is no person `Bo Eck`; did you mean `bo-ek` (Bo Ek)?"),
        (dismissed(person="李安平"), "person: there is no person `李安平`; did you mean `ann-lee` (Ann Lee)?"),
        (dismissed(person="Cyrus Ozz"), "person: there is no person `Cyrus Ozz`; did you mean `cy-oz` (Cy Oz)?"),
        (dismissed(person="zzzzzzz"), "person: there is no person `zzzzzzz`; register it first"),
        (dismissed(organisation="akme"), "organisation: there is no organisation `akme`; did you mean `acme` (Acme)?"),
        (dismissed(office="cfo"), "office: there is no office `cfo` of `acme`; did you mean `ceo` (Chief executive)?"),
        (dismissed(source="acme-releas"), "source: there is no source `acme-releas`; did you mean `acme-release`"),
        ({**PAPER, "derived_from": ["nothing"]}, "derived_from[0]: there is no source `nothing`"),
        ({**CHAIR, "organisation": "gamma"}, "organisation: there is no organisation `gamma`"),
        (
            {
                **dismissed(type="VoteHeld", office=..., person=...),
                "vote": "v",
                "motion": "m",
                "ballots": [{"person": "nobody", "choice": "for"}],
            },
            "ballots[0].person: there is no person `nobody`",
        ),
        (
            {"type": "NameRecorded", "office": "ceo", "person": "bo-ek", "name": "x", "source": "acme-release"},
            "office: an office without its organisation; give `organisation` too",
        ),
    ],
)
def test_an_unknown_id_is_a_fault_that_proposes_the_nearest(read: Reading, wire: dict[str, Any], said: str) -> None:
    """By id or by any recorded name, of the archive or of the append; else how to register it."""
    (fault,) = read(wire, CY).faults
    assert said in str(fault)


def test_an_unknown_organisation_makes_no_office_unknown(read: Reading) -> None:
    """One mistake, one fault."""
    assert [fault.field for fault in read(dismissed(organisation="gamma")).faults] == ["organisation"]


def test_an_office_is_an_office_of_its_organisation(read: Reading) -> None:
    """That another organisation has such an office does not help."""
    assert [fault.field for fault in read(BETA, dismissed(organisation="beta")).faults] == ["office"]


def test_a_faulty_registration_makes_nothing_else_unknown(read: Reading) -> None:
    """What it was to register counts as registered."""
    wires = [{**CY, "nam": "x"}, {**CHAIR, "seats": 0}, {**PAPER, "url": "x"}, {**BETA, "name": 1}, OF_BETA]
    assert [fault.line for fault in read(*wires).faults] == [1, 2, 3, 4]


def test_an_id_registered_twice_with_other_content_is_a_fault(read: Reading) -> None:
    """In one append; the same again is left to the log, which knows it by its content."""
    faults = read(CY, CY, {**CY, "name": "Other"}).faults
    assert [str(fault).partition(";")[0] for fault in faults] == [
        "f.jsonl:3: person: the person `cy-oz` is registered in the same append with other content"
    ]


def test_an_id_of_the_archive_registered_with_other_content_is_a_fault(read: Reading, known: MemoryKnown) -> None:
    """The same content as in the archive is none."""
    again = [to_wire(event) for event in known.events[:5]]
    assert read(*again).faults == []
    faults = read(*({**wire, "id": f"mine-{place}"} for place, wire in enumerate(again))).faults
    assert [fault.field for fault in faults] == ["organisation", "office", "person", "person", "source"]
    assert "is registered in the archive with other content" in str(faults[0])


def test_the_same_id_of_a_caller_with_other_content_is_a_fault(read: Reading) -> None:
    """Within the append and against the archive; with the same content it is the same report."""
    one, other = dismissed(id="x"), dismissed(id="x", when="2022")
    assert read(one, one).faults == []
    (fault,) = read(one, other).faults
    assert str(fault).startswith("f.jsonl:2: id: `x` is the id of the report at f.jsonl:1, which has other content")
    (fault,) = read(dismissed(id="entry-six")).faults
    assert "is the id of an entry of the archive" in str(fault)


def test_the_same_report_as_in_the_archive_is_no_fault(read: Reading, known: MemoryKnown) -> None:
    """Also where its bounds were derived with other time-zone data."""
    intake = read(to_wire(known.events[5]))
    assert intake.faults == []
    assert intake.events[0].tzdata != known.events[5].tzdata


def test_an_exactly_equal_name_is_the_nearest() -> None:
    """Equal names come first, of whichever id; letter case and hyphens aside."""
    names = {"ann-lee": ("Ann Lee", "A. Lee"), "anne-lee": ("Anne Lee",), "bo-ek": ()}
    assert nearest_of("a. lee", names)[0] == Near("ann-lee", "Ann Lee")
    assert nearest_of("ANNE LEE", names)[0] == Near("anne-lee", "Anne Lee")
    assert nearest_of("quite other", names) == []


def test_what_an_event_registers_is_read_off_its_effects(known: MemoryKnown) -> None:
    """A report registers nothing."""
    assert [list(registers(event)) for event in known.events] == [
        [("organisation", "acme")],
        [("office", "acme/ceo")],
        [("person", "ann-lee")],
        [("person", "bo-ek")],
        [("source", "acme-release")],
        [],
    ]
