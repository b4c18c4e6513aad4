"""No regular expression of ours takes more than linear time."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import archive
import events

LONG = 20_000
SECONDS = 0.5
"""Far more than a linear search of the longest takes on a slow machine, far less than a quadratic one."""

PIECES = (
    "a",
    "1",
    " ",
    "-",
    ":",
    "/",
    "\n",
    '"',
    "[",
    "..",
    "年",
    "年1",
    "1:",
    "/*",
    "-- ",
    "(",
    "&a",
    "<",
    "+0",
    ".0",
    "T1",
    "<!---->",
    "<!--",
    "<meta ",
)

ONLY_MATCHED = {
    "archive.intake.documents._HTML.0",
    "archive.intake.docs._LINE.0",
    "archive.times.clocks._TAG.0",
    "archive.log.places.SEVERAL_HOSTS.0",
}
"""Patterns that nobody looks for in the middle of a text."""


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every pattern that a module of ours keeps, by its place."""
    for package in (archive, events):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(found.name)).items():
                some = value if isinstance(value, tuple | list) else (value,)
                for place, one in enumerate(some):
                    if isinstance(one, re.Pattern):
                        yield f"{found.name}.{name}.{place}", one


PATTERNS = {pattern: place for place, pattern in patterns()}


def spent(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """The seconds of a match at the beginning, of one of the whole, and of a search."""
    said = text if isinstance(pattern.pattern, str) else text.encode()
    started = time.process_time()
    pattern.match(said)  # type: ignore[arg-type]  # of the kind that the pattern is of
    pattern.fullmatch(said)  # type: ignore[arg-type]  # the same
    if PATTERNS.get(pattern) not in ONLY_MATCHED:
        pattern.search(said)  # type: ignore[arg-type]  # the same
    return time.process_time() - started


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_a_long_text_takes_no_longer_than_its_length(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    """Of repeated pieces, with an end that does not fit."""
    slow = {
        piece: taken for piece in PIECES if (taken := spent(pattern, piece * (LONG // len(piece)) + "\x01")) > SECONDS
    }
    assert slow == {}


def test_there_are_patterns_and_a_quadratic_one_is_found() -> None:
    """The rule above can fail."""
    assert len(PATTERNS) > 10
    assert spent(re.compile(r"\s+x"), " " * LONG) > SECONDS
