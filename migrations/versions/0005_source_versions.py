"""The views of the versions of sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SHOWN = (
    "id, organisation, item AS source, holder AS sha256, value AS title,"
    " valid_from_earliest, valid_from_latest, valid_to_earliest, valid_to_latest"
)
CLOCKS = "reported_from, reported_to, recorded_from, recorded_to, floor_from, floor_to"
TAIL = "details, basis, positions"


def upgrade() -> None:
    """Make both views, as those of the other read models are."""
    rows = "FROM spans WHERE model = 'source_versions'"
    op.execute(sa.text(f"CREATE VIEW source_versions_history AS SELECT {SHOWN}, {CLOCKS}, {TAIL} {rows}"))
    now = "recorded_to IS NULL AND reported_to IS NULL AND floor_from <= 4 AND floor_to >= 4"
    op.execute(sa.text(f"CREATE VIEW source_versions AS SELECT {SHOWN}, {TAIL} {rows} AND {now}"))
