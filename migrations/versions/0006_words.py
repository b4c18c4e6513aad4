"""Full-text indexes of entries and of kept texts: FTS5 in SQLite, tsvectors with a GIN index in PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both indexes, empty, and the row that says how far that of the entries reaches."""
    for name in ("entry_words", "text_words"):
        if op.get_bind().dialect.name == "sqlite":
            # Lexemes are ASCII; the index keeps neither texts nor their sizes.
            options = "content = '', columnsize = 0, tokenize = 'ascii'"
            op.execute(sa.text(f"CREATE VIRTUAL TABLE {name} USING fts5(lexemes, {options})"))
        else:
            made = f"id bigint NOT NULL CONSTRAINT pk_{name} PRIMARY KEY, lexemes tsvector NOT NULL"
            op.execute(sa.text(f"CREATE TABLE {name} ({made})"))
            op.execute(sa.text(f"CREATE INDEX ix_{name}_lexemes ON {name} USING gin (lexemes)"))
    op.create_table(
        "words_head",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words_head"),
        sa.CheckConstraint("id = 1", name="ck_words_head_one_row"),
    )
    op.execute(sa.text("INSERT INTO words_head (id, size) VALUES (1, 0)"))
    op.create_table(
        "word_texts",
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_word_texts"),
        sa.UniqueConstraint("sha256", name="uq_word_texts_sha256"),
    )
