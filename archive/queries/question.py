"""What a question knows: how far on the report clock and the record clock, and from which floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, or_

from archive.errors import UsageError
from archive.queries.asked import Recorded, recorded
from archive.queries.snapshot import Seen
from events import BASES, rank

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

    from archive.log.entries import Head

Key = TypeVar("Key", int, str)

CHUNK = 5_000
"""Keys in one statement: SQLite takes 32,766 parameters."""


@dataclass(frozen=True, slots=True)
class Question:
    """A report time (None: all of it), a place on the record clock, and the floor."""

    as_reported: str | None
    recorded: Recorded
    basis: str

    @classmethod
    def settle(
        cls, connection: Connection, head: Head, as_reported: str | None, as_recorded: str | None, basis: str
    ) -> Question:
        """Take canonical instants; `as_recorded` may be `@SIZE`. UsageError where the basis is no floor."""
        if basis not in BASES[:-1]:
            raise UsageError(f"{basis!r} is no floor", hint=f"say one of {', '.join(BASES[:-1])}")
        return cls(as_reported, recorded(connection, head, as_recorded), basis)

    def sees(self, table: Table) -> ColumnElement[bool]:
        """The condition on rows of three clocks that count for this question."""
        return self.seen().visible(table)

    def seen(self) -> Seen:
        """The same as values."""
        return Seen(self.as_reported, self.recorded.instant, rank(self.basis))

    def knows(self, table: Table) -> ColumnElement[bool]:
        """The condition on rows of three clocks that are in the archive, whenever they were reported, at all floors."""
        row, at = table.c, self.recorded.instant
        return and_(row.recorded_from <= at, or_(row.recorded_to.is_(None), row.recorded_to > at))

    def reported_by(self, instant: str | None) -> Question:
        """The same with another report time."""
        return replace(self, as_reported=instant)

    def recorded_by(self, instant: str) -> Question:
        """The same with another record time, the log's size left as it is."""
        return replace(self, recorded=replace(self.recorded, instant=instant))

    def header(self) -> dict[str, Any]:
        """The keys with which an answer says what it stands for."""
        return {
            "as_reported": self.as_reported,
            "as_recorded": self.recorded.instant,
            "basis": self.basis,
            "log": self.recorded.log(),
        }


def chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """The keys, sorted, each once, as many at a time as one statement takes."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
