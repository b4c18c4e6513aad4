"""Keeps processes, and ends them all and removes their folder when whoever asked for them is gone, in whatever way.

`python keeper.py FOLDER SECONDS`; a line of JSON on standard input starts a process (`argv`, `env`, `uid`, `gid`,
`log`), and its id is printed. At the end of the input, or when the seconds are over, every descendant is ended, those
that left their session or lost their parent too: the keeper adopts them (Linux's subreaper).
"""

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

SET_CHILD_SUBREAPER = 36
"""Number of the call of `prctl`."""

PATIENCE = 5.0
"""Seconds for an orderly end: a server that was not killed takes its shared memory with it."""


def descendants(ancestor: int) -> list[int]:
    """The ids of all that descend from a process, children before their own children."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(stat.parent.name))
    found = list(children.get(ancestor, ()))
    for process in found:
        found.extend(children.get(process, ()))
    return found


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to each that is still there."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def end_all(folder: Path) -> None:
    """End every descendant, at last with SIGKILL, and take away what a killed PostgreSQL left in shared memory."""
    deadline = time.monotonic() + PATIENCE
    signal_all(descendants(os.getpid()), signal.SIGCONT)
    signal_all(descendants(os.getpid()), signal.SIGQUIT)
    while left := descendants(os.getpid()):
        if time.monotonic() > deadline:
            signal_all(left, signal.SIGKILL)
        time.sleep(0.05)
        reap()
    for pid_file in folder.glob("**/postmaster.pid"):
        lines = pid_file.read_text().splitlines()
        if len(lines) > 6:  # the seventh has the key and the id of its segment
            subprocess.run(["ipcrm", "-m", lines[6].split()[1]], stderr=subprocess.DEVNULL, check=False)


def reap() -> None:
    """Forget those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def start(asked: dict[str, object]) -> int:
    """Start a process; its id."""
    with Path(str(asked["log"])).open("ab") as log:
        process = subprocess.Popen(
            asked["argv"],  # type: ignore[call-overload]  # as JSON has it
            env=asked["env"],
            user=asked["uid"],
            group=asked["gid"],
            extra_groups=None if asked["gid"] is None else [],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    pid: int = process.pid
    return pid


def main(folder: Path, seconds: float) -> None:
    """Keep until the input ends."""
    ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    deadline = time.monotonic() + seconds
    try:
        while (left := deadline - time.monotonic()) > 0:
            if select.select([sys.stdin], [], [], min(left, 1.0))[0]:
                line = sys.stdin.readline()
                if not line:
                    break
                sys.stdout.write(f"{start(json.loads(line))}\n")
                sys.stdout.flush()
            reap()
    finally:
        end_all(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
