"""The harness of the servers: nothing of it is left, and what it lacks is said."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cluster import patroni
from tests.cluster.kept import kept, wait_until

SESSION = """
import sys
from tests.cluster.kept import kept
with kept() as processes:
    processes.start("one", "/bin/sh", "-c", "setsid sleep {seconds} & trap '' QUIT TERM; sleep {seconds}")
    print(processes.folder, flush=True)
    sys.stdin.read()
"""


def running(*command: str) -> bool:
    """Whether a process of that command line is there."""
    wanted = b"\0".join(word.encode() for word in command) + b"\0"
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes() == wanted:
                return True
        except OSError:
            continue
    return False


def test_processes_and_folder_go_with_a_test_that_is_killed() -> None:
    """Those too that left their session, lost their parent or take no hint."""
    seconds = f"300.{os.getpid()}{time.monotonic_ns()}"
    with subprocess.Popen(
        [sys.executable, "-c", SESSION.format(seconds=seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as test:
        assert test.stdout is not None
        folder = Path(test.stdout.readline().strip())
        wait_until(lambda: running("sleep", seconds), "the processes run")
        assert folder.is_dir()
        os.kill(test.pid, signal.SIGKILL)
    wait_until(lambda: not folder.exists() and not running("sleep", seconds), "nothing is left")


def test_processes_are_ended_when_their_time_is_over() -> None:
    """However long the test would go on."""
    seconds = f"301.{os.getpid()}{time.monotonic_ns()}"
    with kept(seconds=2) as processes:
        processes.start("one", "sleep", seconds)
        wait_until(lambda: running("sleep", seconds), "it runs")
        wait_until(lambda: not running("sleep", seconds) and not processes.folder.exists(), "its time is over")


def test_a_missing_package_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="finds no patroni and no etcd: as root, apt-get install patroni "):
        patroni.prepare()
