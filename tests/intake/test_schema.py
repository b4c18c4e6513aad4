"""JSON Schema and catalogue: they follow from the classes, and so does a type that a test defines."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

import events
from archive.errors import UsageError
from archive.intake import to_wire
from archive.intake.catalogue import catalogue
from archive.intake.docs import meanings, own_fields, promise
from archive.intake.fields import SET_AT_INTAKE
from archive.intake.schema import json_schema
from events.base import Report
from events.values import Count, PersonId, When
from tests.intake.conftest import Reading, dismissed

jsonschema = importlib.import_module("jsonschema")  # ships no types
PAGE = Path(events.__file__).with_name("README.md")


def valid(wire: dict[str, Any], type_name: str | None = None) -> bool:
    """Whether a report fits the schema."""
    return bool(jsonschema.Draft202012Validator(json_schema(type_name)).is_valid(wire))


@pytest.mark.parametrize("name", [None, *events.types()])
def test_every_schema_is_one_of_draft_2020_12(name: str | None) -> None:
    """The library of that draft accepts it."""
    jsonschema.Draft202012Validator.check_schema(json_schema(name))


def test_a_report_fits_the_schema_of_its_type_and_of_any() -> None:
    """The same report, read against both."""
    assert valid(dismissed(id=None, passages=[{"start": 1, "end": 2, "sha256": "ab" * 32}]))
    assert valid(dismissed(), "Dismissed")
    assert not valid(dismissed(), "Resigned")


@pytest.mark.parametrize(
    "changed",
    [
        {"when": ...},
        {"when": 2021},
        {"basis": "sure"},
        {"tzdata": "2024a"},
        {"source": "The Gazette"},
        {"summary": ""},
        {"passages": [{"start": 1}]},
        {"basis": None},
        {"stated_times": [{"text": "noon", "place": "here"}]},
    ],
)
def test_a_wrong_report_does_not_fit(read: Reading, changed: dict[str, Any]) -> None:
    """Nor does intake take it."""
    assert not valid(dismissed(**changed), "Dismissed")
    assert read(dismissed(**changed)).faults != []


def test_an_unknown_type_has_no_schema() -> None:
    """The nearest ones are named."""
    with pytest.raises(UsageError, match="did you mean `Dismissed`"):
        json_schema("Dismised")


def test_the_catalogue_on_disk_is_what_the_classes_say() -> None:
    """It is generated: nobody edits it."""
    assert PAGE.read_text(encoding="utf-8") == catalogue(), (
        "events/README.md is out of date: python -m archive.intake.catalogue > events/README.md"
    )


@pytest.mark.parametrize("name", list(events.types()))
def test_no_field_that_a_report_gives_has_the_name_of_one_that_intake_sets(name: str) -> None:
    """Such a name is refused in a report of any type."""
    cls: Any = events.types()[name]
    said = meanings(cls)
    for shape in events.shapes(cls):
        if shape.wire in SET_AT_INTAKE - {"tzdata"}:
            assert "set at intake" in said[shape.wire], shape.wire


@pytest.mark.parametrize("name", list(events.types()))
def test_every_type_says_what_it_and_its_fields_mean(name: str) -> None:
    """A promise of one sentence, and a line for each field."""
    cls = events.types()[name]
    assert promise(cls).endswith((".", ")")), f"{name} has no docstring of its own"
    assert set(own_fields(cls)) <= meanings(cls).keys()


@pytest.fixture
def balloon() -> Iterator[type[events.Event]]:
    """A type that the language does not have, as one class."""

    @dataclass(frozen=True, kw_only=True)
    class BalloonReleased(Report):
        """People let balloons go.

        people: who let them go
        when: when
        balloons: how many
        colour: of which colour
        """

        people: tuple[PersonId, ...]
        when: When
        balloons: Count | None = None
        colour: Literal["red", "blue"] = "red"

    yield BalloonReleased
    events.forget("BalloonReleased")


def test_one_class_is_all_that_a_new_type_needs(read: Reading, balloon: type[events.Event]) -> None:
    """Check of input, hand entry, schema and the way back to the wire follow from it."""
    wire = {
        "type": "BalloonReleased",
        "organisation": "acme",
        "source": "acme-release",
        "people": ["bo-ek"],
        "when": "2021",
        "colour": "blue",
    }
    intake = read(wire)
    assert [type(event) for event in intake.events] == [balloon]
    assert to_wire(intake.events[0]) == wire
    assert valid(wire, "BalloonReleased")
    assert valid(wire)
    assert json_schema("BalloonReleased")["properties"]["balloons"]["description"] == "how many"
    faults = read({**wire, "balloons": "many", "people": ["nobody"]}).faults
    assert [fault.field for fault in faults] == ["balloons", "people[0]"]


def test_a_forgotten_type_is_unknown(read: Reading) -> None:
    """The type of the test before left no trace."""
    assert [fault.field for fault in read({"type": "BalloonReleased"}).faults] == ["type"]
