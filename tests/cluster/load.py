"""Writers at work, what they acknowledged, and whether the log keeps that promise."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import select

from archive import Archive
from archive.log.merkle import root_of
from archive.log.tables import entries

EIGHT = tuple(f"writer-{number}:{1 if number % 2 else 5}" for number in range(8))
"""Eight writers: four append one report at a time, four append five."""


@dataclass(frozen=True, order=True)
class Acknowledged:
    """One report that an append returned for: when by the clock, where it stands, what it says."""

    at: float
    position: int
    summary: str


@dataclass(frozen=True)
class Load:
    """Writers at work; `folder` has what they acknowledge."""

    process: "subprocess.Popen[str]"
    folder: Path

    def acknowledged(self) -> list[Acknowledged]:
        """What was acknowledged by now, in order of time."""
        found = []
        for path in self.folder.glob("*.acknowledged"):
            whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
            for line in whole.splitlines():
                position, at, summary = line.split("\t")
                found.append(Acknowledged(float(at), int(position), summary))
        return sorted(found)

    def wait_for(self, more: int, seconds: float = 60) -> float:
        """Wait until so many more reports are acknowledged; when the first of them was, by the clock."""
        now, deadline = time.time(), time.monotonic() + seconds
        while len(found := [one.at for one in self.acknowledged() if one.at > now]) < more:
            assert self.process.poll() is None, "the writers have ended"
            assert time.monotonic() < deadline, f"{more} more: not so after {seconds} seconds"
            time.sleep(0.05)
        return found[0]

    def stop(self) -> None:
        """Let each writer finish the append that it is at."""
        (self.folder / "stop").touch()

    def finish(self, seconds: float = 120) -> list[Acknowledged]:
        """Wait until all have ended, none with an error; all that was acknowledged."""
        _, errors = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, errors
        return self.acknowledged()


@contextmanager
def load(url: str, folder: Path, writers: Sequence[str] = EIGHT, appends: int | None = None) -> Iterator[Load]:
    """Writers that append to the archive at `url` from here on."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.cluster.writers", url, str(folder), "--writers", *writers]
    if appends is not None:
        command += ["--appends", str(appends)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    under_way = Load(process, folder)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            under_way.finish()
        process.stdin.write("\n")
        process.stdin.flush()
        yield under_way
    finally:
        under_way.stop()
        try:
            process.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def check_promise(url: str, acknowledged: Sequence[Acknowledged]) -> int:
    """What was acknowledged is what the log has: each report once, where it was said to be; the size of the log.

    Positions are without gaps, the root is that of the leaves, and record times never go back.
    """
    with Archive.open(url) as opened, opened.reading() as connection:
        head = opened.log.head(connection)
        columns = (entries.c.position, entries.c.payload, entries.c.leaf, entries.c.recorded_at)
        rows = connection.execute(select(*columns).order_by(entries.c.position)).all()
    assert [row.position for row in rows] == list(range(1, head.size + 1))
    assert head.root == root_of([row.leaf for row in rows]).hex()
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
    found = {row.position: orjson.loads(row.payload)["summary"] for row in rows}
    promised = {one.position: one.summary for one in acknowledged}
    assert len(promised) == len(acknowledged)
    assert found == promised
    assert len(set(found.values())) == head.size
    return head.size
