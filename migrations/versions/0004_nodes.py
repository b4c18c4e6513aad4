"""The inner nodes of the Merkle tree at every fourth level, filled from the leaves that are there."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

BELOW = 16
"""Children of a stored node."""

PAGE = 16_000


def upgrade() -> None:
    """Make the table, and store the nodes of the log as it is."""
    nodes = op.create_table(
        "nodes",
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_nodes"),
        sqlite_with_rowid=False,
    )
    level = 0
    while True:
        rows = []
        for number, hashes in enumerate(_full(level)):
            rows.append({"level": level + 4, "number": number, "hash": _root(hashes)})
            if len(rows) == PAGE:
                op.bulk_insert(nodes, rows)
                rows = []
        op.bulk_insert(nodes, rows)
        level += 4
        if not op.get_bind().execute(sa.select(sa.func.count()).where(nodes.c.level == level)).scalar_one():
            return


def _full(level: int) -> Iterator[list[bytes]]:
    """The hashes of each 16 neighbours of a level, in order, as long as there are 16."""
    wanted = sa.text(
        "SELECT leaf FROM entries WHERE position > :after ORDER BY position LIMIT :page"
        if level == 0
        else "SELECT hash FROM nodes WHERE level = :level AND number >= :after ORDER BY number LIMIT :page"
    )
    after = 0
    while True:
        parameters = {"after": after, "page": PAGE} | ({"level": level} if level else {})
        page = [bytes(row[0]) for row in op.get_bind().execute(wanted, parameters)]
        for start in range(0, len(page) - BELOW + 1, BELOW):
            yield page[start : start + BELOW]
        if len(page) < PAGE:
            return
        after += PAGE


def _root(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]
