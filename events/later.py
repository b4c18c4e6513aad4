"""Later knowledge: what is said of earlier entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from events.base import Event
from events.plain import from_plain
from events.values import (
    Access,
    Basis,
    OrganisationId,
    Passage,
    PersonId,
    Position,
    Sha256,
    SourceId,
    StatedTime,
    When,
    Zone,
)


@dataclass(frozen=True, kw_only=True)
class Later(Event, abstract=True):
    """What is said of an earlier entry, by the source or by the archive.

    target: the position of the earlier entry
    target_stream: the stream of that entry (set at intake)
    by: `source` acts from its own publication; `archive` (we misread, mistyped) from its target's
    reason: why, in the archivist's words
    source: the document that says so, where the source does
    basis: distance from the deed, where the source says so
    attribution: who says so, as the source has it
    published: when this was first public, where it differs from the source's own time
    tz: the zone of local times and dates in this report; UTC unless given
    source_version: the digest of the version of the source that says so; the one registered first unless given
    passages: the exact places in the source
    stated_times: every statement of time as printed, with its zone as printed
    access: `internal` keeps it out of what is published
    """

    target: Position
    target_stream: str = ""
    by: Literal["source", "archive"] = "archive"
    reason: str | None = None
    source: SourceId | None = None
    basis: Basis = "stated"
    attribution: str | None = None
    published: When | None = None
    tz: Zone | None = None
    source_version: Sha256 | None = None
    passages: tuple[Passage, ...] = ()
    stated_times: tuple[StatedTime, ...] = ()
    access: Access = "public"

    @property
    def stream(self) -> str:
        """The stream of the entry that it is about."""
        return self.target_stream

    def faults(self) -> Iterator[tuple[str, str]]:
        """A source that speaks is named."""
        if self.by == "source" and self.source is None:
            yield "source", "the id of the source that says so, or `by` = `archive`"
        if self.by == "archive" and self.source is not None:
            yield "by", "`source`, for what a source says; the archive's own word has no source"


@dataclass(frozen=True, kw_only=True)
class Amended(Later):
    """Fields of an earlier entry are other than was reported; type and stream never are.

    changes: the fields that change, as in a report, with their new values
    """

    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Retracted(Later):
    """An earlier entry is taken back: it was not so, or the source no longer says so."""


@dataclass(frozen=True, kw_only=True)
class Disputed(Later):
    """Somebody denies what an earlier entry reports; it stands, and the denial beside it.

    disputed_by: who denies it, as the source has it
    """

    disputed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Merged(Event):
    """The archive found two identities to be one: at every report time, from this record time on.

    person: the person whose id is given up
    into_person: the person whom both ids mean
    organisation: the organisation whose id is given up
    into_organisation: the organisation that both ids mean
    reason: why, in the archivist's words
    """

    person: PersonId | None = None
    into_person: PersonId | None = None
    organisation: OrganisationId | None = None
    into_organisation: OrganisationId | None = None
    reason: str | None = None

    @property
    def stream(self) -> str:
        """The registry, or the stream of the organisation that stays."""
        if self.into_organisation is not None:
            return f"organisation/{self.into_organisation}"
        return "registry"

    def faults(self) -> Iterator[tuple[str, str]]:
        """Two identities of one kind."""
        people = (self.person is None, self.into_person is None)
        organisations = (self.organisation is None, self.into_organisation is None)
        if people != (False, False) and organisations != (False, False):
            yield "person", "`person` and `into_person`, or `organisation` and `into_organisation`"
        elif not any((*people, *organisations)):
            yield "person", "two people or two organisations, not both"
        elif self.person is not None and self.person == self.into_person:
            yield "into_person", "another person than `person`"
        elif self.organisation is not None and self.organisation == self.into_organisation:
            yield "into_organisation", "another organisation than `organisation`"


@dataclass(frozen=True, kw_only=True)
class Redacted(Event):
    """The content of an earlier entry was destroyed; what may be kept stands here in its place.

    What was kept counts as the entry would, where it is a whole report; never before the record time of this entry.

    target: the position of the entry
    target_stream: the stream of that entry (set at intake)
    target_type: the type of that entry (set at intake)
    target_type_version: the version of that type in which the fields are kept (set at intake)
    stood_for: where the target was itself a redaction, the positions that it stood for (set at intake)
    reported: when the entry was first public, as far as that was known (set at intake)
    reason: why, in the archivist's words
    kept: the fields that were kept
    access: `internal` where the entry was; it keeps this out of what is published
    """

    target: Position
    target_stream: str = ""
    target_type: str = ""
    target_type_version: int = 1
    stood_for: tuple[Position, ...] = ()
    reported: When | None = None
    reason: str
    kept: Mapping[str, Any] = field(default_factory=dict)
    access: Access = "public"

    @property
    def stream(self) -> str:
        """The stream of the entry that it replaces."""
        return self.target_stream


def standing_for(event: Event) -> Event:
    """What counts of an event: the event itself; of a redaction what was kept, where that is a whole report."""
    if not isinstance(event, Redacted):
        return event
    try:
        kept = from_plain(event.target_type, event.target_type_version, dict(event.kept))
        whole = kept.stream == event.target_stream and not any(True for _ in kept.faults())
    except (AttributeError, KeyError, TypeError, ValueError):
        return event
    return kept if whole else event
