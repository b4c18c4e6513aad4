"""The read model: its tables, and the views that name what they hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

# What each read model calls the columns item, holder and value of the spans.
MODELS = {
    "tenures": {"item": "office", "holder": "person", "value": "capacity"},
    "announced": {"item": "office", "holder": "person", "value": "capacity_or_role"},
    "employees": {"holder": "person", "value": "role"},
    "investors": {"item": "investment", "holder": "investor", "value": "amount"},
    "signatures": {"item": "letter", "holder": "person"},
    "affiliations": {"holder": "person", "value": "role"},
    "subsidiaries": {"holder": "subsidiary"},
    "existence": {},
    "names": {"item": "subject", "holder": "name"},
    "ballots": {"item": "vote", "holder": "person", "value": "choice"},
    "attendance": {"item": "meeting", "holder": "person", "value": "attendance"},
    "votes": {"item": "vote", "value": "result"},
    "counts": {"item": "letter", "value": "signed"},
    "attributes": {"item": "attribute", "value": "value"},
    "organisations": {"value": "name"},
    "offices": {"item": "office", "value": "title"},
    "people": {"item": "person", "value": "name"},
    "sources": {"item": "source", "value": "title"},
    "matters": {"item": "matter", "value": "status"},
    "letters": {"item": "letter", "value": "status"},
    "conflicts": {"item": "subject", "value": "conflict"},
}

VALID = ("valid_from_earliest", "valid_from_latest", "valid_to_earliest", "valid_to_latest")
CLOCKS = ("reported_from", "reported_to", "recorded_from", "recorded_to", "floor_from", "floor_to")
REPORT = (
    ("position", NUMBER, False),
    ("organisation", sa.Text(), False),
    ("stream", sa.Text(), False),
    ("type", sa.Text(), False),
    ("earliest", INSTANT, True),
    ("latest", INSTANT, True),
    ("reported_from", INSTANT, False),
    ("reported_to", INSTANT, True),
    ("recorded_from", INSTANT, False),
    ("recorded_to", INSTANT, True),
    ("floor_from", sa.Integer(), False),
    ("floor_to", sa.Integer(), False),
    ("basis", sa.Text(), True),
    ("source", sa.Text(), True),
    ("attribution", sa.Text(), True),
    ("development", sa.Text(), True),
    ("summary", sa.Text(), True),
    ("access", sa.Text(), False),
    ("details", sa.Text(), False),
)


def upgrade() -> None:
    """Make tables, indexes and views, the same on both databases."""
    make_tables()
    make_indexes()
    for name, words in MODELS.items():
        shown = ", ".join(f"{column} AS {word}" for column, word in words.items())
        chosen = f"id, organisation{', ' if shown else ''}{shown}, {', '.join(VALID)}"
        tail = "details, basis, positions"
        op.execute(
            sa.text(
                f"CREATE VIEW {name}_history AS SELECT {chosen}, {', '.join(CLOCKS)}, {tail}"  # noqa: S608  # names above
                f" FROM spans WHERE model = '{name}'"
            )
        )
        op.execute(
            sa.text(
                f"CREATE VIEW {name} AS SELECT {chosen}, {tail} FROM spans WHERE model = '{name}'"  # noqa: S608  # the same
                " AND recorded_to IS NULL AND reported_to IS NULL AND floor_from <= 4 AND floor_to >= 4"
            )
        )
    plain = [name for name, _, _ in REPORT if name not in CLOCKS]
    op.execute(
        sa.text(
            f"CREATE VIEW reports AS SELECT {', '.join(plain)}, reported_from AS reported, recorded_from AS recorded"  # noqa: S608  # the same
            " FROM reports_history WHERE recorded_to IS NULL AND reported_to IS NULL AND floor_to = 6"
        )
    )


def make_tables() -> None:
    """Make the tables."""
    op.create_table(
        "effects",
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("earliest", INSTANT),
        sa.Column("latest", INSTANT),
        sa.Column("value", sa.Text()),
        sa.Column("details", sa.Text()),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("during_absence", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Text()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reported", INSTANT, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("development", sa.Text()),
        sa.Column("reported_from", INSTANT, nullable=False),
        sa.Column("reported_to", INSTANT),
        sa.Column("floor_from", sa.Integer(), nullable=False),
        sa.Column("floor_to", sa.Integer(), nullable=False),
        sa.Column("recorded_from", INSTANT, nullable=False),
        sa.Column("recorded_to", INSTANT),
        sa.PrimaryKeyConstraint(
            "position", "number", "recorded_from", "reported_from", "floor_from", name="pk_effects"
        ),
    )
    op.create_table(
        "spans",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("details", sa.Text()),
        *(sa.Column(name, INSTANT) for name in VALID),
        sa.Column("reported_from", INSTANT, nullable=False),
        sa.Column("reported_to", INSTANT),
        sa.Column("recorded_from", INSTANT, nullable=False),
        sa.Column("recorded_to", INSTANT),
        sa.Column("floor_from", sa.Integer(), nullable=False),
        sa.Column("floor_to", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("positions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spans"),
    )
    op.create_table(
        "evidence",
        sa.Column("row", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", "position", "role", name="pk_evidence"),
    )
    op.create_table(
        "reports_history",
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in REPORT),
        sa.PrimaryKeyConstraint("position", "recorded_from", "reported_from", "floor_from", name="pk_reports_history"),
    )
    op.create_table(
        "mentions",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "position", "field", name="pk_mentions"),
    )


def make_indexes() -> None:
    """Make the indexes."""
    current = sa.text("recorded_to IS NULL")
    for table in ("effects", "spans"):
        op.create_index(f"ix_{table}_timeline", table, ["timeline"], sqlite_where=current, postgresql_where=current)
    op.create_index("ix_spans_organisation_model_item_holder", "spans", ["organisation", "model", "item", "holder"])
    op.create_index("ix_reports_history_organisation_position", "reports_history", ["organisation", "position"])
    op.create_index("ix_evidence_position", "evidence", ["position"])
