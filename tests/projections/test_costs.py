"""What the database does for one append does not grow with the timeline, counted in its own steps: no clock is read."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from archive import Archive
from archive.log.transactions import WRITER
from tests.benchmarks import curves
from tests.benchmarks.places import take_in
from tests.benchmarks.reports import ENTRIES, REPORTS, first, histories, lines, report

FEW, MANY = 100, 800
APPENDS = 5
STEPS = 50
"""Instructions of SQLite's machine that are counted at once."""


@pytest.mark.parametrize("name", sorted(set(curves.CASES) - {"seats", "told"}))
def test_an_append_to_a_long_timeline_takes_no_more_steps(name: str, tmp_path: Path) -> None:
    """Least of a few: a step of the tree or of the index of words falls to one append in several. An office of which
    hundreds hold a seat at once is folded whole; of what is told again all acts are read, and few folded."""
    few, many = (_least(name, size, str(tmp_path / f"{size}.db")) for size in (FEW, MANY))
    assert many < 1.5 * few, (few, many)


def test_an_append_costs_the_same_however_much_waits(tmp_path: Path) -> None:
    """For a follower, registrations and names among it."""
    few, many = (_deferred(size, str(tmp_path / f"{size}.db")) for size in (FEW, MANY))
    assert many < 1.5 * few, (few, many)


def _deferred(size: int, url: str) -> int:
    """Steps of one append, from reading it on, while so many entries wait."""
    steps: Counter[str] = Counter()
    with Archive.create(url) as archive:
        made = [first(), *histories(1, range(2 + size // ENTRIES))]
        take_in(archive, lines(made), defer=True)
        for pool in (archive.engine.pool, archive.engine.get_execution_options()[WRITER].pool):
            event.listen(pool, "checkout", _watch(steps))
        found = []
        for place in range(APPENDS):
            steps.clear()
            take_in(archive, lines([report(size + place, 1, REPORTS)]), defer=True)
            found.append(steps["all"])
        assert archive.projected().behind == len(made) + APPENDS
    return min(found)


def _watch(steps: Counter[str]) -> Callable[..., None]:
    """Count what SQLite does on a connection."""

    def counted() -> int:
        steps["all"] += STEPS
        return 0

    def watch(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(counted, STEPS)

    return watch


def _least(name: str, size: int, url: str) -> int:
    case = curves.CASES[name]
    made, _, backwards, _ = case
    places = list(range(size + APPENDS))[:: -1 if backwards else 1]
    steps: Counter[str] = Counter()
    with Archive.create(url) as archive:
        archive.append(list(curves.registrations(case, size + APPENDS)), who="test", program="costs")
        archive.append([made(place) for place in places[:size]], who="test", program="costs")
        event.listen(archive.engine.get_execution_options()[WRITER].pool, "checkout", _watch(steps))
        found = []
        for place in places[size:]:
            steps.clear()
            archive.append([made(place)], who="test", program="costs")
            found.append(steps["all"])
    return min(found)
