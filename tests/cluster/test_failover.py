"""A primary and a synchronous standby: what was acknowledged survives; an answer says how fresh it is."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from archive import Archive
from tests.cluster.kept import wait_until
from tests.cluster.load import EIGHT, check_promise, load
from tests.cluster.pair import STANDBY, Pair, primary
from tests.log.archives import noted

pytestmark = pytest.mark.long

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
CANCEL = WAITS.replace("*", "pg_cancel_backend(pid)")
TERMINATE = WAITS.replace("*", "pg_terminate_backend(pid)")


@pytest.fixture
def pair(pytestconfig: pytest.Config) -> Iterator[Pair]:
    """An archive on a primary with a synchronous standby, of the test's own."""
    with primary(pytestconfig.getoption("--postgresql-bin")) as made:
        made.follow()
        Archive.make(made.url, origin="tests.example/failover")
        yield made


def command(url: str, *arguments: str) -> "subprocess.Popen[str]":
    """A command of the program, begun."""
    program = "from archive.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "--archive", url, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(url: str, *arguments: str) -> str:
    """What a command prints; it succeeds."""
    running = command(url, *arguments)
    said, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    return said


def test_no_acknowledged_entry_is_lost_with_the_primary(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed with kill -9 under load; the standby is promoted, and the writers go on by themselves."""
    with load(pair.url, tmp_path / "load") as under_way:
        under_way.wait_for(500)
        killed = time.time()
        pair.processes.kill("primary")
        before = len(under_way.acknowledged())
        pair.ask(STANDBY, "SELECT pg_promote()")
        back = under_way.wait_for(500)
        under_way.stop()
        acknowledged = under_way.finish()
    assert check_promise(pair.url, acknowledged) == len(acknowledged) >= 1000
    with capsys.disabled():
        sys.stdout.write(
            f"\nfailover of two: {before} entries acknowledged before the kill, {len(acknowledged)} in all, none lost; "
            f"writes back {back - killed:.1f} s after the kill ({len(EIGHT)} writers, fsync on)\n"
        )


def test_a_wait_for_the_standby_that_is_cancelled_is_an_error_and_the_next_append_waits(pair: Pair) -> None:
    """PostgreSQL says success with a warning; nothing is told as appended that the standby does not have."""
    report = ("append", "OrganisationRegistered", "organisation=acme", "name=Acme")
    pair.processes.tell(STANDBY, signal.SIGSTOP)
    waiting = command(pair.url, *report)
    wait_until(lambda: pair.ask("primary", WAITS) == 1, "the commit waits for the standby")
    assert pair.ask("primary", CANCEL) == 1
    said, errors = waiting.communicate(timeout=30)
    assert (waiting.returncode, said) == (38, "")
    assert "canceling wait for synchronous replication" in errors
    assert "append the same again" in errors
    # The entry is on the primary alone. Found there by another append, it is not told as safe before it is.
    again = command(pair.url, *report)
    wait_until(lambda: pair.ask("primary", WAITS) == 1, "the second append waits too")
    # A session that ends while it waits has committed, and cannot say so.
    assert pair.ask("primary", TERMINATE) == 1
    wait_until(lambda: pair.ask("primary", WAITS) == 1, "run again, it waits again")
    with pytest.raises(subprocess.TimeoutExpired):
        again.communicate(timeout=1)
    pair.processes.tell(STANDBY, signal.SIGCONT)
    said, errors = again.communicate(timeout=60)
    assert (said, errors) == ("0 reports appended, 1 already there\n", "")
    assert orjson.loads(answer(pair.url_of(STANDBY), "project", "--format", "json"))["log"]["size"] == 1


def test_a_standby_answers_and_the_size_of_the_log_says_how_fresh_it_is(pair: Pair) -> None:
    """It is asked as any archive is; it refuses an append."""
    standby = pair.url_of(STANDBY)
    with Archive.open(pair.url) as opened:
        opened.append([noted(1)], who="ann", program="tests")
        pair.execute(STANDBY, "SELECT pg_wal_replay_pause()")
        opened.append([noted(2)], who="ann", program="tests")
        newest = opened.project()["log"]
        with opened.reading() as connection:  # a writer whose machine has gone is noticed in a minute, not in two hours
            assert connection.exec_driver_sql("SHOW tcp_keepalives_idle").scalar_one() == "30"
    old = orjson.loads(answer(standby, "project", "--format", "json"))["log"]
    assert (old["size"], newest["size"]) == (1, 2)
    assert answer(standby, "sql", "SELECT count(*) FROM reports", "--format", "csv").split() == ["count", "1"]
    pair.execute(STANDBY, "SELECT pg_wal_replay_resume()")
    wait_until(
        lambda: orjson.loads(answer(standby, "project", "--format", "json"))["log"] == newest, "the standby has all"
    )
    assert answer(standby, "sql", "SELECT count(*) FROM reports", "--format", "csv").split() == ["count", "2"]
    refused = command(standby, "append", "OrganisationRegistered", "organisation=acme", "name=Acme")
    said, errors = refused.communicate(timeout=60)
    assert (refused.returncode, said) == (33, "")
    assert "cannot be written" in errors
    answer(standby, "init")
