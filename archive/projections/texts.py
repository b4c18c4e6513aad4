"""Where texts of sources are kept and removed: the one place for what is made of them in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.log import documents

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.intake.documents import Document


def keep(connection: Connection, document: Document, kept_at: str) -> bool:
    """Keep the text of a document, `kept_at` a canonical instant; whether it was not kept before."""
    return documents.put(connection, document, kept_at)


def remove(connection: Connection, sha256: str) -> bool:
    """Destroy a kept text and all that was made of it; whether there was one."""
    return documents.remove(connection, sha256)
