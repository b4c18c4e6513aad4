"""What was redacted has no effect at any clock, and the tables are those that the log makes without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from archive import Archive
from archive.errors import UsageError
from events import Event, Later, Report, to_plain
from events.later import Redacted, standing_for
from tests.archives import EmptyArchive
from tests.histories import history
from tests.laws.redactions import folded_anew, read_model
from tests.laws.test_archive_laws import SEEDS, answers, fill, opened
from tests.laws.test_tables_equal_oracle import disagreements, filled, snapshots
from tests.log.archives import noted

CLOCKS: Sequence[dict[str, str]] = (
    {},
    {"basis": "official"},
    {"basis": "rumour", "as_reported": "2019-01-01T00:00:00.000000Z"},
    {"as_reported": "2017-06-01T00:00:00.000000Z"},
)
"""Report times and floors at which answers are compared, at some sizes of the log."""


def redact(archive: Archive, position: int, *, keep: bool) -> Redacted:
    """Redact an entry and return what stands in its place; keep all but its id, where that is a report which was
    public when it says that it was."""
    event = archive.known().entry(position)
    published = getattr(event, "published", None)
    fields = [name for name in to_plain(event) if name != "id"] if keep and published else []
    try:
        planned = archive.redacting(position, "law", fields).event
    except UsageError:  # it was taken back
        fields = []
    else:
        if planned is None or planned.reported is None or planned.reported.latest != getattr(published, "latest", None):
            fields = []
    made, _ = archive.redact(position, "law", fields, who="law", program="tests")
    assert made.event is not None
    return made.event


def redact_some(archive: Archive, seed: int, number: int = 3) -> list[int]:
    """Redact entries of any type, and sometimes what was kept of one; their positions."""
    random = Random(seed)
    with archive.reading() as connection:
        size = archive.log.head(connection).size
    chosen = random.sample(range(1, size + 1), number)
    for position in chosen:
        redact(archive, position, keep=random.random() < 0.6)
        if random.random() < 0.3:
            with archive.reading() as connection:
                last = archive.log.head(connection).size
            redact(archive, last, keep=False)
    return chosen


def all_answers(archive: Archive, sizes: Sequence[int]) -> list[Any]:
    """Snapshots at every size and at several report times and floors, without what names redactions."""
    found = [answers(archive, as_recorded=f"@{size}", **known) for size in sizes for known in CLOCKS]
    for snapshot in (snapshot for answer in found for snapshot in answer):
        for organisation in snapshot:
            organisation.pop("redacted")
    return found


def about(position: int, events: Sequence[Event]) -> set[int]:
    """The positions of what is said of an entry, and of that, and so on."""
    found = {position}
    for place, event in enumerate(events, 1):
        if isinstance(event, Later) and event.target in found:
            found.add(place)
    return found - {position}


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS)
def test_redacting_an_entry_is_never_having_had_it_but_for_what_is_kept(seed: int) -> None:
    """At every size of the log, report time and floor. In its place something is said that concerns nobody."""
    appends = history(seed, organisations=2, reports=24)
    events = [event for append in appends for event in append]
    chosen = Random(seed).choice([place for place, event in enumerate(events, 1) if isinstance(event, Report)])
    gone = about(chosen, events) | {chosen}
    with TemporaryDirectory() as folder, opened(folder, "one.db") as one, opened(folder, "other.db") as other:
        fill(one, appends)
        kept = standing_for(redact(one, chosen, keep=seed % 3 > 0))
        place = 0
        for append in appends:
            without: list[Event] = []
            for event in append:
                place += 1
                without.append(noted(place, organisation="elsewhere") if place in gone else event)
            fill(other, [without])
        fill(other, [[noted(0, organisation="elsewhere") if isinstance(kept, Redacted) else kept]])
        sizes = [sum(map(len, appends[:number])) for number in range(1, len(appends) + 1)]
        asked = [*Random(seed).sample(sizes, 3), place, place + 1]
        assert all_answers(one, asked) == all_answers(other, asked)


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS)
def test_after_redactions_the_tables_are_those_of_a_fold_of_the_log(seed: int) -> None:
    """Every row of them, ids too."""
    with TemporaryDirectory() as folder, opened(folder, "one.db") as archive:
        fill(archive, history(seed, organisations=2, reports=24))
        redact_some(archive, seed)
        fill(archive, [[noted(1, organisation="organisation-1")]])
        assert archive.verify().findings.found == []
        with folded_anew(archive, Path(folder) / "anew.db") as anew:
            assert read_model(archive) == read_model(anew)


@pytest.mark.parametrize("seed", [3])
def test_after_redactions_the_tables_of_postgresql_are_those_of_a_fold_of_the_log(
    empty_archive: EmptyArchive, tmp_path: Path, seed: int
) -> None:
    """Folded on SQLite."""
    with filled(empty_archive("postgresql"), seed) as archive:
        redact_some(archive, seed)
        assert archive.verify().findings.found == []
        with folded_anew(archive, tmp_path / "anew.db") as anew:
            assert read_model(archive) == read_model(anew)


def test_after_redactions_the_tables_answer_as_the_oracle_does(empty_archive: EmptyArchive) -> None:
    """Which never heard of what was redacted, and takes what was kept for a report."""
    for seed in (1, 2):
        with filled(empty_archive("sqlite"), seed) as archive:
            redact_some(archive, seed)
            assert [*disagreements(archive, seed, 6, 20), *snapshots(archive, seed, 3)] == []


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
def test_after_redactions_the_tables_are_those_of_a_fold_of_the_log_at_length(tmp_path: Path, tenth: int) -> None:
    """Three hundred histories, four redactions each and more."""
    for seed in range(tenth, 300, 10):
        with opened(str(tmp_path), f"{seed}.db") as archive:
            fill(archive, history(seed, organisations=2, reports=30))
            redact_some(archive, seed, 4)
            with folded_anew(archive, tmp_path / f"{seed}-anew.db") as anew:
                assert read_model(archive) == read_model(anew), seed
