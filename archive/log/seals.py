"""Digests of rows of which no hash in the log speaks: an alteration by accident is found, one by hand is not."""

from __future__ import annotations

from hashlib import sha256


def archive_seal(origin: str, dedupe_key: bytes, created_at: str) -> bytes:
    """The digest of the archive's one row."""
    return _seal(origin, dedupe_key.hex(), created_at)


def document_seal(digest: str, media_type: str, made_by: str, text: str, kept_at: str) -> bytes:
    """The digest of a kept text and of what is known of it."""
    return _seal(digest, media_type, made_by, text, kept_at)


def _seal(*parts: str) -> bytes:
    """SHA-256 of UTF-8, with U+0000 between the parts, which no part holds."""
    return sha256("\0".join(parts).encode()).digest()
