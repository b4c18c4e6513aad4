"""Checkpoints of C2SP (tlog-checkpoint): how long a log was and what its root was, for ever, in the log's name.

A checkpoint that nobody signed is the same text with the line ``unsigned`` where signatures would stand: no other
program takes it for a signed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.errors import NotProven, UsageError
from archive.log.merkle import EMPTY_ROOT, HASH_BYTES
from archive.log.notes import CONTROLS, Note, Verifier, base64_of, bytes_of, parse_note

UNSIGNED = "unsigned\n"

SIZE = re.compile("0|[1-9][0-9]{0,18}")

LARGEST_SIZE = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name, its size and its root; ``note`` is the whole text that it came in, ``signers`` whose signatures
    were found good."""

    origin: str
    size: int
    root: bytes
    note: str = field(default="", compare=False)
    signers: tuple[str, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        """What is signed."""
        if not self.origin or CONTROLS.search(self.origin) or "\n" in self.origin:
            raise UsageError(f"the origin {self.origin!r} cannot stand in a checkpoint", hint="it must be one line")
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"

    @property
    def unsigned(self) -> str:
        """The checkpoint with the mark that nobody signed it."""
        return f"{self.text}\n{UNSIGNED}"


def parse_checkpoint(text: str, keys: Sequence[Verifier] = ()) -> Checkpoint:
    """The checkpoint of a signed or unsigned text. With keys, one of them must have signed it. Raises NotProven."""
    body = text.removesuffix(f"\n{UNSIGNED}")
    note = Note(body, ()) if body != text else parse_note(text)
    origin, size, root = _parsed(note.text)
    signers = note.signers(keys)
    if keys and not signers:
        names = ", ".join(sorted({name for name, _, _ in note.signatures})) or "nobody"
        raise NotProven(
            f"the checkpoint of {origin} at size {size} is not signed by a key given, but by {names}",
            hint="say the key of the log with --key",
        )
    return Checkpoint(origin, size, root, text, signers)


def _parsed(text: str) -> tuple[str, int, bytes]:
    lines = text.split("\n")
    if lines.pop() or len(lines) < 3 or not all(lines) or CONTROLS.search(text):  # noqa: PLR2004  # origin, size, root
        raise NotProven("no checkpoint: it has no three lines of origin, size and root")
    origin, size, said = lines[:3]
    root = bytes_of(said)
    if not SIZE.fullmatch(size) or int(size) > LARGEST_SIZE or root is None or len(root) != HASH_BYTES:
        raise NotProven(f"no checkpoint: {origin[:80]!r} is not followed by a size and a root")
    if int(size) == 0 and root != EMPTY_ROOT:
        raise NotProven("no checkpoint: an empty log has another root")
    return origin, int(size), root
