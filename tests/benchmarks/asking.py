"""An archive that grows in its number of organisations: what an append, a batch and a question cost at each size."""

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from archive import Archive
from tests.benchmarks.measuring import seconds_of
from tests.benchmarks.places import grow, settle, take_in
from tests.benchmarks.reports import ENTRIES, REPORTS, first, lines, report

AT_ONCE = 20
"""Organisations whose histories are one append: 1,000 entries."""

KNOWN = "SELECT organisation, min(recorded_from) AS since FROM organisations_history GROUP BY organisation"
"""Since when the archive has each organisation."""

SINGLES = 50
QUESTIONS = 300
GROUP = 1_000
"""Organisations between two lines that say how far it is."""


def growth(folder: Path, sizes: Sequence[int], seed: int) -> Iterator[dict[str, Any]]:
    """Grow one SQLite archive to each of these sizes in turn, and measure there: a row each.

    A file that is in the folder from an earlier run is taken as it is: sizes that it has passed are left out.
    """
    url = anew(folder, seed)
    there = organisations_of(url)
    for size in sorted(sizes):
        wanted = size // ENTRIES
        if wanted >= there:
            took = grown(url, seed, range(there, wanted))
            rate = (wanted - there) * ENTRIES / took if wanted > there else None
            there = wanted
            yield {**measured(url, there), "batch_rate": rate and round(rate)}


def anew(folder: Path, seed: int) -> str:
    """The address of the archive that grows in a folder, made if it is not there."""
    url = str(folder / f"grown-{seed}.db")
    if not Path(url).exists():
        with Archive.create(url) as archive:
            take_in(archive, lines([first()]))
    return url


def organisations_of(url: str) -> int:
    """How many organisations an archive has, each with its whole history."""
    with Archive.open(url) as archive:
        return int(next(iter(archive.query("SELECT count(*) AS n FROM organisations").rows))[0])


def grown(url: str, seed: int, organisations: range) -> float:
    """Append the histories of these, in batches of 1,000; the seconds that it took."""
    took = 0.0
    with Archive.open(url) as archive:
        for start in range(organisations.start, organisations.stop, GROUP):
            some = range(start, min(start + GROUP, organisations.stop))

            def work(some: range = some) -> None:
                grow(archive, seed, some, at_once=AT_ONCE)

            took += seconds_of(work)
            sys.stderr.write(f"grown to {some.stop * ENTRIES:,} entries\n")
    settle(url)
    return took


def measured(url: str, organisations: int) -> dict[str, Any]:
    """Medians of single durable appends, which stay in the archive, and of questions; bytes an entry."""
    size = Path(url).stat().st_size
    with Archive.open(url) as archive:
        with archive.reading() as connection:
            entries = archive.log.head(connection).size
        asked = [seconds_of(one) for one in islice(projections(archive, organisations, entries), QUESTIONS)]
        appended = singles(archive, organisations, entries)
    settle(url)
    return {
        "entries": entries,
        "append_ms": round(1000 * median(appended), 3),
        "project_p50_ms": round(1000 * median(asked), 3),
        "project_p95_ms": round(1000 * quantiles(asked, n=20)[-1], 3),
        "bytes_an_entry": round(size / entries, 1),
    }


def projections(archive: Archive, organisations: int, seed: int) -> Iterator[Callable[[], Any]]:
    """Endless questions for one organisation, at a valid, a report and a record time each."""
    random = Random(seed)
    recorded = [row[0] for row in archive.query("SELECT recorded_at FROM appends ORDER BY id").rows]
    known = {row[0]: row[1] for row in archive.query(KNOWN).rows}
    while True:
        place = f"organisation-{random.randrange(organisations):06}"
        yield partial(
            archive.project,
            f"{random.randrange(1990, 1994)}-0{random.randrange(1, 10)}-15T12:00:00.000000Z",
            [place],
            as_reported=f"{random.randrange(1992, 1996)}-06-30T00:00:00.000000Z",
            as_recorded=random.choice(recorded[bisect_left(recorded, known[place]) :]),
        )


def singles(archive: Archive, organisations: int, seed: int) -> list[float]:
    """Seconds of single durable appends, each about an organisation by lot."""
    random = Random(seed)
    took = []
    for _ in range(SINGLES):
        given = lines([report(random.randrange(1 << 30), random.randrange(organisations), REPORTS)])

        def work(given: bytes = given) -> None:
            take_in(archive, given)

        took.append(seconds_of(work))
    return took
