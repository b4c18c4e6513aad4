"""What a long timeline is read by near a change: the order of its effects, those that reach far, who decides a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "effects": (
        ("timeline", "latest", "earliest", "turn", "reported", "digest"),
        ("timeline", "holder", "latest"),
    ),
    "spans": (("timeline", "decider"), ("timeline", "valid_to_latest", "reported_to")),
}
TURN = "8 * CASE WHEN kind IN ('end', 'close') THEN 0 WHEN kind = 'withdraw' THEN 2 ELSE 1 END - rank"
DECIDER = {
    "sqlite": "CAST(json_extract(positions, '$[0]') AS INTEGER)",
    "postgresql": "CAST(CAST(positions AS json) ->> 0 AS bigint)",
}
# SQLite counts in milliseconds: the fraction is left out of its arithmetic.
EARLIER = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', substr(latest, 1, 19), '-1 days') || substr(latest, 20)",
    "postgresql": "latest - interval '1 day'",
}


def upgrade() -> None:
    """Add the columns, fill them for what is there, and put the new indexes in the place of the old."""
    dialect = op.get_bind().dialect.name
    op.add_column("effects", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("effects", sa.Column("loose", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("spans", sa.Column("decider", NUMBER, nullable=False, server_default="0"))
    early = EARLIER[dialect]
    beside = (
        "EXISTS (SELECT 1 FROM effects AS o WHERE o.position = effects.position AND o.kind = '{kind}'"
        " AND (o.reported_to IS NULL OR o.reported_to > effects.reported_from)"
        " AND (effects.reported_to IS NULL OR effects.reported_to > o.reported_from)"
        " AND (o.recorded_to IS NULL OR o.recorded_to > effects.recorded_from)"
        " AND (effects.recorded_to IS NULL OR effects.recorded_to > o.recorded_from))"
    )
    both = " AND ".join(beside.format(kind=kind) for kind in ("begin", "end"))
    loose = (
        "earliest IS NULL OR latest IS NULL OR development IS NOT NULL"
        f" OR earliest < {early} OR reported_from < {early} OR ({both})"
    )
    op.execute(f"UPDATE effects SET turn = {TURN}, loose = CASE WHEN {loose} THEN 1 ELSE 0 END")  # noqa: S608  # ours
    op.execute(f"UPDATE spans SET decider = {DECIDER[dialect]}")  # noqa: S608  # the same
    if dialect == "postgresql":  # SQLite would have to write the table anew for it
        for table, column in (("effects", "turn"), ("effects", "loose"), ("spans", "decider")):
            op.alter_column(table, column, server_default=None)
    current = sa.text("recorded_to IS NULL")
    for table, indexes in INDEXES.items():
        op.drop_index(f"ix_{table}_timeline", table)
        for columns in indexes:
            name = f"ix_{table}_{'_'.join(columns)}"
            op.create_index(name, table, list(columns), sqlite_where=current, postgresql_where=current)
    loosely = sa.text("recorded_to IS NULL AND loose = 1")
    op.create_index(
        "ix_effects_timeline_loose",
        "effects",
        ["timeline", "loose"],
        sqlite_where=loosely,
        postgresql_where=loosely,
    )


def downgrade() -> None:
    """Take them away."""
    current = sa.text("recorded_to IS NULL")
    op.drop_index("ix_effects_timeline_loose", "effects")
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
        op.create_index(f"ix_{table}_timeline", table, ["timeline"], sqlite_where=current, postgresql_where=current)
    op.drop_column("spans", "decider")
    op.drop_column("effects", "loose")
    op.drop_column("effects", "turn")
