"""Inclusion and consistency proofs of RFC 6962: which hashes they are made of, and whether they hold.

Leaves are counted from 0 here, as the standards do: index = position - 1. A proof is a list of
32-byte hashes from the leaf upwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from archive.log.merkle import EMPTY_ROOT, HASH_BYTES, fold, node_hash

Leaves = tuple[int, int]
"""The leaves from the first index up to, not including, the second, of which the root is wanted."""

Subtree = tuple[int, int]
"""Level and number of a full subtree."""


def inclusion_leaves(index: int, size: int) -> list[Leaves]:
    """The leaves under each hash of an inclusion proof (RFC 6962, 2.1.1: PATH)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found: list[Leaves] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    return found[::-1]


def consistency_leaves(old: int, size: int) -> list[Leaves]:
    """The leaves under each hash of a consistency proof (RFC 6962, 2.1.2: PROOF); none from size 0 or to itself."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves never had {old}")
    found: list[Leaves] = []
    start, end = 0, size
    while old and old != end:
        split = start + _split(end - start)
        if old <= split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    if start:
        found.append((start, end))
    return found[::-1]


def subtrees(leaves: Leaves) -> Iterator[Subtree]:
    """The full subtrees that leaves under one hash are made of, largest first."""
    start, end = leaves
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def root_over(leaves: Leaves, hash_of: Callable[[Subtree], bytes]) -> bytes:
    """The root over leaves, from the hashes of full subtrees."""
    found = [hash_of(subtree) for subtree in subtrees(leaves)]
    return fold(found) if found else EMPTY_ROOT


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof leads from the hash of the leaf at ``index`` to the root of size ``size`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf, *proof, root):
        return False
    last, node = size - 1, leaf
    for sibling in proof:
        if not last:
            return False
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return not last and node == root


def consistent(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether a proof shows that the tree of ``size`` begins with that of ``old`` (RFC 9162, 2.1.4.2).

    From size 0 nothing is shown: every tree begins with the empty one.
    """
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if not _hashes(old_root, *proof, root):
        return False
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not hashes:
        return False
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    was = now = hashes[0]
    for sibling in hashes[1:]:
        if not last:
            return False
        if index & 1 or index == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            now = node_hash(now, sibling)
        index, last = index >> 1, last >> 1
    return not last and was == old_root and now == root


def _hashes(*given: bytes) -> bool:
    return all(len(hash_) == HASH_BYTES for hash_ in given)


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
