"""Where texts of sources are kept and removed: the one place for what is made of them in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.log import documents
from archive.projections.search_index import forget_text, index_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.intake.documents import Document


def keep(connection: Connection, document: Document, kept_at: str) -> bool:
    """Keep the text of a document, `kept_at` a canonical instant; whether it was not kept before."""
    if not documents.put(connection, document, kept_at):
        return False
    index_text(connection, document.sha256, document.text)
    return True


def remove(connection: Connection, sha256: str) -> bool:
    """Destroy a kept text and all that was made of it; whether there was one."""
    if not documents.remove(connection, sha256):
        return False
    forget_text(connection, sha256)
    return True
