"""The ids of a file to ids of the archive: the same each time, and never one for two."""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import normalize

from archive.intake.faults import Wrong, quoted
from archive.intake.kinds import LONGEST_ID

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:(?:[.,] |[-_./: ])[A-Za-z0-9]+)*\.?")
"""What a slug shows as it is: parts with one sign between them, or a comma or full stop and a blank, as names have."""
_OTHER = re.compile(r"[^a-z0-9]+")
_DIGITS = 10


class Ids:
    """The ids that one source gives, behind its prefix."""

    def __init__(self, prefix: str) -> None:
        """Put this before each id; nothing for ids that are shared with other sources."""
        self._prefix = prefix
        self._made: dict[tuple[str, str], str] = {}
        self._known: dict[tuple[str, str], str] = {}

    def of(self, kind: str, foreign: str) -> str:
        """The id for a foreign one: its small letters and digits, with a digest where that loses something.

        Raises Wrong where two of a kind would come to the same.
        """
        known = self._known.get((kind, foreign))
        if known is not None:
            return known
        made = slug(foreign)
        made = f"{self._prefix}-{made}" if self._prefix else made
        if len(made) > LONGEST_ID:
            made = f"{made[: LONGEST_ID - _DIGITS - 1].rstrip('-')}-{_digest(foreign)}"
        earlier = self._made.setdefault((kind, made), foreign)
        if earlier != foreign:
            raise Wrong(f"{quoted(foreign)} and {quoted(earlier)} come to the same id", "give one of them another id")
        self._known[kind, foreign] = made
        return made


def slug(text: str) -> str:
    """A slug of a text: exact up to case and separators, else with ten digits of its SHA-256."""
    if _PLAIN.fullmatch(text):
        return _OTHER.sub("-", text.lower()).strip("-")
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(part for part in (_OTHER.sub("-", plain).strip("-"), _digest(text)) if part)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
