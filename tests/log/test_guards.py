"""The database itself refuses to change what was appended, whoever asks."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import Engine, text

from archive.errors import ReadOnlyArchive
from archive.log.log import Log
from archive.log.transactions import read_connection
from events.later import Redacted
from events.values import Position
from tests.databases import Kind
from tests.log.archives import noted

BUT_POSITION = "stream, version, type, type_version, append_id, recorded_at, payload, salt, digest, leaf"

EVERYWHERE = """
UPDATE entries SET stream = 'organisation/other' WHERE position = 1
UPDATE entries SET dedupe_content = NULL
DELETE FROM entries WHERE position = 2
DELETE FROM entries
UPDATE appends SET header = NULL
DELETE FROM appends
INSERT INTO entries (position, REST) SELECT position, REST FROM entries WHERE position = 1
INSERT INTO entries (position, REST) SELECT 9, REST FROM entries WHERE position = 1
INSERT INTO entries (position, REST) SELECT position, REST FROM entries WHERE true \
ON CONFLICT (position) DO UPDATE SET payload = NULL
"""
BY_DATABASE = {
    "sqlite": """
INSERT OR REPLACE INTO entries (position, REST) SELECT position, REST FROM entries WHERE position = 1
REPLACE INTO entries (position, REST) SELECT 9, REST FROM entries WHERE position = 1
UPDATE OR REPLACE entries SET position = 1 WHERE position = 2
INSERT OR REPLACE INTO appends (id, first_position, recorded_at, digest) \
SELECT id, first_position, recorded_at, x'00' FROM appends
""",
    "postgresql": """
TRUNCATE entries
TRUNCATE appends CASCADE
""",
}


def test_entries_and_appends_cannot_be_changed_deleted_or_replaced(
    log: Log, engine: Engine, database_kind: Kind
) -> None:
    """From a connection that knows nothing of this program."""
    log.transact(lambda writing: writing.append([noted(1), noted(2)]), who="ann", program="tests")
    with log.reading() as connection:
        before = connection.execute(text("SELECT * FROM entries ORDER BY position")).all()
    statements = (EVERYWHERE + BY_DATABASE[database_kind]).replace("REST", BUT_POSITION).split("\n")
    for statement in filter(None, statements):
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
            strike(engine, statement)
    with log.reading() as connection:
        assert connection.execute(text("SELECT * FROM entries ORDER BY position")).all() == before


EMPTY = "UPDATE entries SET payload = NULL, salt = NULL, dedupe_id = NULL, dedupe_content = NULL"


def test_an_entry_is_emptied_only_in_the_append_that_says_so(log: Log, engine: Engine) -> None:
    """That one entry, as a whole, and nothing else of it; once something else was appended no more."""
    log.transact(lambda writing: writing.append([noted(1), noted(2)]), who="ann", program="tests")
    said = Redacted(target=Position(1), target_stream="organisation/acme", target_type="Noted", reason="asked for")
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
        strike(engine, f"{EMPTY} WHERE position = 1")
    log.transact(lambda writing: writing.append([said]), who="ann", program="tests")
    refused = [
        EMPTY,
        f"{EMPTY} WHERE position = 2",
        f"{EMPTY} WHERE position = 3",
        f"{EMPTY}, digest = leaf WHERE position = 1",
        f"{EMPTY}, position = 4 WHERE position = 1",
        "UPDATE entries SET payload = NULL WHERE position = 1",
    ]
    for statement in refused:
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
            strike(engine, statement)
    strike(engine, f"{EMPTY} WHERE position = 1")
    with log.reading() as connection:
        assert [entry.payload is None for entry in log.entries(connection)] == [True, False, False]
    log.transact(lambda writing: writing.append([noted(3)]), who="ann", program="tests")
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.IntegrityError)):
        strike(engine, f"{EMPTY} WHERE position = 1")


def strike(engine: Engine, statement: str) -> None:
    """Run a statement on a plain driver's connection and commit it."""
    if engine.dialect.name == "sqlite":
        raw = sqlite3.connect(engine.url.database or "")
        try:
            raw.execute(statement)
            raw.commit()
        finally:
            raw.close()
    else:
        with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as other:
            other.execute(statement.encode())


def test_a_readers_connection_cannot_write(engine: Engine) -> None:
    """Not even to tables that have no guard."""
    with pytest.raises(ReadOnlyArchive), read_connection(engine) as connection:
        connection.execute(text("INSERT INTO tracking (application_name, notification_id) VALUES ('a', 1)"))
