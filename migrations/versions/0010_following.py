"""How far the read model goes in the log, and who follows the log for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Note that the read model has the whole log, as it did until now, and make the table of leases."""
    op.execute(
        sa.text(
            "INSERT INTO tracking (application_name, notification_id)"
            " SELECT 'read_model', coalesce((SELECT size FROM head), 0)"
        )
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text()),
        sa.Column("beat", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.execute(sa.text("INSERT INTO leases (name, beat) VALUES ('read_model', 0)"))
