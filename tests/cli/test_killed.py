"""A process that is killed while it appends leaves all or nothing, and nothing that stops the next append."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.log.database import open_engine
from archive.log.transactions import read_connection
from tests.databases import FreshDatabase, Kind
from tests.histories import large, wire

TABLES = ("entries", "appends", "spans", "evidence", "mentions", "reports_history")
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

APPEND = "from archive.cli import main; main()"
DIES = """
import os, signal
from archive.projections.reach import Reaching

def dies(*arguments):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)

real, Reaching.{step} = Reaching.{step}, dies
"""
STAGES = {
    "entries": DIES.format(step="take_in", before="pass"),
    "projection": DIES.format(step="finish", before="real(*arguments)"),
}
"""Programs that die by themselves: with the entries written and nothing projected, and with all but the commit done."""


def history(path: Path, reports: int) -> int:
    """Write a generated history to a file, and say of how many lines it is."""
    told = [orjson.dumps(wire(event), option=orjson.OPT_APPEND_NEWLINE) for event in large(1, reports)]
    path.write_bytes(b"".join(told))
    return len(told)


def append(url: str, path: Path, program: str = APPEND) -> subprocess.Popen[str]:
    """Begin to append a file in a process of its own."""
    command = (sys.executable, "-c", program, "--archive", url, "append", str(path))
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def without_warnings(said: str) -> str:
    """What a command says besides: some reports of a history say that they are younger than their source."""
    return "".join(line for line in said.splitlines(keepends=True) if not line.startswith("warning: "))


def appended(url: str, path: Path) -> tuple[str, str]:
    """What the command says that appends a file in this process, warnings left out."""
    done = CliRunner().invoke(main, ["--archive", url, "append", str(path)])
    return done.stdout, without_warnings(done.stderr)


def state(url: str) -> tuple[object, ...]:
    """The size and root of the log and how many rows each table has, once no other session is left."""
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)  # noqa: S608  # ours
    engine = open_engine(url)
    deadline = time.monotonic() + 60
    while engine.dialect.name == "postgresql" and time.monotonic() < deadline:
        # The server notices only at its next word to the client that nobody is there.
        with read_connection(engine) as connection:
            if not connection.execute(text(OTHERS)).scalar_one():
                break
        time.sleep(0.05)
    with read_connection(engine) as connection:
        found = connection.execute(text(f"SELECT size, root, {counts} FROM head")).one()  # noqa: S608  # ours
    engine.dispose()
    return tuple(found)


def check_next_append(url: str, path: Path, lines: int) -> None:
    """The next append takes the whole file in; one more changes nothing."""
    assert appended(url, path) == (f"{lines} reports appended at positions 1 to {lines}, 0 already there\n", "")
    whole = state(url)
    assert whole[0] == whole[2] == lines
    assert appended(url, path) == (f"0 reports appended, {lines} already there\n", "")
    assert state(url) == whole


@pytest.mark.parametrize("stage", STAGES)
def test_an_append_that_is_killed_before_its_commit_was_never_there(empty_url: str, tmp_path: Path, stage: str) -> None:
    """Neither with its entries written nor with its projections too; the next append is none the worse."""
    empty, lines = state(empty_url), history(tmp_path / "reports.jsonl", 100)
    process = append(empty_url, tmp_path / "reports.jsonl", STAGES[stage] + APPEND)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert state(empty_url) == empty
    check_next_append(empty_url, tmp_path / "reports.jsonl", lines)


@pytest.mark.long
def test_an_append_that_is_killed_at_any_time_leaves_all_or_nothing(
    database_kind: Kind, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Killed from outside at three points of the time that a whole append takes; where it is over sooner, as a machine
    with more to do before may have it, sooner in another archive."""
    path = tmp_path / "reports.jsonl"
    lines = history(path, 20_000)

    def new() -> str:
        url = fresh_database(database_kind)
        Archive.make(url)
        return url

    began = time.monotonic()
    assert append(new(), path).communicate()[1] == ""
    took = time.monotonic() - began
    second = new()
    empty = state(second)
    for share in (0.25, 0.5, 0.75):
        while not killed(append(second, path), share * took):
            second, took = new(), 0.8 * took
        assert state(second) == empty
    check_next_append(second, path, lines)


def killed(process: subprocess.Popen[str], after: float) -> bool:
    """Kill a process after so many seconds; whether it had not ended by itself."""
    time.sleep(after)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL
