"""Writers against throughput: `python -m tests.benchmarks.writers --writers 1 4 8 16 --seconds 4`.

Each writer is a process that appends notes one by one, or `--batch` at a time, each append its own durable
transaction: into one archive that all share, or into an archive each. PostgreSQL runs with fsync on, of the test's own
on this machine; SQLite syncs each commit always. Printed are the reports a second, counted from the acknowledgements,
of each round.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from archive import Archive
from tests.cluster.load import load
from tests.databases import Kind, Run, new_run

SHARED, EACH = "one archive", "an archive each"


def address(run: Run, kind: Kind, folder: Path, number: int) -> str:
    """A database of its own, in which # stands for the name of an archive."""
    if kind == "sqlite":
        return str(folder / f"{number}-#.db")
    server, name = run.server(), f"writers_{number}"
    server.create(name, "template1")
    return f"{server.url(name)}&archive=#"


def measure(url: str, writers: int, seconds: float, batch: int, folder: Path, *, shared: bool) -> float:
    """Reports a second of so many writers."""
    names = [f"w{number}" for number in range(writers)]
    for name in names[: 1 if shared else None]:
        Archive.make(url.replace("#", name))
    with load(url.replace("#", "w0") if shared else url, folder, [f"{name}:{batch}" for name in names]) as under_way:
        while len({one.summary.partition(" ")[0] for one in under_way.acknowledged()}) < writers:
            time.sleep(0.05)
        began = time.time()
        time.sleep(seconds)
        done = [one for one in under_way.acknowledged() if one.at >= began]
        return len(done) / (time.time() - began)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each number of writers, each kind of database, shared or not."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writers", description=__doc__)
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 4, 8, 16])
    parser.add_argument("--kind", choices=("sqlite", "postgresql"), nargs="+", default=["postgresql"])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=1)
    asked = parser.parse_args(arguments)
    run, number = new_run(durable=True), 0
    try:
        for kind in asked.kind:
            for writers in asked.writers:
                for where in (SHARED, EACH) if writers > 1 else (SHARED,):
                    rates = []
                    for _ in range(asked.rounds):
                        number += 1
                        with tempfile.TemporaryDirectory() as made:
                            url = address(run, kind, Path(made), number)
                            rate = measure(
                                url, writers, asked.seconds, asked.batch, Path(made, "load"), shared=where == SHARED
                            )
                        rates.append(f"{rate:8.0f}")
                    sys.stdout.write(f"{kind:12}{writers:3} writers, {where:16}{' '.join(rates)}\n")
                    sys.stdout.flush()
    finally:
        run.close()


if __name__ == "__main__":
    main()
