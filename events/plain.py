"""Events to and from plain JSON values, through the constructor, by the types of the fields."""

from __future__ import annotations

import types as python_types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from events.base import Event, types
from events.values import When

DERIVED = frozenset({"earliest", "latest"})
UNDERSTOOD = "understood"
"""What intake derives of a printed time."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of a type: its name on the wire, its attribute, the type of its value without
    None, whether it is repeated, whether it must be given, and its default."""

    wire: str
    attribute: str
    kind: Any
    repeated: bool
    optional: bool
    required: bool
    default: Any


@cache
def shapes(cls: Any) -> tuple[Shape, ...]:
    """The fields of an event type, or of a value type such as ``Passage``, in order."""
    hints = get_type_hints(cls)
    return tuple(_shape(entry, hints[entry.name]) for entry in fields(cls))


def _shape(entry: Field[Any], hint: Any) -> Shape:
    optional = False
    if get_origin(hint) in (Union, python_types.UnionType):
        arms = [arm for arm in get_args(hint) if arm is not type(None)]
        optional = len(arms) < len(get_args(hint))
        hint = arms[0]
    repeated = get_origin(hint) is tuple
    if repeated:
        hint = get_args(hint)[0]
    required = entry.default is MISSING and entry.default_factory is MISSING
    default = None if entry.default is MISSING else entry.default
    if entry.default_factory is not MISSING:
        default = entry.default_factory()
    wire = entry.name.rstrip("_")
    return Shape(wire, entry.name, hint, repeated, optional, required, default)


def to_plain(event: Any) -> dict[str, Any]:
    """The fields that differ from their defaults, as JSON values, derived bounds included."""
    plain = {}
    cls: Any = type(event)
    for attribute, wire, required, default in _fields(cls):
        value = getattr(event, attribute)
        if required or (value is not default and value != default):
            plain[wire] = value if type(value) is str else _plain(value)
    return plain


@cache
def _fields(cls: Any) -> tuple[tuple[str, str, bool, Any], ...]:
    """What the plain form needs of each field: attribute, name on the wire, whether it must be given, default."""
    return tuple((shape.attribute, shape.wire, shape.required, shape.default) for shape in shapes(cls))


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int)) or value is None:
        return value
    if isinstance(value, When):
        return {"text": value.text, "earliest": value.earliest, "latest": value.latest}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return to_plain(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(name: str, version: int, plain: dict[str, Any]) -> Event:
    """The event of a stored shape, upcast to today's version and built by its constructor."""
    cls = types()[name]
    if version != cls.VERSION:
        plain = cls.upcast(version, plain)
    event: Event = build(cls, plain)
    return event


def build(cls: Any, plain: Mapping[str, Any]) -> Any:
    """An object of ``cls`` from its plain form."""
    readers = _readers(cls)
    return cls(**{readers[key][0]: readers[key][1](value) for key, value in plain.items()})


@cache
def _readers(cls: Any) -> dict[str, tuple[str, Callable[[Any], Any]]]:
    return {shape.wire: (shape.attribute, _reader(shape)) for shape in shapes(cls)}


def _reader(shape: Shape) -> Callable[[Any], Any]:
    kind = shape.kind
    if is_dataclass(kind) and isinstance(kind, type):

        def single(value: Any) -> Any:
            return None if value is None else build(kind, value)
    else:

        def single(value: Any) -> Any:
            return value

    if not shape.repeated:
        return single

    def many(value: Any) -> Any:
        return tuple(single(item) for item in value)

    return many


def identity(event: Event, plain: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What makes two reports the same: type and every field that differs from its default,
    without what was derived at intake. Its plain form is made unless it is given."""
    said = {"type": type(event).__name__}
    for key, value in (to_plain(event) if plain is None else plain).items():
        if key != "tzdata":
            said[key] = value if type(value) is str else _given(value)
    return said


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        if "text" in value and value.keys() >= DERIVED:
            return value["text"]
        if "text" in value and isinstance(value.get(UNDERSTOOD), dict):
            value = {key: item for key, item in value.items() if key != UNDERSTOOD}
        return {key: _given(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_given(item) for item in value]
    return value


def choices(kind: Any) -> tuple[str, ...]:
    """The words that a field of this kind admits; empty where any text does."""
    return get_args(kind) if get_origin(kind) is Literal else ()
