"""Peers and us in turn, on the same machine and the same events: `make bench`, or `python -m tests.benchmarks`.

Each work is done by every contender once a round, in an order that turns; told are medians, and ratios taken within
each round. Raw sqlite3 and psycopg write the very rows that our appends write, and do nothing else: they are the limit.
PostgreSQL runs with fsync on, SQLite with synchronous=FULL, the archive's own. What comes of it is JSON and a table.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.appending import Sizes, appends
from tests.benchmarks.asking import growth
from tests.benchmarks.commands import memory, starts
from tests.benchmarks.measuring import Result
from tests.benchmarks.places import Files, databases
from tests.benchmarks.questions import answered
from tests.benchmarks.table import answers, curve, table

WORKS = ("sqlite", "postgresql", "commands", "growth", "questions", "memory")
FULL = Sizes(organisations=1_000, singles=100, batches=5, batch=1_000, rounds=5)
QUICK = Sizes(organisations=40, singles=20, batches=1, batch=500, rounds=5)
STARTS = 15
"""Rounds of starts, which take a part of a second each."""

LIBRARIES = ("sqlalchemy", "psycopg", "eventsourcing", "orjson", "click")


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for and print the tables; with `--json` write everything to a file too."""
    asked = _parser().parse_args(arguments)
    sizes = QUICK if asked.quick else FULL
    if asked.rounds:
        sizes = Sizes(sizes.organisations, sizes.singles, sizes.batches, sizes.batch, asked.rounds)
    grown = asked.entries or ([1_000, 2_000] if asked.quick else [1_000, 10_000, 50_000])
    reports = asked.reports or (2_000 if asked.quick else 100_000)
    found: list[Result] = []
    told: dict[str, Any] = {"seed": asked.seed, "versions": _versions(), "settings": {}, "quick": asked.quick}

    def in_files(folder: Path) -> None:
        place = Files(folder)
        told["settings"]["sqlite"] = place.settings
        found.extend(appends(place, sizes, asked.seed))

    def in_databases(_folder: Path) -> None:
        with databases() as place:
            told["settings"]["postgresql"] = place.settings
            found.extend(appends(place, sizes, asked.seed))

    def as_commands(folder: Path) -> None:
        found.extend(starts(folder, asked.seed, rounds=max(sizes.rounds, STARTS)))

    def growing(folder: Path) -> None:
        told["growth"] = list(growth(asked.folder or folder, grown, asked.seed))

    def asking(folder: Path) -> None:
        told["questions"] = list(answered(asked.folder or folder, reports, asked.seed))

    def large(folder: Path) -> None:
        told["memory"] = memory(folder, asked.seed, reports=reports)

    works: dict[str, Callable[[Path], None]] = dict(
        zip(WORKS, (in_files, in_databases, as_commands, growing, asking, large), strict=True)
    )
    for name in asked.only or WORKS:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            works[name](Path(folder))
    told["results"] = [result.plain() for result in found]
    if asked.json:
        Path(asked.json).write_text(json.dumps(told, indent=1) + "\n")
    for line in _page(found, told):
        sys.stdout.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: a minute or two, for a first look")
    parser.add_argument("--only", choices=WORKS, nargs="+", help="these works alone")
    parser.add_argument("--rounds", type=int, help="rounds of each work; 5 unless given")
    parser.add_argument("--entries", type=int, nargs="+", help="the sizes at which the growing archive is measured")
    parser.add_argument(
        "--reports",
        type=int,
        help="reports of the archive that is asked, and of the file watched for memory",
    )
    parser.add_argument("--folder", type=Path, help="where the files are made; the growing archive stays there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write all that was measured there")
    return parser


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: version(name) for name in LIBRARIES},
    }


def _page(found: list[Result], told: dict[str, Any]) -> list[str]:
    said = [f"{name} {number}" for name, number in told["versions"].items()]
    for kind, settings in told["settings"].items():
        said.append(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in settings.items()))
    page = ["; ".join(said), ""]
    if found:
        page += [*table(found), ""]
    if "growth" in told:
        page += [*curve(told["growth"]), ""]
    if "questions" in told:
        page += [*answers(told["questions"]), ""]
    if "memory" in told:
        page.append(
            "{reports:,} reports in one file: peak {peak_megabytes} MB, {seconds} s, "
            "{reports_a_second:,} a second".format(**told["memory"])
        )
    return page


if __name__ == "__main__":
    main()
