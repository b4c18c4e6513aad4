"""Whole commands as a user runs them: how long they take to start, and how much memory a large file takes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from archive import Archive
from tests.benchmarks.measuring import Contender, Result, Target, in_turn, seconds_of
from tests.benchmarks.places import Files, filled
from tests.benchmarks.reports import ENTRIES, first, histories

PROGRAM = str(Path(sys.executable).with_name("archive"))
AT_ONCE = 20
MEGABYTE = 1 << 20


def starts(folder: Path, seed: int, *, rounds: int) -> list[Result]:
    """`archive project --at` and `archive --help` beside a Python that imports what they cannot do without.

    All of it compiled, as pip leaves what it installs: what is run from a checkout may not be.
    """
    url = filled(Files(folder), seed, 20)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    more: Any = {"rounds": rounds, "environment": environment}
    asked = [PROGRAM, "--archive", url, "project", "--at", "1992-06-15", "--organisation", "organisation-000003"]
    return [
        _start("archive project --at", asked, "sqlalchemy, click", 1.5, **more),
        _start("archive --help", [PROGRAM, "--help"], "click", 1.3, **more),
    ]


def memory(folder: Path, seed: int, *, reports: int) -> dict[str, Any]:
    """The most memory that `archive append` holds of a file of so many reports, and how long it takes."""
    file, url = folder / "reports.jsonl", str(folder / "memory.db")
    write_file(file, seed, reports)
    Archive.create(url).close()
    size = file.stat().st_size
    command = [PROGRAM, "--archive", url, "append", str(file)]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak = watched(process)
        said = process.stdout.read() if process.stdout else ""
    took = time.perf_counter() - begun
    if process.returncode:
        raise AssertionError(f"exit code {process.returncode}")
    answer = said.strip()
    return {
        "reports": reports,
        "bytes_of_file": size,
        "peak_megabytes": round(peak / MEGABYTE, 1),
        "seconds": round(took, 1),
        "reports_a_second": round(reports / took),
        "said": answer,
    }


def write_file(file: Path, seed: int, reports: int) -> None:
    """Write so many reports as JSON Lines, registrations among them."""
    written = 0
    with file.open("w") as stream:
        for start in range(0, reports // ENTRIES + AT_ONCE, AT_ONCE):
            for wire in [*([first()] if not start else []), *histories(seed, range(start, start + AT_ONCE))]:
                if written < reports:
                    stream.write(json.dumps(wire) + "\n")
                    written += 1


def watched(process: "subprocess.Popen[str]") -> int:
    """The most bytes that a process ever had in memory, read until it ends (Linux)."""
    status, peak = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        peak = max([peak, *(int(one) << 10 for one in found)])
        time.sleep(0.02)
    return peak


def _start(
    work: str, command: Sequence[str], imports: str, most: float, *, rounds: int, environment: Mapping[str, str]
) -> Result:
    bare = [sys.executable, "-c", f"import {imports}"]
    against = f'python -c "import {imports}"'

    def run(program: Sequence[str]) -> float:
        return seconds_of(lambda: subprocess.run(program, check=True, stdout=subprocess.DEVNULL, env=environment))

    contenders: dict[str, Contender] = {"archive": partial(run, command), against: partial(run, bare)}
    for contender in contenders.values():
        contender()
    target = (Target(against, slower=most),)
    return in_turn(work, contenders, rounds=rounds, unit="starts", units=1, targets=target)
