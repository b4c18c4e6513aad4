"""The log as an application of ``eventsourcing``: our mapper, our recorders, our tables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventsourcing.application import Application
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    JSONTranscoder,
    Mapper,
    ProcessRecorder,
    StoredEvent,
    Transcoder,
)

from archive.log import codec
from archive.log.clock import Clock, Salts, now
from archive.log.database import open_engine
from archive.log.recorder import LogAggregateRecorder, LogApplicationRecorder, LogProcessRecorder
from archive.log.tracking import LogTrackingRecorder

if TYPE_CHECKING:
    from eventsourcing.domain import DomainEventProtocol
    from eventsourcing.utils import Environment, EnvType
    from sqlalchemy import Engine

    from events import Event


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at its place in its stream: what the library calls a domain event."""

    originator_id: str
    originator_version: int
    event: Event


def stored_event(stream: str, version: int, event: Event, payload: bytes) -> StoredEvent:
    """The stored form of an event at its place in its stream; `payload` is what the codec makes of it."""
    return StoredEvent(stream, version, codec.topic(codec.type_name(event), event.VERSION), payload)


class LogMapper(Mapper[str]):
    """Maps events to what is stored by our codec: stable names, canonical JSON, constructors."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a placed event."""
        if not isinstance(domain_event, Placed):
            raise TypeError(f"the log stores events of our language, not {type(domain_event).__name__}")
        event = domain_event.event
        return stored_event(domain_event.originator_id, domain_event.originator_version, event, codec.encode(event))

    def to_domain_event(self, stored_event: StoredEvent) -> Placed:
        """The placed event of a stored form."""
        event = codec.decode(*codec.type_of(stored_event.topic), stored_event.state)
        return Placed(str(stored_event.originator_id), stored_event.originator_version, event)


class LogFactory(InfrastructureFactory[LogTrackingRecorder]):
    """Makes our recorders on the archive at ``ARCHIVE_URL`` (PERSISTENCE_MODULE=archive.log.application)."""

    def __init__(
        self,
        env: Environment | EnvType | None = None,
        *,
        engine: Engine | None = None,
        clock: Clock = now,
        salts: Salts = os.urandom,
    ) -> None:
        super().__init__(env)
        self._owned = engine is None
        self.engine = engine or open_engine(self.env.get("ARCHIVE_URL") or "archive.db")
        self._clock = clock
        self._salts = salts

    def mapper(
        self,
        transcoder: Transcoder | None = None,  # noqa: ARG002  # the codec takes its place
        mapper_class: type[Mapper[Any]] | None = None,  # noqa: ARG002  # there is one stored form
    ) -> Mapper[Any]:
        """Our mapper."""
        return LogMapper()

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of streams; there are no snapshots, the read models take their place."""
        if purpose != "events":
            raise NotImplementedError(f"the log keeps events, not {purpose}")
        return LogAggregateRecorder(self.engine, clock=self._clock, salts=self._salts)

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder of the whole log."""
        return LogApplicationRecorder(self.engine, clock=self._clock, salts=self._salts)

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        """A recorder of how far followers have come."""
        return (tracking_recorder_class or LogTrackingRecorder)(self.engine)

    def process_recorder(self) -> ProcessRecorder:
        """A recorder of the log and of followers in one transaction."""
        return LogProcessRecorder(self.engine, clock=self._clock, salts=self._salts)

    def close(self) -> None:
        """Close the connections of an engine that the factory opened itself."""
        if self._owned:
            self.engine.dispose()


class LogApplication(Application[str]):
    """The library's application over the log of one archive."""

    name = "log"

    def __init__(self, engine: Engine, *, clock: Clock = now, salts: Salts = os.urandom) -> None:
        self._engine = engine
        self._clock = clock
        self._salts = salts
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Our factory on the engine given."""
        return LogFactory(env, engine=self._engine, clock=self._clock, salts=self._salts)
