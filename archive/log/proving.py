"""Proofs as files: that an entry is in a log (tlog-proof of C2SP), that a log continues an earlier one.

::

    c2sp.org/tlog-proof@v1
    extra eyJhcHBlbmQiOiI1Zi…
    index 73
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=

    example.org/newsroom
    189
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — example.org/newsroom hI2DJw…

``extra`` is the data of the leaf, whose hash the proof leads from. That a log continues an earlier one is the body of
a witness's ``add-checkpoint``: ``old SIZE``, hashes, an empty line and the newer checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from archive.errors import NotProven
from archive.log.checkpoints import SIZE, Checkpoint, parse_checkpoint
from archive.log.codec import canonical
from archive.log.merkle import leaf_hash
from archive.log.notes import LARGEST, Verifier, base64_of, bytes_of, hashes_of
from archive.log.proofs import consistent, includes

FIRST = "c2sp.org/tlog-proof@v1"
OLD = "old "
INDEX = "index "
EXTRA = "extra "
MOST_HASHES = 63

LEAF = {
    "append": str,
    "payload": str,
    "position": int,
    "recorded_at": str,
    "stream": str,
    "type": str,
    "type_version": int,
    "version": int,
}
"""What the data of a leaf of ours says, and of which kind each is."""

ALTERED = "ask for the proof again; if it fails again, the log that gave it is another one"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A proof that the leaf with this data is at ``index`` (position - 1) of the log with this checkpoint."""

    leaf: bytes
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint

    def __str__(self) -> str:
        lines = [FIRST, EXTRA + base64_of(self.leaf), f"{INDEX}{self.index}", *map(base64_of, self.hashes)]
        return "\n".join([*lines, "", self.checkpoint.note])

    def check(self) -> dict[str, Any]:
        """What the leaf says, once it is proved to be in the log. Raises NotProven."""
        if not includes(self.index, self.checkpoint.size, leaf_hash(self.leaf), self.hashes, self.checkpoint.root):
            raise NotProven(
                f"the proof does not lead from its leaf to the root of {self.checkpoint.size} entries", hint=ALTERED
            )
        said = _leaf(self.leaf)
        if said is None or said["position"] != self.index + 1:
            raise NotProven(f"the leaf at index {self.index} is none of an archive's at that position")
        return said


@dataclass(frozen=True, slots=True)
class Consistency:
    """A proof that the log with this checkpoint begins with what it was at size ``old``."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint

    def __str__(self) -> str:
        return "\n".join([f"{OLD}{self.old}", *map(base64_of, self.hashes), "", self.checkpoint.note])

    def check(self, earlier: Checkpoint) -> None:
        """Raise NotProven unless the log that had this earlier checkpoint is the one that has the newer."""
        if earlier.origin != self.checkpoint.origin:
            raise NotProven(f"the proof is of the log {self.checkpoint.origin}, the checkpoint of {earlier.origin}")
        if earlier.size != self.old:
            raise NotProven(
                f"the proof begins at size {self.old}, the checkpoint given has {earlier.size}",
                hint=f"ask for: archive prove --consistency {earlier.size}",
            )
        if not consistent(self.old, self.checkpoint.size, self.hashes, earlier.root, self.checkpoint.root):
            raise NotProven(
                f"the log of {self.checkpoint.size} entries is not shown to continue that of {self.old}", hint=ALTERED
            )


Proof = Inclusion | Consistency


def parse_proof(text: str, keys: Sequence[Verifier] = ()) -> Proof:
    """The proof that a file holds; with keys, one of them must have signed its checkpoint. Raises NotProven."""
    head, empty, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > LARGEST or not empty:
        raise NotProven("no proof: no checkpoint stands in it after an empty line")
    checkpoint = parse_checkpoint(note, keys)
    if lines[0] == FIRST:
        return _inclusion(lines[1:], checkpoint)
    old, hashes = lines[0].removeprefix(OLD), hashes_of(lines[1:])
    if not lines[0].startswith(OLD) or not SIZE.fullmatch(old) or hashes is None or len(hashes) > MOST_HASHES:
        raise NotProven(f"no proof: it begins neither with {FIRST} nor with an old size and hashes")
    return Consistency(int(old), tuple(hashes), checkpoint)


def _inclusion(lines: Sequence[str], checkpoint: Checkpoint) -> Inclusion:
    extra, rest = (lines[0], lines[1:]) if lines and lines[0].startswith(EXTRA) else ("", lines)
    leaf = bytes_of(extra.removeprefix(EXTRA))
    index = re.fullmatch(f"{INDEX}({SIZE.pattern})", rest[0]) if rest else None
    hashes = hashes_of(rest[1:])
    if not leaf or index is None or hashes is None or len(hashes) > MOST_HASHES:
        raise NotProven("no proof of an entry: it lacks the data of the leaf, its index or hashes")
    return Inclusion(leaf, int(index[1]), tuple(hashes), checkpoint)


def _leaf(data: bytes) -> dict[str, Any] | None:
    """What the data of a leaf says, if it is that of an archive in its one form."""
    try:
        said = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or said.keys() != LEAF.keys() or canonical(said) != data:
        return None
    return said if all(type(said[name]) is kind for name, kind in LEAF.items()) else None
