"""Later knowledge: read by the type of the entry that it is about."""

from typing import Any

import pytest

from archive.intake import MemoryKnown, read_hand, to_wire
from events import Event
from events.later import Amended, Redacted, Retracted
from events.values import Position
from tests.intake.conftest import Reading, dismissed

START, END = "2020-06-01T04:00:00.000000Z", "2020-06-02T03:59:59.999999Z"


def amended(changes: Any, **more: Any) -> dict[str, Any]:
    """An amendment of entry 6, an appointment in New York time."""
    return {"type": "Amended", "target": 6, "changes": changes, **more}


def changes_of(event: Event) -> Any:
    """The changes as they are stored."""
    assert isinstance(event, Amended)
    return event.changes


def test_changed_times_get_bounds_in_the_zone_of_the_entry(read: Reading) -> None:
    """The stored changes have the shape of a stored event: the fold derives nothing."""
    intake = read(amended({"from": "2020-06-01", "person": "bo-ek", "until": None}))
    assert intake.faults == []
    expected = {"from": {"text": "2020-06-01", "earliest": START, "latest": END}, "person": "bo-ek", "until": None}
    assert changes_of(intake.events[0]) == expected
    assert intake.events[0].tzdata is not None
    assert intake.events[0].stream == "organisation/acme"


def test_a_changed_zone_moves_every_time_of_the_entry(read: Reading) -> None:
    """Times that stay as they are written mean something else in another zone."""
    changes = changes_of(read(amended({"tz": "UTC"})).events[0])
    assert changes["from"]["earliest"] == "2020-05-01T00:00:00.000000Z"


def test_a_time_that_the_zone_of_the_amendment_reads_otherwise_is_a_fault(read: Reading) -> None:
    """Nobody can tell which was meant."""
    (fault,) = read(amended({"from": "2020-06-01"}, tz="Asia/Tokyo")).faults
    assert fault.field == "changes.from"
    assert "is read in the zone of the entry, America/New_York, and not in Asia/Tokyo" in fault.problem
    assert read(amended({"from": "2020-06-01T12:00Z"}, tz="Asia/Tokyo")).faults == []


def test_passages_are_stored_in_their_plain_form(read: Reading) -> None:
    """As in a stored event."""
    passage = {"start": 1, "end": 2, "sha256": "ab" * 32}
    assert changes_of(read(amended({"passages": [passage]})).events[0]) == {"passages": [passage]}


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (amended({"type": "Dismissed"}), "changes.type: stays as it was appended; it is never amended"),
        (amended({"stream": "x"}), "changes.stream: stays as it was appended"),
        (amended({"organisation": "beta"}), "changes: the entry would be about something else; retract it"),
        ({**amended({"person": "cy-oz"}), "target": 3}, "changes: the entry would be about something else"),
        (amended({"persom": "x"}), "changes.persom: is no field of Appointed; did you mean `person`"),
        (amended({"person": "bo"}), "changes.person: there is no person `bo`; did you mean `bo-ek`"),
        (amended({"office": "cfo"}), "changes.office: there is no office `cfo` of `acme`"),
        (amended({"from": "soon"}), "changes.from: `soon` is not understood as a time"),
        (amended({"from": None}), "changes.from: null; give it a value"),
        (amended({"until": "2019"}), "changes: do not go with the entry's `until`; write a time that is not before"),
        (amended({"published": "2031"}), "changes.published: `2031` reaches more than a day past the present"),
        (amended({"passages": [{"start": 1}]}), "changes.passages[0].end: is missing"),
        (amended({"tz": "Mars"}), "changes.tz: there is no time zone `Mars`"),
        (amended({}), "changes: no field; give the fields that change"),
        ({"type": "Amended", "target": 6}, "changes: no field; give the fields that change"),
        (amended("person"), "changes: `person` is no object"),
        (amended({"capacity": "interim"}, by="source"), "source: is missing; give the id of the source"),
        (amended({"person": "bo-ek"}, target_stream="x"), "target_stream: is set by the archive itself"),
        (
            {"type": "Retracted", "target": 99},
            "target: there is no entry 99, or it was redacted; `archive log` lists the positions",
        ),
        ({"type": "Retracted", "target": 0}, "target: 0 is out of range"),
        ({"type": "Retracted", "target": "6"}, "target: `6` is no whole number"),
    ],
)
def test_a_wrong_amendment_is_a_fault(read: Reading, wire: dict[str, Any], said: str) -> None:
    """Changes are checked as a report of the entry's type, and the entry as it would be with them."""
    beta = {"type": "OrganisationRegistered", "organisation": "beta", "name": "Beta"}
    person = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz"}
    faults = read(wire, beta, person).faults
    assert said in "\n".join(str(fault) for fault in faults)
    assert {fault.line for fault in faults} == {1}


def test_an_amendment_is_not_amended_but_its_reason_is(known: MemoryKnown) -> None:
    """What it changes stays: retract it and append another."""
    known.events.append(Retracted(target=Position(6), target_stream="organisation/acme"))
    change = read_hand("Amended", ["target=7", 'changes={"target": 5}'], known)
    assert [fault.field for fault in change.faults] == ["changes.target"]
    assert read_hand("Amended", ["target=7", 'changes={"reason": "mistyped"}'], known).faults == []


def test_a_redacted_entry_cannot_be_amended(known: MemoryKnown) -> None:
    """It has no fields any more."""
    known.events.append(
        Redacted(target=Position(6), target_stream="organisation/acme", target_type="Appointed", reason="asked for")
    )
    (fault,) = read_hand("Amended", ["target=7", 'changes={"reason": "x"}'], known).faults
    assert "the entry was redacted" in fault.problem


def test_the_stream_of_the_target_is_set_at_intake(read: Reading) -> None:
    """No report gives it."""
    (event,) = read({"type": "Retracted", "target": 6, "reason": "mistyped"}).events
    assert event.stream == "organisation/acme"


def test_a_redaction_is_no_report_for_it_would_destroy_nothing(read: Reading) -> None:
    """The log must not say that something is gone which is still there."""
    wire = {"type": "Redacted", "target": 6, "reason": "asked for", "kept": {"from": "2020-06-01"}}
    (fault,) = read(wire).faults
    assert fault.field == "type"
    assert "destroys nothing" in fault.problem


def test_an_amendment_goes_back_to_the_wire_as_it_was_written(read: Reading) -> None:
    """Without stream and bounds."""
    wire = amended({"from": "2020-06-01", "person": "bo-ek"}, reason="misread")
    assert to_wire(read(wire).events[0]) == wire


def test_a_retraction_takes_no_field_of_its_target(read: Reading) -> None:
    """It has none but its own."""
    assert read({"type": "Retracted", "target": 6}, dismissed()).faults == []
