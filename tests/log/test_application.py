"""The log is an application of the library, for those who follow it with the library's means."""

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine

from archive.log.application import LogApplication, LogFactory, LogMapper, Placed
from archive.log.log import Log
from tests.log.archives import noted


def test_an_application_of_the_library_runs_on_an_archive_by_its_environment_alone(archive_url: str, log: Log) -> None:
    """PERSISTENCE_MODULE and ARCHIVE_URL; it meets what we append."""
    log.transact(lambda writing: writing.append([noted(1), noted(2)]), who="ann", program="tests")
    env = {"PERSISTENCE_MODULE": "archive.log.application", "ARCHIVE_URL": archive_url}
    with Application[str](env=env) as application:
        assert isinstance(application.factory, LogFactory)
        notifications = application.notification_log.select(start=1, limit=10)
        assert [notification.id for notification in notifications] == [1, 2]
        placed = list(application.events.get("organisation/acme"))
        assert placed == [Placed("organisation/acme", 1, noted(1)), Placed("organisation/acme", 2, noted(2))]


def test_what_the_library_appends_stands_in_the_log_as_ours_does(engine: Engine) -> None:
    """With a leaf, a record time and a header of its own."""
    with LogApplication(engine) as application:
        application.events.put([Placed("organisation/acme", 1, noted(1))])
    log = Log(engine)
    with log.reading() as connection:
        assert log.entry(connection, 1).event == noted(1)
        assert log.append_of(connection, 1).program == "eventsourcing"


def test_snapshots_of_aggregates_have_no_table(engine: Engine) -> None:
    """The read models take their place."""
    with pytest.raises(NotImplementedError, match="not snapshots"):
        LogFactory(engine=engine).aggregate_recorder("snapshots")


def test_only_events_of_our_language_are_stored() -> None:
    """And they come back through their constructors."""
    mapper = LogMapper()
    stored = mapper.to_stored_event(Placed("organisation/acme", 3, noted(1)))
    assert isinstance(stored, StoredEvent)
    assert (stored.topic, stored.originator_version) == ("Noted", 3)
    assert mapper.to_domain_event(stored).event == noted(1)
    with pytest.raises(TypeError, match="our language"):
        mapper.to_stored_event(stored)  # type: ignore[arg-type]  # that is the point
