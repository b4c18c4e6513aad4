"""What every event has, and the list of all types.

A type is one frozen, keyword-only dataclass with a docstring. Its fields say what a report of
that type may carry; ``stream`` says in which stream its entries stand; ``effects`` says what it
does to timelines. Input check, JSON Schema, hand entry, catalogue page and storage follow from
that class alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar

from events.effects import Effect
from events.values import (
    Access,
    Basis,
    OrganisationId,
    Passage,
    Sha256,
    Slug,
    SourceId,
    StatedTime,
    When,
    Zone,
)

SUBJECTS = (
    "identity",
    "sources",
    "offices",
    "employment",
    "governance",
    "voice",
    "capital",
    "negotiation",
    "statements",
    "proceedings",
    "products",
    "later",
)
"""The modules of the language, in the order of the catalogue."""

_TYPES: dict[str, type[Event]] = {}
_LISTED = MappingProxyType(_TYPES)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An immutable record in the log.

    id: the caller's own id of the report; the same id with other content is a fault
    tzdata: the version of the time-zone data that the bounds were derived with (set at intake)
    """

    VERSION: ClassVar[int] = 1
    SUBJECT: ClassVar[str] = ""

    id: str | None = None
    tzdata: str | None = None

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.SUBJECT = cls.__module__.rpartition(".")[2]
        if not abstract:
            _TYPES[cls.__name__] = cls

    @property
    def stream(self) -> str:
        """The stream whose entry this event becomes."""
        raise TypeError(f"{type(self).__name__} names no stream")

    @property
    def occurred(self) -> When | None:
        """The time of what the event tells, None where it has none (a registration)."""
        for name in ("when", "from_", "as_of"):
            moment = getattr(self, name, None)
            if isinstance(moment, When):
                return moment
        return None

    def effects(self) -> Iterator[Effect]:
        """What the event does to timelines; nothing unless the type says so."""
        return iter(())

    def contradictions(self) -> Iterator[str]:
        """What within this one report cannot all be true, a sentence each."""
        return iter(())

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the values taken together: (field, what would be right)."""
        return iter(())

    @classmethod
    def upcast(cls, version: int, plain: dict[str, Any]) -> dict[str, Any]:
        """Bring a stored shape of an older version to today's; types that changed override it."""
        if version != cls.VERSION:
            raise ValueError(f"{cls.__name__} version {version} is not known")
        return plain


@dataclass(frozen=True, kw_only=True)
class Registration(Event, abstract=True):
    """The archive's own note of an identity: who or what it is about, not what happened to it.

    It has no time in the world and counts as known at every report time; record time alone
    says since when the archive has it.
    """


@dataclass(frozen=True, kw_only=True)
class Sourced(Event, abstract=True):
    """What a source says.

    source: the document that says so
    basis: distance from the deed; `stated` (the source says it in its own voice) unless given
    attribution: who says so, as the source has it
    published: when this was first public, where it differs from the source's own time
    tz: the zone of local times and dates in this report; UTC unless given
    source_version: the digest of the version of the source that says so; the one registered first unless given
    passages: the exact places in the source
    stated_times: every statement of time as printed, with its zone as printed
    development: joins reports of one development, or separates what would count as one
    summary: what is said, in the archivist's own words
    access: `internal` keeps the report out of what is published
    """

    source: SourceId
    basis: Basis = "stated"
    attribution: str | None = None
    published: When | None = None
    tz: Zone | None = None
    source_version: Sha256 | None = None
    passages: tuple[Passage, ...] = ()
    stated_times: tuple[StatedTime, ...] = ()
    development: Slug | None = None
    summary: str | None = None
    access: Access = "public"


@dataclass(frozen=True, kw_only=True)
class Report(Sourced, abstract=True):
    """What a source says of an organisation.

    organisation: the organisation that it happened to, in whose stream the entry stands
    """

    organisation: OrganisationId

    @property
    def stream(self) -> str:
        """The organisation's stream."""
        return f"organisation/{self.organisation}"


@cache
def subjects() -> tuple[ModuleType, ...]:
    """The modules of the language, in the order of the catalogue; their types are on the list from then on."""
    modules = tuple(importlib.import_module(f"events.{name}") for name in SUBJECTS)
    places = {f"events.{name}": place for place, name in enumerate(SUBJECTS)}
    listed = sorted(_TYPES.items(), key=lambda pair: places.get(pair[1].__module__, len(places)))
    _TYPES.clear()
    _TYPES.update(listed)
    return modules


def types() -> Mapping[str, type[Event]]:
    """Every event type by its name."""
    subjects()
    return _LISTED


def forget(name: str) -> None:
    """Take a type off the list again (tests define types of their own)."""
    _TYPES.pop(name, None)
