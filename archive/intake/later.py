"""Later knowledge: reports about an earlier entry, read by the type of that entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import events
from archive.intake.faults import Wrong, of_time, quoted
from archive.intake.fields import Field, convert, form
from archive.intake.known import Known
from archive.intake.passages import with_passages
from archive.intake.registers import registers
from archive.intake.stated import with_stated
from archive.times import TimeFault, parse_time
from events import Event, Later, Shape, When
from events.later import Amended, Redacted


@dataclass(slots=True)
class Concern:
    """What a report says of an earlier entry.

    target: that entry, as amended; parts: what each field such as `changes` holds, read, by wire name
    timed: whether bounds of times were derived
    """

    wrongs: list[Wrong] = field(default_factory=list)
    target: Event | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    timed: bool = False


def concern(cls: type[Event], values: dict[str, Any], known: Known) -> Concern:
    """Look the target up, and put into `values` what follows from it: its stream, its type, its fields as stored."""
    found = Concern()
    target = known.entry(values["target"])
    if target is None:
        remedy = "`archive log` lists the positions; an entry of the same append has none yet"
        problem = f"there is no entry {values['target']}, or it was redacted"
        found.wrongs.append(Wrong(problem, remedy, field="target"))
        return found
    if issubclass(cls, Redacted):
        remedy = f"give the command: archive redact {values['target']} --reason …"
        found.wrongs.append(Wrong("a report destroys nothing", remedy, field="type"))
    found.target = target
    attributes = {shape.attribute for shape in _shapes(cls)}
    if "target_stream" in attributes:
        values["target_stream"] = target.stream
    if "target_type" in attributes:
        values["target_type"] = type(target).__name__
    if issubclass(cls, Amended):
        values.setdefault("changes", {})
    for holder in form(cls).fields.values():
        if holder.kind is None and holder.shape.attribute in values:
            given = values[holder.shape.attribute]
            values[holder.shape.attribute], unfit = with_passages(given, known, target)
            found.wrongs += [wrong.within(holder.shape.wire) for wrong in unfit]
            _read(cls, holder, target, values, found)
    changes = found.parts.get("changes", {})
    if changes.keys() & {"source", "source_version"} and "passages" not in changes:
        _, unfit = with_passages({**events.to_plain(target), **_plain(type(target), changes)}, known)
        found.wrongs += [wrong.within("changes") for wrong in unfit]
    return found


def settle(cls: type[Event], values: dict[str, Any], found: Concern) -> None:
    """Put what was read of `changes` into `values` in its stored form, once its names are ids; say what is wrong with
    the entry as it would be."""
    target = found.target
    if target is None:
        return
    for name, read in found.parts.items():
        plain = _stated(target, _plain(type(target), read))
        values[form(cls).fields[name].shape.attribute] = plain
        if name == "changes":
            found.wrongs += [wrong.within(name) for wrong in _amended(target, plain)]


def _read(cls: type[Event], holder: Field, target: Event, values: dict[str, Any], found: Concern) -> None:
    """Read the fields of the target that a field such as `changes` holds."""
    name = holder.shape.wire
    given: Mapping[str, Any] = values[holder.shape.attribute]
    wrongs = _refused(cls, given, target)
    tz = given.get("tz", getattr(target, "tz", None))
    try:
        read, more = _part(type(target), given, tz if isinstance(tz, str) else None)
    except TimeFault as fault:
        read, more = {}, [of_time(fault)]
    wrongs += [wrong for wrong in more if wrong.field not in {refused.field for refused in wrongs}]
    wrongs += _ambiguous(read, tz, values.get("tz"))
    if not wrongs and "tz" in given:
        wrongs += _same_times_elsewhere(target, read, tz)
    if not wrongs:
        found.timed = found.timed or any(isinstance(value, When) for value in read.values())
        found.parts[name] = read
    found.wrongs += [wrong.within(name) for wrong in wrongs]


def _refused(cls: type[Event], given: Mapping[str, Any], target: Event) -> list[Wrong]:
    """Say what cannot be changed of any entry."""
    wrongs = []
    if isinstance(target, Redacted) and issubclass(cls, Amended):
        wrongs.append(Wrong("the entry was redacted and has no fields any more", "leave it as it is"))
    remedy = "it is never amended: retract the entry and append it anew"
    fixed = {"type", "stream"} | ({"target", "changes"} if isinstance(target, Later) else set())
    wrongs += [Wrong("stays as it was appended", remedy, field=key) for key in given if key in fixed]
    if not given and issubclass(cls, Amended):
        wrongs.append(Wrong("no field", "give the fields that change, with their new values"))
    return wrongs


def _part(cls: type[Event], given: Mapping[str, Any], tz: str | None) -> tuple[dict[str, Any], list[Wrong]]:
    """Read some fields of a type, by wire name; those not given are not missing."""
    values, wrongs = convert(cls, given, tz, whole=False)
    names = {shape.attribute: shape.wire for shape in _shapes(cls)}
    return {names[attribute]: value for attribute, value in values.items()}, wrongs


def _ambiguous(read: Mapping[str, Any], tz: Any, own: str | None) -> list[Wrong]:
    """Refuse a time that reads otherwise in the zone of the amendment than in that of the entry."""
    wrongs = []
    for name, value in read.items():
        if isinstance(value, When) and own is not None and own != tz:
            bounds = parse_time(value.text, own)
            if (bounds.earliest, bounds.latest) != (value.earliest, value.latest):
                problem = f"{quoted(value.text)} is read in the zone of the entry, {tz or 'UTC'}, and not in {own}"
                wrongs.append(Wrong(problem, "write it with an offset, or give `tz` among the changes", field=name))
    return wrongs


def _same_times_elsewhere(target: Event, read: dict[str, Any], tz: Any) -> list[Wrong]:
    """Derive the bounds of the times that stay as they are, in the zone that changes."""
    wrongs = []
    for shape in _shapes(type(target)):
        value = getattr(target, shape.attribute)
        if isinstance(value, When) and shape.wire not in read:
            try:
                bounds = parse_time(value.text, tz)
            except TimeFault as fault:
                wrongs.append(of_time(fault).within(shape.wire))
            else:
                read[shape.wire] = When(value.text, bounds.earliest, bounds.latest)
    return wrongs


def _plain(cls: type[Event], read: Mapping[str, Any]) -> dict[str, Any]:
    """Give fields their stored form."""
    known = {shape.wire for shape in _shapes(cls)}
    return {name: _stored(value) for name, value in read.items() if name in known}


def _stated(target: Event, plain: dict[str, Any]) -> dict[str, Any]:
    """Understand the printed times of the entry anew where what changes bears on them."""
    changed: Event = events.build(type(target), {**events.to_plain(target), **plain})
    stated = getattr(with_stated(changed), "stated_times", ())
    if stated == getattr(changed, "stated_times", ()):
        return plain
    return {**plain, "stated_times": _stored(stated)}


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_stored(item) for item in value]
    if isinstance(value, When):
        return {"text": value.text, "earliest": value.earliest, "latest": value.latest}
    return value if value is None or isinstance(value, (str, int)) else events.to_plain(value)


def _shapes(cls: Any) -> Sequence[Shape]:
    """The fields of a type; mypy takes a class for unhashable whose instances may be."""
    return events.shapes(cls)


def _amended(target: Event, plain: Mapping[str, Any]) -> list[Wrong]:
    """Make the entry as it would be, and say what is wrong with that."""
    changed: Event = events.build(type(target), {**events.to_plain(target), **plain})
    if changed.stream != target.stream or set(registers(changed)) != set(registers(target)):
        return [Wrong("the entry would be about something else", "retract it and append it anew")]
    return [Wrong(f"do not go with the entry's `{name}`", f"write {right}") for name, right in changed.faults()]
