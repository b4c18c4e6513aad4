"""A rebuild makes the rows that the appends made, puts right what differs, and nobody gets a wrong answer meanwhile."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text

from archive import Archive
from archive.log.transactions import write_transaction
from archive.projections.beside import MADE
from archive.projections.comparing import ROWS
from archive.projections.tables import FOLDED, WORDS, spans, waiting, word_texts, words_head
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import filled, said
from tests.log.archives import build_archive, noted

HISTORIES = ("case", "7")
DAMAGE = {
    "effects": ["DELETE FROM effects WHERE position % 3 = 0"],
    "spans": ["UPDATE spans SET value = 'x' WHERE id % 2 = 0", "DELETE FROM spans WHERE id % 5 = 0"],
    "evidence": ["DELETE FROM evidence WHERE position % 2 = 0", "INSERT INTO evidence VALUES (1, 1, 'supports')"],
    "reports_history": ["UPDATE reports_history SET summary = 'x'", "UPDATE reports_history SET recorded_to = NULL"],
    "mentions": ["DELETE FROM mentions WHERE kind = 'person'"],
    "words_head": ["UPDATE words_head SET size = 5"],
    "word_texts": ["DELETE FROM word_texts"],
}
EMPTIED = {
    "sqlite": [f"INSERT INTO {name} ({name}) VALUES ('delete-all')" for name in WORDS],  # noqa: S608  # ours
    "postgresql": [f"DELETE FROM {name}" for name in WORDS],  # noqa: S608  # ours
}


@pytest.fixture
def url(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of an archive of a history and a kept text, once on each database."""

    def build(address: str) -> None:
        build_archive(address)
        with filled(address, "7"):
            pass

    return fresh_database(database_kind, database_template(database_kind, "filled_7", build))


@pytest.fixture
def opened(url: str) -> Iterator[Archive]:
    """That archive."""
    with Archive.open(url) as archive:
        yield archive


def damage(archive: Archive, *statements: str) -> None:
    """Change the read model as nobody should."""
    with write_transaction(archive.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def damaged(archive: Archive) -> None:
    """Change all of it."""
    damage(archive, *(one for some in DAMAGE.values() for one in some), *EMPTIED[archive.engine.dialect.name])


def everything(archive: Archive) -> dict[str, Any]:
    """All that the archive says, how its words are indexed included."""
    words = ("altman", "note", "kept")
    return {**said(archive), **{f"search {word}": archive.search(word) for word in words}}


@pytest.mark.parametrize("which", HISTORIES)
def test_a_rebuild_makes_the_rows_that_the_appends_made(
    which: str, database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """Ids of rows, record times and the index of words included: there is nothing to put right."""
    address = fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))
    with filled(address, which) as archive:
        rebuilt = archive.rebuild()
        assert rebuilt.differences == ()
        with archive.reading() as connection:
            assert rebuilt.size == archive.log.head(connection).size > 40


def test_what_differs_is_told_table_by_table_and_put_right(opened: Archive) -> None:
    """The full-text indexes too; the next rebuild finds nothing."""
    before = everything(opened)
    for table in ("spans", "word_texts"):
        damage(opened, *DAMAGE[table])
        assert [one.table for one in opened.rebuild().differences] == [table]
    damaged(opened)
    assert {one.table for one in opened.rebuild().differences} == {*DAMAGE, *WORDS}
    assert everything(opened) == before
    assert opened.rebuild().differences == ()


def test_appends_and_questions_go_on_during_a_rebuild(opened: Archive) -> None:
    """What is appended while the log is folded is in the new read model too; what is asked is answered from the old."""
    damage(opened, "DELETE FROM spans WHERE id % 5 = 0")
    asked = "SELECT count(*) FROM spans WHERE id % 5 = 0"
    answers = []

    def meanwhile(done: int, of: int) -> None:
        assert done == of
        for number in range(3):
            opened.append([noted(number)], who="ann", program="tests")
        answers.append(next(opened.query(asked).rows))

    rebuilt = opened.rebuild(meanwhile)
    assert answers == [(0,)]
    with opened.reading() as connection:
        assert rebuilt.size == opened.log.head(connection).size
    assert next(opened.query(asked).rows) > (0,)
    assert opened.search("note")["total"] == 3
    assert opened.rebuild().differences == ()


def test_a_question_that_began_before_the_swap_is_answered_from_the_old_rows(opened: Archive) -> None:
    """Also where it reads a table for the first time after it."""
    damage(opened, "UPDATE spans SET value = 'x'")

    def values(connection: Connection) -> set[str | None]:
        return set(connection.execute(select(spans.c.value)).scalars())

    with opened.reading() as connection:
        opened.log.head(connection)
        assert [one.table for one in opened.rebuild().differences] == ["spans"]
        assert values(connection) == {"x"}
    with opened.reading() as connection:
        assert "x" not in values(connection)


DIES = """
import os, signal
from archive.log.database import open_engine
import archive.projections.{module} as module, archive.projections.rebuild as room

def dies(*arguments):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)

real, module.{name} = module.{name}, dies
room.rebuild(open_engine({url!r}))
"""
STAGES = {
    "folding": ("beside", "reindex_texts", "pass"),
    "swapping": ("rebuild", "put_right", "real(*arguments)"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_rebuild_that_is_killed_changes_nothing_and_leaves_nothing(opened: Archive, url: str, stage: str) -> None:
    """Neither while it folds nor with all but the commit done; the next append and the next rebuild just work."""
    damaged(opened)

    def rows() -> list[int]:
        with opened.reading() as connection:
            return [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in DAMAGE]  # noqa: S608

    before = rows()
    module, name, first = STAGES[stage]
    program = DIES.format(module=module, name=name, before=first, url=url)
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == -signal.SIGKILL
    assert rows() == before
    assert len(opened.append([noted(1)], who="ann", program="tests")) == 1
    assert opened.rebuild().differences
    assert rows() > before
    assert opened.rebuild().differences == ()


def test_nothing_of_a_rebuild_stays(opened: Archive, url: str) -> None:
    """No table, no session: the database is as it was."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

    def there() -> tuple[set[str], int]:
        with watcher.reading() as connection:
            tables = set(inspect(connection).get_table_names()) | set(inspect(connection).get_temp_table_names())
            sqlite = connection.dialect.name == "sqlite"
            return tables, 0 if sqlite else connection.execute(text(others)).scalar_one()

    with Archive.open(url) as watcher:
        before, _ = there()
        opened.rebuild()
        opened.close()
        deadline = time.monotonic() + 20
        while (after := there()) != (before, 0) and time.monotonic() < deadline:
            time.sleep(0.02)  # a session of PostgreSQL ends a moment after its connection
        assert after == (before, 0)


def test_every_table_of_the_read_model_is_made_beside_and_compared() -> None:
    """A new one of the module `tables` fails here until it is in `FOLDED`."""
    from archive.projections import tables  # noqa: PLC0415  # only this looks into the module

    there = {table.name for table in vars(tables).values() if isinstance(table, type(spans))}
    made = there - {waiting.name}  # of what is not folded
    assert made == {table.name for table in (*FOLDED, word_texts, words_head)}
    assert made <= set(MADE)
    assert {one.name for one in ROWS} == made - {words_head.name}


def test_an_empty_archive_is_rebuilt_too(
    database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """There is nothing to fold."""
    address = fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))
    with Archive.open(address) as archive:
        assert archive.rebuild().size == 0
