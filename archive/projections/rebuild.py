"""The read model made anew from the log beside the old one, and put in its place in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from archive.log.entries import read_projected
from archive.log.tables import READ_MODEL, head
from archive.log.tracking import count_mending, hold_tracking
from archive.log.transactions import read_connection, writing, writing_temporary
from archive.projections.beside import Progress, beside
from archive.projections.comparing import Difference, differences, put_right
from archive.projections.waiting import list_again, wrongly_listed

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Of how many entries the read model is, and what it had otherwise than it should, which is right now."""

    size: int
    differences: tuple[Difference, ...]


def rebuild(engine: Engine, progress: Progress | None = None) -> Rebuilt:
    """Make the read model anew from the log, and have it stand where the old one did.

    Appends and questions go on meanwhile; a question sees the old rows or the new ones. Only what differs is written,
    and only for that appends wait: for a last look at the whole. Killed at any moment, it has changed nothing.
    """
    with beside(engine) as made:
        with read_connection(engine) as connection:
            size = read_projected(connection).size
        made.fold(size, progress)
        with writing_temporary(made.connection):
            made.fold_here(read_projected(made.connection).size)
            made.keep_texts()
            if not differences(made) and not any(wrongly_listed(made.connection, made.size)):
                return Rebuilt(made.size, ())
        with writing(made.connection):
            size = made.connection.execute(select(head.c.size).with_for_update()).scalar_one()
            # A log that was cut off behind our back may end before the position that was recorded.
            made.fold_here(min(size, hold_tracking(made.connection, READ_MODEL)))
            made.keep_texts()
            found = [*put_right(made)]
            if found:
                count_mending(made.connection)
            surplus, lacking = wrongly_listed(made.connection, made.size)
            if surplus or lacking:
                list_again(made.connection, made.size)
                found.append(Difference("waiting", len(surplus), len(lacking)))
            return Rebuilt(made.size, tuple(found))
