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


@dataclass(frozen=True, slots=True)
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


def parts(draft: Draft) -> Iterator[Part]:
    """The report itself, then what it changes of another."""
    if draft.cls is not None:
        yield Part("", draft.cls, draft.values, draft.values.get("organisation"))
    if draft.concerns is not None and draft.concerns.target is not None:
        target = draft.concerns.target
        for name, read in draft.concerns.parts.items():
            yield Part(
                name, type(target), read, read.get("organisation", getattr(target, "organisation", None)), target
            )


def subjects(draft: Draft) -> list[tuple[str, Named, str]]:
    """What a report that registers or names something is about, by (path, kind, text); not what it registers."""
    cls = draft.cls
    if cls is None:
        return []
    new = {field.shape.wire for field in form(cls).references if field.kind is not None and field.kind.new}
    found = [(path, kind.named, text) for path, kind, text in references(cls, draft.values.get)]
    return [
        (path, named, text)
        for path, named, text in found
        if named is not None and named != "source" and "[" not in path and path not in new
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
    ids = {kind.named: text for path, kind, text in references(draft.cls, values.get) if "[" not in path}
    if issubclass(draft.cls, Sourced):
        ids.pop("source", None)
    organisation = ids.get("organisation")
    if "office" in ids:
        yield "office", f"{organisation}/{ids['office']}"
        return
    for named, id_ in ids.items():
        if named is not None:
            yield named, id_
