"""What a question leaves open, settled: the record time and the place in the log that an answer stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from archive.errors import NoSuchEntry, NotProjected, UsageError
from archive.log.entries import Head, recorded_at_of, size_at
from archive.log.nodes import root_at
from archive.log.tables import archive, entries


@dataclass(frozen=True, slots=True)
class Recorded:
    """A place on the record clock: the instant used, how long the log was then, and its root in hex.

    `behind` is how many entries more the log has up to the instant asked for, which the read model has not yet.
    """

    instant: str
    size: int
    root: str
    behind: int = 0

    def log(self) -> dict[str, Any]:
        """How an answer says from which log it was made; `behind` only where it is."""
        return {"size": self.size, "root": self.root, **({"behind": self.behind} if self.behind else {})}


def recorded(connection: Connection, head: Head, asked: str | None) -> Recorded:
    """Settle `--as-recorded`: None is the head, `@SIZE` the log of that size, else a canonical instant.

    ``head`` is as far as the read model goes. The instant used is the smaller of the one asked for and the head's. A
    size inside an append is a UsageError, for its entries were recorded together and no state lies between them; one
    past the head is NoSuchEntry, or NotProjected where the log has it.
    """
    if asked is not None and asked.startswith("@"):
        return _of_size(connection, head, asked)
    if head.recorded_at is None:
        made = _made_at(connection)
        return Recorded(min(asked, made) if asked else made, head.size, head.root, head.behind)
    if asked is None:
        return Recorded(head.recorded_at, head.size, head.root, head.behind)
    if asked >= head.recorded_at:
        behind = size_at(connection, asked) - head.size if head.behind else 0
        return Recorded(head.recorded_at, head.size, head.root, behind)
    size = size_at(connection, asked)
    return Recorded(asked, size, root_at(connection, size).hex())


def _of_size(connection: Connection, head: Head, asked: str) -> Recorded:
    digits = asked[1:]
    if not (digits.isascii() and digits.isdigit()):
        raise UsageError(f"{asked} is no size of the log", hint=f"say @ and a number, as @{head.size}")
    size = int(digits)
    whole = head.size + head.behind
    if head.size < size <= whole:
        raise NotProjected(head.size, whole)
    if size > whole:
        raise NoSuchEntry(
            f"the log ends at {whole} and has no size {size} yet",
            hint=f"ask for @{head.size} or less",
        )
    if size == 0:
        return Recorded(_made_at(connection), 0, root_at(connection, 0).hex())
    instant = recorded_at_of(connection, size)
    whole = size_at(connection, instant)
    if whole != size:
        first = select(entries.c.position).where(entries.c.position <= size, entries.c.recorded_at < instant)
        before = connection.execute(first.order_by(entries.c.position.desc()).limit(1)).scalar() or 0
        raise UsageError(
            f"{asked} lies inside one append, that of the entries {before + 1} to {whole}: it was never a state",
            hint=f"ask for @{before} or @{whole}",
        )
    return Recorded(instant, size, head.root if size == head.size else root_at(connection, size).hex())


def _made_at(connection: Connection) -> str:
    made: str = connection.execute(select(archive.c.created_at)).scalar_one()
    return made
