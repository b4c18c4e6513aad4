"""A type's fields, from the wire to the values of its constructor, by the shapes of the type alone."""

from collections.abc import Callable, Collection, KeysView, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache, partial
from hashlib import sha256
from typing import Any, get_origin

from archive.intake.faults import Wrong
from archive.intake.kinds import KINDS, NEW_ID, TEXT, URL, Check, Kind, Named, shown
from archive.intake.nearest import nearest_words
from events import Passage, Registration, Shape, choices, shapes
from events.values import OfficeId, OrganisationId

SET_AT_INTAKE = frozenset(
    {"tzdata", "target_stream", "target_type", "target_type_version", "stood_for", "reported", "understood"}
)
"""Fields that no report gives: intake derives them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type, ready to read. A field of other fields (`changes`) has no kind: its target says what it
    may hold."""

    shape: Shape
    kind: Kind | None

    @property
    def check(self) -> Check:
        """From a JSON value that is not null to the value for the constructor; raises Wrong."""
        shape, kind = self.shape, self.kind
        return _fields if kind is None else partial(_many, shape, kind) if shape.repeated else kind.check

    def null(self) -> Any:
        """The same of null."""
        if self.shape.optional:
            return None
        raise Wrong("null", "give it a value" if self.shape.required else "leave the field out instead")


def _fields(value: Any, _tz: str | None) -> Any:
    if not isinstance(value, dict):
        raise Wrong(f"{shown(value)} is no object", 'write the fields as {"field": value}')
    return value


def _many(shape: Shape, kind: Kind, value: Any, tz: str | None) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise Wrong(f"{shown(value)} is no list", "write it in brackets, as [" + _specimen(value) + "]")
    if not value and shape.required:
        raise Wrong("an empty list", "name one at least")
    items = []
    for place, item in enumerate(value):
        try:
            items.append(kind.check(item, tz))
        except Wrong as wrong:
            raise wrong.within(f"[{place}]") from None
    if kind.named is not None and len(set(items)) < len(items):
        twice = next(item for place, item in enumerate(items) if item in items[:place])
        raise Wrong(f"{shown(twice)} stands twice in the list", "name each once")
    return tuple(items)


@dataclass(frozen=True, slots=True)
class Form:
    """The wire form of a type.

    fields: by name; readers: the attribute of each and how it is checked; keys: all that a report may have, `type` too
    required: those that must be given; timed: the attributes that hold times
    references: those that name somebody or something; naming: the attribute of each, its name, its kind, whether it is
    repeated; nested: those that hold objects in which somebody or something is named
    """

    fields: Mapping[str, Field]
    readers: Mapping[str, tuple[str, Check, Field]]
    keys: frozenset[str]
    required: KeysView[str]
    timed: Sequence[str]
    references: Sequence[Field]
    naming: Sequence[tuple[str, str, Named, bool]]
    nested: Sequence[Field]


@cache
def _form(cls: Any) -> Form:
    registers = issubclass(cls, Registration)
    # An office is registered in an organisation that is registered elsewhere.
    owned = any(shape.kind is OfficeId for shape in shapes(cls))
    fields = {
        shape.wire: Field(shape, _kind(shape, new=registers and not (owned and shape.kind is OrganisationId)))
        for shape in shapes(cls)
        if shape.wire not in SET_AT_INTAKE
    }
    kinds = [(field, field.kind) for field in fields.values() if field.kind is not None]
    return Form(
        fields,
        {wire: (field.shape.attribute, field.check, field) for wire, field in fields.items()},
        frozenset({*fields, "type"}),
        dict.fromkeys(wire for wire, field in fields.items() if field.shape.required).keys(),
        [field.shape.attribute for field, kind in kinds if kind.timed],
        [field for field, kind in kinds if kind.named is not None],
        [
            (field.shape.attribute, field.shape.wire, kind.named, field.shape.repeated)
            for field, kind in kinds
            if kind.named is not None
        ],
        [field for field, kind in kinds if is_dataclass(field.shape.kind) and not kind.timed and _names(field)],
    )


def _names(field: Field) -> bool:
    """Whether somebody or something is named within an object that the field holds."""
    within = _form(field.shape.kind)
    return bool(within.references or within.nested)


form: Callable[[type], Form] = _form
"""The wire form of an event type, or of a value type such as `Passage`: mypy takes a class for unhashable whose
instances may be."""


def _kind(shape: Shape, *, new: bool) -> Kind | None:
    hint = shape.kind
    if get_origin(hint) is not None and not choices(hint):
        return None
    kind = kind_of(hint)
    if kind is TEXT and (shape.wire == "url" or shape.wire.endswith("_url")):
        return URL
    if new and kind.named is not None and not shape.repeated:
        return Kind(NEW_ID.says, NEW_ID.check, NEW_ID.schema, kind.named, new=True)
    return kind


@cache
def kind_of(hint: Any) -> Kind:
    """The kind of value of one type annotation; a NewType that nobody listed is what it is made of."""
    if hint in KINDS:
        return KINDS[hint]
    if words := choices(hint):
        return _one_of(words)
    if isinstance(hint, type) and is_dataclass(hint):
        return _object(hint)
    made_of = getattr(hint, "__supertype__", None)
    if made_of is None:
        raise TypeError(f"{hint!r} is no kind of value that reports have")
    return kind_of(made_of)


def _one_of(words: tuple[str, ...]) -> Kind:
    says = ", ".join(f"`{word}`" for word in words)

    def check(value: Any, _tz: str | None) -> Any:
        if not isinstance(value, str) or value not in words:
            near = nearest_words(value, words) if isinstance(value, str) else []
            remedy = f"did you mean {_listed(near, 'or')}? It is one of {says}" if near else f"write one of {says}"
            raise Wrong(f"{shown(value)} is none of its words", remedy)
        return value

    return Kind(says, check, {"enum": list(words)})


def _object(cls: type) -> Kind:
    def check(value: Any, tz: str | None) -> Any:
        if not isinstance(value, dict):
            raise Wrong(f"{shown(value)} is no object", f"write it as {{{', '.join(form(cls).required)}}}")
        values, wrongs = convert(cls, value, tz)
        if wrongs:
            raise wrongs[0]
        made = cls(**values)
        if isinstance(made, Passage):
            _check_passage(made)
        return made

    return Kind(cls.__name__, check, {"$ref": f"#/$defs/{cls.__name__}"}, timed=bool(form(cls).timed))


def _check_passage(passage: Passage) -> None:
    if passage.start >= passage.end:
        raise Wrong(f"ends at {passage.end} and begins at {passage.start}", "end after the start", field="end")
    if passage.quote is not None:
        if len(passage.quote) != passage.end - passage.start:
            remedy = f"quote exactly the {passage.end - passage.start} code points from start to end"
            raise Wrong(f"has {len(passage.quote)} code points", remedy, field="quote")
        if sha256(passage.quote.encode()).hexdigest() != passage.sha256:
            raise Wrong("is not the digest of the quote", "quote the passage exactly", field="sha256")


def convert(
    cls: Any, wire: Mapping[str, Any], tz: str | None, *, besides: Collection[str] = (), whole: bool = True
) -> tuple[dict[str, Any], list[Wrong]]:
    """The values of the fields that are right, by attribute, and what is wrong with the others.

    `besides` names keys of `wire` that are no fields of `cls` (`type`); only of a whole object are fields missed.
    """
    known = form(cls)
    readers = known.readers
    values: dict[str, Any] = {}
    wrongs: list[Wrong] = []
    for key, value in wire.items():
        found = readers.get(key)
        if found is not None:
            attribute, check, field = found
            try:
                values[attribute] = field.null() if value is None else check(value, tz)
            except Wrong as wrong:
                wrongs.append(wrong.within(key))
        elif key not in besides:
            wrongs.append(unknown_field(cls, key))
    if whole and not known.required <= wire.keys():
        remedy = f"{cls.__name__} needs {_listed(known.required)}"
        wrongs += [Wrong("is missing", remedy, field=key) for key in known.required if key not in wire]
    return values, wrongs


def unknown_field(cls: Any, key: str) -> Wrong:
    """What is wrong with a field that the type does not have."""
    if key in SET_AT_INTAKE:
        return Wrong("is set by the archive itself", "leave it out", field=key)
    near = nearest_words(key, form(cls).fields)
    remedy = "did you mean " + _listed(near, "or") + "?" if near else "its fields are " + _listed(form(cls).fields)
    return Wrong(f"is no field of {cls.__name__}", remedy, field=shown(key)[1:-1])


def _listed(words: Collection[str], last: str = "and") -> str:
    quoted = [f"`{word}`" for word in words]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _specimen(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) and len(value) < 60 and value.isprintable() else "…"  # noqa: PLR2004 - what fits into a sentence
