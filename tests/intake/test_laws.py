"""Laws of intake: nothing raises, nothing is passed over, and wire to event to wire is the identity."""

import importlib
from functools import cache
from io import BytesIO
from typing import Any

import orjson
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import events
from archive.intake import MemoryKnown, read_hand, read_reports, to_wire
from archive.intake.fields import Field, form
from archive.intake.schema import json_schema
from events import Passage

jsonschema = importlib.import_module("jsonschema")  # ships no types
Wire = dict[str, Any]

REGISTERED: list[Wire] = [
    {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
    {"type": "OrganisationRegistered", "organisation": "beta", "name": "Beta"},
    {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": "Chief"},
    {"type": "OfficeRegistered", "organisation": "beta", "office": "ceo", "title": "Chief"},
    {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"},
    {"type": "PersonRegistered", "person": "bo-ek", "name": "Bo Ek"},
    {"type": "SourceRegistered", "source": "release", "title": "Release"},
    {
        "type": "Dismissed",
        "organisation": "acme",
        "office": "ceo",
        "person": "ann-lee",
        "when": "2020",
        "source": "release",
    },
]
KNOWN = MemoryKnown(read_reports(BytesIO(b"\n".join(map(orjson.dumps, REGISTERED))), "f", MemoryKnown()).events)
DIGEST = st.just("ab" * 32)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: not text.isspace()
)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "address": st.sampled_from(["https://example.org", "http://example.org/a?b=c#d"]),
    "number": st.integers(1, 8),
    "true or false": st.booleans(),
    "time": st.sampled_from(["2015", "2019-05", "2020-01-01~", "[2015..2016]", "[..2020]", "2020-05-01T12:00Z"]),
    "id or name of a person": st.sampled_from(["ann-lee", "bo-ek"]),
    "id or name of an organisation": st.sampled_from(["acme", "beta"]),
    "id or name of an office": st.just("ceo"),
    "id of a source": st.just("release"),
    "id": st.sampled_from(["new-one", "new2"]),
    "slug": st.sampled_from(["open-letter", "legal_form", "a"]),
    "decimal number": st.sampled_from(["0", "-1.50", "13000000000"]),
    "currency code": st.just("USD"),
    "language tag": st.sampled_from(["en", "zh-Hant"]),
    "time zone": st.sampled_from(["UTC", "Asia/Tokyo"]),
    "SHA-256 digest": DIGEST,
}


def a_value(field: Field, *, null: bool) -> st.SearchStrategy[Any]:
    """What a field may hold on the wire."""
    shape, kind = field.shape, field.kind
    if kind is None:
        return st.fixed_dictionaries({}, optional={"when": BY_KIND["time"], "reason": TEXTS}).filter(bool)
    if shape.kind is Passage:
        one: st.SearchStrategy[Any] = st.just({"start": 1, "end": 4, "sha256": "ab" * 32})
    elif "$ref" in kind.schema:
        one = an_object(shape.kind, null=False)
    elif "enum" in kind.schema:
        one = st.sampled_from(kind.schema["enum"])
    else:
        one = BY_KIND[kind.says]
    if shape.repeated:
        unique = (lambda item: item) if kind.named is not None else None
        return st.lists(one, min_size=int(shape.required), max_size=2, unique_by=unique)
    return one | st.none() if shape.optional and null else one


def an_object(cls: type, *, null: bool = True) -> st.SearchStrategy[Wire]:
    """The wire form of a type, all that it needs and some of the rest, perhaps as null."""
    fields = form(cls).fields
    return st.fixed_dictionaries(
        {name: a_value(field, null=null) for name, field in fields.items() if field.shape.required},
        optional={name: a_value(field, null=null) for name, field in fields.items() if not field.shape.required},
    )


@cache
def a_report(name: str) -> st.SearchStrategy[Wire]:
    """A report of a type."""
    return an_object(events.types()[name]).map(lambda wire: {"type": name, **wire})


REPORTS = st.sampled_from(sorted(events.types())).flatmap(a_report)
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(REPORTS)
def test_wire_to_event_to_wire_is_the_identity(wire: Wire) -> None:
    """But for fields at their defaults; the event is what its constructor makes, and reads back from its wire form,
    which fits the schema."""
    intake = read_reports(BytesIO(orjson.dumps(wire)), "f", KNOWN)
    assume(not intake.faults)
    (event,) = intake.events
    assert list(vars(event).items()) == list(vars(type(event)(**vars(event))).items())
    again = to_wire(event)
    assert {name: value for name, value in wire.items() if name in again} == again
    assert read_reports(BytesIO(orjson.dumps(again)), "f", KNOWN).events == [event]
    assert events.from_plain(type(event).__name__, event.VERSION, events.to_plain(event)) == event
    assert list(VALIDATOR.iter_errors(wire)) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=40) | REPORTS.map(orjson.dumps), max_size=6), st.sampled_from([b"\n", b"\r\n"]))
def test_every_line_that_is_not_blank_gives_an_event_or_a_fault(lines: list[bytes], end: bytes) -> None:
    """Whatever bytes they are; nothing raises."""
    data = end.join(lines)
    intake = read_reports(BytesIO(data), "f", KNOWN)
    told = {line for _, line in intake.places} | {fault.line for fault in intake.faults}
    filled = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert told == {number for number, line in enumerate(filled, 1) if line.strip()}
    assert len(intake.events) == len(intake.places)
    assert not {place[1] for place in intake.places} & {fault.line for fault in intake.faults}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.data())
def test_any_value_in_any_field_gives_an_event_or_a_fault(wire: Wire, data: st.DataObject) -> None:
    """A report in which one field holds any JSON value at all."""
    name = data.draw(st.sampled_from(sorted(wire)))
    spoiled = {**wire, name: data.draw(VALUES)}
    intake = read_reports(BytesIO(orjson.dumps(spoiled)), "f", KNOWN)
    assert len(intake.events) == 1 or intake.faults
    assert all(str(fault).startswith("f:1: ") for fault in intake.faults)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(events.types())) | st.text(max_size=8), st.lists(st.text(max_size=12), max_size=4))
def test_any_arguments_give_an_event_or_a_fault(name: str, arguments: list[str]) -> None:
    """Hand entry raises as little."""
    fields = sorted(form(events.types()[name]).fields) if name in events.types() else ["x"]
    given_ = [f"{fields[place % len(fields)]}={text}" for place, text in enumerate(arguments)]
    intake = read_hand(name, [*given_, *arguments[:1]], KNOWN)
    assert len(intake.events) == 1 or intake.faults
