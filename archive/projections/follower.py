"""The follower: folds what is appended with its projections deferred, in order, each append once.

It waits for entries as any subscriber of the log does; what it folded and how far it came are one transaction. Of
several one works and the others wait for its end: a lease says which, and were two at work at once, each append would
still be folded by one of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from eventsourcing.persistence import PersistenceError

from archive.errors import LockedArchive
from archive.log.entries import read_head
from archive.log.leases import Lease
from archive.log.recorder import LogApplicationRecorder
from archive.log.subscription import POLL_SECONDS
from archive.log.tables import READ_MODEL
from archive.log.transactions import read_connection, retrying, write_transaction
from archive.log.waking import waking
from archive.projections.memory import Memory
from archive.projections.reach import catch_up

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from archive.projections.beside import Progress

T = TypeVar("T")

AT_A_TIME = 0.1
"""Seconds that one transaction of a follower takes, or one append: on SQLite nobody appends meanwhile."""

STAND_IN_SECONDS = 0.25
"""How often a stand-in looks whether the follower is alive."""

Tell = Callable[[str], None]


def keep_up(engine: Engine, progress: Progress | None = None) -> int:
    """Fold all that waits now and return how far the read model goes then; transaction by transaction."""
    with read_connection(engine) as connection:
        upto = read_head(connection).size
    here = -1
    step = _Step(engine)
    while here < upto:
        here = _patiently(step)
        if progress is not None:
            progress(here, max(here, upto))
    return here


def follow(engine: Engine, stop: Event, tell: Tell) -> None:
    """Fold what is appended until ``stop`` is set, or wait as the stand-in of the follower that does.

    ``tell`` is given a sentence when work begins and when another has it. Clean to end at any moment: what is folded
    is committed with how far it goes.
    """
    lease = Lease(engine, READ_MODEL)
    waiting = False
    while not stop.is_set():
        if _patiently(lease.take):
            tell("following the log")
            waiting = False
            try:
                _work(engine, lease, stop)
            finally:
                _patiently(lease.give_up)
        else:
            if not waiting:
                tell("another follower is at work; waiting as its stand-in")
            waiting = True
            stop.wait(STAND_IN_SECONDS)


def _work(engine: Engine, lease: Lease, stop: Event) -> None:
    """Follow until told to stop or until the lease is another's."""
    step = _Step(engine, lease)
    here = _patiently(step)
    with waking(engine) as woken:

        def wait(seconds: float) -> None:
            if lease.due and not _patiently(lambda: _beat(engine, lease)):
                subscription.stop()
            elif not stop.is_set():
                woken(seconds)
            if stop.is_set():
                subscription.stop()

        recorder = LogApplicationRecorder(engine)
        with recorder.subscribe(gt=here, wait=wait) as subscription, suppress(PersistenceError):
            # Where a look fails, all begins anew: that tells a passing failure from another, and waits for its end.
            for notification in subscription:
                while here < notification.id and not stop.is_set():
                    here = _patiently(step)
                if stop.is_set():
                    return


class _Step:
    """One transaction of work after another."""

    def __init__(self, engine: Engine, lease: Lease | None = None) -> None:
        self._engine = engine
        self._lease = lease
        self._memory = Memory()

    def __call__(self) -> int:
        """How far the read model goes after one more; one that fails leaves nothing to remember."""
        memory, self._memory = self._memory, Memory()
        with write_transaction(self._engine) as connection:
            here = catch_up(connection, read_head(connection).size, seconds=AT_A_TIME, memory=memory)
            if self._lease is not None:
                self._lease.beat(connection)
        self._memory = memory
        return here


def _beat(engine: Engine, lease: Lease) -> bool:
    with write_transaction(engine) as connection:
        return lease.beat(connection)


def _patiently(work: Callable[[], T]) -> T:
    """What ``work`` returns, however long another program holds the file."""
    while True:
        try:
            return retrying(work)
        except LockedArchive:
            time.sleep(POLL_SECONDS)
