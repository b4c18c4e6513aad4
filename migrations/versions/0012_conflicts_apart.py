"""The index by which rows are found that hold past an instant is without conflicts: thousands may end at one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = "ix_spans_timeline_valid_to_latest_reported_to"
COLUMNS = ["timeline", "valid_to_latest", "reported_to"]


def upgrade() -> None:
    """Make the index anew without them."""
    _make("recorded_to IS NULL AND model <> 'conflicts'")


def downgrade() -> None:
    """Make it anew with them."""
    _make("recorded_to IS NULL")


def _make(condition: str) -> None:
    where = sa.text(condition)
    op.drop_index(NAME, "spans")
    op.create_index(NAME, "spans", COLUMNS, sqlite_where=where, postgresql_where=where)
