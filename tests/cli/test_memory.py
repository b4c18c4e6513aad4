"""What `archive append` holds in memory does not grow with the file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.commands import write_file
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.log.archives import build_archive

MEASURED = """
import resource, sys
from pathlib import Path
from archive import spilling
from archive.cli import main
from archive.log import database

spilling.PAGE = 250
database.CONNECTION_PRAGMAS = (*database.CONNECTION_PRAGMAS, "PRAGMA cache_size = -2000")
try:
    main()
finally:
    # Of Linux's two figures the other has what the parent had before.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    own = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    print(*own or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss], file=sys.stderr)
"""
"""The command with short pages and little for SQLite to keep, so that a few thousand reports are many pages."""

FEW, MANY = 1_000, 4_000
MOST = 6_000
"""Kilobytes by which the most memory may differ; held in memory, the reports took 13 each."""


def most_memory(folder: Path, address: str, reports: int, *options: str) -> int:
    """The most kilobytes that the command had while it appended so many reports."""
    file = folder / f"{reports}.jsonl"
    write_file(file, 1, reports)
    command = [sys.executable, "-c", MEASURED, "--archive", address, "append", str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{reports} reports appended"), done.stdout
    return int(done.stderr.splitlines()[-1])


@pytest.mark.parametrize("database_kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """Four times the reports, with registrations, names and rows of the read model, take the same."""
    template = database_template(database_kind, "empty_log", build_archive)
    few, many = (most_memory(tmp_path, fresh_database(database_kind, template), count) for count in (FEW, MANY))
    assert many - few < MOST
