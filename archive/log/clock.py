"""The clock that record time is read from, and the source of salts: both are the caller's to give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Salts = Callable[[int], bytes]


def now() -> datetime:
    """The time of this machine's clock."""
    return datetime.now(UTC)
