"""How long after a deferred append a question sees it: `python -m tests.benchmarks.lag --reports 300 --rate 20`.

A process follows the log (`archive follow`); reports are appended one by one with their projections deferred, so many a
second at most. The lag of each runs from its acknowledgement until the read model goes as far. Printed are quantiles in
milliseconds, for a SQLite file and for PostgreSQL with fsync on.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from archive import Archive
from tests.benchmarks.commands import PROGRAM
from tests.benchmarks.places import Files, Place, databases, filled, take_in
from tests.benchmarks.reports import further, lines

ORGANISATIONS = 20
FIRST = 20
"""Reports at the beginning that are not counted: both programs start up."""


def measure(place: Place, reports: int, rate: float) -> list[float]:
    """Seconds of each report."""
    url = filled(place, 1, ORGANISATIONS)
    command = [PROGRAM, "--archive", url, "follow"]
    found = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as follower:
        try:
            if follower.stderr is not None:
                follower.stderr.readline()
            with Archive.open(url) as writer, Archive.open(url) as reader:
                for report in further(1, ORGANISATIONS, FIRST + reports):
                    began = time.perf_counter()
                    (position,) = take_in(writer, lines([report]), defer=True)
                    told = time.perf_counter()
                    while reader.projected().size < position:
                        if follower.poll() is not None:
                            raise AssertionError(f"nobody follows: exit code {follower.returncode}")
                        time.sleep(0.001)
                    found.append(time.perf_counter() - told)
                    time.sleep(max(0.0, began + 1 / rate - time.perf_counter()))
        finally:
            follower.send_signal(signal.SIGINT)
    return found[FIRST:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each kind of database."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.lag", description=__doc__)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--rate", type=float, default=20.0)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, databases() as server:
        for place in (Files(Path(folder)), server):
            cuts = quantiles(measure(place, asked.reports, asked.rate), n=100)
            sys.stdout.write(f"{place.kind:12} p50 {1000 * cuts[49]:6.1f} ms   p99 {1000 * cuts[98]:6.1f} ms\n")


if __name__ == "__main__":
    main()
