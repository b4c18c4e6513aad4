"""Employment: hires announced, people joining and departing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.effects import Effect
from events.offices import promise
from events.values import Count, PersonId, When


@dataclass(frozen=True, kw_only=True)
class HireAnnounced(Report):
    """An organisation or another announced that people will join it; they must still come.

    people: who
    when: when it was announced
    promised: when they are to begin
    role: in what role
    announced_by: who announced it, as the source has it
    """

    people: tuple[PersonId, ...]
    when: When
    promised: When | None = None
    role: str | None = None
    announced_by: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Announces each employment."""
        details = promise(self.promised, status="announced", announced_by=self.announced_by)
        for person in self.people:
            yield Effect(
                "announce",
                "employees",
                self.organisation,
                holder=person,
                when=self.when,
                value=self.role,
                details=details,
            )


@dataclass(frozen=True, kw_only=True)
class HireWithdrawn(Report):
    """An announced hire was withdrawn or declined.

    people: who
    when: when
    declined: whether the people themselves declined
    """

    people: tuple[PersonId, ...]
    when: When
    declined: bool = False

    def effects(self) -> Iterator[Effect]:
        """Withdraws each announcement."""
        details = {"outcome": "declined" if self.declined else "withdrawn"}
        for person in self.people:
            yield Effect(
                "withdraw",
                "employees",
                self.organisation,
                holder=person,
                when=self.when,
                details=details,
            )


@dataclass(frozen=True, kw_only=True)
class Joined(Report):
    """People began to work for an organisation.

    people: who
    from: when they began
    role: in what role
    came_from: where they worked before, as the source has it
    """

    people: tuple[PersonId, ...]
    from_: When
    role: str | None = None
    came_from: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Begins each employment; what others say of an announced hire, with its date, announces it anew."""
        for person in self.people:
            yield Effect(
                "begin",
                "employees",
                self.organisation,
                holder=person,
                when=self.from_,
                value=self.role,
                planned=True,
            )


@dataclass(frozen=True, kw_only=True)
class EmploymentAttested(Report):
    """A source shows people working for an organisation.

    people: who
    as_of: when it was so
    role: in what role
    """

    people: tuple[PersonId, ...]
    as_of: When
    role: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Attests each employment."""
        for person in self.people:
            yield Effect(
                "attest",
                "employees",
                self.organisation,
                holder=person,
                when=self.as_of,
                value=self.role,
            )


@dataclass(frozen=True, kw_only=True)
class Departed(Report):
    """People left an organisation: named ones, or only a number of them.

    people: who, where they are named
    count: how many, where that is all that is known
    when: when they left
    role: in what role they worked
    reason: the reason given, in the archivist's words
    """

    people: tuple[PersonId, ...] = ()
    count: Count | None = None
    when: When
    role: str | None = None
    reason: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Ends each named employment."""
        for person in self.people:
            yield Effect("end", "employees", self.organisation, holder=person, when=self.when)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Somebody left."""
        if not self.people and self.count is None:
            yield "people", "the people who left, or their count"

    def contradictions(self) -> Iterator[str]:
        """The count is at least the number of those named."""
        if self.count is not None and self.count < len(self.people):
            yield f"count exceeded: {len(self.people)} people are named of {self.count}"
