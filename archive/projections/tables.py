"""The tables of the read model.

``effects`` holds what each entry does to timelines, ``spans`` the folded rows of every read
model, ``evidence`` the reports of each row, ``reports`` one row a report, ``mentions`` who and what
each entry names. Rows are never changed, apart from closing ``recorded_to``; those of ``waiting`` go once they are
folded.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from archive.log.tables import Instant, Number, metadata

effects = Table(
    "effects",
    metadata,
    Column("timeline", Text, nullable=False),
    Column("position", Number, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("earliest", Instant),
    Column("latest", Instant),
    Column("value", Text),
    Column("details", Text),
    Column("planned", Integer, nullable=False),
    Column("during_absence", Integer, nullable=False),
    Column("replaces", Text),
    Column("rank", Integer, nullable=False),
    Column("reported", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("development", Text),
    Column("reported_from", Instant, nullable=False),
    Column("reported_to", Instant),
    Column("floor_from", Integer, nullable=False),
    Column("floor_to", Integer, nullable=False),
    Column("recorded_from", Instant, nullable=False),
    Column("recorded_to", Instant),
    Column("turn", Integer, nullable=False),
    Column("loose", Integer, nullable=False),
    PrimaryKeyConstraint("position", "number", "recorded_from", "reported_from", "floor_from"),
)
"""``turn`` orders effects of equal bounds; ``loose`` ones may concern what is far from them (window.py)."""

spans = Table(
    "spans",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("timeline", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("value", Text),
    Column("details", Text),
    Column("valid_from_earliest", Instant),
    Column("valid_from_latest", Instant),
    Column("valid_to_earliest", Instant),
    Column("valid_to_latest", Instant),
    Column("reported_from", Instant, nullable=False),
    Column("reported_to", Instant),
    Column("recorded_from", Instant, nullable=False),
    Column("recorded_to", Instant),
    Column("floor_from", Integer, nullable=False),
    Column("floor_to", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("positions", Text, nullable=False),
    Column("decider", Number, nullable=False),
    PrimaryKeyConstraint("id"),
)
"""``decider`` is the first of ``positions``."""

evidence = Table(
    "evidence",
    metadata,
    Column("row", Number, nullable=False),
    Column("position", Number, nullable=False),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("row", "position", "role"),
)

reports = Table(
    "reports_history",
    metadata,
    Column("position", Number, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("earliest", Instant),
    Column("latest", Instant),
    Column("reported_from", Instant, nullable=False),
    Column("reported_to", Instant),
    Column("recorded_from", Instant, nullable=False),
    Column("recorded_to", Instant),
    Column("floor_from", Integer, nullable=False),
    Column("floor_to", Integer, nullable=False),
    Column("basis", Text),
    Column("source", Text),
    Column("attribution", Text),
    Column("development", Text),
    Column("summary", Text),
    Column("access", Text, nullable=False),
    Column("details", Text, nullable=False),
    PrimaryKeyConstraint("position", "recorded_from", "reported_from", "floor_from"),
)


def _of_names(name: str) -> Table:
    """A table of whom and what entries name."""
    return Table(
        name,
        metadata,
        Column("kind", Text, nullable=False),
        Column("id", Text, nullable=False),
        Column("position", Number, nullable=False),
        Column("field", Text, nullable=False),
        PrimaryKeyConstraint("kind", "id", "position", "field"),
    )


mentions = _of_names("mentions")

waiting = _of_names("waiting")
"""What ``mentions`` will have of entries that wait for a follower, as far as intake looks it up (waiting.py)."""

FOLDED = (effects, spans, evidence, reports, mentions)
"""What an append is folded into; all else in this module is the index of words."""

words_head = Table(
    "words_head",
    metadata,
    Column("id", Number, nullable=False, autoincrement=False),
    Column("size", Number, nullable=False),
    PrimaryKeyConstraint("id"),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: how many entries of the log the index of words covers."""

word_texts = Table(
    "word_texts",
    metadata,
    Column("number", Number, nullable=False, autoincrement=False),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("number"),
    UniqueConstraint("sha256"),
)
"""The number by which the index of words calls a kept text."""

WORDS = ("entry_words", "text_words")
"""The full-text indexes, of kinds that SQLAlchemy has no name for; FTS5 keeps each in several tables."""

# All but the last four partial on PostgreSQL too: see log/tables.py.
for of_timeline in (
    (effects.c.timeline, effects.c.latest, effects.c.earliest, effects.c.turn, effects.c.reported, effects.c.digest),
    (effects.c.timeline, effects.c.holder, effects.c.latest),
    (spans.c.timeline, spans.c.decider),
):
    Index(None, *of_timeline, sqlite_where=of_timeline[0].table.c.recorded_to.is_(None))
# Of conflicts thousands may end at one instant, and none is asked for with what holds past it.
Index(
    None,
    spans.c.timeline,
    spans.c.valid_to_latest,
    spans.c.reported_to,
    sqlite_where=text("recorded_to IS NULL AND model <> 'conflicts'"),
)
Index(None, effects.c.timeline, effects.c.replaces, sqlite_where=text("recorded_to IS NULL AND replaces IS NOT NULL"))
Index(None, effects.c.timeline, effects.c.loose, sqlite_where=text("recorded_to IS NULL AND loose = 1"))
Index(None, spans.c.organisation, spans.c.model, spans.c.item, spans.c.holder)
Index(None, reports.c.organisation, reports.c.position)
Index(None, evidence.c.position)
Index(None, waiting.c.position)
