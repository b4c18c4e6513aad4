"""Questions to ask of a generated history: at the instants where an answer can change, and a microsecond beside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from random import Random

from archive.times import from_instant, to_instant
from events import BASES, Event, When
from tests.oracle import Entry

FLOORS = BASES[:5]


@dataclass(frozen=True)
class Known:
    """What is known: as of a report time, a record time, a floor."""

    as_reported: str | None
    as_recorded: str | None
    floor: str


def entries_of(appends: Iterable[Iterable[Event]]) -> list[Entry]:
    """The entries of a history as a log of our own would have taken them in, one append a minute."""
    found: list[Entry] = []
    recorded_at = from_instant("2026-01-01T00:00:00.000000Z")
    for append in appends:
        recorded_at += timedelta(minutes=1)
        for event in append:
            found.append((len(found) + 1, to_instant(recorded_at), event))
    return found


def instants(random: Random, entries: Sequence[Entry], count: int, *, published: bool = False) -> list[str]:
    """Bounds of times in the history and their neighbours; `published`: those of the times of publication."""
    bounds = {
        bound
        for _, _, event in entries
        for name in (field.name for field in fields(event))
        if (name == "published") == published and isinstance(moment := getattr(event, name), When)
        for bound in (moment.earliest, moment.latest)
        if bound
    }
    chosen = random.sample(sorted(bounds), min(count, len(bounds)))
    return [beside(bound, random.choice((-1, 0, 0, 1))) for bound in chosen]


def beside(instant: str, microseconds: int) -> str:
    """The instant so many microseconds later."""
    return to_instant(from_instant(instant) + timedelta(microseconds=microseconds))


def knowns(random: Random, entries: Sequence[Entry], count: int) -> list[Known]:
    """What may be known of a history, first all of it at the default floor."""
    reported = instants(random, entries, count, published=True)
    recorded = sorted({at for _, at, _ in entries})
    found = [Known(None, None, "press")]
    while len(found) < count:
        found.append(
            Known(
                random.choice(reported) if reported and random.random() < 0.5 else None,
                beside(random.choice(recorded), random.choice((-1, 0))) if random.random() < 0.4 else None,
                random.choice(FLOORS),
            )
        )
    return found
