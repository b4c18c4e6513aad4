"""What one append costs on a timeline that grows: `python -m tests.benchmarks.curves --n 16000 --case reverse`.

An archive is filled with n reports in batches, in the order of arrival of its case; then `--appends` further reports
are appended one by one, each its own durable transaction, by the library. Printed are the medians in milliseconds for
every n, and the ratio of the last to the first. `--profile` prints where the time of the last ones goes.
"""

import argparse
import cProfile
import gc
import pstats
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from archive import Archive
from archive.times import parse_time
from events import Event, build, types

START = datetime(2001, 1, 1, tzinfo=UTC)
BATCH = 1_000
BOARD = 12
"""Seats of a board."""

PEOPLE = 100
"""People who take turns in an office."""


def _when(place: int) -> dict[str, Any]:
    text = f"{START + timedelta(hours=8 * place):%Y-%m-%dT%H:%M:%SZ}"
    return {"text": text, **{name: getattr(parse_time(text), name) for name in ("earliest", "latest")}}


def _report(kind: str, **fields: Any) -> Event:
    event: Event = build(types()[kind], {"organisation": "acme", "source": "gazette", "basis": "stated", **fields})
    return event


def appointed(place: int, person: int | None = None) -> Event:
    """One of the people begins in the office, published that instant."""
    at = _when(place)
    who = f"person-{place % PEOPLE if person is None else person}"
    return _report("Appointed", office="ceo", person=who, published=at, **{"from": at})


def seated(place: int) -> Event:
    """A new person in an office of many seats."""
    return appointed(place, place)


def on_board(place: int) -> Event:
    """One who joins a board, is seen on it with those who joined before him, and leaves."""
    at = _when(place)
    turn, step = divmod(place, 20)
    if step == 0:
        return appointed(place, turn)
    if step == 10 and turn >= BOARD:
        return _report("Dismissed", office="ceo", person=f"person-{turn - BOARD + 1}", published=at, when=at)
    there = range(max(0, turn - BOARD + 1 + (step > 10)), turn + 1)
    return _report("Attested", office="ceo", person=f"person-{there[step % len(there)]}", published=at, as_of=at)


def seen(place: int) -> Event:
    """One person who began long ago is in the office still."""
    at = _when(place)
    return _report("Attested", office="ceo", person="person-0", published=at, as_of=at) if place else appointed(0)


def told(place: int) -> Event:
    """One report more of the same beginning."""
    at = _when(0)
    return _report("Appointed", office="ceo", person="person-0", published=_when(place), **{"from": at})


def counted(place: int) -> Event:
    """A count of the signatures on a letter."""
    at = _when(place)
    return _report("SignaturesCounted", letter="letter", signed=place + 1, published=at, as_of=at)


def at_one_instant(place: int) -> Event:
    """A value at the same instant as all the others."""
    return _report("MetricReported", metric="headcount", value=str(place + 1), as_of=_when(0), published=_when(place))


def begun_at_one_instant(place: int) -> Event:
    """A new person in an office of one seat, at the same instant as all the others."""
    at = _when(0)
    return _report("Appointed", office="ceo", person=f"person-{place}", published=_when(place), **{"from": at})


def joined(place: int) -> Event:
    """A new employee."""
    at = _when(place % 20_000)
    return _report("Joined", people=[f"person-{place}"], published=at, **{"from": at})


Case = tuple[Callable[[int], Event], int | None, bool, bool]
"""The report at a place in time; the seats of the office; in reverse order of publication; a new person each."""

CASES: dict[str, Case] = {
    "office": (appointed, 1, False, False),
    "reverse": (appointed, 1, True, False),
    "holdings": (joined, 1, False, True),
    "adviser": (seated, None, False, True),
    "counts": (counted, 1, False, False),
    "instant": (at_one_instant, 1, False, False),
    "instant-office": (begun_at_one_instant, 1, False, True),
    "seen": (seen, 1, False, False),
    "told": (told, 1, False, False),
    "board": (on_board, BOARD, False, True),
    "seats": (seated, 0, False, True),
}


def registrations(case: Case, size: int) -> Iterator[Event]:
    """What a case needs to be there: as many people as it has reports where each is of another."""
    _, seats, _, each = case
    yield build(types()["OrganisationRegistered"], {"organisation": "acme", "name": "Acme"})
    yield build(types()["SourceRegistered"], {"source": "gazette", "title": "Gazette"})
    office = {"organisation": "acme", "office": "ceo", "title": "Chief", "seats": size if seats == 0 else seats}
    yield build(types()["OfficeRegistered"], office)
    for number in range(size if each else PEOPLE):
        yield build(types()["PersonRegistered"], {"person": f"person-{number}", "name": f"Person {number}"})


def measure(name: str, size: int, appends: int, url: str, profile: cProfile.Profile | None = None) -> float:
    """Median milliseconds of appending one report when the timeline has ``size``."""
    case = CASES[name]
    made, _, backwards, _ = case
    whole = size + appends
    places = list(range(whole))[:: -1 if backwards else 1]
    with Archive.create(url) as archive:
        needed = registrations(case, whole)
        while some := list(islice(needed, BATCH)):
            archive.append(some, who="bench", program="curves")
        for start in range(0, size, BATCH):
            batch = [made(place) for place in places[start : min(start + BATCH, size)]]
            archive.append(batch, who="bench", program="curves")
        gc.collect()
        costs = []
        for place in places[size:]:
            report = made(place)
            if profile:
                profile.enable()
            begun = perf_counter()
            archive.append([report], who="bench", program="curves")
            costs.append(perf_counter() - begun)
            if profile:
                profile.disable()
    return 1000 * median(costs)


def main(arguments: list[str] | None = None) -> None:
    """Print the curve of each case asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.curves", description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[1_000, 4_000, 16_000])
    parser.add_argument("--case", choices=sorted(CASES), nargs="+", default=list(CASES))
    parser.add_argument("--appends", type=int, default=25)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args(arguments)
    sys.stdout.write(f"{'case':16}" + "".join(f"{size:>12,}" for size in asked.n) + "   ratio\n")
    for name in asked.case:
        profile = cProfile.Profile() if asked.profile else None
        curve = []
        for size in asked.n:
            with tempfile.TemporaryDirectory() as folder:
                last = size == asked.n[-1]
                url = str(Path(folder, "archive.db"))
                curve.append(measure(name, size, asked.appends, url, profile if last else None))
        shown = "".join(f"{cost:>12.2f}" for cost in curve)
        sys.stdout.write(f"{name:16}{shown}{curve[-1] / curve[0]:8.2f}\n")
        sys.stdout.flush()
        if profile:
            pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(35)


if __name__ == "__main__":
    main()
