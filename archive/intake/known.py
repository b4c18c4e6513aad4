"""What intake must know of an archive: an argument, so that reading reports touches no database."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Protocol

from archive.intake.kinds import Named
from archive.intake.nearest import Near, nearest_of
from archive.intake.registers import Key, names_of, registers, versions_in
from events import Event
from events.later import Merged
from events.names import fold_name
from events.sources import SourceRegistered


class Known(Protocol):
    """The ids and entries of one archive at one moment.

    A key is an id; of an office it is `organisation/office`.
    """

    @property
    def now(self) -> str:
        """The canonical instant at which the reports are read."""
        ...

    def ids(self, kind: Named) -> Container[str]:
        """The keys registered of a kind; looked in for every reference."""
        ...

    def expect(self, keys: Collection[Key]) -> Collection[Key]:
        """Be told which keys are looked for next, to find them all at once; those of them that are registered."""
        ...

    def forget(self) -> None:
        """Be told that of a long reading a part is done: what was looked up for it may be let go."""
        ...

    def called(self, names: Collection[str]) -> Mapping[str, Collection[Key]]:
        """Whom these folded names mean, each under the id for which the name was recorded; names that were taken back
        mean nobody. Asked a few times a reading, for all that is wanted then."""
        ...

    def mergers(self) -> Sequence[tuple[int, Merged]]:
        """The mergers that stand, with their positions, in order."""
        ...

    def nearest(self, kind: Named, text: str, organisation: str | None = None) -> Sequence[Near]:
        """Up to three of a kind whose id or recorded name is like `text`, the likest first; of offices those of an
        organisation, with the bare id."""
        ...

    def registrations(self, keys: Collection[Key]) -> Mapping[Key, Event]:
        """The events that registered these keys, as they were appended, where that can be told; all at once."""
        ...

    def entry(self, position: int) -> Event | None:
        """The event at a position, with the amendments known now; None past the end."""
        ...

    def published(self, sources: Collection[str]) -> Mapping[str, str]:
        """The latest instant at which each of these sources was first public, where it is known; all at once."""
        ...

    def texts(self, source: str) -> Mapping[str, str | None]:
        """The kept text of each version of a source by its digest, the one registered first first; None where none is
        kept."""
        ...

    def with_ids(self, ids: Collection[str]) -> Mapping[str, Event]:
        """The events that callers gave these ids, as they were appended; all at once.

        An archive may leave some out: the log finds the same id with other content too, but later.
        """
        ...


class MemoryKnown:
    """An archive in memory, made from its events: positions are their places in the list, from 1. `texts` are those
    kept, by digest."""

    def __init__(
        self,
        events: Iterable[Event] = (),
        *,
        now: str = "2026-01-01T00:00:00.000000Z",
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.now = now
        self.events = list(events)
        self._texts: dict[str, dict[str, str | None]] = {}
        self._registrations: dict[Key, Event] = {}
        self._names: dict[Key, list[str]] = {}
        for event in self.events:
            for key in registers(event):
                self._registrations.setdefault(key, event)
            for key, name in names_of(event):
                self._names.setdefault(key, []).append(name)
            for source, digest in versions_in(event):
                self._texts.setdefault(source, {}).setdefault(digest, (texts or {}).get(digest))

    def forget(self) -> None:
        """All of it stays in memory."""

    def called(self, names: Collection[str]) -> Mapping[str, Collection[Key]]:
        """Whom these folded names mean; what later entries say of their registrations is not heeded."""
        found: dict[str, set[Key]] = {}
        for key, known in self._names.items():
            for name in {fold_name(one) for one in known} & set(names):
                found.setdefault(name, set()).add(key)
        return found

    def mergers(self) -> Sequence[tuple[int, Merged]]:
        """The mergers."""
        return [(place, event) for place, event in enumerate(self.events, 1) if isinstance(event, Merged)]

    def ids(self, kind: Named) -> Container[str]:
        """The keys registered of a kind."""
        return frozenset(id_ for of, id_ in self._registrations if of == kind)

    def expect(self, keys: Collection[Key]) -> Collection[Key]:
        """Those that are registered."""
        return self._registrations.keys() & keys

    def nearest(self, kind: Named, text: str, organisation: str | None = None) -> Sequence[Near]:
        """The likest of a kind."""
        return nearest_of(text, candidates(self._registrations, self._names, kind, organisation))

    def registrations(self, keys: Collection[Key]) -> Mapping[Key, Event]:
        """The events that registered these keys."""
        return {key: self._registrations[key] for key in keys if key in self._registrations}

    def entry(self, position: int) -> Event | None:
        """The event at a position."""
        return self.events[position - 1] if 1 <= position <= len(self.events) else None

    def published(self, sources: Collection[str]) -> Mapping[str, str]:
        """The own time of each, as it was registered."""
        return own_times(self.registrations([("source", source) for source in sources]).values())

    def texts(self, source: str) -> Mapping[str, str | None]:
        """The kept text of each version of a source."""
        return self._texts.get(source, {})

    def with_ids(self, ids: Collection[str]) -> Mapping[str, Event]:
        """The events that have these ids."""
        return {event.id: event for event in self.events if event.id is not None and event.id in ids}


def own_times(registrations: Iterable[Event]) -> dict[str, str]:
    """The latest instant at which each of some sources was first public, of their registrations, where that says so."""
    sources = (event for event in registrations if isinstance(event, SourceRegistered))
    return {one.source: one.published.latest for one in sources if one.published and one.published.latest}


def candidates(
    keys: Iterable[Key], names: Mapping[Key, Sequence[str]], kind: Named, organisation: str | None
) -> dict[str, Sequence[str]]:
    """The ids of a kind with their names, as `nearest_of` wants them; offices of one organisation by their bare id."""
    found: dict[str, Sequence[str]] = {}
    for key in keys:
        of, id_ = key
        if of == kind:
            owner, _, bare = id_.rpartition("/")
            if kind != "office" or organisation is None or owner == organisation:
                found[bare or id_] = names.get(key, ())
    return found
