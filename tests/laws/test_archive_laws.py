"""Laws of the whole archive, on generated histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from events import Event, Report
from events.later import Later, Merged, Retracted
from events.values import Position
from tests.archives import empty_file
from tests.histories import history

SEEDS = st.integers(min_value=0, max_value=10_000)
FEW = settings(max_examples=8, deadline=None)
INSTANTS = [f"{year}-{month:02}-15T00:00:00.000000Z" for year in range(2014, 2021, 2) for month in (3, 9)]


def opened(folder: str, name: str) -> Archive:
    """An empty archive whose clock ticks once a minute."""
    ticks = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) for minute in count())
    where = Path(folder) / name
    where.write_bytes(empty_file())
    return Archive.open(where, clock=ticks.__next__)


def fill(archive: Archive, appends: Sequence[Sequence[Event]]) -> None:
    """Append each in turn."""
    for events in appends:
        archive.append(list(events), who="law", program="tests")


def answers(archive: Archive, **known: Any) -> list[Any]:
    """Snapshots at many instants, without what names the log or positions."""
    return [_bare(archive.project(at, **known)["organisations"]) for at in INSTANTS]


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key != "positions"}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def plain(seed: int) -> list[Event]:
    """A history without later knowledge, every report with a published time."""
    made = [event for append in history(seed, organisations=2, reports=40, mergers=False) for event in append]
    return [
        event
        for event in made
        if not isinstance(event, (Later, Merged)) and (not isinstance(event, Report) or event.published is not None)
    ]


@FEW
@given(SEEDS)
def test_the_order_of_arrival_changes_no_answer_at_the_latest_record_time(seed: int) -> None:
    """For reports that have a published time."""
    events = plain(seed)
    shuffled = Random(seed).sample(events, len(events))
    with TemporaryDirectory() as folder, opened(folder, "one.db") as one, opened(folder, "other.db") as other:
        fill(one, [events])
        fill(other, [shuffled[start : start + 7] for start in range(0, len(shuffled), 7)])
        assert answers(one) == answers(other)
        assert answers(one, as_reported="2018-01-01T00:00:00.000000Z") == answers(
            other, as_reported="2018-01-01T00:00:00.000000Z"
        )


@FEW
@given(SEEDS)
def test_later_appends_never_change_the_answer_at_an_older_record_time(seed: int) -> None:
    """What the archive said then, it says for ever."""
    appends = history(seed, organisations=2, reports=40)
    with TemporaryDirectory() as folder, opened(folder, "one.db") as archive:
        said = []
        for append in appends:
            fill(archive, [append])
            with archive.reading() as connection:
                size = archive.log.head(connection).size
            said.append((size, answers(archive, as_recorded=f"@{size}")))
        for size, before in said:
            assert answers(archive, as_recorded=f"@{size}") == before


@FEW
@given(SEEDS)
def test_a_report_retracted_by_the_archive_is_as_if_it_had_never_been(seed: int) -> None:
    """From the retraction's record time on."""
    events = plain(seed)
    reports = [index for index, event in enumerate(events) if isinstance(event, Report)]
    chosen = Random(seed).choice(reports)
    gone = events[chosen]
    with TemporaryDirectory() as folder, opened(folder, "with.db") as one, opened(folder, "without.db") as other:
        fill(one, [events])
        fill(one, [[Retracted(target=Position(chosen + 1), target_stream=gone.stream)]])
        fill(other, [[*events[:chosen], *events[chosen + 1 :]]])
        assert answers(one) == answers(other)


@FEW
@given(SEEDS)
def test_the_same_reports_again_change_nothing(seed: int) -> None:
    """A second append answers with the old positions, and the head does not move."""
    events = [replace(event, id=None) for event in plain(seed)]
    with TemporaryDirectory() as folder, opened(folder, "one.db") as archive:
        first = archive.append(events, who="law", program="tests")
        with archive.reading() as connection:
            head = archive.log.head(connection)
        second = archive.append(events, who="law", program="tests")
        assert [answer.position for answer in first] == [answer.position for answer in second]
        assert all(answer.entry is None for answer in second)
        with archive.reading() as connection:
            assert archive.log.head(connection) == head
