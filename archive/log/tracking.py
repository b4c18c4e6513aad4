"""How far each follower has come in the log that it follows."""

from __future__ import annotations

from eventsourcing import persistence
from eventsourcing.persistence import Tracking, TrackingRecorder
from sqlalchemy import Connection, Engine, insert, select, update

from archive.log.library import library_errors
from archive.log.tables import tracking as table
from archive.log.transactions import read_connection, retrying, write_transaction


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
    wanted = select(table.c.notification_id).where(table.c.application_name == application_name)
    return connection.execute(wanted.with_for_update()).scalar_one_or_none() or 0


def insert_tracking(connection: Connection, tracking: Tracking) -> None:
    """Record a position in an open transaction; one that is not later than the last is refused."""
    name, position = tracking.application_name, tracking.notification_id
    here = table.c.application_name == name
    if connection.execute(
        update(table).where(here, table.c.notification_id < position).values(notification_id=position)
    ).rowcount:
        return
    if connection.execute(select(table.c.notification_id).where(here)).first():
        raise persistence.IntegrityError(f"{name} has been followed to position {position} or further already")
    connection.execute(insert(table).values(application_name=name, notification_id=position))
