"""Eight writers on PostgreSQL, whatever becomes of their sessions; eight processes that make and fill one archive."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from archive import Archive
from tests.cluster.load import EIGHT, Load, check_promise, load
from tests.cluster.proxy import Cut, proxied
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.log.archives import build_archive, noted

APPENDS = 16
REPORTS = sum(int(writer.partition(":")[2]) for writer in EIGHT) * APPENDS

TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM (
  SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' ORDER BY random() LIMIT 1
) AS one
"""


@pytest.fixture
def url(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> str:
    """The address of an empty archive on PostgreSQL."""
    return fresh_database("postgresql", database_template("postgresql", "empty_log", build_archive))


def wait_until(so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def terminate_while_they_write(url: str, under_way: Load) -> int:
    """End one session after another, each in the middle of something, until all writers are done; how many.

    The next one when something more was appended: else a slow machine would append nothing.
    """
    ended = size = 0
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        while under_way.process.poll() is None:
            ((now,),) = other.execute("SELECT size FROM head")
            if now > size:
                ((one,),) = other.execute(TERMINATE.encode())
                size, ended = now, ended + one
            time.sleep(0.01)
    return ended


def test_eight_writers_whose_sessions_are_killed_append_each_report_once(url: str, tmp_path: Path) -> None:
    """Single reports and batches: none is missing, none stands twice, positions have no gaps."""
    with load(url, tmp_path / "load", appends=APPENDS) as under_way:
        ended = terminate_while_they_write(url, under_way)
        acknowledged = under_way.finish()
    assert ended >= 10
    assert check_promise(url, acknowledged) == REPORTS


def test_eight_writers_whose_commits_are_cut_off_append_each_report_once(url: str, tmp_path: Path) -> None:
    """The network goes at every fourth commit, now before the server has heard of it and now after it is done."""
    cuts: dict[int, Cut] = {0: "before", 4: "after"}
    with proxied(url) as (proxy, through):
        with load(through, tmp_path / "load", appends=APPENDS) as under_way:
            proxy.cut = lambda number: cuts.get(number % 8)
            acknowledged = under_way.finish()
        assert min(proxy.cuts["before"], proxy.cuts["after"]) >= 10
    assert check_promise(url, acknowledged) == REPORTS


def test_a_session_that_was_lost_while_it_lay_idle_fails_no_question(url: str) -> None:
    """A program that has an archive open for long goes on after a failover, reading too."""
    with Archive.open(url) as opened, psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        opened.append([noted(1)], who="ann", program="tests")
        ((ended,),) = other.execute(TERMINATE.replace("<> 'idle'", "= 'idle'").encode())
        assert ended == 1
        assert opened.project()["log"]["size"] == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_connection_is_cut_off_gives_one_entry(url: str, when: Cut) -> None:
    """The append returns the position of the one entry, whether the first attempt was committed or not."""
    with proxied(url) as (proxy, through), Archive.open(through) as opened:
        first = proxy.commits + 1
        proxy.cut = lambda number: when if number == first else None
        (answer,) = opened.append([noted(1)], who="ann", program="tests")
        assert proxy.cuts[when] == 1
        assert (answer.position, answer.entry is None) == (1, when == "after")
        (answer,) = opened.append([noted(2)], who="ann", program="tests")
        assert answer.position == 2


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def test_the_victim_of_a_deadlock_appends_in_the_end(url: str) -> None:
    """A true one: somebody has locked a table by hand, and then wants the head of the log, which a writer has."""
    with Archive.open(url) as opened, ThreadPoolExecutor(1) as pool:
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            # Whoever looks for a deadlock and finds one is its victim: this session is not to look.
            other.execute("SET deadlock_timeout = '60s'")
            other.execute("LOCK TABLE appends IN EXCLUSIVE MODE")
            appending = pool.submit(opened.append, [noted(1)], who="ann", program="tests")
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as third:
                wait_until(lambda: third.execute(WAITING).fetchone() == (1,))
            other.execute("SELECT * FROM head FOR UPDATE")
        (answer,) = appending.result(timeout=30)
        assert answer.position == 1
        with opened.reading() as connection:
            wait_until(lambda: connection.execute(text(DEADLOCKS)).scalar_one() == 1)


def commands(count: int, *arguments: str) -> Counter[str]:
    """How often each thing was said by so many commands that began at once; all of them exit with 0."""
    command = [sys.executable, "-m", "tests.cluster.commands", str(count), *arguments]
    done = subprocess.run(command, input="\n", capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    said = done.stdout.removeprefix("ready\n") + done.stderr
    return Counter(said.splitlines())


def test_of_eight_that_make_an_archive_one_makes_it_and_all_append(database_url: str) -> None:
    """Seven say that it is there, and exit with 0; then eight append at once."""
    assert commands(8, "--archive", database_url, "init") == {
        "archive: the archive is made": 1,
        "archive: the archive was there, and is up to date": 7,
    }
    report = ("append", "OrganisationRegistered", "organisation=acme-#", "name=Acme #")
    said = commands(8, "--archive", database_url, *report)
    assert said == {f"1 report appended at position {position}, 0 already there": 1 for position in range(1, 9)}
