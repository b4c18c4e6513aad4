"""Several processes append at once: no gaps, a follower misses nothing, a killed one leaves all or nothing."""

import os
import signal
import subprocess
import sys
import time

from sqlalchemy import Engine

from archive.log.log import Log
from archive.log.merkle import root_of
from archive.log.recorder import LogApplicationRecorder
from archive.log.tables import entries
from archive.log.transactions import read_connection

WRITERS = 4
APPENDS = 12
BATCH = 5
WHOLE = 20_000

WRITER = """
import sys
from archive.log.database import open_engine
from archive.log.log import Log
from tests.log.archives import noted

url, name, appends, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
log = Log(open_engine(url))
print("ready", flush=True)
sys.stdin.readline()
for number in range(appends):
    events = [noted(number, organisation=name, summary=f"{name} {number} {part}") for part in range(batch)]
    log.transact(lambda writing: writing.append(events), who=name, program="tests")
"""


def writer(url: str, name: str, appends: int, batch: int) -> "subprocess.Popen[str]":
    """A process that is ready to append, and begins when it is sent a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, str(appends), str(batch)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: "subprocess.Popen[str]") -> None:
    """Let it append."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_follower_of_several_writers_misses_no_entry(archive_url: str, engine: Engine) -> None:
    """It reads on from the last position that it saw, while four processes append."""
    expected = WRITERS * APPENDS * BATCH
    processes = [writer(archive_url, f"writer-{number}", APPENDS, BATCH) for number in range(WRITERS)]
    followed: list[int] = []
    with LogApplicationRecorder(engine).subscribe(gt=0) as subscription:
        for process in processes:
            begin(process)
        for notification in subscription:
            followed.append(notification.id)
            if len(followed) == expected:
                break
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert followed == list(range(1, expected + 1))
    log = Log(engine)
    with log.reading() as connection:
        found = list(log.entries(connection))
        leaves = [row.leaf for row in connection.execute(entries.select().order_by(entries.c.position))]
        assert log.head(connection).root == root_of(leaves).hex()
    appends = [
        [entry.stream for entry in found if entry.append_id == number + 1] for number in range(WRITERS * APPENDS)
    ]
    assert all(len(streams) == BATCH and len(set(streams)) == 1 for streams in appends)
    times = [entry.recorded_at for entry in found]
    assert times == sorted(times)
    assert len(set(times)) == WRITERS * APPENDS


def test_a_writer_that_is_killed_leaves_all_or_nothing(archive_url: str, engine: Engine) -> None:
    """At whatever moment; and the next one appends as if nothing had been."""
    log = Log(engine)
    for delay in (0.3, 0.8):
        process = writer(archive_url, f"killed-{delay}", 1, WHOLE)
        begin(process)
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        with read_connection(engine) as connection:
            assert log.head(connection).size % WHOLE == 0
    process = writer(archive_url, "after", 1, 3)
    begin(process)
    process.communicate(timeout=60)
    with read_connection(engine) as connection:
        size = log.head(connection).size
        assert size % WHOLE == 3
        assert [entry.position for entry in log.entries(connection, after=size - 3)] == [size - 2, size - 1, size]
