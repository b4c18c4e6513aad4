"""The parts of a report that name somebody or something, and what it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.intake.fields import form
from archive.intake.kinds import Named
from archive.intake.references import references
from archive.intake.registers import Key
from archive.intake.reports import Draft
from events import Event, Registration, Sourced


@dataclass(slots=True)
class Part:
    """A report, or what its field `name` changes of another, by the type whose fields these are."""

    name: str
    cls: type[Event]
    values: dict[str, Any]
    organisation: object
    target: Event | None = None

    def get(self, attribute: str) -> Any:
        """The value of an attribute."""
        return self.values.get(attribute if not self.name else attribute.rstrip("_"))

    def given(self, attribute: str) -> Any:
        """The value of an attribute, of the entry that is changed where it stays as it is."""
        value = self.get(attribute)
        return getattr(self.target, attribute, None) if value is None else value

    def put(self, changed: dict[str, Any]) -> None:
        """Change attributes."""
        self.values.update({name if not self.name else name.rstrip("_"): value for name, value in changed.items()})


def parts(draft: Draft) -> list[Part]:
    """The report itself, then what it changes of another."""
    found = [] if draft.cls is None else [Part("", draft.cls, draft.values, draft.values.get("organisation"))]
    if draft.concerns is not None and (target := draft.concerns.target) is not None:
        own = getattr(target, "organisation", None)
        for name, read in draft.concerns.parts.items():
            found.append(Part(name, type(target), read, read.get("organisation", own), target))
    return found


def keys_in(draft: Draft) -> dict[Key, str]:
    """What stands in a report where an id or a name may, by the key that it is if it is an id."""
    found: dict[Key, str] = {}
    for part in parts(draft):
        for _, named, text in references(part.cls, part.get if part.name else part.values.get):
            found[named, f"{part.organisation}/{text}" if named == "office" else text] = text
    return found


def subjects(draft: Draft) -> list[tuple[str, Named, str]]:
    """What a report that registers or names something is about, by (path, kind, text); not what it registers."""
    cls = draft.cls
    if cls is None:
        return []
    new = {field.shape.wire for field in form(cls).references if field.kind is not None and field.kind.new}
    return [
        (path, named, text)
        for path, named, text in references(cls, draft.values.get)
        if named != "source" and "[" not in path and path not in new
    ]


def claimed(draft: Draft, changed: Mapping[str, Any]) -> Iterator[Key]:
    """What a faulty registration was to register, as far as its fields were read."""
    if draft.cls is not None and issubclass(draft.cls, Registration):
        yield from about(draft, changed)


def about(draft: Draft, changed: Mapping[str, Any]) -> Iterator[Key]:
    """Whom or what the ids in the fields of a report are of, its source left aside; an office goes with its
    organisation."""
    if draft.cls is None:
        return
    values = {**draft.values, **changed}
    ids = {named: text for path, named, text in references(draft.cls, values.get) if "[" not in path}
    if issubclass(draft.cls, Sourced):
        ids.pop("source", None)
    organisation = ids.get("organisation")
    if "office" in ids:
        yield "office", f"{organisation}/{ids['office']}"
        return
    yield from ids.items()
