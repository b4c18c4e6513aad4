"""How far in the log the read model goes: recorded in the transaction that takes it further, so that each entry is
folded once and in order.

Whoever takes it further holds the record of its position until he commits. An append has the lock of the log's head
before that one; a follower takes that one alone, and keeps no deferred append waiting.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eventsourcing.persistence import Tracking

from archive.log.ahead import together
from archive.log.entries import Entry
from archive.log.tables import READ_MODEL
from archive.log.tracking import hold_read_model, hold_tracking, insert_tracking
from archive.log.waking import wake
from archive.projections.memory import Memory, State
from archive.projections.projector import Projection, project_appends
from archive.projections.waiting import begin_to_wait, waited

if TYPE_CHECKING:
    from sqlalchemy import Connection

BACKLOG = 1_000
"""Entries that an append folds at most before its own; where more are waiting, it leaves its own to a follower too."""


class Reaching:
    """The read model brought up to the end of the append under way, whose entries come piece by piece.

    What waits for a follower is folded first. Where that is more than ``BACKLOG``, nothing is folded, and the append
    waits with it, as it does with ``defer``.
    """

    def __init__(self, connection: Connection, *, defer: bool = False, memory: Memory | None = None) -> None:
        """Begin with nothing of it; ``memory``: what an earlier append that was committed left of its timelines."""
        self._connection = connection
        self._memory = Memory() if memory is None else memory
        self._projection: Projection | None = None
        self._defer = defer
        self._begun = False
        self._state = None if defer else hold_read_model(connection)

    def take_in(self, entries: Sequence[Entry]) -> None:
        """Take in the entries that follow, once they are in the log."""
        if entries and not self._begun:
            self._begun = True
            if self._state is not None and self._follows(State(*self._state()), entries[0].position - 1):
                self._projection = Projection(self._connection, entries[0].recorded_at, self._memory)
        if self._projection is not None:
            self._projection.take_in(entries)
        else:
            begin_to_wait(self._connection, entries)

    def _follows(self, state: State, before: int) -> bool:
        """Bring the read model up to a position, if that is not too much."""
        if before - state.position > BACKLOG:
            return False
        self._memory.meet(state)
        if state.position < before:
            _fold(self._connection, state.position, before, self._memory)
        return True

    def finish(self) -> None:
        """Bring it up to the last of them, or have a follower look."""
        if self._projection is not None:
            with together(self._connection):
                self._projection.finish()
                note(self._connection, self._projection.last)
        elif self._begun and self._defer:
            wake(self._connection)


def catch_up(connection: Connection, upto: int, *, seconds: float | None = None, memory: Memory | None = None) -> int:
    """Fold the appends that wait, up to the one that ends at a position; the position reached.

    In the open transaction, which may take about so many seconds: the last append folded is finished. ``memory``: what
    the last transaction that was committed left of its timelines.
    """
    memory = Memory() if memory is None else memory
    hold_tracking(connection, READ_MODEL)
    memory.meet(state := State(*hold_read_model(connection)()))
    return _fold(connection, state.position, upto, memory, seconds)


def _fold(connection: Connection, start: int, upto: int, memory: Memory, seconds: float | None = None) -> int:
    began = time.monotonic()
    here = start
    for here in project_appends(connection, after=start, upto=upto, memory=memory):  # noqa: B007  # the last counts
        if seconds is not None and time.monotonic() - began >= seconds:
            break
    if here > start:
        note(connection, here)
        waited(connection, here)
    return here


def note(connection: Connection, position: int) -> None:
    """Record that the read model goes up to a position, in the transaction that brought it there."""
    insert_tracking(connection, Tracking(READ_MODEL, position))
