"""A type of report is one class: input check, schema, catalogue, hand entry, storage and projection follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass, field
from io import BytesIO
from typing import Any

import orjson
import pytest

import events
from archive import Archive
from archive.intake import read_hand, read_reports
from archive.intake.catalogue import catalogue
from archive.intake.schema import json_schema
from events import make
from events.base import Report
from events.effects import Effect
from events.offices import Dismissed
from events.values import PersonId, When

REPORTS = [
    {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
    {"type": "PersonRegistered", "person": "ann", "name": "Ann"},
    {"type": "SourceRegistered", "source": "wire", "published": "2020-06-01"},
    {"type": "PatronNamed", "organisation": "acme", "patron": "ann", "when": "2020-05-01", "source": "wire"},
]

WITHOUT_EFFECT = {
    *("Amended", "Retracted", "Disputed", "Merged", "Redacted"),
    *("ConditionSet", "OfferMade", "PressureApplied"),
    *("StatementMade", "MemoCirculated", "Posted", "Endorsed", "InterviewGiven", "MotiveClaimed"),
    *("ComplaintFiled", "ProductLaunched", "Noted"),
}
"""Types that change no timeline: they are listed among the reports, or say something of other entries."""


@pytest.fixture
def patron_named() -> Iterator[str]:
    """A type that the project does not have, defined as one class."""

    @dataclass(frozen=True, kw_only=True)
    class PatronNamed(Report):
        """An organisation named its patron.

        patron: who
        when: since when
        """

        patron: PersonId
        when: When

        def effects(self) -> Iterator[Effect]:
            """Sets the attribute `patron`."""
            yield Effect("set", "attributes", self.organisation, "patron", when=self.when, value=self.patron)

    PatronNamed.__annotations__ = {"patron": PersonId, "when": When}
    yield PatronNamed.__name__
    events.forget("PatronNamed")


def test_one_class_is_all_that_a_new_type_needs(patron_named: str, empty_url: str) -> None:
    """It is read, stored, projected, listed and found by SQL."""
    lines = b"\n".join(orjson.dumps(report) for report in REPORTS)
    with Archive.open(empty_url) as archive:
        taken = read_reports(BytesIO(lines), "new.jsonl", archive.known())
        assert taken.faults == []
        archive.append(taken.events, who="tests", program="tests")
        snapshot = archive.project("2020-06-01T00:00:00.000000Z", ["acme"])
        shown = snapshot["organisations"][0]["attributes"]
        assert [(one["id"], one["value"], one["certainty"]) for one in shown] == [("patron", "ann", "certain")]
        rows = archive.query("SELECT type, details FROM reports WHERE type = 'PatronNamed'").rows
        assert [row[0] for row in rows] == [patron_named]
        with archive.reading() as connection:
            last = list(archive.log.entries(connection, after=3))
        assert type(last[0].event).__name__ == patron_named


def test_the_schema_the_catalogue_and_hand_entry_know_it(patron_named: str, empty_url: str) -> None:
    """Nothing else was written for it."""
    assert json_schema(patron_named)["properties"]["patron"]
    with Archive.open(empty_url) as archive:
        faulty = read_hand(patron_named, ["organisation=acme", "patron=ann"], archive.known())
        assert {fault.field for fault in faulty.faults} >= {"when", "source", "organisation", "patron"}


def test_a_type_without_effects_is_one_that_is_meant_to_have_none() -> None:
    """No type changes nothing by oversight."""
    silent = {name for name, kind in events.types().items() if kind.effects is events.Event.effects}
    assert silent == WITHOUT_EFFECT


def test_the_catalogue_has_every_type() -> None:
    """Each by its name."""
    page = catalogue()
    assert [name for name in events.types() if name not in page] == []


@pytest.mark.parametrize(("more", "without"), [({"patron": "bo"}, ""), ({}, "when"), ({"patron": "bo"}, "when")])
def test_an_event_made_at_once_is_refused_as_by_its_constructor(more: dict[str, Any], without: str) -> None:
    """For a field too many or too few, in the same words; one that is made is as immutable."""
    whole = {"organisation": "acme", "office": "ceo", "person": "ann", "when": When("2020", None, None), "source": "a"}
    values: dict[str, Any] = {name: value for name, value in whole.items() if name != without} | more
    with pytest.raises(TypeError) as constructed:
        Dismissed(**values)
    with pytest.raises(TypeError) as made:
        make(Dismissed, values)
    assert str(made.value) == str(constructed.value)
    with pytest.raises(FrozenInstanceError):
        make(Dismissed, whole).reason = "none"  # type: ignore[misc]  # that is the point


def test_what_a_constructor_does_besides_is_done() -> None:
    """A type may check more, and make a default for each."""

    @dataclass(frozen=True, kw_only=True)
    class Counting(Report, abstract=True):
        """A type that the project does not have."""

        counts: list[int] = field(default_factory=list)

    @dataclass(frozen=True, kw_only=True)
    class Careful(Report, abstract=True):
        """Another."""

        def __post_init__(self) -> None:
            raise ValueError(self.organisation)

    Counting.__annotations__ = {"counts": list}
    one, other = (make(Counting, {"organisation": "acme", "source": "a"}) for _ in range(2))
    assert one == other
    assert one.counts is not other.counts
    with pytest.raises(ValueError, match="acme"):
        make(Careful, {"organisation": "acme", "source": "a"})
