"""Processes that append and acknowledge outside: `python -m tests.cluster.writers URL FOLDER --writers NAME:BATCH…`.

Each appends notes of an organisation of its name, BATCH at a time, until it has made `--appends` appends or the file
FOLDER/stop is there. What an append returned is written to FOLDER/NAME.acknowledged after it returned: a line for each
report with its position, the seconds of the clock, and its summary. A # in URL stands for NAME: an archive each.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg  # noqa: F401  # imported once, before the processes part

from archive import Archive
from tests.cluster.forked import Job, at_once
from tests.log.archives import noted


def writer(url: str, folder: Path, name: str, batch: int, appends: int | None) -> Job:
    """One writer."""

    def job(begin: Callable[[], None]) -> None:
        stop, outside = folder / "stop", folder / f"{name}.acknowledged"
        with Archive.open(url.replace("#", name)) as opened, outside.open("w", encoding="utf-8") as told:
            begin()
            for number in count() if appends is None else range(appends):
                if stop.exists():
                    return
                events = [noted(number, organisation=name, summary=f"{name} {number} {part}") for part in range(batch)]
                answers = opened.append(events, who=name, program="tests")
                now = time.time()
                for answer, event in zip(answers, events, strict=True):
                    told.write(f"{answer.position}\t{now}\t{event.summary}\n")
                told.flush()

    return job


def warm() -> None:
    """Have everything imported that an append needs, once, before the processes part."""
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder, "archive.db")) as opened:
        opened.append([noted(1)], who="nobody", program="tests")


def main() -> int:
    """Read the arguments and run."""
    warm()
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.writers", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--writers", nargs="+", required=True, metavar="NAME:BATCH")
    parser.add_argument("--appends", type=int)
    asked = parser.parse_args()
    named = [given.split(":") for given in asked.writers]
    return at_once([writer(asked.url, asked.folder, name, int(batch), asked.appends) for name, batch in named])


if __name__ == "__main__":
    sys.exit(main())
