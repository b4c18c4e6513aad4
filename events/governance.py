"""Governance: founding, legal form, structure, meetings and votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.effects import Effect
from events.values import Ballot, Count, OrganisationId, PersonId, Slug, When


@dataclass(frozen=True, kw_only=True)
class Founded(Report):
    """An organisation came into being (Popolo: founding_date).

    when: when
    founders: who founded it
    purpose: what for, in the archivist's words
    """

    when: When
    founders: tuple[PersonId, ...] = ()
    purpose: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Begins the organisation's existence."""
        yield Effect("begin", "existence", self.organisation, when=self.when)


@dataclass(frozen=True, kw_only=True)
class Dissolved(Report):
    """An organisation ceased to exist (Popolo: dissolution_date).

    when: when
    effective: from when, where that is a later time
    """

    when: When
    effective: When | None = None

    def effects(self) -> Iterator[Effect]:
        """Ends the organisation's existence."""
        yield Effect(
            "end",
            "existence",
            self.organisation,
            when=self.effective or self.when,
            planned=self.effective is not None,
        )


@dataclass(frozen=True, kw_only=True)
class LegalFormAdopted(Report):
    """An organisation took on a legal form.

    form: the form, as a term (non-profit corporation, capped-profit partnership)
    when: when
    """

    form: str
    when: When

    def effects(self) -> Iterator[Effect]:
        """Sets the attribute `legal_form`."""
        yield Effect("set", "attributes", self.organisation, "legal_form", when=self.when, value=self.form)


@dataclass(frozen=True, kw_only=True)
class SubsidiaryFormed(Report):
    """An organisation set up or took over another that it controls (W3C ORG: hasUnit).

    subsidiary: the organisation controlled, where it is registered
    name: its name or kind, where it is not
    when: when
    """

    subsidiary: OrganisationId | None = None
    name: str | None = None
    when: When

    def effects(self) -> Iterator[Effect]:
        """Begins the control."""
        yield Effect(
            "begin",
            "subsidiaries",
            self.organisation,
            holder=self.subsidiary or self.name,
            when=self.when,
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """The subsidiary is called something."""
        if self.subsidiary is None and self.name is None:
            yield "subsidiary", "the id of the subsidiary, or its name in `name`"


@dataclass(frozen=True, kw_only=True)
class SubsidiaryEnded(Report):
    """An organisation no longer controls another.

    subsidiary: the organisation controlled, as it was named when it was formed
    when: when it ended
    """

    subsidiary: str
    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends the control."""
        yield Effect("end", "subsidiaries", self.organisation, holder=self.subsidiary, when=self.when)


@dataclass(frozen=True, kw_only=True)
class Restructured(Report):
    """An organisation changed its structure in a way that no other type tells.

    when: when
    structure: the new structure, in the archivist's words
    """

    when: When
    structure: str

    def effects(self) -> Iterator[Effect]:
        """Sets the attribute `structure`."""
        yield Effect("set", "attributes", self.organisation, "structure", when=self.when, value=self.structure)


@dataclass(frozen=True, kw_only=True)
class MeetingCalled(Report):
    """A meeting was called.

    meeting: the meeting's slug
    when: when it was called
    scheduled: when it is to be held
    called_by: who called it
    called: who was called to it
    body: whose meeting it is (board of directors)
    """

    meeting: Slug
    when: When
    scheduled: When | None = None
    called_by: tuple[PersonId, ...] = ()
    called: tuple[PersonId, ...] = ()
    body: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Opens the matter of the meeting."""
        yield Effect(
            "open",
            "matters",
            self.organisation,
            self.meeting,
            when=self.when,
            details={"kind": "meeting", "title": self.body or self.meeting},
        )


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(Report):
    """A meeting took place.

    meeting: the meeting's slug
    when: when
    present: who was there
    absent: who belonged to it and was not there
    body: whose meeting it was
    """

    meeting: Slug
    when: When
    present: tuple[PersonId, ...] = ()
    absent: tuple[PersonId, ...] = ()
    body: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Closes the matter of the meeting and notes who attended."""
        yield Effect(
            "close",
            "matters",
            self.organisation,
            self.meeting,
            when=self.when,
            value="held",
            details={
                "kind": "meeting",
                "title": self.body or self.meeting,
                **({"present": len(self.present)} if self.present else {}),
            },
        )
        for people, value in ((self.present, "present"), (self.absent, "absent")):
            for person in people:
                yield Effect(
                    "set",
                    "attendance",
                    self.organisation,
                    self.meeting,
                    person,
                    when=self.when,
                    value=value,
                )

    def contradictions(self) -> Iterator[str]:
        """Nobody is both present and absent."""
        for person in sorted(set(self.present) & set(self.absent)):
            yield f"attendance contradicts itself: {person} is both present and absent"


@dataclass(frozen=True, kw_only=True)
class VoteHeld(Report):
    """A body voted on a motion (Popolo: Motion, VoteEvent, Count, Vote).

    vote: the vote's slug
    when: when
    motion: what was voted on, in the archivist's words
    meeting: the slug of the meeting at which it was held
    in_favour: the number of votes for the motion
    against: the number of votes against it
    abstained: the number of abstentions
    ballots: the named votes
    result: `passed` or `failed`, where the source says so
    """

    vote: Slug
    when: When
    motion: str
    meeting: Slug | None = None
    in_favour: Count | None = None
    against: Count | None = None
    abstained: Count | None = None
    ballots: tuple[Ballot, ...] = ()
    result: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Sets the result of the vote and each named ballot; its tally is held against the attendance."""
        tally = {"for": self.in_favour, "against": self.against, "abstain": self.abstained}
        given = {choice: number for choice, number in tally.items() if number is not None}
        yield Effect(
            "set",
            "votes",
            self.organisation,
            self.vote,
            when=self.when,
            value=self.result,
            details={"motion": self.motion, "meeting": self.meeting, "tally": given},
        )
        if self.meeting is not None and given:
            yield Effect(
                "attest",
                "matters",
                self.organisation,
                self.meeting,
                when=self.when,
                details={"tally": sum(given.values())},
            )
        for ballot in self.ballots:
            yield Effect(
                "set",
                "ballots",
                self.organisation,
                self.vote,
                ballot.person,
                when=self.when,
                value=ballot.choice,
            )

    def contradictions(self) -> Iterator[str]:
        """The tally is not smaller than the named votes."""
        named: Counter[str] = Counter(ballot.choice for ballot in self.ballots)
        for choice, number in (
            ("for", self.in_favour),
            ("against", self.against),
            ("abstain", self.abstained),
        ):
            if number is not None and named[choice] > number:
                yield f"tally contradicted: {named[choice]} named votes {choice}, {number} counted"
