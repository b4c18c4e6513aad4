"""Eight processes append to one SQLite file and four read it: nothing is lost or torn, and nobody is turned away."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from archive import Archive
from archive.log.database import BUSY_SECONDS
from tests.databases import FreshDatabase

WRITERS = {"one": 1, "two": 1, "three": 1, "four": 1, "five": 5, "six": 5, "seven": 20, "eight": 20}
"""How many reports each append of a writer has."""

READERS = 4


@pytest.mark.parametrize("appends", [8, pytest.param(250, marks=pytest.mark.long)])
def test_eight_writers_and_four_readers_of_one_file_get_on(
    fresh_database: FreshDatabase, tmp_path: Path, appends: int
) -> None:
    """What was acknowledged is there; each waited for less than the patience that README states; readers see whole
    appends with their read model and index."""
    url = fresh_database("sqlite")
    Archive.make(url)
    command = [sys.executable, "-m", "tests.log.crowd", url, str(tmp_path), "--readers", str(READERS)]
    command += ["--appends", str(appends), "--writers", *(f"{name}:{batch}" for name, batch in WRITERS.items())]
    done = subprocess.run(command, input="go\n", check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "ready\n")

    told: dict[int, str] = {}
    waits: list[float] = []
    for name, batch in WRITERS.items():
        lines = [line.split("\t") for line in (tmp_path / f"{name}.acknowledged").read_text().splitlines()]
        assert len(lines) == appends * batch
        told.update({int(position): summary for position, _, summary in lines})
        moments = [float(at) for _, at, _ in lines]
        waits += [after - before for before, after in pairwise(moments)]
    whole = appends * sum(WRITERS.values())
    assert sorted(told) == list(range(1, whole + 1))
    assert max(waits) < BUSY_SECONDS

    seen = [
        [tuple(map(int, line.split("\t"))) for line in (tmp_path / f"reader-{number}.seen").read_text().splitlines()]
        for number in range(READERS)
    ]
    for looks in seen:
        assert looks[-1][0] == whole
        assert [size for size, *_ in looks] == sorted(size for size, *_ in looks)
        assert {(torn, odd) for _, torn, odd in looks} == {(0, 0)}
    with Archive.open(url) as archive:
        with archive.reading() as connection:
            found = {one.position: getattr(one.event, "summary", None) for one in archive.log.entries(connection)}
        assert found == told
        assert archive.verify().findings.found == []
    counted = f"{8 * appends} appends of {whole} reports acknowledged, the longest wait {max(waits):.2f} s"
    print(f"{counted}; {sum(map(len, seen))} looks of {READERS} readers")  # noqa: T201  # the figures of the long run
