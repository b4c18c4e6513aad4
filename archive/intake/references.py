"""The fields of an object that name somebody or something: what stands in them, and ids put in its place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from archive.intake.fields import form
from archive.intake.kinds import Named


def references(cls: Any, values: Callable[[str], Any]) -> list[tuple[str, Named, str]]:
    """Every id or name that an object refers with, as (path, kind, text); `values` gives the value of an attribute."""
    known = form(cls)
    found: list[tuple[str, Named, str]] = []
    for attribute, wire, named, repeated in known.naming:
        value = values(attribute)
        if value is None:
            continue
        if not repeated:
            found.append((wire, named, value))
        else:
            found += [(f"{wire}[{place}]", named, item) for place, item in enumerate(value)]
    for field in known.nested:
        value, wire = values(field.shape.attribute), field.shape.wire
        many = field.shape.repeated
        parts = [(f"{wire}[{place}]", part) for place, part in enumerate(value or ())] if many else [(wire, value)]
        for path, part in parts:
            if part is not None:
                within = references(field.shape.kind, partial(getattr, part))
                found += [(f"{path}.{inner}", named, text) for inner, named, text in within]
    return found


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
