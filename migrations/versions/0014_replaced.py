"""An index by which is found who replaces somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "ix_effects_timeline_replaces"


def upgrade() -> None:
    """Make it, of the acts that replace somebody."""
    where = sa.text("recorded_to IS NULL AND replaces IS NOT NULL")
    op.create_index(NAME, "effects", ["timeline", "replaces"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, "effects")
