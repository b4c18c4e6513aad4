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

from archive.log.direct import together
from archive.log.entries import Entry, read_appends
from archive.log.tables import READ_MODEL
from archive.log.tracking import hold_tracking, insert_tracking
from archive.projections.projector import project

if TYPE_CHECKING:
    from sqlalchemy import Connection

BACKLOG = 1_000
"""Entries that an append folds at most before its own; where more are waiting, it leaves its own to a follower too."""

SOME = 100
"""Entries read at a time."""


def project_append(connection: Connection, entries: Sequence[Entry], recorded_at: str) -> bool:
    """Bring the read model up to the end of the append under way, whose entries are ``entries``.

    What waits for a follower is folded first. False where that is more than ``BACKLOG``: then nothing is folded, and
    the append waits with it.
    """
    if not entries:
        return True
    before = entries[0].position - 1
    here = hold_tracking(connection, READ_MODEL)
    if before - here > BACKLOG:
        return False
    if here < before:
        catch_up(connection, before)
    with together(connection):
        project(connection, entries, recorded_at)
        note(connection, entries[-1].position)
    return True


def catch_up(connection: Connection, upto: int, *, seconds: float | None = None) -> int:
    """Fold the appends that wait, up to the one that ends at a position; the position reached.

    In the open transaction, which may take about so many seconds: the last append folded is finished.
    """
    began = time.monotonic()
    start = here = hold_tracking(connection, READ_MODEL)
    late = False
    while here < upto and not late:
        for entries in read_appends(connection, after=here, upto=upto, most=SOME):
            with together(connection):
                project(connection, entries, entries[0].recorded_at)
            here = entries[-1].position
            if late := seconds is not None and time.monotonic() - began >= seconds:
                break
    if here > start:
        note(connection, here)
    return here


def note(connection: Connection, position: int) -> None:
    """Record that the read model goes up to a position, in the transaction that brought it there."""
    insert_tracking(connection, Tracking(READ_MODEL, position))
