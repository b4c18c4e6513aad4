"""The library `eventsourcing` by itself: its recorders, and an application of it that keeps the same tenures.

Aggregates stay in memory, and the projection runs in the same thread, without a poll to wait for. As the library's
runner has it, each event is projected in a transaction of its own; `at_once` is better than that, one for all events of
an append.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import InfrastructureFactory, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.sqlite import SQLiteTrackingRecorder
from eventsourcing.utils import Environment
from psycopg.sql import SQL
from sqlalchemy import make_url

from archive.log.codec import encode, type_name
from events import Event, When

COLUMNS = (
    "organisation TEXT, office TEXT, person TEXT, from_earliest TEXT, from_latest TEXT, to_earliest TEXT,"
    " to_latest TEXT, basis TEXT, position BIGINT"
)
TABLE = (
    f"CREATE TABLE IF NOT EXISTS tenures ({COLUMNS})",
    "CREATE INDEX IF NOT EXISTS ix_tenures ON tenures (organisation, office)",
)
BEGIN = (
    "UPDATE tenures SET to_earliest = ?, to_latest = ? WHERE organisation = ? AND office = ? AND to_latest IS NULL",
    "INSERT INTO tenures VALUES (?, ?, ?, ?, ?, NULL, NULL, ?, ?)",
)
COUNT = "SELECT count(*) AS count FROM tenures"

Told = tuple[str, str, str, str, str, str, str]
"""What a projection needs of a report: type, organisation, office, person, bounds, basis."""


def environment(url: str) -> dict[str, str]:
    """How the library is told of a database; on PostgreSQL with its function: its other way hangs on large batches."""
    if "://" not in url:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url}
    where = make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": where.database or "",
        "POSTGRES_HOST": str(where.query["host"]),
        "POSTGRES_PORT": str(where.query["port"]),
        "POSTGRES_USER": where.username or "",
        "POSTGRES_PASSWORD": "unused",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
    }


class Recorder:
    """The library's own application recorder, given the bytes that we store."""

    def __init__(self, url: str) -> None:
        self._factory: Any = InfrastructureFactory.construct(Environment("bench", environment(url)))
        self._recorder = self._factory.application_recorder()
        self._versions: dict[str, int] = {}

    def stored(self, events: Iterable[Event]) -> list[StoredEvent]:
        """The events as the library stores them, at the next versions of their streams."""
        return [self._stored(event) for event in events]

    def append(self, stored: Sequence[StoredEvent]) -> None:
        """Insert them, durable when this returns."""
        self._recorder.insert_events(stored)

    def close(self) -> None:
        """Close its connections."""
        self._factory.close()

    def _stored(self, event: Event) -> StoredEvent:
        stream = event.stream
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        return StoredEvent(uuid5(NAMESPACE_URL, stream), version, type_name(event), encode(event))


class Organisation(Aggregate):
    """What was reported of an organisation."""

    INITIAL_VERSION = 1

    class Reported(Aggregate.Event):
        """One report."""

        kind: str
        name: str
        office: str
        person: str
        earliest: str
        latest: str
        basis: str
        plain: dict[str, Any]

    def __init__(self, name: str) -> None:
        self.name = name
        self.holders: dict[str, str] = {}

    @staticmethod
    def create_id(name: str) -> Any:
        """The same id for the same name."""
        return uuid5(NAMESPACE_URL, name)


class Tenures(Application[Any]):
    """Saves reports, and has them projected before it returns."""

    name = "organisations"

    def __init__(self, url: str, *, at_once: bool) -> None:
        super().__init__(environment(url))
        self._at_once = at_once
        recorder = SQLiteTenures if "://" not in url else PostgresTenures
        self.tenures: Any = self.factory.tracking_recorder(recorder)
        self._known: dict[str, Organisation] = {}

    def append(self, reports: Sequence[tuple[Told, dict[str, Any]]]) -> None:
        """Save reports in one transaction, then project them."""
        changed: dict[str, Organisation] = {}
        for (kind, name, office, person, earliest, latest, basis), plain in reports:
            organisation = self._known.get(name) or self._new(name)
            changed[name] = organisation
            organisation.trigger_event(
                Organisation.Reported,
                kind=kind,
                name=name,
                office=office,
                person=person,
                earliest=earliest,
                latest=latest,
                basis=basis,
                plain=plain,
            )
        recordings = self.save(*changed.values())
        told = (self._told(one.domain_event, one.notification.id) for one in recordings)
        found = [one for one in told if one is not None]
        for some in [found] if self._at_once else [[one] for one in found]:
            self.tenures.project(some, Tracking(self.name, some[-1][1]))

    @staticmethod
    def _told(event: Any, number: int) -> tuple[Told, int] | None:
        if not isinstance(event, Organisation.Reported):
            return None
        return (event.kind, event.name, event.office, event.person, event.earliest, event.latest, event.basis), number

    def know(self, names: Iterable[str]) -> None:
        """Load these organisations."""
        self._known = {name: self.repository.get(Organisation.create_id(name)) for name in set(names)}

    def _new(self, name: str) -> Organisation:
        made = self._known[name] = Organisation(name)
        return made


class SQLiteTenures(SQLiteTrackingRecorder):
    """Tenures in SQLite."""

    def construct_create_table_statements(self) -> list[str]:
        """Its table beside the library's."""
        return [*super().construct_create_table_statements(), *TABLE]

    def project(self, found: Iterable[tuple[Told, int]], tracking: Tracking) -> None:
        """Keep the tenures of some reports, and how far they go, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            for statement, parameters in _statements(found):
                cursor.execute(statement, parameters)

    def count(self) -> int:
        """How many there are."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(COUNT)
            return int(cursor.fetchone()["count"])


class PostgresTenures(PostgresTrackingRecorder):
    """Tenures in PostgreSQL."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sql_create_statements += [SQL(statement).format() for statement in TABLE]

    def project(self, found: Iterable[tuple[Told, int]], tracking: Tracking) -> None:
        """Keep the tenures of some reports, and how far they go, in one transaction."""
        with self.datastore.get_connection() as one, one.transaction(), one.cursor() as cursor:
            self._insert_tracking(cursor, tracking)
            for statement, parameters in _statements(found):
                cursor.execute(SQL(statement.replace("?", "%s")), parameters, prepare=True)

    def count(self) -> int:
        """How many there are."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            return int((cursor.execute(COUNT).fetchone() or {"count": -1})["count"])


def told(event: Event) -> tuple[Told, dict[str, Any]]:
    """What the library's application is given of a report: with its bounds, which it does not derive itself."""
    reported: Any = event
    when: When = event.occurred or When("", None, None)
    plain = {
        "source": reported.source,
        "attribution": reported.attribution,
        "summary": reported.summary,
        "published": reported.published.text,
        "text": when.text,
    }
    parts = (reported.organisation, reported.office, reported.person, when.earliest or "", when.latest or "")
    return (type_name(event), *parts, reported.basis), plain


def _statements(found: Iterable[tuple[Told, int]]) -> Iterable[tuple[str, tuple[Any, ...]]]:
    for (kind, organisation, office, person, earliest, latest, basis), position in found:
        if kind in ("Appointed", "Dismissed"):
            yield BEGIN[0], (earliest, latest, organisation, office)
        if kind == "Appointed":
            yield BEGIN[1], (organisation, office, person, earliest, latest, basis, position)
