"""What intake looks up of entries that wait for a follower."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, empty; `archive init` lists in it what waits."""
    op.create_table(
        "waiting",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "position", "field", name="pk_waiting"),
    )
    op.create_index("ix_waiting_position", "waiting", ["position"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("waiting")
