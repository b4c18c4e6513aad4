"""The tables of the log, and the metadata and column types that every room's tables share.

Nothing here is numbered by the database: positions, versions and the ids of appends are counted
under the lock of the head, so that they have no gaps and mean the same on every database.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TIMESTAMP, TypeDecorator, TypeEngine

from archive.times import to_instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[str]):
    """An instant, in Python always its canonical text (``2023-11-17T20:00:00.000000Z``).

    TEXT in SQLite, where the canonical text sorts as time does; timestamptz in PostgreSQL.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """What the driver is given: the text itself, or a datetime for timestamptz."""
        if value is None or dialect.name != "postgresql":
            return value
        return datetime.fromisoformat(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """The canonical text."""
        if isinstance(value, datetime):
            return to_instant(value.astimezone(UTC))
        return None if value is None else str(value)


# SQLite keeps a table by its INTEGER primary key; a BIGINT one would be a second B-tree.
Number = BigInteger().with_variant(Integer(), "sqlite")

archive = Table(
    "archive",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("dedupe_key", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("digest", LargeBinary),
    PrimaryKeyConstraint("id"),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the archive's name as a log (origin), the random key of its dedupe columns, and a digest of both and of
the time at which it was made, for nothing else shows that one of them was altered."""

head = Table(
    "head",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("size", Number, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("recorded_at", Instant),
    PrimaryKeyConstraint("id"),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: how long the log is, its Merkle tree's frontier and root, and its last record time."""

appends = Table(
    "appends",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("first_position", Number, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("header", LargeBinary),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("first_position"),
)
"""Who appended, with which program and why: its entries run from ``first_position`` to the next one's."""

entries = Table(
    "entries",
    metadata,
    Column("position", Number, nullable=False, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Number, nullable=False),
    Column("type", Text, nullable=False),
    Column("type_version", Integer, nullable=False),
    Column("append_id", Number, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("payload", LargeBinary),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("dedupe_id", Number),
    Column("dedupe_content", Number),
    PrimaryKeyConstraint("position"),
    UniqueConstraint("stream", "version"),
    ForeignKeyConstraint(["append_id"], ["appends.id"]),
)
"""The log. ``digest`` is of salt and payload and outlives both; ``leaf`` is the leaf's hash."""

# Partial on PostgreSQL too, by the migrations; to name it here would import that dialect in every command.
for column in (entries.c.dedupe_id, entries.c.dedupe_content):
    Index(None, column, sqlite_where=column.is_not(None))

nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, nullable=False, autoincrement=False),
    Column("number", Number, nullable=False, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "number"),
    sqlite_with_rowid=False,
)
"""The inner nodes of the Merkle tree at every fourth level, as their subtrees become full."""

signed = Table(
    "signed",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("size", Number, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row, from the first signature on: the last checkpoint that was signed, and its size."""

tracking = Table(
    "tracking",
    metadata,
    Column("application_name", Text, nullable=False),
    Column("notification_id", Number, nullable=False),
    PrimaryKeyConstraint("application_name"),
)
"""How far each follower has come in the log that it follows."""

READ_MODEL = "read_model"
"""The name by which the read model follows the log."""

leases = Table(
    "leases",
    metadata,
    Column("name", Text, nullable=False),
    Column("holder", Text),
    Column("beat", Number, nullable=False),
    PrimaryKeyConstraint("name"),
)
"""Who does what one alone should: of several followers the one at work. ``beat`` rises as long as he lives."""

documents = Table(
    "documents",
    metadata,
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("digest", LargeBinary),
    PrimaryKeyConstraint("sha256"),
)
"""The kept texts of sources by the digest of the original bytes, in hex: no part of the log, so that a text can go
and the log still verifies. ``made_by`` says which program made the text from the bytes; ``digest`` is of the row."""
