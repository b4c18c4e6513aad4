"""An append under way: which events are new, where each stands, and its entries."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from archive.log import codec, direct
from archive.log.appending import Appending
from archive.log.application import stored_event
from archive.log.dedupe import ask, sort_out
from archive.log.entries import Entry

if TYPE_CHECKING:
    from eventsourcing.persistence import AggregateRecorder, StoredEvent
    from sqlalchemy import Connection

    from archive.log.direct import Answer
    from events import Event

VERSIONS = {
    "sqlite": """
        SELECT value, coalesce((SELECT max(version) FROM entries WHERE stream = value), 0) FROM json_each(?)
    """,
    "postgresql": """
        SELECT wanted, coalesce((SELECT max(version) FROM entries WHERE stream = wanted), 0)
        FROM unnest(%s::text[]) AS wanted
    """,
}


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event: its position, and its entry, which is None if it was there already."""

    position: int
    entry: Entry | None


@dataclass(slots=True)
class Counted:
    """What became of all events of an append: how many are new, and the position of each, in order.

    first and last: where the new ones stand, without a gap
    """

    new: int = 0
    first: int | None = None
    last: int | None = None
    positions: array[int] = field(default_factory=lambda: array("q"))

    @classmethod
    def of(cls, answers: Iterable[Appended]) -> Self:
        """Count these."""
        counted = cls()
        counted.add(answers)
        return counted

    def add(self, answers: Iterable[Appended]) -> None:
        """Count those that follow."""
        for answer in answers:
            self.positions.append(answer.position)
            if answer.entry is not None:
                self.new += 1
                self.first = self.first or answer.position
                self.last = answer.position


class Writing:
    """An append under way; nothing of it is in the log until its transaction commits."""

    def __init__(
        self, connection: Connection, begun: Callable[[], Appending], recorder: AggregateRecorder, secret: bytes | None
    ) -> None:
        """Append as what was ``begun`` on a connection; ``secret``: what the key of the dedupe columns was last."""
        self.connection = connection
        self._begun = begun
        self._recorder = recorder
        self._secret = secret
        self._appending: Appending | None = None

    @property
    def appending(self) -> Appending:
        """Where the log ends; whoever calls for it first waits for that."""
        if self._appending is None:
            self._appending = self._begun()
        return self._appending

    @property
    def recorded_at(self) -> str:
        """The record time of the append."""
        return self.appending.recorded_at

    def append(self, events: Sequence[Event]) -> list[Appended]:
        """Append those events that the log has not; one answer for each event given, in order.

        May be called again. Raises SameIdOtherContent, naming every clash, before anything is written.
        """
        versions = self._ask_versions({event.stream for event in events})
        asked = ask(self.connection, self._secret or self.appending.secret, events)
        self._secret = self.appending.secret
        if asked.secret != self._secret:  # another archive has come to the same address
            asked = ask(self.connection, self._secret, events)
        sorted_out = sort_out(asked)
        new = [events[index] for index in sorted_out.new]
        keys = [keys for _, keys in sorted_out.new.values()]
        placed = _placed(new, [form.payload for form, _ in sorted_out.new.values()], versions)
        positions = self._recorder.insert_events(placed, appending=self.appending, keys=keys) or ()
        at, by = self.recorded_at, self.appending.id
        answers = {index: Appended(position, None) for index, position in sorted_out.known.items()}
        for index, position, event, place in zip(sorted_out.new, positions, new, placed, strict=True):
            stream, version, payload = str(place.originator_id), place.originator_version, place.state
            name = codec.type_name(event)
            entry = Entry(position, stream, version, name, event.VERSION, payload, at, by, event)
            answers[index] = Appended(position, entry)
        for index, first in sorted_out.repeated.items():
            answers[index] = Appended(answers[first].position, None)
        return [answers[index] for index in range(len(events))]

    def _ask_versions(self, streams: set[str]) -> Answer:
        """The last version of each of these streams."""
        wanted = (direct.keys(self.connection, sorted(streams)),)
        return direct.ask(self.connection, VERSIONS[self.connection.dialect.name], wanted)


def _placed(events: Sequence[Event], payloads: Sequence[bytes], versions: Answer) -> list[StoredEvent]:
    """Each event, with its payload, at the next place of its stream."""
    last: dict[str, int] = dict(versions())
    placed = []
    for event, payload in zip(events, payloads, strict=True):
        stream = event.stream
        last[stream] = version = last[stream] + 1
        placed.append(stored_event(stream, version, event, payload))
    return placed


def secret_of(connection: Connection) -> bytes:
    """The random key of the archive's dedupe columns."""
    ((secret,),) = direct.rows(connection, "SELECT dedupe_key FROM archive")
    return bytes(secret)
