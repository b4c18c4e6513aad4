"""An append is folded page by page, and nothing of the read model says how long a page is."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import select, text

from archive import Archive, spilling
from archive.log.transactions import write_transaction
from archive.projections import projector
from archive.projections.tables import FOLDED, WORDS, words_head
from events import Event
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import appends, ticking
from tests.log.archives import build_archive, counted_salts

PAGES = {"case": (40,), "7": (1, 9), "11": (2,)}


@pytest.fixture
def address(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Any:
    """Makes empty archives, once on each database."""
    template = database_template(database_kind, "empty_log", build_archive)
    return lambda: fresh_database(database_kind, template)


def tables(archive: Archive) -> dict[str, list[Any]]:
    """Every row of every table of the read model, and all that its indexes of words hold."""
    found: dict[str, list[Any]] = {}
    with write_transaction(archive.engine) as connection:
        for table in (*FOLDED, words_head):
            found[table.name] = sorted(map(repr, connection.execute(select(table))))
        for name in WORDS:
            made = f"SELECT * FROM {name}"  # noqa: S608  # names of ours
            if archive.engine.dialect.name == "sqlite":
                connection.execute(text(f"CREATE VIRTUAL TABLE temp.{name}_in USING fts5vocab(main, {name}, instance)"))
                made = f"SELECT * FROM temp.{name}_in"  # noqa: S608  # the same
            found[name] = sorted(map(repr, connection.execute(text(made))))
    return found


def made(address: str, given: Iterator[list[Event]]) -> dict[str, list[Any]]:
    """The read model of these appends."""
    with Archive.open(address, clock=ticking(), salts=counted_salts()) as archive:
        for events in given:
            archive.append(events, who="ann", program="tests")
        return tables(archive)


@pytest.mark.parametrize("at_once", [False, True], ids=["as they came", "in one append"])
@pytest.mark.parametrize("which", PAGES)
def test_pages_of_any_length_make_the_same_rows(
    which: str, at_once: bool, address: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of amendments, retractions and mergers in the same append as what they are about too; ids of rows included."""

    def given() -> Iterator[list[Event]]:
        return iter([list(chain.from_iterable(appends(which)))]) if at_once else appends(which)

    whole = made(address(), given())
    assert whole["spans"]
    for size in PAGES[which]:
        monkeypatch.setattr(spilling, "PAGE", size)
        monkeypatch.setattr(projector, "TOGETHER", size)
        assert made(address(), given()) == whole
