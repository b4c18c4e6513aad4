"""Archives for the tests of the log: empty ones, clocks that stand, salts that repeat, events by number."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from archive.log.codec import SALT_BYTES
from archive.log.database import open_engine
from archive.log.schema import migrate
from events import When
from events.products import Noted
from events.values import OrganisationId, SourceId

ORIGIN = "tests.example/log"


class SetClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2023, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time that was set."""
        return self.now

    def forward(self, **by: float) -> None:
        """Set it forward by so many ``seconds``, ``microseconds``, … (back, if negative)."""
        self.now += timedelta(**by)


def counted_salts() -> Callable[[int], bytes]:
    """Salts that are the same in every run, however many are drawn at once: of the digests of 1, 2, 3 and so on."""
    numbers = count(1)

    def salts(size: int) -> bytes:
        each = range(0, size, SALT_BYTES)
        return b"".join(sha256(str(next(numbers)).encode()).digest()[:SALT_BYTES] for _ in each)

    return salts


def build_archive(url: str) -> None:
    """Make an archive and leave no connection open."""
    engine = open_engine(url, create=True)
    migrate(engine, origin=ORIGIN)
    engine.dispose()


def noted(number: int, *, organisation: str = "acme", id: str | None = None, summary: str | None = None) -> Noted:  # noqa: A002  # the field's name
    """A note that differs from that of every other number."""
    day = When("2023-11-17", "2023-11-17T00:00:00.000000Z", "2023-11-17T23:59:59.999999Z")
    said = summary if summary is not None else f"note {number}"
    return Noted(organisation=OrganisationId(organisation), source=SourceId("paper"), when=day, summary=said, id=id)


def golden(file: Path, found: object) -> object:
    """What a golden file holds; where it is missing it is written, and the test fails until that is looked at."""
    if not file.exists():
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"{file.name} was missing and is written now: read it, and run again")
    return json.loads(file.read_text(encoding="utf-8"))
