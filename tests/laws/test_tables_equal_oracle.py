"""The tables answer every question as the naive replay does (DESIGN section 5)."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from archive import Archive
from archive.log.entries import read_entries
from archive.projections import piece, refold, tables
from events import rank
from events.later import standing_for
from tests.archives import EmptyArchive
from tests.databases import Kind
from tests.histories import history
from tests.laws.questions import Known, instants, knowns
from tests.oracle import Answer, Entry, Replay

MODELS = ("tenures", "employees", "signatures", "attributes", "counts", "matters", "letters")
HELD_BY_SOMEBODY = ("tenures", "employees", "signatures")
ORGANISATIONS = ("organisation-1", "organisation-2")

Rows = list[dict[str, Any]]


@contextmanager
def filled(url: str, seed: int) -> Iterator[Archive]:
    """An archive with the history of a seed, taken in by a clock that ticks once a minute."""
    ticks = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) for minute in count())
    with Archive.open(url, clock=ticks.__next__) as archive:
        for append in history(seed, organisations=len(ORGANISATIONS), reports=50):
            archive.append(append, who="law", program="tests")
        yield archive


def read_back(archive: Archive) -> tuple[list[Entry], Rows]:
    """The log as the oracle reads it, what a redaction kept as a report, and every row of the read model."""
    with archive.reading() as connection:
        entries = [
            (entry.position, entry.recorded_at, standing_for(entry.event))
            for entry in read_entries(connection)
            if entry.event is not None
        ]
        rows = connection.execute(select(tables.spans).where(tables.spans.c.model.in_(MODELS))).mappings()
        return entries, [dict(row) for row in rows]


def visible(rows: Rows, known: Known) -> Rows:
    """The rows that hold as known at a report time, a record time and a floor."""
    floor = rank(known.floor)
    return [
        row
        for row in rows
        if row["floor_from"] <= floor <= row["floor_to"]
        and _within(row["recorded_from"], row["recorded_to"], known.as_recorded)
        and _within(row["reported_from"], row["reported_to"], known.as_reported)
    ]


def _within(start: str, end: str | None, asked: str | None) -> bool:
    return end is None if asked is None else start <= asked and (end is None or asked < end)


def certainty(row: dict[str, Any], at: str) -> str | None:
    """DESIGN section 1, word for word."""
    earliest, latest = row["valid_from_earliest"], row["valid_from_latest"]
    gone_earliest, gone_latest = row["valid_to_earliest"], row["valid_to_latest"]
    if latest is not None and latest <= at and (gone_earliest is None or at < gone_earliest):
        return "certain"
    begun = earliest if earliest is not None else latest
    return "possible" if begun is not None and begun <= at and (gone_latest is None or at < gone_latest) else None


def tabled(rows: Rows, organisation: str, model: str, at: str) -> Answer:
    """What the rows answer, in the oracle's form, without items of which nothing is so."""
    found: Answer = defaultdict(dict)
    for row in rows:
        if row["organisation"] == organisation and row["model"] == model and (sure := certainty(row, at)):
            what = row["holder"] if model in HELD_BY_SOMEBODY else row["value"]
            if found[row["item"]].get(what) != "certain":
                found[row["item"]][what] = sure
    return dict(found)


def disagreements(archive: Archive, seed: int, questions: int, moments: int) -> Iterator[str]:
    """Every question that tables and oracle answer differently."""
    random = Random(seed)
    entries, rows = read_back(archive)
    at_these = instants(random, entries, moments)
    for known in knowns(random, entries, questions):
        seen = visible(rows, known)
        for organisation in ORGANISATIONS:
            replay = Replay(entries, organisation, known.as_reported, known.as_recorded, known.floor)
            for model in MODELS:
                for at in at_these:
                    right = {item: found for item, found in replay.answer(at, model).items() if found}
                    if (given := tabled(seen, organisation, model, at)) != right:
                        yield f"seed {seed}, {organisation} {model} at {at}, {known}: tables {given}, oracle {right}"


def snapshots(archive: Archive, seed: int, questions: int) -> Iterator[str]:
    """Every snapshot whose offices differ from the oracle's, in holders or in status."""
    random = Random(seed)
    entries, _ = read_back(archive)
    for known, at in zip(knowns(random, entries, questions), instants(random, entries, questions), strict=False):
        shown = archive.project(
            at=at, as_reported=known.as_reported, as_recorded=known.as_recorded, basis=known.floor, organisations=()
        )
        for organisation in shown["organisations"]:
            replay = Replay(entries, organisation["id"], known.as_reported, known.as_recorded, known.floor)
            right = {office: (status, replay.answer(at)[office]) for office, status in replay.statuses(at).items()}
            given = {
                office["id"]: (office["status"], _holders(office["holders"])) for office in organisation["offices"]
            }
            if given != right:
                yield f"seed {seed}, {organisation['id']} at {at}, {known}: snapshot {given}, oracle {right}"


def _holders(listed: list[dict[str, str]]) -> dict[str, str]:
    best: dict[str, str] = {}
    for holder in listed:
        if best.get(holder["person"]) != "certain":
            best[holder["person"]] = holder["certainty"]
    return best


def compared(url: str, seed: int) -> list[str]:
    """The first disagreements of one history."""
    with filled(url, seed) as archive:
        found = [*disagreements(archive, seed, questions=8, moments=40), *snapshots(archive, seed, questions=4)]
    return found[:3]


@pytest.mark.parametrize("tenth", [*range(2), *(pytest.param(tenth, marks=pytest.mark.long) for tenth in range(2, 10))])
def test_the_tables_answer_as_the_oracle_does(empty_archive: EmptyArchive, tenth: int) -> None:
    """A hundred histories on SQLite, most of them in the long run: at instants, report times, record times and floors
    where answers change."""
    assert [compared(empty_archive("sqlite"), seed) for seed in range(tenth, 100, 10)] == [[]] * 10


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_tables_answer_as_the_oracle_does_where_every_timeline_is_folded_in_windows(
    empty_archive: EmptyArchive, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    """As long ones are, in windows that see little of what is around them."""
    monkeypatch.setattr(refold, "SHORT", 0)
    monkeypatch.setattr(piece, "BESIDE", (1, 2, 4, 16))
    monkeypatch.setattr(piece, "READ", (3, 24))
    seeds = range(3_000, 3_008 if kind == "sqlite" else 3_003)
    assert [compared(empty_archive(kind), seed) for seed in seeds] == [[]] * len(seeds)


@pytest.mark.parametrize("seed", [2_343, 2_451, 2_628, 2_637])
def test_histories_that_once_told_them_apart_do_so_no_more(empty_archive: EmptyArchive, seed: int) -> None:
    """Found by the long run: amendments as old as their target, a renewal whose beginning lies later."""
    assert compared(empty_archive("sqlite"), seed) == []


@pytest.mark.parametrize("seed", range(1_000, 1_005))
def test_the_tables_of_postgresql_answer_as_the_oracle_does(empty_archive: EmptyArchive, seed: int) -> None:
    """The same on PostgreSQL, for fewer."""
    assert compared(empty_archive("postgresql"), seed) == []


@pytest.mark.long
@pytest.mark.parametrize("hundredth", range(100))
def test_the_tables_answer_as_the_oracle_does_at_length(empty_archive: EmptyArchive, hundredth: int) -> None:
    """A thousand histories."""
    assert [compared(empty_archive("sqlite"), 2_000 + 10 * hundredth + each) for each in range(10)] == [[]] * 10
