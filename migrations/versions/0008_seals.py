"""The last signed checkpoint, and digests of the rows of which no hash in the log speaks."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, add the columns and fill them."""
    op.create_table(
        "signed",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signed"),
        sa.CheckConstraint("id = 1", name=op.f("ck_signed_one_row")),
    )
    for table in ("archive", "documents"):
        op.add_column(table, sa.Column("digest", sa.LargeBinary()))
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT origin, dedupe_key, created_at FROM archive")).all():
        digest = _seal(row.origin, bytes(row.dedupe_key).hex(), _instant(row.created_at))
        connection.execute(sa.text("UPDATE archive SET digest = :digest"), {"digest": digest})
    for (name,) in connection.execute(sa.text("SELECT sha256 FROM documents")).all():
        one = {"name": name}
        wanted = "SELECT sha256, media_type, made_by, text, kept_at FROM documents WHERE sha256 = :name"
        *parts, kept_at = connection.execute(sa.text(wanted), one).one()
        digest = _seal(*parts, _instant(kept_at))
        connection.execute(
            sa.text("UPDATE documents SET digest = :digest WHERE sha256 = :name"), one | {"digest": digest}
        )


def _instant(value: str | datetime) -> str:
    """The canonical text of an instant."""
    if isinstance(value, str):
        return value
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _seal(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
