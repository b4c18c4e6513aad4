"""Real processes that begin at once: the program that calls `at_once` has imported all, and forks."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence

Job = Callable[[Callable[[], None]], None]
"""What a process does; it calls what it is given when it is ready, and goes on when all are."""


def at_once(jobs: Sequence[Job]) -> int:
    """Run each job in a process of its own; how many failed, each with its traceback on standard error.

    When all are ready, "ready" is printed, and a line from standard input lets them go.
    """
    (ready, to_ready), (may_go, to_go) = os.pipe(), os.pipe()
    sys.stdout.flush()
    children = []
    for job in jobs:
        child = os.fork()
        if not child:
            os.close(to_go)
            os._exit(_done(job, to_ready, may_go))
        children.append(child)
    os.close(may_go)
    os.close(to_ready)
    there = sum(len(os.read(ready, 1)) for _ in jobs)
    if there == len(jobs):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
    os.close(to_go)
    return sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0 for child in children)


def _done(job: Job, to_ready: int, may_go: int) -> int:
    """Run a job; its exit code."""

    def begin() -> None:
        os.write(to_ready, b".")
        os.read(may_go, 1)

    try:
        job(begin)
    except SystemExit as ended:
        code = ended.code
        return code if isinstance(code, int) else 0
    except BaseException:  # noqa: BLE001  # a process that goes on past here would be its parent's double
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
