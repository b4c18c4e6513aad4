"""One report: an object on the wire to an event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.intake.faults import Wrong, quoted
from archive.intake.fields import convert, form
from archive.intake.kinds import shown
from archive.intake.known import Known
from archive.intake.later import Concern, concern, settle
from archive.intake.nearest import nearest_words
from archive.intake.passages import with_passages
from archive.intake.stated import with_stated
from archive.times import TimeFault, check_zone, tzdata_version
from events import Event, Registration, When, make, types
from events.names import may_name


@dataclass(slots=True)
class Draft:
    """What could be read of one report.

    values: those of its fields that are right, by attribute; event: made of them once every name is an id
    unresolved: ids and names that mean nobody, or several; concerns: what it says of an earlier entry
    registered: what is registered because this report names it
    number: its place among the reports of the append; claims: what it registers, as far as its names were known
    """

    cls: type[Event] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    event: Event | None = None
    wrongs: list[Wrong] = field(default_factory=list)
    unresolved: list[Wrong] = field(default_factory=list)
    concerns: Concern | None = None
    registered: list[Event] = field(default_factory=list)
    number: int = 0
    claims: Registration | None = None


def read_report(wire: Any, known: Known, latest_publication: str) -> Draft:
    """Read one JSON value; nothing that it can be raises.

    Ids and names are left as they are, to be resolved once all reports are read; then `build` makes the event.
    `published` may reach to `latest_publication`.
    """
    if not isinstance(wire, dict):
        return Draft(wrongs=[Wrong(f"{shown(wire)} is no report", 'write an object, as {"type": "Dismissed", …}')])
    draft = Draft()
    cls = _type_of(wire, draft)
    if cls is None:
        return draft
    draft.cls = cls
    wire = _british(cls, wire, draft)
    tz = _zone_of(wire)
    known_form = form(cls)
    if "passages" in wire and "passages" in known_form.fields:
        wire, wrongs = with_passages(wire, known)
        draft.wrongs += wrongs
    draft.values, wrongs = convert(cls, wire, tz, besides=("type",))
    draft.wrongs += wrongs
    if any(map(draft.values.get, known_form.timed)):
        draft.values["tzdata"] = tzdata_version()
    if "target" in known_form.fields and "target" in draft.values:
        draft.concerns = concern(cls, draft.values, known)
        draft.wrongs += draft.concerns.wrongs
        draft.concerns.wrongs = []
        if draft.concerns.timed:
            draft.values["tzdata"] = tzdata_version()
    published = draft.values.get("published")
    if isinstance(published, When):
        draft.wrongs += _publication(published, latest_publication)
    if draft.concerns is not None:
        published = draft.concerns.parts.get("changes", {}).get("published")
        if isinstance(published, When):
            draft.wrongs += [wrong.within("changes") for wrong in _publication(published, latest_publication)]
    return draft


def build(draft: Draft) -> None:
    """Make the event of a draft whose fields are right, its names replaced by ids, or find why there is none."""
    if draft.cls is None or draft.wrongs or draft.event is not None:
        return
    if draft.concerns is not None:
        if draft.unresolved:
            return
        settle(draft.cls, draft.values, draft.concerns)
        draft.wrongs += draft.concerns.wrongs
        if draft.wrongs:
            return
    event = make(draft.cls, draft.values)
    draft.wrongs += [disagreement(event, name, right) for name, right in event.faults()]
    if not draft.wrongs:
        event = with_stated(event)
        draft.event, draft.values = event, vars(event)


def disagreement(event: Event, name: str, right: str) -> Wrong:
    """What is wrong with a field beside the others, from what the type itself says would be right."""
    value = getattr(event, name, None) or getattr(event, f"{name}_", None)
    if value is None or value == ():
        return Wrong("is missing", f"give {right}", field=name)
    text = quoted(value.text) if isinstance(value, When) else shown(value)
    return Wrong(f"{text} does not go with the other fields", f"write {right}", field=name)


def names_something(wire: Any) -> bool:
    """Whether a JSON value may be a report that registers or names something."""
    name = wire.get("type") if isinstance(wire, dict) else None
    cls = _types(name) if isinstance(name, str) else None
    return cls is not None and may_name(cls)


def _types(name: str) -> type[Event] | None:
    return types().get(name) or types().get(name.replace("Organiz", "Organis"))


def _type_of(wire: Mapping[str, Any], draft: Draft) -> type[Event] | None:
    if "type" not in wire:
        near = nearest_words(next(iter(wire), ""), ["type"])
        remedy = "say what happened, as Dismissed; `archive schema` lists the types"
        draft.wrongs.append(Wrong("is missing", f"rename `{next(iter(wire))}`" if near else remedy, field="type"))
        return None
    name = wire["type"]
    if isinstance(name, str):
        cls = _types(name)
        if cls is not None:
            return cls
        words = " or ".join(f"`{word}`" for word in nearest_words(name, types()))
        remedy = f"did you mean {words}?" if words else "`archive schema` lists the types"
        draft.wrongs.append(Wrong(f"there is no type {quoted(name)}", remedy, field="type"))
    else:
        draft.wrongs.append(Wrong(f"{shown(name)} is no name of a type", "write it in quotes", field="type"))
    return None


def _british(cls: type[Event], wire: Mapping[str, Any], draft: Draft) -> Mapping[str, Any]:
    """Read `organization` as `organisation`, in every name of a field that has it."""
    if wire.keys() <= form(cls).keys:
        return wire
    fields = form(cls).fields
    read: dict[str, Any] = {}
    for key, value in wire.items():
        british = key.replace("organiz", "organis")
        name = british if key not in fields and british in fields else key
        if name != key and name in wire:
            draft.wrongs.append(Wrong(f"is given beside `{name}`", "give one of them", field=key))
        else:
            read[name] = value
    return read


def _zone_of(wire: Mapping[str, Any]) -> str | None:
    """The report's zone; UTC in place of a wrong one, so that its times are not found wrong as well."""
    tz = wire.get("tz")
    if tz is None:
        return None
    try:
        check_zone(tz if isinstance(tz, str) else "")
    except TimeFault:
        return "UTC"
    return str(tz)


def _publication(published: When, latest: str) -> list[Wrong]:
    if published.latest is None or published.latest <= latest:
        return []
    problem = f"{quoted(published.text)} reaches more than a day past the present"
    remedy = "write when it was first public; of a month or year that still runs, `[a..b]` with today as its end"
    return [Wrong(problem, remedy, field="published")]
