"""The stored inner nodes of the Merkle tree, and the proofs made from them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import orjson

from archive.errors import DamagedLog
from archive.log import direct
from archive.log.merkle import STEP, Node, node_hash
from archive.log.proofs import Leaves, Subtree, consistency_leaves, inclusion_leaves, root_over, subtrees

if TYPE_CHECKING:
    from sqlalchemy import Connection

READ = {
    "sqlite": """
        SELECT 0, e.position - 1, e.leaf FROM json_each(?) AS wanted CROSS JOIN entries AS e
        ON e.position > json_extract(wanted.value, '$[0]') AND e.position <= json_extract(wanted.value, '$[1]')
        UNION ALL
        SELECT n.level, n.number, n.hash FROM json_each(?) AS wanted
        CROSS JOIN nodes AS n ON n.level = json_extract(wanted.value, '$[0]')
        AND n.number >= json_extract(wanted.value, '$[1]') AND n.number < json_extract(wanted.value, '$[2]')
    """,
    "postgresql": """
        SELECT 0, e.position - 1, e.leaf FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (first, next)
        JOIN entries AS e ON e.position > wanted.first AND e.position <= wanted.next
        UNION ALL
        SELECT n.level, n.number, n.hash FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])
        AS wanted (level, first, next)
        JOIN nodes AS n ON n.level = wanted.level AND n.number >= wanted.first AND n.number < wanted.next
    """,
}
"""Leaves and nodes in runs, each from its first number up to, not including, the next."""


def store(connection: Connection, nodes: Sequence[Node]) -> None:
    """Store inner nodes that an append filled."""
    if nodes:
        direct.insert(connection, "nodes", ("level", "number", "hash"), nodes)


def root_at(connection: Connection, size: int) -> bytes:
    """The root that the log had at a size, which it has reached."""
    return _roots(connection, [(0, size)])[0]


def inclusion_proof(connection: Connection, index: int, size: int) -> list[bytes]:
    """The proof that the entry at ``index + 1`` is in the log of a size that it has reached."""
    return _roots(connection, inclusion_leaves(index, size))


def consistency_proof(connection: Connection, old: int, size: int) -> list[bytes]:
    """The proof that the log of one size begins with that of another, both of which it has reached."""
    return _roots(connection, consistency_leaves(old, size))


def _roots(connection: Connection, ranges: Sequence[Leaves]) -> list[bytes]:
    under = {subtree: _stored_below(subtree) for leaves in ranges for subtree in subtrees(leaves)}
    found = _read(connection, {below for stored_below in under.values() for below in stored_below})

    def hash_of(subtree: Subtree) -> bytes:
        hashes = [found[below] for below in under[subtree]]
        while len(hashes) > 1:
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    return [root_over(leaves, hash_of) for leaves in ranges]


def _stored_below(subtree: Subtree) -> list[Subtree]:
    """The stored nodes from which the root of a full subtree is hashed, in order."""
    level, number = subtree
    apart = level % STEP
    return [(level - apart, below) for below in range(number << apart, number + 1 << apart)]


def stored(connection: Connection, wanted: Collection[Subtree]) -> dict[Subtree, bytes]:
    """The stored hashes of these full subtrees, level 0 being the leaves; nothing of one that is not stored."""
    runs: list[list[int]] = []
    for level, number in sorted(wanted):
        if runs and runs[-1][0] == level and runs[-1][2] == number:
            runs[-1][2] += 1
        else:
            runs.append([level, number, number + 1])
    leaves = [run[1:] for run in runs if not run[0]]
    inner = [run for run in runs if run[0]]
    parameters: tuple[object, ...]
    if direct.is_sqlite(connection):
        parameters = (orjson.dumps(leaves).decode(), orjson.dumps(inner).decode())
    else:
        parameters = (*_columns(leaves, 2), *_columns(inner, 3))
    rows = direct.rows(connection, READ[connection.dialect.name], parameters)
    return {(level, number): bytes(hash_) for level, number, hash_ in rows}


def _read(connection: Connection, wanted: set[Subtree]) -> dict[Subtree, bytes]:
    found = stored(connection, wanted)
    if missing := sorted(wanted - found.keys()):
        raise DamagedLog(
            f"the log lacks node {missing[0][1]} of level {missing[0][0]} of its tree", hint="see: archive verify"
        )
    return found


def _columns(rows: Sequence[Sequence[int]], count: int) -> list[list[int]]:
    return [[row[number] for row in rows] for number in range(count)]
