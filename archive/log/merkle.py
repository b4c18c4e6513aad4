"""The Merkle tree of RFC 6962, grown at its right edge.

The frontier is all that an append needs: the roots of the full subtrees that the tree is made
of, largest first, one for each bit set in its size. It is kept as those 32-byte hashes in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

STEP = 4
"""Of the inner nodes, those of every fourth level are stored: the others are hashed from at most 15 of them."""

Node = tuple[int, int, bytes]
"""Level (0 is that of the leaves), number in its level from 0, hash: the root of a full subtree of 2^level leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and its data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree of ``size`` leaves; adding one costs one hash on average."""

    __slots__ = ("_subtrees", "size")

    def __init__(self, size: int = 0, stored: bytes = b"") -> None:
        if len(stored) != HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} hashes in its frontier")
        self.size = size
        self._subtrees = [stored[start : start + HASH_BYTES] for start in range(0, len(stored), HASH_BYTES)]

    def extend(self, leaves: Iterable[bytes]) -> list[Node]:
        """Add leaf hashes at the right, in order; the inner nodes to store that became full."""
        subtrees = self._subtrees
        full: list[Node] = []
        for leaf in leaves:
            node, size, level = leaf, self.size, 0
            while size & 1:
                node = node_hash(subtrees.pop(), node)
                size >>= 1
                level += 1
                if not level % STEP:
                    full.append((level, size, node))
            subtrees.append(node)
            self.size += 1
        return full

    def root(self) -> bytes:
        """The root hash; that of the empty string for the empty tree."""
        return fold(self._subtrees) if self._subtrees else EMPTY_ROOT

    def __bytes__(self) -> bytes:
        return b"".join(self._subtrees)


def fold(subtrees: Sequence[bytes]) -> bytes:
    """The root over the roots of full subtrees, largest first, of which there is at least one."""
    *larger, root = subtrees
    for subtree in reversed(larger):
        root = node_hash(subtree, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes by the definition (RFC 6962, 2.1), without a frontier."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))
