"""Who does what one alone should do: a row that names him and a count that rises as long as he lives.

No clock is compared with another machine's: whoever waits takes over once he has seen the count stand still long
enough by his own. Nothing that must be right depends on it; that is what transactions are for.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from archive.log.tables import leases
from archive.log.transactions import read_connection, write_transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BEAT_SECONDS = 1.0
"""How often the holder shows that he lives."""

DEAD_SECONDS = 5.0
"""How long the count stands still of one who is taken for dead."""


class Lease:
    """A lease by its name, for one who wants to hold it."""

    def __init__(self, engine: Engine, name: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._row = leases.c.name == name
        self._now = monotonic
        self._holder = secrets.token_hex(8)
        self._seen: tuple[str | None, int] | None = None
        self._since = self._beaten = monotonic()

    def take(self) -> bool:
        """Take it if nobody has it, or if its holder has shown no life for long enough; whether it is held now."""
        with read_connection(self._engine) as connection:
            found = connection.execute(select(leases.c.holder, leases.c.beat).where(self._row)).one()
        seen = (found.holder, found.beat)
        if seen != self._seen:
            self._seen, self._since = seen, self._now()
        if found.holder is not None and self._now() - self._since < DEAD_SECONDS:
            return False
        with write_transaction(self._engine) as connection:
            same = leases.c.holder.is_not_distinct_from(found.holder), leases.c.beat == found.beat
            taken = update(leases).where(self._row, *same).values(holder=self._holder, beat=leases.c.beat + 1)
            self._beaten = self._now()
            return connection.execute(taken).rowcount == 1

    @property
    def due(self) -> bool:
        """Whether it is time to show life."""
        return self._now() - self._beaten >= BEAT_SECONDS

    def beat(self, connection: Connection) -> bool:
        """Show life, in the open transaction; false if the lease is another's by now."""
        mine = update(leases).where(self._row, leases.c.holder == self._holder).values(beat=leases.c.beat + 1)
        self._beaten = self._now()
        return connection.execute(mine).rowcount == 1

    def give_up(self) -> None:
        """Leave it to whoever waits, if it is held."""
        with write_transaction(self._engine) as connection:
            mine = update(leases).where(self._row, leases.c.holder == self._holder)
            connection.execute(mine.values(holder=None, beat=leases.c.beat + 1))
