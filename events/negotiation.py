"""Negotiation: talks, conditions, offers, outcomes, pressure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.effects import Effect
from events.values import OrganisationId, PersonId, Slug, When


@dataclass(frozen=True, kw_only=True)
class NegotiationOpened(Report):
    """Talks began.

    matter: the slug of the talks
    when: when
    about: what about, in the archivist's words
    people: who takes part
    parties: which organisations take part
    """

    matter: Slug
    when: When
    about: str | None = None
    people: tuple[PersonId, ...] = ()
    parties: tuple[OrganisationId, ...] = ()

    def effects(self) -> Iterator[Effect]:
        """Opens the matter."""
        yield Effect(
            "open",
            "matters",
            self.organisation,
            self.matter,
            when=self.when,
            details={"kind": "negotiation", **({"title": self.about} if self.about else {})},
        )


@dataclass(frozen=True, kw_only=True)
class ConditionSet(Report):
    """Somebody made something a condition in talks: demanded, not granted.

    matter: the slug of the talks
    when: when
    condition: the condition, in the archivist's words
    set_by: who set it
    """

    matter: Slug
    when: When
    condition: str
    set_by: tuple[PersonId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferMade(Report):
    """Somebody offered something: not accepted, not done.

    matter: the slug of the talks that it belongs to
    when: when
    offer: what was offered, in the archivist's words
    offered_by: who offered it
    offered_by_organisation: which organisation offered it
    offered_to: to whom
    """

    matter: Slug | None = None
    when: When
    offer: str
    offered_by: tuple[PersonId, ...] = ()
    offered_by_organisation: OrganisationId | None = None
    offered_to: tuple[PersonId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NegotiationClosed(Report):
    """Talks ended.

    matter: the slug of the talks
    when: when
    outcome: what came of them, in a word or two (agreed, failed)
    """

    matter: Slug
    when: When
    outcome: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Closes the matter."""
        yield Effect(
            "close",
            "matters",
            self.organisation,
            self.matter,
            when=self.when,
            value=self.outcome,
            details={"kind": "negotiation"},
        )


@dataclass(frozen=True, kw_only=True)
class PressureApplied(Report):
    """Somebody put pressure on an organisation or its people.

    when: when
    aim: what for, in the archivist's words
    people: who applied it
    organisations: which organisations applied it
    who: who applied it, where that is no registered name
    pressed: on whom, where that is not the organisation itself
    """

    when: When
    aim: str
    people: tuple[PersonId, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    who: str | None = None
    pressed: str | None = None
