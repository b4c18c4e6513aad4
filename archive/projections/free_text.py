"""The free text of an event: what people wrote in it, field by field, and what kind of hit it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal

import events
from events.identity import NameRecorded
from events.sources import SourceRegistered, SourceVersionRegistered
from events.values import Passage, StatedTime

Kind = Literal["name", "source", "report", "text"]

KINDS: tuple[Kind, ...] = ("name", "source", "report", "text")
"""Kinds of hit, in the order in which an answer has them."""

OURS = frozenset({"id", "tzdata", "target_stream", "target_type"})
"""Fields of text that nobody wrote to be read."""

PARTS: Mapping[Any, str] = {Passage: "quote", StatedTime: "text"}


def kind_of(event: events.Event) -> Kind:
    """Whether it records a name, a source, or anything else: a report, later knowledge too."""
    if isinstance(event, (SourceRegistered, SourceVersionRegistered)):
        return "source"
    return "name" if isinstance(event, (events.Registration, NameRecorded)) else "report"


def subject_of(event: events.Event) -> str | None:
    """Whose name, or which source, an event records: ``person/ID``, ``office/ORGANISATION/ID``, ``source/ID``."""
    if kind_of(event) == "report":
        return None
    person, organisation, office = (getattr(event, name, None) for name in ("person", "organisation", "office"))
    if person is not None:
        return f"person/{person}"
    if organisation is not None:
        return f"organisation/{organisation}" if office is None else f"office/{organisation}/{office}"
    return f"source/{getattr(event, 'source', None)}"


def texts_of(event: events.Event) -> list[tuple[str, str]]:
    """Every free text of an event with the name of its field; of an amendment the new texts too."""
    found: list[tuple[str, str]] = []
    cls: Any = type(event)
    for wire, attribute, kind, repeated in _fields(cls):
        value = getattr(event, attribute)
        if not value:
            continue
        if kind is str:
            found += [(wire, one) for one in (value if repeated else (value,))]
        elif kind in PARTS:
            found += [(wire, text) for one in value if (text := getattr(one, PARTS[kind]))]
        else:
            found += [
                (f"{wire}.{name}", text) for name, said in value.items() if name in _names() for text in _said(said)
            ]
    return found


@cache
def _fields(cls: Any) -> tuple[tuple[str, str, Any, bool], ...]:
    """The fields of a type that hold free text: (wire name, attribute, kind, whether repeated)."""
    return tuple(
        (shape.wire, shape.attribute, shape.kind, shape.repeated)
        for shape in events.shapes(cls)
        if (shape.kind is str and shape.wire not in OURS)
        or (shape.kind in PARTS and shape.repeated)
        or getattr(shape.kind, "__origin__", None) is Mapping
    )


@cache
def _names() -> frozenset[str]:
    """The fields that hold free text in any type."""
    types: Iterable[Any] = events.types().values()
    found = (_fields(cls) for cls in types)
    return frozenset(wire for fields in found for wire, _, kind, _ in fields if kind is str or kind in PARTS)


def _said(value: Any) -> Iterator[str]:
    """The texts of a changed field, as it stands in an amendment."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _said(one)
    elif isinstance(value, dict):
        for name in PARTS.values():
            yield from _said(value.get(name))
