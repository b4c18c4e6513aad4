"""Events to and from plain JSON values, through the constructor, by the types of the fields."""

from __future__ import annotations

import types as python_types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from events.base import Event, types
from events.values import When

T = TypeVar("T")

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
    return _fill({}, {}, event)


def _fill(plain: dict[str, Any], said: dict[str, Any], event: Any) -> dict[str, Any]:
    """Put the plain form of an event into the one, and what it says without what was derived into the other."""
    cls: Any = type(event)
    known = _fields(cls)
    for value, wire, default, only in zip(known.values(event), known.wires, known.defaults, known.only, strict=True):
        if value is not default and (only or value != default):
            if type(value) is str:
                plain[wire] = said[wire] = value
            else:
                plain[wire] = shown = _plain(value)
                said[wire] = _given(shown)
    return plain


class _Fields(NamedTuple):
    """What the plain form needs of the fields of a type, in order.

    values: those of an object; defaults: of a field that must be given MISSING, which no value is
    only: whether nothing else equals the default
    """

    values: Callable[[Any], Iterable[Any]]
    wires: tuple[str, ...]
    defaults: tuple[Any, ...]
    only: tuple[bool, ...]


@cache
def _fields(cls: Any) -> _Fields:
    known = shapes(cls)
    names = [shape.attribute for shape in known]
    defaults = tuple(MISSING if shape.required else shape.default for shape in known)
    return _Fields(
        attrgetter(*names) if len(names) > 1 else lambda event: (getattr(event, name) for name in names),
        tuple(shape.wire for shape in known),
        defaults,
        tuple(default is MISSING or default is None for default in defaults),
    )


def _plain(value: Any) -> Any:
    if type(value) is When:
        return {"text": value.text, "earliest": value.earliest, "latest": value.latest}
    if isinstance(value, (str, int)) or value is None:
        return value
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
    values = {}
    for key, value in plain.items():
        attribute, read = readers[key]
        values[attribute] = value if read is None else read(value)
    return make(cls, values)


def make(cls: type[T], values: Mapping[str, Any]) -> T:
    """The object that `cls(**values)` is; the fields of an event are set all at once."""
    known: Any = cls  # mypy takes a class for unhashable whose instances may be
    initial, required = _initial(known)
    if initial:
        made = object.__new__(cls)
        own = vars(made)
        own.update(initial)
        own.update(values)
        # One too few or too many is for the constructor to refuse.
        if len(own) == len(initial) and required <= values.keys():
            return made
    return cls(**values)


@cache
def _initial(cls: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The defaults of all fields of an event type, in order, and which of them must be given; no fields where a
    constructor does more than to set them."""
    more = hasattr(cls, "__post_init__") or any(entry.default_factory is not MISSING for entry in fields(cls))
    if more or not issubclass(cls, Event):
        return {}, frozenset()
    known = shapes(cls)
    return {one.attribute: one.default for one in known}, frozenset(one.attribute for one in known if one.required)


@cache
def _readers(cls: Any) -> dict[str, tuple[str, Callable[[Any], Any] | None]]:
    return {shape.wire: (shape.attribute, _reader(shape)) for shape in shapes(cls)}


def _reader(shape: Shape) -> Callable[[Any], Any] | None:
    """What makes the value of a field of its plain form; None where it is that."""
    kind = shape.kind
    if not (is_dataclass(kind) and isinstance(kind, type)):
        return tuple if shape.repeated else None

    def single(value: Any) -> Any:
        return None if value is None else build(kind, value)

    def many(value: Any) -> Any:
        return tuple(single(item) for item in value)

    return many if shape.repeated else single


def identity(event: Event) -> dict[str, Any]:
    """What makes two reports the same: type and every field that differs from its default,
    without what was derived at intake."""
    return plain_and_identity(event)[1]


def plain_and_identity(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain form of an event and its identity, of one look at its fields."""
    said: dict[str, Any] = {"type": type(event).__name__}
    plain = _fill({}, said, event)
    said.pop("tzdata", None)
    return plain, said


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        if "text" in value:
            if "earliest" in value and "latest" in value:
                return value["text"]
            if isinstance(value.get(UNDERSTOOD), dict):
                value = {key: item for key, item in value.items() if key != UNDERSTOOD}
        return {key: _given(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_given(item) for item in value]
    return value


def choices(kind: Any) -> tuple[str, ...]:
    """The words that a field of this kind admits; empty where any text does."""
    return get_args(kind) if get_origin(kind) is Literal else ()
