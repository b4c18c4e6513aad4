"""The times that a report carries as printed: understood where they can be, warned of where they disagree."""

from collections.abc import Iterator
from dataclasses import replace

from archive.times.keeping import zones_keeping
from archive.times.stated import understand
from events import Event, StatedTime, When
from events.stated import KIND, ambiguities, disagreements
from events.values import Reading, Understood


def with_stated(event: Event) -> Event:
    """The event with each of its printed times understood, beside the times of its own."""
    stated = getattr(event, "stated_times", ())
    if not stated:
        return event
    own = [moment for name, moment in vars(event).items() if isinstance(moment, When) and name != "published"]
    moment = event.occurred or next(iter(own), None) or getattr(event, "published", None)
    between = (moment.earliest, moment.latest) if moment else (None, None)
    tz = getattr(event, "tz", None)
    known: dict[str, object] = {"stated_times": tuple(_understood(one, tz, between) for one in stated)}
    return replace(event, **known)  # type: ignore[arg-type]  # the class has the field


def warnings(event: Event) -> Iterator[tuple[str, str]]:
    """What an append should say of an event's printed times, though it is no fault: (field, sentence)."""
    disagreeing = list(disagreements(event))
    for found in disagreeing:
        named = [
            f"{one.offset} is kept by {', '.join(zones)}"
            for one in found.remedies
            if (zones := zones_keeping(one.offset, one.at))
        ]
        yield "stated_times", "; ".join((f"{KIND}: {found}", *dict.fromkeys(named)))
    for ambiguous in () if disagreeing else ambiguities(event):
        yield "stated_times", ambiguous


def _understood(one: StatedTime, tz: str | None, between: tuple[str | None, str | None]) -> StatedTime:
    found = understand(one.text, one.zone, tz, between)
    if not found.readings:
        return replace(one, understood=None)
    readings = tuple(Reading(*reading) for reading in found.readings)
    return replace(one, understood=Understood(readings, found.zone, found.note))
