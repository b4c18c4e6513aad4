"""The kept texts of sources, beside the log: what is cited stays in the log, what it was cited from can go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from archive.intake.documents import Document
from archive.log.seals import document_seal
from archive.log.tables import documents

MANY = 500
"""Digests in one statement."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a kept text without reading it; `kept_at` is a canonical instant."""

    sha256: str
    media_type: str
    made_by: str
    kept_at: str


def kept(connection: Connection) -> Iterator[Kept]:
    """Every kept text, by digest, without the texts themselves."""
    columns = (documents.c.sha256, documents.c.media_type, documents.c.made_by, documents.c.kept_at)
    for row in connection.execute(select(*columns).order_by(documents.c.sha256)):
        yield Kept(*row)


def texts(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """The kept texts among these digests; of one that is not kept there is nothing."""
    found: dict[str, str] = {}
    for start in range(0, len(digests), MANY):
        some = documents.c.sha256.in_(digests[start : start + MANY])
        rows = connection.execute(select(documents.c.sha256, documents.c.text).where(some))
        found.update({digest: text for digest, text in rows})  # noqa: C416  # dict() takes a result for a mapping
    return found


def put(connection: Connection, document: Document, kept_at: str) -> bool:
    """Keep a text; whether it was not kept before. A text that is there stays as it is."""
    there = select(documents.c.sha256).where(documents.c.sha256 == document.sha256)
    if connection.execute(there).first() is not None:
        return False
    parts = (document.sha256, document.media_type, document.made_by, document.text, kept_at)
    names = ("sha256", "media_type", "made_by", "text", "kept_at")
    values = dict(zip(names, parts, strict=True)) | {"digest": document_seal(*parts)}
    connection.execute(insert(documents).values(**values))
    return True


def remove(connection: Connection, sha256: str) -> bool:
    """Destroy the kept text of a digest; whether there was one."""
    return connection.execute(delete(documents).where(documents.c.sha256 == sha256)).rowcount > 0
