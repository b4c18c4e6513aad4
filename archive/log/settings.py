"""What stands beside the log and is in no leaf: the archive's own row, its followers, the kept texts of sources."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from archive.intake.passages import mismatch
from archive.log.entries import read_entries
from archive.log.findings import Findings
from archive.log.seals import archive_seal, document_seal
from archive.log.stored_rows import rows
from events.sources import SourceRegistered

if TYPE_CHECKING:
    from sqlalchemy import Connection

TEXTS_AT_HAND = 8

BYTES_AS_THEY_ARE = "text/plain; charset=utf-8"
"""Of such a document the text is the bytes, but for a byte order mark."""


def check_settings(connection: Connection, findings: Findings, size: int) -> None:
    """Check the archive's own row by its digest, and that no follower is past the end of the log."""
    with findings.reading("the archive's own row"):
        ((origin, key, created_at, digest),) = rows(
            connection, "SELECT origin, dedupe_key, created_at, digest FROM archive"
        )
        if archive_seal(origin, bytes(key), created_at) != digest:
            findings.add("settings", "the archive's origin, its key or the time at which it was made was altered")
    with findings.reading("the followers"):
        for name, at in rows(connection, "SELECT application_name, notification_id FROM tracking"):
            if not isinstance(name, str) or not isinstance(at, int) or not 0 <= at <= size:
                findings.add("settings", f"the follower {name!r} is at {at}, and the log ends at {size}")


@dataclass(frozen=True, slots=True)
class Texts:
    """How many texts are kept, and how many passages that are cited of them do not stand there.

    A passage may never have stood there: a text may be kept after it was cited. So it is told, and is no finding.
    """

    kept: int
    elsewhere: int


def check_texts(connection: Connection, findings: Findings) -> Texts:
    """Check every kept text by its digests, and count the cited passages that do not stand in them."""
    digests = [digest for (digest,) in rows(connection, "SELECT sha256 FROM documents ORDER BY sha256")]
    for digest in digests:
        with findings.reading(f"the kept text {digest}"):
            _check_text(findings, _row(connection, digest))
    elsewhere = 0
    if digests:
        with findings.reading("the passages that are cited"):
            elsewhere = _elsewhere(connection, frozenset(digests))
    return Texts(len(digests), elsewhere)


def _row(connection: Connection, digest: Any) -> tuple[Any, ...]:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    wanted = f"SELECT sha256, media_type, made_by, text, kept_at, digest FROM documents WHERE sha256 = {mark}"  # noqa: S608  # a mark
    (row,) = rows(connection, wanted, (digest,))
    return row


def _check_text(findings: Findings, row: tuple[Any, ...]) -> None:
    name, media_type, made_by, text, kept_at, digest = row
    if document_seal(name, media_type, made_by, text, kept_at) != digest:
        findings.add("text", f"the kept text {name} is not as it was kept: it, its kind or its time was altered")
    elif media_type == BYTES_AS_THEY_ARE:
        data = text.encode()
        if name not in (sha256(data).hexdigest(), sha256(codecs.BOM_UTF8 + data).hexdigest()):
            findings.add("text", f"the kept text {name} is not that of a document with this digest")


def _elsewhere(connection: Connection, kept: frozenset[str]) -> int:
    """How many passages are cited of kept texts in which they do not stand."""
    registered: dict[str, str | None] = {}
    cited: list[Any] = []
    for entry in read_entries(connection):
        if isinstance(entry.event, SourceRegistered):
            registered[entry.event.source] = entry.event.sha256
        elif getattr(entry.event, "passages", None):
            cited.append(entry.event)

    @lru_cache(TEXTS_AT_HAND)
    def text_of(digest: str) -> str:
        text: str = _row(connection, digest)[3]
        return text

    count = 0
    for event in cited:
        digest = event.source_version or registered.get(event.source)
        if digest in kept:
            count += sum(mismatch(text_of(digest), one.start, one.end, one.sha256) for one in event.passages)
    return count
