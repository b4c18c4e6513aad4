"""How far each follower has come in the log that it follows."""

from __future__ import annotations

from collections.abc import Callable

from eventsourcing import persistence
from eventsourcing.persistence import Tracking, TrackingRecorder
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from archive.log import direct
from archive.log.direct import spelled
from archive.log.library import library_errors
from archive.log.tables import READ_MODEL, entries
from archive.log.tables import tracking as table
from archive.log.transactions import read_connection, retrying, write_transaction

HELD = {
    "sqlite": "SELECT notification_id FROM tracking WHERE application_name = ?",
    "postgresql": "SELECT notification_id FROM tracking WHERE application_name = %s FOR UPDATE",
}

RISES = """
    INSERT INTO tracking (application_name, notification_id) VALUES ({marks})
    ON CONFLICT (application_name) DO UPDATE SET notification_id = CASE
        WHEN tracking.notification_id < excluded.notification_id THEN excluded.notification_id
    END
"""
"""No position is none that a column may have: the database itself refuses it, and nobody waits to see that it rose."""

MENDED = "read_model mended"
"""Under this name stands how often rows of the read model were put right."""

READ_MODEL_HELD = {
    name: f"""
        SELECT
            t.notification_id,
            (SELECT {spelled(entries.c.recorded_at, "e", sqlite=name == "sqlite")}
             FROM entries AS e WHERE e.position = t.notification_id),
            coalesce((SELECT m.notification_id FROM tracking AS m WHERE m.application_name = '{MENDED}'), 0)
        FROM tracking AS t WHERE t.application_name = '{READ_MODEL}'{tail}
    """  # noqa: S608  # names of ours
    for name, tail in (("sqlite", ""), ("postgresql", " FOR UPDATE OF t"))
}


class LogTrackingRecorder(TrackingRecorder):
    """Records the last position that a follower has worked off; it only ever rises."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position, in a transaction of its own."""

        def alone() -> None:
            with write_transaction(self.engine) as connection:
                insert_tracking(connection, tracking)

        with library_errors():
            retrying(alone)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position recorded for an application, None before the first."""
        wanted = select(table.c.notification_id).where(table.c.application_name == application_name)
        with library_errors(), read_connection(self.engine) as connection:
            return connection.execute(wanted).scalar_one_or_none()


def hold_tracking(connection: Connection, application_name: str) -> int:
    """The last position recorded for an application, 0 before the first; nobody else records one for it until the
    open transaction ends."""
    found = direct.rows(connection, HELD[connection.dialect.name], (application_name,))
    return found[0][0] if found else 0


def hold_read_model(connection: Connection) -> Callable[[], tuple[int, str | None, int]]:
    """How far the read model goes, the record time of the entry there, and how often rows were put right; nobody else
    takes it further until the open transaction ends.

    Of who holds the head of the log, or has called `hold_tracking` before: in PostgreSQL a statement that waited for
    whoever put rows right sees how often that was as it was before.
    """
    asked = direct.ask(connection, READ_MODEL_HELD[connection.dialect.name])

    def held() -> tuple[int, str | None, int]:
        found = asked()
        return (*found[0],) if found else (0, None, 0)

    return held


def count_mending(connection: Connection) -> None:
    """Record that rows of the read model were put right: what a writer remembers of them holds no longer."""
    insert_tracking(connection, Tracking(MENDED, hold_tracking(connection, MENDED) + 1))


def insert_tracking(connection: Connection, tracking: Tracking) -> None:
    """Record a position in an open transaction; one that is not later than the last is refused."""
    name, position = tracking.application_name, tracking.notification_id
    try:
        direct.change(connection, RISES.format(marks=direct.marks(connection, 2)), (name, position))
    except IntegrityError as error:
        raise persistence.IntegrityError(
            f"{name} has been followed to position {position} or further already"
        ) from error
