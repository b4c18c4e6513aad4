r"""The log as a file: JSON Lines that carry an archive from one database to another, with the same root.

::

    {"format":"organisation-archive/log","format_version":1,"origin":"…","size":9,"root":"8bbd…","texts":1}
    {"append":1,"first":1,"recorded_at":"2026-11-24T00:17:43.937469Z","header":"{\"program\":…}","salt":"…","digest":"…"}
    {"entry":1,"stream":"registry","version":1,"type":"PersonRegistered","type_version":1,
     "payload":"{\"name\":…}","salt":"…","digest":"…","leaf":"…"}
    {"text":"…","media_type":"text/plain; charset=utf-8","made_by":"…","kept_at":"…","of":"9f86…"}

Header and payload stand as strings, for their very bytes are hashed; salts, digests and hashes are hex. What was
redacted has null for both and keeps its digest. The entries of an append follow its line, the kept texts stand last.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from archive.log import documents
from archive.log.copying import StoredAppend, StoredEntry, stored
from archive.log.schema import origin_of

if TYPE_CHECKING:
    from archive.log.log import Log

FORMAT = "organisation-archive/log"
VERSION = 1

FIRST = {"format": str, "format_version": int, "origin": str, "size": int, "root": str, "texts": int}
APPEND = {"append": int, "first": int, "recorded_at": str, "header": str, "salt": str, "digest": str}
ENTRY = {
    "entry": int,
    "stream": str,
    "version": int,
    "type": str,
    "type_version": int,
    "payload": str,
    "salt": str,
    "digest": str,
    "leaf": str,
}
TEXT = {"text": str, "media_type": str, "made_by": str, "kept_at": str, "of": str}
REDACTED = frozenset({"header", "payload", "salt"})
"""Fields that may be null."""


def write_log(log: Log) -> Iterator[bytes]:
    """The lines of a log and of the kept texts beside it, each without its end, at one snapshot."""
    with log.reading() as connection:
        at = log.head(connection)
        kept = list(documents.kept(connection))
        first = {"origin": origin_of(connection), "size": at.size, "root": at.root, "texts": len(kept)}
        yield orjson.dumps({"format": FORMAT, "format_version": VERSION, **first})
        for append, parts in groupby(stored(connection), lambda part: part[0]):
            yield orjson.dumps(_of_append(append))
            for _, entries in parts:
                yield from (orjson.dumps(of_entry(entry)) for entry in entries)
        for one in kept:
            text = documents.texts(connection, [one.sha256])[one.sha256]
            about = {"media_type": one.media_type, "made_by": one.made_by, "kept_at": one.kept_at, "of": one.sha256}
            yield orjson.dumps({"text": text, **about})


def _of_append(append: StoredAppend) -> dict[str, Any]:
    return {
        "append": append.id,
        "first": append.first_position,
        "recorded_at": append.recorded_at,
        "header": _text(append.header),
        "salt": _hex(append.salt),
        "digest": append.digest.hex(),
    }


def of_entry(entry: StoredEntry) -> dict[str, Any]:
    """The fields of an entry's line, which are those of ``ENTRY``."""
    return {
        "entry": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "type": entry.type,
        "type_version": entry.type_version,
        "payload": _text(entry.payload),
        "salt": _hex(entry.salt),
        "digest": entry.digest.hex(),
        "leaf": entry.leaf.hex(),
    }


def to_append(line: dict[str, Any]) -> StoredAppend:
    """The append of a line whose fields are those of ``APPEND``."""
    return StoredAppend(
        id=line["append"],
        first_position=line["first"],
        recorded_at=line["recorded_at"],
        header=_bytes(line["header"]),
        salt=_unhex(line["salt"]),
        digest=bytes.fromhex(line["digest"]),
    )


def to_entry(line: dict[str, Any]) -> StoredEntry:
    """The entry of a line whose fields are those of ``ENTRY``."""
    return StoredEntry(
        position=line["entry"],
        stream=line["stream"],
        version=line["version"],
        type=line["type"],
        type_version=line["type_version"],
        payload=_bytes(line["payload"]),
        salt=_unhex(line["salt"]),
        digest=bytes.fromhex(line["digest"]),
        leaf=bytes.fromhex(line["leaf"]),
    )


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _hex(data: bytes | None) -> str | None:
    return None if data is None else data.hex()


def _unhex(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)
