"""Eight processes append while followers are killed: what is left of their work is what a rebuild makes."""

import signal
import subprocess
import sys
import time

import pytest

from archive import Archive
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.log.archives import build_archive

WRITERS = 8
APPENDS = 24
KILLS = 3

WRITER = """
import sys
from archive import Archive
from tests.log.archives import noted

url, writer, appends = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with Archive.open(url) as own:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(appends):
        first = 1000 * writer + 10 * number
        events = [noted(first + part, organisation=f"desk-{writer}") for part in range(5 if number % 3 == 0 else 1)]
        own.append(events, who="ann", program="tests", defer=number % 4 != 0)
"""
FOLLOW = "from archive.cli import main; main()"


def writer(url: str, number: int) -> "subprocess.Popen[str]":
    """A process that is ready to append, and begins when it is sent a line."""
    command = [sys.executable, "-c", WRITER, url, str(number), str(APPENDS)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def follower(url: str) -> "subprocess.Popen[str]":
    """A follower that is at work, or waits as a stand-in."""
    process = subprocess.Popen(
        [sys.executable, "-c", FOLLOW, "--archive", url, "follow"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("archive: ")
    return process


@pytest.mark.long
def test_followers_that_are_killed_under_eight_writers_leave_nothing_out_and_fold_nothing_twice(
    database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """One at work and one in waiting at all times; the one at work is killed again and again."""
    url = fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))
    followers = [follower(url), follower(url)]
    writers = [writer(url, number) for number in range(WRITERS)]
    for process in writers:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for _ in range(KILLS):
        time.sleep(1.5)
        killed = followers.pop(0)
        killed.kill()
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        followers.append(follower(url))
    for process in writers:
        process.communicate(timeout=300)
        assert process.returncode == 0
    with Archive.open(url) as archive:
        deadline = time.monotonic() + 120
        while archive.projected().behind and time.monotonic() < deadline:
            time.sleep(0.1)
        head = archive.projected()
        assert (head.size, head.behind) == (WRITERS * APPENDS // 3 * (5 + 1 + 1), 0)
        assert archive.rebuild().differences == ()
    for process in followers:
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
