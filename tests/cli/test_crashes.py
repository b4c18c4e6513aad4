"""Killed at any instant, out of room, cut short: nothing that was acknowledged is lost, and the next command works."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner, Result
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.errors import DatabaseError, OutdatedArchive
from archive.log.database import open_engine
from archive.log.merkle import EMPTY_ROOT
from archive.log.schema import VERSION_TABLE, alembic_config
from archive.log.transactions import write_transaction
from archive.times import to_instant
from tests.cli.test_killed import APPEND, append, check_next_append, history, state, without_warnings
from tests.databases import FreshDatabase, Kind

ACKNOWLEDGES = """
import os, sys
from io import BytesIO
from archive import Archive
from archive.intake import read_reports

where, told = sys.argv[1:]
out = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
with Archive.open(where) as archive:
    while True:
        number = os.path.getsize(told)
        lines = (
            b'{"type":"PersonRegistered","person":"p%d","name":"P"}\\n'
            b'{"type":"Appointed","organisation":"acme","office":"ceo","person":"p%d","from":"2020","source":"wire"}'
        ) % (number, number)
        intake = read_reports(BytesIO(lines), "f", archive.known())
        assert not intake.faults, intake.faults
        first, second = archive.append(intake.events, who="a test", program="tests")
        os.write(out, b"%d %d\\n" % (number, second.position))
        os.fsync(out)
"""
"""Appends for ever, and says outside of the archive what it was told is in it."""

REGISTERED = b"""{"type":"OrganisationRegistered","organisation":"acme","name":"Acme"}
{"type":"OfficeRegistered","organisation":"acme","office":"ceo","title":"Chief"}
{"type":"SourceRegistered","source":"wire","title":"Wire","published":"2020-01-02"}
"""


def run(where: str, *arguments: str, given: bytes | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, ["--archive", where, *arguments], input=given)


def started(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A process of its own."""
    called = (sys.executable, "-c", program, *arguments)
    return subprocess.Popen(called, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes]) -> None:
    """At once, and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def kill_while_it_acknowledges(where: str, told: Path, chance: random.Random) -> None:
    """Some time after it has acknowledged something."""
    before = told.stat().st_size if told.exists() else 0
    process = started(ACKNOWLEDGES, where, str(told))
    deadline = time.monotonic() + 60
    while process.poll() is None and not (told.exists() and told.stat().st_size > before):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.15))
    assert process.poll() is None
    kill(process)


def check_acknowledged(where: str, told: Path) -> int:
    """Everything that was acknowledged is there, at its place; how many reports that were."""
    acknowledged = [line.split() for line in told.read_text().splitlines() if line.endswith(tuple("0123456789"))]
    with Archive.open(where) as archive, archive.reading() as connection:
        rows = connection.execute(text("SELECT id, position FROM mentions WHERE kind = 'person' AND field = 'person'"))
        there = {(name, position) for name, position in rows}
        size = archive.log.head(connection).size
        found = connection.execute(text("SELECT count(*), max(position) FROM entries")).one()
        assert tuple(found) == (size, size)
    missing = [one for one in acknowledged if (f"p{one[0]}", int(one[1])) not in there]
    assert missing == []
    verified = run(where, "verify")
    assert verified.exit_code == 0, verified.output
    return len(acknowledged)


def check_kills(where: str, told: Path, kills: int) -> int:
    """Kill as often as that; what was acknowledged is there after each."""
    Archive.make(where)
    assert run(where, "append", "-", given=REGISTERED).exit_code == 0
    chance = random.Random(kills)
    for _ in range(kills):
        kill_while_it_acknowledges(where, told, chance)
        assert run(where, "project").exit_code == 0
    return check_acknowledged(where, told)


def test_what_was_acknowledged_before_a_kill_is_there(database_url: str, tmp_path: Path) -> None:
    """Two kills at random instants."""
    assert check_kills(database_url, tmp_path / "told", 2) >= 2


@pytest.mark.long
def test_what_was_acknowledged_before_a_hundred_kills_is_there(
    database_kind: Kind, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """On both databases."""
    assert check_kills(fresh_database(database_kind), tmp_path / "told", 100) >= 100


def killed_at(share: float, took: float, *arguments: str) -> None:
    """Run a command in a process and kill it after a share of the time that it takes."""
    process = started(APPEND, *arguments)
    time.sleep(share * took)
    kill(process)


def took(*arguments: str) -> float:
    """How long a command takes."""
    began = time.monotonic()
    assert started(APPEND, *arguments).wait() == 0
    return time.monotonic() - began


def fresh_pair(fresh_database: FreshDatabase, kind: Kind) -> tuple[str, str]:
    """Two empty archives."""
    first, second = fresh_database(kind), fresh_database(kind)
    Archive.make(first)
    Archive.make(second)
    return first, second


def shares(kills: int) -> list[float]:
    """Instants of a command at which to kill it, its end included."""
    chance = random.Random(kills)
    return sorted(chance.uniform(0.15, 1.02) for _ in range(kills))


def check_import_and_rebuild(
    kind: Kind, fresh_database: FreshDatabase, tmp_path: Path, reports: int, kills: int
) -> None:
    """An import that is killed leaves nothing or all, a rebuild what was there; the next does its work."""
    first, second = fresh_pair(fresh_database, kind)
    lines, moved = history(tmp_path / "reports.jsonl", reports), str(tmp_path / "moved.jsonl")
    append(first, tmp_path / "reports.jsonl").communicate()
    assert run(first, "export", "--log", moved).exit_code == 0
    third = fresh_database(kind)
    Archive.make(third)
    long = took("--archive", third, "import", "--log", moved)
    empty, whole = state(second), state(first)
    for share in shares(kills):
        killed_at(share, long, "--archive", second, "import", "--log", moved)
        assert state(second) in (empty, whole)
    if state(second) == empty:
        assert run(second, "import", "--log", moved).exit_code == 0
    assert state(second) == whole
    long = took("--archive", first, "rebuild")
    for share in shares(kills):
        killed_at(share, long, "--archive", first, "rebuild")
        assert state(first) == whole
        assert run(first, "project").exit_code == 0
    assert run(first, "rebuild").exit_code == 0
    assert run(first, "verify").exit_code == 0
    said, warned = append(first, tmp_path / "reports.jsonl").communicate()
    assert said == f"0 reports appended, {lines} already there\n"
    assert without_warnings(warned) == ""


def test_an_import_or_a_rebuild_that_is_killed_leaves_all_or_nothing(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Killed once at a random instant; on both databases and oftener in the long tests."""
    check_import_and_rebuild("sqlite", fresh_database, tmp_path, 60, 1)


@pytest.mark.long
def test_an_import_or_a_rebuild_that_is_killed_often_leaves_all_or_nothing(
    database_kind: Kind, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Twenty times each."""
    check_import_and_rebuild(database_kind, fresh_database, tmp_path, 2_000, 20)


def make_old(where: str) -> None:
    """An empty archive as an earlier program made it."""
    engine = open_engine(where, create=True)
    try:
        with write_transaction(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("CREATE SCHEMA IF NOT EXISTS public"))
            connection.execute(text(VERSION_TABLE))
            command.upgrade(alembic_config(connection), "0007")
            made = {"origin": "example.org/old", "key": b"k" * 32, "at": to_instant(datetime(2026, 1, 1, tzinfo=UTC))}
            connection.execute(
                text("INSERT INTO archive (id, origin, dedupe_key, created_at) VALUES (1, :origin, :key, :at)"), made
            )
            connection.execute(
                text("INSERT INTO head (id, size, frontier, root) VALUES (1, 0, :frontier, :root)"),
                {"frontier": b"", "root": EMPTY_ROOT},
            )
    finally:
        engine.dispose()


def check_migrations(where: str, lines: Path, count: int, kills: int) -> None:
    """Bring an old archive up to date, killed as often as that; then it takes a whole file."""
    make_old(where)
    for share in shares(kills):
        killed_at(share, 1.5, "--archive", where, "init")
        assert run(where, "log").exit_code in (0, OutdatedArchive.exit_code)
    assert run(where, "init").exit_code == 0
    assert run(where, "verify").exit_code == 0
    check_next_append(where, lines, count)


def test_a_migration_that_is_killed_leaves_an_archive_of_the_old_version_or_of_the_new(
    database_url: str, tmp_path: Path
) -> None:
    """Killed once; oftener in the long tests."""
    check_migrations(database_url, tmp_path / "reports.jsonl", history(tmp_path / "reports.jsonl", 20), 1)


@pytest.mark.long
def test_a_migration_that_is_killed_often_leaves_an_archive_of_the_old_version_or_of_the_new(
    database_kind: Kind, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Thirty times."""
    path = tmp_path / "reports.jsonl"
    check_migrations(fresh_database(database_kind), path, history(path, 20), 30)


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from archive.cli import main
main()
"""
"""The program where no file may grow past a size: what a full disk does to it."""


@pytest.mark.parametrize("room", [8_192, 120_000])
def test_a_disk_that_is_full_is_told_and_loses_nothing(tmp_path: Path, room: int) -> None:
    """Wherever in the append it fills; with room the same append goes through."""
    where, path = str(tmp_path / "a.db"), tmp_path / "reports.jsonl"
    lines = history(path, 300)
    Archive.make(where)
    assert run(where, "append", "-", given=REGISTERED).exit_code == 0
    before = state(where)
    arguments = (sys.executable, "-c", FULL, str(room), "--archive", where, "append", str(path))
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert result.returncode == DatabaseError.exit_code, result.stderr
    assert result.stderr.startswith(f"archive: the file {where} cannot be used: ")
    assert "hint: check the disk and the permissions" in result.stderr
    assert state(where) == before
    assert run(where, "verify").exit_code == 0
    assert append(where, path).communicate()[0].startswith(f"{lines} reports appended at positions 4 to ")
