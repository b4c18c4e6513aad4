"""The fields of an object that name somebody or something: what stands in them, and ids put in its place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from archive.intake.fields import form
from archive.intake.kinds import Kind


def references(cls: Any, values: Callable[[str], Any]) -> Iterator[tuple[str, Kind, str]]:
    """Every id or name that an object refers with, as (path, kind, text); `values` gives the value of an attribute."""
    known = form(cls)
    for field in known.references:
        value, wire = values(field.shape.attribute), field.shape.wire
        if value is not None and field.kind is not None:
            if not field.shape.repeated:
                yield wire, field.kind, value
            else:
                for place, item in enumerate(value):
                    yield f"{wire}[{place}]", field.kind, item
    for field in known.nested:
        value, wire = values(field.shape.attribute), field.shape.wire
        many = field.shape.repeated
        parts = [(f"{wire}[{place}]", part) for place, part in enumerate(value or ())] if many else [(wire, value)]
        for path, part in parts:
            if part is not None:
                for inner, kind, text in references(field.shape.kind, partial(getattr, part)):
                    yield f"{path}.{inner}", kind, text


def with_ids(cls: Any, values: Callable[[str], Any], ids: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """The attributes that change where the ids are put in, by the path of each."""
    known = form(cls)
    changed: dict[str, Any] = {}
    for field in known.references:
        value, path = values(field.shape.attribute), f"{prefix}{field.shape.wire}"
        if value is None:
            continue
        if field.shape.repeated:
            new: Any = tuple(ids.get(f"{path}[{place}]", item) for place, item in enumerate(value))
        else:
            new = ids.get(path, value)
        if new != value:
            changed[field.shape.attribute] = new
    for field in known.nested:
        value, path = values(field.shape.attribute), f"{prefix}{field.shape.wire}"
        if value is None:
            continue
        if field.shape.repeated:
            new = tuple(_part(part, ids, f"{path}[{place}].") for place, part in enumerate(value))
        else:
            new = _part(value, ids, f"{path}.")
        if new != value:
            changed[field.shape.attribute] = new
    return changed


def _part(part: Any, ids: Mapping[str, str], prefix: str) -> Any:
    changed = with_ids(type(part), partial(getattr, part), ids, prefix)
    return replace(part, **changed) if changed else part
