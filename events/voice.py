"""Collective voice: open letters, who signed them, and how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.effects import Effect
from events.values import Count, PersonId, Slug, When


@dataclass(frozen=True, kw_only=True)
class OpenLetterPublished(Report):
    """A group made a letter public.

    letter: the letter's slug
    when: when
    addressed_to: to whom, in the archivist's words
    demands: what it demands
    threat: what its signatories say they will do otherwise
    guarantee: what others have assured them, as the letter says
    """

    letter: Slug
    when: When
    addressed_to: str | None = None
    demands: tuple[str, ...] = ()
    threat: str | None = None
    guarantee: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Opens the letter."""
        shown = {
            "addressed_to": self.addressed_to,
            "demands": list(self.demands) or None,
            "threat": self.threat,
            "guarantee": self.guarantee,
        }
        yield Effect(
            "open",
            "letters",
            self.organisation,
            self.letter,
            when=self.when,
            details={key: value for key, value in shown.items() if value is not None},
        )


@dataclass(frozen=True, kw_only=True)
class LetterSigned(Report):
    """People signed a letter, or are seen among its signatories.

    letter: the letter's slug
    people: who
    when: when they signed, or were seen to have
    """

    letter: Slug
    people: tuple[PersonId, ...]
    when: When

    def effects(self) -> Iterator[Effect]:
        """Begins each signature."""
        for person in self.people:
            yield Effect("begin", "signatures", self.organisation, self.letter, person, when=self.when)


@dataclass(frozen=True, kw_only=True)
class SignatureWithdrawn(Report):
    """People took their signatures back.

    letter: the letter's slug
    people: who
    when: when
    """

    letter: Slug
    people: tuple[PersonId, ...]
    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends each signature."""
        for person in self.people:
            yield Effect("end", "signatures", self.organisation, self.letter, person, when=self.when)


@dataclass(frozen=True, kw_only=True)
class SignaturesCounted(Report):
    """A source says how many have signed a letter, perhaps of how many.

    letter: the letter's slug
    as_of: when it was so
    signed: how many have signed
    of: of how many
    """

    letter: Slug
    as_of: When
    signed: Count
    of: Count | None = None

    def effects(self) -> Iterator[Effect]:
        """Sets the count of the letter."""
        yield Effect(
            "set",
            "counts",
            self.organisation,
            self.letter,
            when=self.as_of,
            value=str(self.signed),
            details={} if self.of is None else {"of": self.of},
        )

    def contradictions(self) -> Iterator[str]:
        """No more have signed than there are."""
        if self.of is not None and self.signed > self.of:
            yield f"count exceeds its total: {self.signed} of {self.of}"


@dataclass(frozen=True, kw_only=True)
class LetterClosed(Report):
    """A letter was withdrawn, or met.

    letter: the letter's slug
    when: when
    outcome: what came of it, in a word or two
    """

    letter: Slug
    when: When
    outcome: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Closes the letter."""
        yield Effect(
            "close",
            "letters",
            self.organisation,
            self.letter,
            when=self.when,
            value=self.outcome,
        )
