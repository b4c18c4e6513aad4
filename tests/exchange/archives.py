"""Archives to be moved, and everything that one says: to compare two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import orjson
from sqlalchemy import select

from archive import Archive, cases
from archive.intake import MemoryKnown, read_reports
from archive.intake.documents import Document
from archive.log import tables
from archive.log.clock import Salts
from archive.log.transactions import write_transaction
from archive.projections import texts
from archive.times import to_instant
from events import Event
from tests.databases import Kind
from tests.histories import history, large
from tests.log.archives import counted_salts

START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = ("2016-06-30T00:00:00.000000Z", "2020-01-01T00:00:00.000000Z", "2023-11-18T20:00:00.000000Z")
LOG = tuple(
    tables.entries.c[name]
    for name in tables.entries.columns.keys()  # noqa: SIM118  # a collection of columns, no dictionary
    if not name.startswith("dedupe")
)


def ticking() -> Callable[[], datetime]:
    """A clock that ticks once a minute."""
    return (START + timedelta(minutes=minute) for minute in count()).__next__


def appends(which: str) -> Iterator[list[Event]]:
    """The case, in several appends; a long history; or the generated history of a seed, full of trouble."""
    if which == "case":
        stream = BytesIO(cases.path().read_bytes())
        events = list(read_reports(stream, "case", MemoryKnown()).events)
        for start in range(0, len(events), 60):
            yield events[start : start + 60]
    elif which == "long":
        events = list(large(3, 3_000))
        for start in range(0, len(events), 500):
            yield events[start : start + 500]
    else:
        yield from history(int(which), organisations=2, reports=40)


@contextmanager
def filled(url: str, which: str, salts: Salts | None = None) -> Iterator[Archive]:
    """The empty archive at an address with these appends, its clock and salts the same each time, and a kept text."""
    with Archive.open(url, clock=ticking(), salts=salts or counted_salts()) as opened:
        for events in appends(which):
            opened.append(events, who="ann", program="tests", why="to be moved")
        with write_transaction(opened.engine) as connection:
            texts.keep(
                connection,
                Document("ab" * 32, "text/plain", "tests", "“kept” \u009b[2J\n"),
                "2026-01-02T00:00:00.000000Z",
            )
        yield opened


def views(opened: Archive) -> list[str]:
    """Every view of the read model."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'view'",
        "postgresql": "SELECT viewname FROM pg_views WHERE schemaname = current_schema()",
    }
    found = opened.query(catalogue[opened.engine.dialect.name]).rows
    return sorted(name for (name,) in found)


def said(opened: Archive) -> dict[str, Any]:
    """All that an archive says: entries, every row of every view and table of the read model, snapshots."""
    everything: dict[str, Any] = {}
    with opened.reading() as connection:
        everything["entries"] = [tuple(row) for row in connection.execute(select(*LOG).order_by(LOG[0]))]
        everything["appends"] = [tuple(row) for row in connection.execute(select(tables.appends).order_by("id"))]
        everything["head"] = tuple(connection.execute(select(tables.head)).one())
    for name in (*views(opened), "spans", "effects", "evidence", "mentions", "reports_history", "documents", "nodes"):
        rows = opened.query(f"SELECT * FROM {name}")  # noqa: S608  # a name of ours
        everything[name] = (rows.columns, sorted(rows.rows, key=orjson.dumps))
    for words in ("altman", "note", "board"):
        everything[f"search {words}"] = opened.search(words)
    for at in INSTANTS:
        everything[f"at {at}"] = opened.project(at)
        everything[f"official at {at}"] = opened.project(
            at, as_reported="2020-06-01T00:00:00.000000Z", basis="official"
        )
        everything[f"early at {at}"] = opened.project(at, as_recorded=to_instant(START + timedelta(minutes=1)))
    everything["conflicts"] = opened.conflicts()
    everything["sources"] = opened.sources()
    everything["changes"] = opened.diff("at", INSTANTS[:2], at=INSTANTS[2])
    for organisation, office in list(opened.query("SELECT organisation, office FROM offices ORDER BY 1, 2").rows)[:6]:
        everything[f"timeline of {organisation}"] = opened.timeline(organisation)
        everything[f"page of {organisation}"] = opened.publication(organisation, at=INSTANTS[1])
        everything[f"why {organisation} {office}"] = opened.explain(organisation, office, at=INSTANTS[1])
    return everything


PAIRS: tuple[tuple[Kind, Kind], ...] = (("sqlite", "postgresql"), ("postgresql", "sqlite"))
