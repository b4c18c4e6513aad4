"""A byte of the file that was changed is found, or changes nothing that the archive says.

``ARCHIVE_FLIPS`` in the environment says how many are tried in the long run; how many there were of each kind is
printed at its end.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive import Archive
from archive.errors import ArchiveError
from tests.databases import DatabaseTemplate
from tests.verifying.answers import answers
from tests.verifying.archives import build

FEW = 12
MANY = int(os.environ.get("ARCHIVE_FLIPS", "2000"))


@dataclass(slots=True)
class Flips:
    """A file whose bytes are changed one at a time, and what came of it."""

    whole: bytes
    copy: Path
    expected: list[tuple[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def flip(self, offset: int, bits: int) -> None:
        """Change a byte, and see that it is found, or that every answer is as before."""
        data = bytearray(self.whole)
        data[offset] ^= bits
        for left in self.copy.parent.glob(f"{self.copy.name}-*"):
            left.unlink()
        self.copy.write_bytes(data)
        try:
            with Archive.open(self.copy) as opened:
                error = opened.verify().findings.error()
        except ArchiveError as refused:
            self.counts[f"refused at opening, exit code {refused.exit_code}"] += 1
            return
        if error is not None:
            self.counts[f"found, exit code {error.exit_code}"] += 1
            return
        self.counts["harmless"] += 1
        with Archive.open(self.copy) as opened:
            said = answers(opened)
            for name, expected in self.expected:
                assert next(said) == (name, expected), f"byte {offset}, bits {bits:#x}: {name}"
            assert next(said, None) is None


@pytest.fixture
def flips(database_template: DatabaseTemplate, tmp_path: Path) -> Flips:
    """The file of an archive with a history, a kept text, a follower and a signed checkpoint."""
    template = Path(database_template("sqlite", "verifying", build))
    made = Flips(template.read_bytes(), tmp_path / "flipped.db")
    made.copy.write_bytes(made.whole)
    with Archive.open(made.copy) as opened:
        made.expected = list(answers(opened))
    assert len(made.expected) > 50
    return made


def test_a_changed_byte_is_found_or_harmless(flips: Flips) -> None:
    """Some bytes, each time the same."""
    random = Random(7)
    for _ in range(FEW):
        flips.flip(random.randrange(len(flips.whole)), random.randrange(1, 256))
    assert sum(flips.counts.values()) == FEW
    assert flips.counts["harmless"] < FEW


@pytest.mark.long
def test_many_changed_bytes_are_found_or_harmless(flips: Flips) -> None:
    """Anywhere in the file, any other value; half of them one bit alone."""
    random = Random()
    seed = random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}, {len(flips.whole)} bytes", file=sys.stderr)  # noqa: T201  # for who looks into a failure
    for number in range(MANY):
        bits = 1 << random.randrange(8) if number % 2 else random.randrange(1, 256)
        flips.flip(random.randrange(len(flips.whole)), bits)
    print(dict(flips.counts), file=sys.stderr)  # noqa: T201  # the figures are the answer


@pytest.mark.long
def test_every_byte_of_the_first_page_may_change(flips: Flips) -> None:
    """The header of the file and the root of its definitions, of which any other byte depends."""
    random = Random(3)
    for offset in range(0, 4096, 2):
        flips.flip(offset + random.randrange(2), random.randrange(1, 256))
    print(dict(flips.counts), file=sys.stderr)  # noqa: T201  # the figures are the answer


def test_the_comparison_finds_what_differs(flips: Flips) -> None:
    """It can fail: an entry's content in an archive that is said to verify."""
    place = flips.whole.index(b'"organisation"')
    copy = bytearray(flips.whole)
    copy[place + 3] ^= 1
    flips.copy.write_bytes(copy)
    with Archive.open(flips.copy) as opened:
        assert opened.verify().findings.error() is not None
        with pytest.raises((AssertionError, ArchiveError)):
            assert list(answers(opened)) == flips.expected
