"""Guards that let an entry be emptied in the append that says so, and changed in no other way."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EMPTIED = ("payload", "salt", "dedupe_id", "dedupe_content")
KEPT = ("position", "stream", "version", "type", "type_version", "append_id", "recorded_at", "digest", "leaf")

# SQLite runs no function of JSON in a trigger (trusted_schema is off); canonical JSON has its keys in this order.
TARGET = {
    "sqlite": (
        "instr(CAST(said.payload AS TEXT),"
        """ '"target":' || OLD.position || ',"target_stream":"' || OLD.stream || '","target_type":') > 0"""
    ),
    "postgresql": "convert_from(said.payload, 'UTF8')::jsonb ->> 'target' = OLD.position::text",
}
SAME = {"sqlite": "NEW.{name} IS OLD.{name}", "postgresql": "NEW.{name} IS NOT DISTINCT FROM OLD.{name}"}


def upgrade() -> None:
    """Put the new guard of this database in the place of the old one."""
    dialect = op.get_bind().dialect.name
    emptied = " AND ".join(f"NEW.{name} IS NULL" for name in EMPTIED)
    kept = " AND ".join(SAME[dialect].format(name=name) for name in KEPT)
    told = (
        "EXISTS (SELECT 1 FROM entries AS said WHERE said.position >= (SELECT max(first_position) FROM appends)"  # noqa: S608  # names above
        f" AND said.type = 'Redacted' AND said.stream = OLD.stream AND {TARGET[dialect]})"
    )
    for statement in _guards(dialect, f"{emptied} AND {kept} AND {told}"):
        op.get_bind().exec_driver_sql(statement)


def _guards(dialect: str, redacts: str) -> tuple[str, ...]:
    if dialect == "sqlite":
        return (
            "DROP TRIGGER entries_refuse_update",
            f"""
            CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries WHEN NOT ({redacts})
            BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END
            """,
        )
    return (
        "DROP TRIGGER entries_refuse_update ON entries",
        f"""
        CREATE FUNCTION refuse_all_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {redacts} THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """.replace("%", "%%"),
        """
        CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
        FOR EACH ROW EXECUTE FUNCTION refuse_all_but_redaction()
        """,
    )
