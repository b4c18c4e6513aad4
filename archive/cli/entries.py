"""Entries of the log as JSON values, as rows and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import events
from archive.cli.output import wrapped
from archive.cli.printed import as_printed
from archive.times import show_bounds, show_instant
from events import Event, Passage, StatedTime, When

if TYPE_CHECKING:
    from archive.log.entries import Append, Entry

COLUMNS = ("position", "recorded_at", "stream", "version", "type", "earliest", "latest", "source", "summary")
REDACTED = "redacted: its content was destroyed"


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it, its event with the bounds derived at intake; null once it is redacted."""
    event = entry.event
    return {
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "type": entry.type,
        "type_version": entry.type_version,
        "recorded_at": entry.recorded_at,
        "event": None if event is None else events.to_plain(event),
    }


def row(entry: Entry) -> tuple[Any, ...]:
    """An entry as a row under `COLUMNS`."""
    event = entry.event
    when = event.occurred if event is not None else None
    return (
        entry.position,
        entry.recorded_at,
        entry.stream,
        entry.version,
        entry.type,
        when.earliest if when else None,
        when.latest if when else None,
        getattr(event, "source", None),
        getattr(event, "summary", None),
    )


def brief(entry: Entry, tz: str) -> Iterator[str]:
    """An entry in two lines or three."""
    event = entry.event
    yield from wrapped(f"{entry.position} {entry.type}, {entry.stream} {entry.version}", 0)
    when = None if event is None else event.occurred
    told = f"{show_bounds(when.earliest, when.latest, tz)}; " if when else ""
    yield from wrapped(f"{told}recorded {show_instant(entry.recorded_at, tz)}", 2)
    said = REDACTED if event is None else getattr(event, "summary", None)
    if said:
        yield from wrapped(said, 2, 0)


def full(entry: Entry, append: Append, tz: str, redacted: Mapping[str, Any] | None = None) -> Iterator[str]:
    """An entry with every field that was given, and the append that brought it; of a redacted one what is told."""
    yield from wrapped(f"{entry.position} {entry.type}, {entry.stream} {entry.version}", 0)
    yield from wrapped(f"recorded {show_instant(entry.recorded_at, tz)}", 2)
    by = f" by {append.who} with {append.program}" if append.who else ""
    why = f": {append.why}" if append.why else ""
    yield from wrapped(f"in append {append.id} ({append.first} to {append.last}){by}{why}", 2)
    event = entry.event
    if event is None:
        by = f", by entry {redacted['by']}: {redacted['reason']}" if redacted else ""
        yield from wrapped(f"{REDACTED}{by}", 2)
        return
    yield from _fields(event, 2, tz)


def beside(said: Sequence[Entry], tz: str) -> Iterator[str]:
    """What later entries say of an entry, each with its fields."""
    if said:
        yield "said of it later"
    for entry in said:
        yield from wrapped(f"{entry.position} {entry.type}, recorded {show_instant(entry.recorded_at, tz)}", 2)
        if entry.event is None:
            yield f"    {REDACTED}"
        else:
            yield from _fields(entry.event, 4, tz, leave_out=("target", "target_stream", "tzdata"))


def _fields(event: Event, indent: int, tz: str, leave_out: Sequence[str] = ()) -> Iterator[str]:
    cls: Any = type(event)
    for shape in events.shapes(cls):
        value = getattr(event, shape.attribute)
        if shape.wire in leave_out or not (shape.required or value != shape.default):
            continue
        if value and isinstance(value, tuple) and isinstance(value[0], (Passage, StatedTime)):
            yield from wrapped(f"{shape.wire}:", indent)
            for part in value:
                yield from wrapped(_of_source(part, tz), indent + 2)
        else:
            yield from wrapped(f"{shape.wire}: {_shown(value, tz)}", indent, 4)


def _of_source(value: Passage | StatedTime, tz: str) -> str:
    if isinstance(value, StatedTime):
        return as_printed(events.to_plain(value), tz)
    return f"{value.start} to {value.end}, sha256 {value.sha256}{f': {value.quote}' if value.quote else ''}"


def _shown(value: Any, tz: str) -> str:
    if isinstance(value, When):
        return f"{value.text} = {show_bounds(value.earliest, value.latest, tz)}"
    if isinstance(value, tuple):
        return ", ".join(_shown(part, tz) for part in value)
    if hasattr(type(value), "__dataclass_fields__"):
        return "(" + ", ".join(f"{key} {part}" for key, part in events.to_plain(value).items()) + ")"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(part)}" for key, part in value.items())
    return "null" if value is None else str(value)


def _told(part: Any) -> str:
    """A stored value: of a time its text."""
    if isinstance(part, Mapping) and "text" in part:
        return str(part["text"])
    return "null" if part is None else str(part)
