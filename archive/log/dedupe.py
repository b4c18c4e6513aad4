"""Which of the events to append the log has already.

Two events are the same if their content is (``codec.content``). They are looked up by 63 bits of
HMAC-SHA-256 under a random key of the archive, so that what a redacted entry said cannot be
guessed from an index; a hit counts only once the stored bytes agree.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archive.errors import SameIdOtherContent
from archive.log import codec, direct
from archive.log.appending import Keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from events import Event

LOOKED_UP = 10_000
"""Keys in one statement."""

LOOK_UP = {
    "sqlite": """
        SELECT e.{column} AS key, e.position, e.type, e.type_version, e.payload
        FROM json_each(?) AS wanted CROSS JOIN entries AS e ON e.{column} = wanted.value
    """,
    "postgresql": """
        SELECT {column} AS key, position, type, type_version, payload
        FROM entries WHERE {column} = ANY(%s) AND {column} IS NOT NULL
    """,
}

Hits = Mapping[int, Sequence["Hit"]]


class Hit(NamedTuple):
    """An entry that has a key."""

    key: int
    position: int
    type: str
    type_version: int
    payload: bytes


@dataclass(slots=True)
class Sorted:
    """Events by what is to be done with them, each by its index.

    new: those to append, with their forms and dedupe keys; known: those in the log, with their positions;
    repeated: those that an earlier new one equals, with its index
    """

    new: dict[int, tuple[codec.Forms, Keys]] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    repeated: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Events that are looked up under a key of the archive, with their forms and dedupe keys."""

    secret: bytes
    events: Sequence[Event]
    forms: Sequence[codec.Forms]
    keys: Sequence[tuple[int | None, int]]
    by_id: Sequence[direct.Answer]
    by_content: Sequence[direct.Answer]


def ask(connection: Connection, secret: bytes, events: Sequence[Event]) -> Asked:
    """Have events looked up."""
    forms = [codec.forms(event) for event in events]
    keying = Keying(secret)
    keys = [keying.keys(event.id, form.content) for event, form in zip(events, forms, strict=True)]
    by_id = _look_up(connection, "dedupe_id", [key for key, _ in keys if key is not None])
    by_content = _look_up(connection, "dedupe_content", [key for _, key in keys])
    return Asked(secret, events, forms, keys, by_id, by_content)


def sort_out(asked: Asked) -> Sorted:
    """Tell new events from those that the log has; raise SameIdOtherContent with every clash."""
    by_id, by_content = _hits(asked.by_id), _hits(asked.by_content)
    result = Sorted()
    clashes: list[tuple[int, int | None, int | None]] = []
    first_of_id: dict[str, int] = {}
    first_of_content: dict[bytes, int] = {}
    for index, (event, form, (id_key, content_key)) in enumerate(
        zip(asked.events, asked.forms, asked.keys, strict=True)
    ):
        content = form.content
        hits = by_content.get(content_key)
        if hits and (same := _same(hits, event, form)) is not None:
            result.known[index] = same
        elif content in first_of_content:
            result.repeated[index] = first_of_content[content]
        elif id_key is not None and (taken := _taken(by_id.get(id_key, ()), event)) is not None:
            clashes.append((index, taken, None))
        elif event.id is not None and event.id in first_of_id:
            clashes.append((index, None, first_of_id[event.id]))
        else:
            first_of_content[content] = index
            if event.id is not None:
                first_of_id[event.id] = index
            result.new[index] = form, (id_key, content_key)
    if clashes:
        raise SameIdOtherContent(tuple(clashes))
    return result


class Keying:
    """Makes the dedupe columns of events under the key of an archive."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, event: Event) -> Keys:
        """The two dedupe columns of an event."""
        return self.keys(event.id, codec.content(event))

    def keys(self, id_: str | None, content: bytes) -> tuple[int | None, int]:
        """Those of an event that has this id and content."""
        return None if id_ is None else self._key(b"id\0" + id_.encode()), self._key(b"content\0" + content)

    def _key(self, data: bytes) -> int:
        return int.from_bytes(hmac.digest(self._secret, data, "sha256")[:8]) >> 1


def _look_up(connection: Connection, column: str, keys: Sequence[int]) -> list[direct.Answer]:
    """Have keys looked up."""
    statement = LOOK_UP[connection.dialect.name].format(column=column)
    some = (keys[start : start + LOOKED_UP] for start in range(0, len(keys), LOOKED_UP))
    return [direct.ask(connection, statement, (direct.keys(connection, one),)) for one in some]


def _hits(answers: Iterable[direct.Answer]) -> Hits:
    """The entries that were found."""
    hits: dict[int, list[Hit]] = defaultdict(list)
    for answer in answers:
        for row in answer():
            hits[row[0]].append(Hit(*row))
    return hits


def _same(hits: Iterable[Hit], event: Event, form: codec.Forms) -> int | None:
    """The position of the entry that says what ``event`` says."""
    as_stored = (codec.type_name(event), event.VERSION, form.payload)
    for hit in hits:
        if (hit.type, hit.type_version, hit.payload) == as_stored:
            return int(hit.position)
        if codec.content(codec.decode(hit.type, hit.type_version, hit.payload)) == form.content:
            return int(hit.position)
    return None


def _taken(hits: Iterable[Hit], event: Event) -> int | None:
    """The position of the entry that has the id of ``event``."""
    for hit in hits:
        if codec.decode(hit.type, hit.type_version, hit.payload).id == event.id:
            return int(hit.position)
    return None
