"""Events to the bytes that are stored and hashed, and back through their constructors.

A leaf of the log is the hash of, for instance::

    {"append":"5f…","payload":"c0…","position":74,"recorded_at":"2023-11-20T09:00:00.000000Z",
     "stream":"organisation/openai","type":"Appointed","type_version":1,"version":31}
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

import events

if TYPE_CHECKING:
    from events import Event

SALT_BYTES = 16


class Forms(NamedTuple):
    """An event as bytes: what is stored of it, and what makes it the same as another."""

    payload: bytes
    content: bytes


def canonical(value: Any) -> bytes:
    """JSON in its one canonical form: UTF-8, keys sorted, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def encode(event: Event) -> bytes:
    """The payload: the fields that differ from their defaults."""
    return canonical(events.to_plain(event))


def decode(name: str, type_version: int, payload: bytes) -> Event:
    """The event that was stored, upcast to today's version and checked by its constructor."""
    return events.from_plain(name, type_version, orjson.loads(payload))


def content(event: Event) -> bytes:
    """What makes two reports the same, as bytes to compare and to key."""
    return canonical(events.content_identity(event))


def forms(event: Event) -> Forms:
    """Payload and content of an event, of one look at its fields."""
    plain, identity = events.plain_and_identity(event)
    return Forms(canonical(plain), canonical(identity))


def type_name(event: Event) -> str:
    """The stable name under which an event's type is stored."""
    return type(event).__name__


def topic(name: str, type_version: int) -> str:
    """A type and its version as one name: ``Dismissed``, ``Dismissed@2``."""
    return name if type_version == 1 else f"{name}@{type_version}"


def type_of(topic: str) -> tuple[str, int]:
    """The type and version that a topic names."""
    name, _, type_version = topic.partition("@")
    return name, int(type_version or 1)


def digest(salt: bytes, data: bytes) -> bytes:
    """SHA-256 of the salt followed by the bytes: tells nothing of them once the salt is gone."""
    return sha256(salt + data).digest()


def leaf_data(
    *,
    append: bytes,
    payload: bytes,
    position: int,
    recorded_at: str,
    stream: str,
    name: str,
    type_version: int,
    version: int,
) -> bytes:
    """The data of a leaf; ``append`` and ``payload`` are salted digests."""
    return canonical(
        {
            "append": append.hex(),
            "payload": payload.hex(),
            "position": position,
            "recorded_at": recorded_at,
            "stream": stream,
            "type": name,
            "type_version": type_version,
            "version": version,
        }
    )
