"""Mergers: what they mean for names, and which further one would be none."""

from typing import Any

from archive.intake import MemoryKnown
from events import to_plain
from tests.intake.conftest import appended, dismissed, named, said

CY = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz"}
F = "f.jsonl:1"
OR = "or take that back (`archive retract 8`) first"


def merged(old: str, new: str, **more: Any) -> dict[str, Any]:
    """A merger of two people."""
    return {"type": "Merged", "person": old, "into_person": new, **more}


def later(known: MemoryKnown, *wires: dict[str, Any]) -> MemoryKnown:
    """The archive after these."""
    intake = appended(known, *wires)
    assert intake.faults == []
    return MemoryKnown([*known.events, *intake.events])


def test_a_merger_into_itself_in_a_circle_or_of_what_is_given_up_is_a_fault(known: MemoryKnown) -> None:
    """Each says what stands in the way and the way out."""
    known = later(known, CY, merged("bo-ek", "ann-lee"))
    assert said(appended(known, merged("Ann Lee", "李安"))) == [
        "f.jsonl:1: into_person: `ann-lee` does not go with the other fields; write another person than `person`"
    ]
    assert said(appended(known, merged("bo-ek", "cy-oz"))) == [
        f"{F}: person: the person `bo-ek` is given up for `ann-lee` already, by entry 8; merge `ann-lee` instead, {OR}"
    ]
    circle = f"`bo-ek` is given up for `ann-lee`, by entry 8: a circle; leave it so, {OR} to have `bo-ek` stay"
    assert said(appended(known, merged("ann-lee", "bo-ek"))) == [f"{F}: into_person: the person {circle}"]
    longer = later(known, merged("ann-lee", "cy-oz"))
    assert [fault.field for fault in appended(longer, merged("cy-oz", "bo-ek")).faults] == ["into_person"]
    same_append = appended(known, merged("ann-lee", "cy-oz"), merged("cy-oz", "ann-lee"))
    assert [(fault.line, fault.field) for fault in same_append.faults] == [(2, "into_person")]


def test_the_same_merger_again_is_no_fault(known: MemoryKnown) -> None:
    """The log has it already."""
    known = later(known, merged("bo-ek", "ann-lee", reason="one"))
    assert appended(known, merged("Bo Ek", "Ann Lee", reason="one")).faults == []
    assert len(appended(known, merged("bo-ek", "ann-lee", reason="two")).faults) == 1


def test_an_amended_or_restored_merger_is_checked_as_a_new_one(known: MemoryKnown) -> None:
    """It would close a circle of those that stand."""
    known = later(known, CY, merged("bo-ek", "ann-lee"), merged("ann-lee", "cy-oz"))
    amended = {"type": "Amended", "target": 9, "changes": {"into_person": "Bo Ek"}}
    (fault,) = appended(known, amended).faults
    assert fault.field == "target"
    assert "a circle" in str(fault)


def test_a_name_of_one_who_was_given_up_means_the_id_that_it_was_recorded_for(known: MemoryKnown) -> None:
    """So the same file again is the same reports; a name of both means the one who stands."""
    known = later(known, named("Lee", person="ann-lee"), named("Lee", person="bo-ek"), merged("bo-ek", "ann-lee"))
    for name, id_ in (("Bo Ek", "bo-ek"), ("Lee", "ann-lee")):
        (event,) = appended(known, dismissed(person=name)).events
        assert to_plain(event)["person"] == id_
