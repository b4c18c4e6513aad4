"""Every kind of question of one archive: how long each takes, on the clock and of the processor."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from archive import Archive
from tests.benchmarks.asking import anew, grown, organisations_of, projections
from tests.benchmarks.reports import OFFICES, PEOPLE, REPORTS, WORDS

ASKED = 200
"""Questions of each kind, after a tenth as many that are not counted."""

SHOWN = 20
"""Hits that a search shows, however many it counts."""

Question = Callable[[], Any]


def answered(folder: Path, reports: int, seed: int) -> Iterator[dict[str, Any]]:
    """Have an archive with at least so many reports, and ask it; a row for each kind of question."""
    url = anew(folder, seed)
    wanted, there = -(-reports // REPORTS), organisations_of(url)
    if wanted > there:
        grown(url, seed, range(there, wanted))
    organisations = max(wanted, there)
    with Archive.open(url) as archive:
        for kind, questions in kinds(archive, organisations, seed).items():
            yield {"question": kind, "reports": organisations * REPORTS, **timed(questions)}


def kinds(archive: Archive, organisations: int, seed: int) -> Mapping[str, Iterator[Question]]:
    """Endless questions of each kind, by lot."""
    random = Random(seed)

    def place() -> str:
        return f"organisation-{random.randrange(organisations):06}"

    def when() -> str:
        return f"{random.randrange(1990, 1994)}-0{random.randrange(1, 10)}-15T12:00:00.000000Z"

    def endless(ask: Callable[[], Question]) -> Iterator[Question]:
        while True:
            yield ask()

    def words(count: int) -> str:
        return " ".join(random.choices(WORDS, k=count))

    search = partial(archive.search, limit=SHOWN)
    return {
        "project at (T, R, K)": projections(archive, organisations, seed),
        "project at T": endless(lambda: partial(archive.project, when(), [place()])),
        "explain": endless(lambda: partial(archive.explain, place(), random.choice(OFFICES), at=when())),
        "conflicts of one": endless(lambda: partial(archive.conflicts, place())),
        "search for a name": endless(lambda: partial(search, f'"Person {random.randrange(organisations * PEOPLE)}"')),
        "search for a phrase of 3 words": endless(lambda: partial(search, f'"{words(3)}"')),
        "search for 3 words": endless(lambda: partial(search, words(3))),
        "search of one for a word": endless(lambda: partial(search, words(1), organisation=place())),
    }


def timed(questions: Iterator[Question], count: int = ASKED) -> dict[str, Any]:
    """The middle and the slowest hundredth of so many questions, in milliseconds."""
    on_the_clock, of_the_processor = [], []
    for number in range(-(count // 10), count):
        question = next(questions)
        begun, worked = perf_counter(), process_time()
        question()
        if number >= 0:
            of_the_processor.append(process_time() - worked)
            on_the_clock.append(perf_counter() - begun)
    return {
        f"{name}_{share}": round(1000 * of(seconds), 3)
        for name, seconds in (("wall", on_the_clock), ("cpu", of_the_processor))
        for share, of in (("p50", median), ("p99", _slowest))
    }


def _slowest(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]
