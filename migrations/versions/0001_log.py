"""The tables of the log and the triggers that guard them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the tables and the guards of the database that the migration runs on."""
    make_tables()
    guards = {"sqlite": SQLITE_GUARDS, "postgresql": POSTGRESQL_GUARDS}[op.get_bind().dialect.name]
    for statement in guards:
        op.execute(sa.text(statement))


def make_tables() -> None:
    """Make the tables, the same on both databases."""
    op.create_table(
        "archive",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archive"),
        sa.CheckConstraint("id = 1", name=op.f("ck_archive_one_row")),
    )
    op.create_table(
        "head",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one_row")),
    )
    op.create_table(
        "appends",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("first_position", NUMBER, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("header", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appends"),
        sa.UniqueConstraint("first_position", name="uq_appends_first_position"),
    )
    op.create_table(
        "entries",
        sa.Column("position", NUMBER, nullable=False, autoincrement=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("type_version", sa.Integer(), nullable=False),
        sa.Column("append_id", NUMBER, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("dedupe_id", NUMBER),
        sa.Column("dedupe_content", NUMBER),
        sa.PrimaryKeyConstraint("position", name="pk_entries"),
        sa.UniqueConstraint("stream", "version", name="uq_entries_stream_version"),
        sa.ForeignKeyConstraint(["append_id"], ["appends.id"], name="fk_entries_append_id_appends"),
    )
    for column in ("dedupe_id", "dedupe_content"):
        present = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_entries_{column}", "entries", [column], sqlite_where=present, postgresql_where=present)
    op.create_table(
        "tracking",
        sa.Column("application_name", sa.Text(), nullable=False),
        sa.Column("notification_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("application_name", name="pk_tracking"),
    )


# INSERT OR REPLACE deletes the old row without firing a trigger on DELETE: hence the third guard.
SQLITE_GUARDS = (
    """
    CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END
    """,
    """
    CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END
    """,
    """
    CREATE TRIGGER entries_refuse_replace BEFORE INSERT ON entries
    WHEN EXISTS (SELECT 1 FROM entries WHERE position = NEW.position)
      OR EXISTS (SELECT 1 FROM entries WHERE stream = NEW.stream AND version = NEW.version)
    BEGIN SELECT RAISE(ABORT, 'entries are never replaced'); END
    """,
    """
    CREATE TRIGGER appends_refuse_update BEFORE UPDATE ON appends
    BEGIN SELECT RAISE(ABORT, 'appends are never changed'); END
    """,
    """
    CREATE TRIGGER appends_refuse_delete BEFORE DELETE ON appends
    BEGIN SELECT RAISE(ABORT, 'appends are never deleted'); END
    """,
    """
    CREATE TRIGGER appends_refuse_replace BEFORE INSERT ON appends
    WHEN EXISTS (SELECT 1 FROM appends WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM appends WHERE first_position = NEW.first_position)
    BEGIN SELECT RAISE(ABORT, 'appends are never replaced'); END
    """,
)

POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER entries_refuse_truncate BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER appends_refuse_update BEFORE UPDATE ON appends
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER appends_refuse_delete BEFORE DELETE ON appends
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER appends_refuse_truncate BEFORE TRUNCATE ON appends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
