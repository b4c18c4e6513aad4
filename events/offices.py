"""Offices: who begins, holds, leaves, or is only announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events.base import Report
from events.effects import Effect, Kind
from events.values import ALWAYS, Capacity, OfficeId, OrganisationId, PersonId, When


@dataclass(frozen=True, kw_only=True)
class OfficeReport(Report, abstract=True):
    """What a source says of one person and one office.

    office: the office
    person: the person
    """

    office: OfficeId
    person: PersonId

    def _on_seat(self, kind: Kind, when: When, **more: Any) -> Effect:
        return Effect(kind, "tenures", self.organisation, self.office, self.person, when=when, **more)


@dataclass(frozen=True, kw_only=True)
class Appointed(OfficeReport):
    """Whoever has the power put somebody in an office, at once or from a later date.

    from: when the tenure begins
    until: when it ends, where its end was known
    capacity: `permanent`, `interim` or `acting`, where the source says so
    during_absence: the holder is only absent: nobody's tenure ends
    replaces: whose place is taken, in an office of several seats
    decided_by: who decided, as the source has it
    """

    from_: When
    until: When | None = None
    capacity: Capacity | None = None
    during_absence: bool = False
    replaces: PersonId | None = None
    decided_by: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Begins a tenure, and ends it where its end is known."""
        yield self._on_seat(
            "begin",
            self.from_,
            value=self.capacity,
            planned=True,
            during_absence=self.during_absence,
            replaces=self.replaces,
        )
        if self.until is not None:
            yield self._on_seat("end", self.until, planned=True)

    def faults(self) -> Iterator[tuple[str, str]]:
        """A tenure ends after it begins."""
        yield from ends_after("until", self.from_, self.until)


@dataclass(frozen=True, kw_only=True)
class Attested(OfficeReport):
    """A source shows somebody in an office without saying how or when he came into it.

    as_of: when he held it
    capacity: `permanent`, `interim` or `acting`, where the source says so
    """

    as_of: When
    capacity: Capacity | None = None

    def effects(self) -> Iterator[Effect]:
        """Attests the tenure."""
        yield self._on_seat("attest", self.as_of, value=self.capacity)


@dataclass(frozen=True, kw_only=True)
class Departure(OfficeReport, abstract=True):
    """An ending.

    when: when it was done
    effective: from when it holds, where that is a later time
    reason: the reason given, in the archivist's words
    """

    when: When
    effective: When | None = None
    reason: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Ends the tenure."""
        yield self._on_seat("end", self.effective or self.when, planned=self.effective is not None)

    def faults(self) -> Iterator[tuple[str, str]]:
        """A decision does not take effect before it is made."""
        yield from ends_after("effective", self.when, self.effective)


@dataclass(frozen=True, kw_only=True)
class Dismissed(Departure):
    """Whoever has the power removed somebody from an office."""


@dataclass(frozen=True, kw_only=True)
class Resigned(Departure):
    """Somebody gave up an office."""


@dataclass(frozen=True, kw_only=True)
class TermEnded(OfficeReport):
    """A tenure ran out, or ended in a way that the source does not say.

    when: when it ended
    """

    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends the tenure."""
        yield self._on_seat("end", self.when, planned=True)


@dataclass(frozen=True, kw_only=True)
class Died(OfficeReport):
    """Somebody died in office.

    when: when he died
    """

    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends the tenure."""
        yield self._on_seat("end", self.when)


@dataclass(frozen=True, kw_only=True)
class LeftInDoubt(OfficeReport):
    """A source makes it doubtful whether somebody still holds an office, without an end.

    when: since when it is doubtful
    """

    when: When

    def effects(self) -> Iterator[Effect]:
        """Puts the tenure in doubt."""
        yield self._on_seat("doubt", self.when)


@dataclass(frozen=True, kw_only=True)
class AppointmentAnnounced(OfficeReport):
    """An appointment was announced by somebody who does not decide it, or that still needs the
    person to come.

    when: when it was announced
    promised: when he is to begin
    capacity: in what capacity
    announced_by: who announced it, as the source has it
    """

    when: When
    promised: When | None = None
    capacity: Capacity | None = None
    announced_by: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Announces a beginning."""
        yield self._on_seat(
            "announce",
            self.when,
            value=self.capacity,
            details=promise(self.promised, status="announced", announced_by=self.announced_by),
        )


@dataclass(frozen=True, kw_only=True)
class CandidateNamed(OfficeReport):
    """Somebody was named as a candidate for an office.

    when: when he was named
    """

    when: When

    def effects(self) -> Iterator[Effect]:
        """Lists a candidacy, until somebody begins in the office."""
        yield self._on_seat("announce", self.when, details={"status": "candidate"})


@dataclass(frozen=True, kw_only=True)
class AnnouncementWithdrawn(OfficeReport):
    """An announced appointment, or a candidacy, was withdrawn or declined.

    when: when
    declined: whether the person himself declined
    """

    when: When
    declined: bool = False

    def effects(self) -> Iterator[Effect]:
        """Withdraws the announcement."""
        outcome = "declined" if self.declined else "withdrawn"
        yield self._on_seat("withdraw", self.when, details={"outcome": outcome})


@dataclass(frozen=True, kw_only=True)
class MembershipReported(Report):
    """A register lists somebody as belonging to an organisation (Popolo: Membership).

    The offices are of one organisation and without a limit of seats: one that all its members hold, and beside it
    those of a role or a constituency. `development` tells several memberships of one person apart; each lasts as its
    own report says, whatever others of the same person begin meanwhile.

    person: who
    offices: the offices that the membership gives
    from: when it began, where the register says so
    until: when it ended or is to end, where the register says so
    as_of: when it was listed, where the register has neither
    on_behalf_of: the organisation for which the person sits there (a party)
    """

    person: PersonId
    offices: tuple[OfficeId, ...]
    from_: When | None = None
    until: When | None = None
    as_of: When | None = None
    on_behalf_of: OrganisationId | None = None

    def effects(self) -> Iterator[Effect]:
        """Begins and ends a tenure of each office, and an affiliation with the organisation sat for; where neither
        time is known, attests them."""
        begin: Kind = "begin" if self.from_ is not None else "attest"
        times: list[tuple[Kind, When | None]] = [(begin, self.from_ or self.as_of), ("end", self.until)]
        keys: list[tuple[str, str, str, str | None]]
        keys = [("tenures", self.organisation, office, None) for office in self.offices]
        if self.on_behalf_of is not None:
            keys.append(("affiliations", self.on_behalf_of, self.organisation, self.organisation))
        for kind, when in times:
            for model, organisation, item, role in keys if when is not None else ():
                yield Effect(
                    kind,
                    model,
                    organisation,
                    item,
                    self.person,
                    when=when or ALWAYS,
                    value=None if kind == "end" else role,
                    planned=True,
                    during_absence=kind == "begin",
                )

    @property
    def occurred(self) -> When | None:
        """The first of its times that is known."""
        return self.from_ or self.until or self.as_of

    def faults(self) -> Iterator[tuple[str, str]]:
        """A time is known, and the end is not before the beginning."""
        if self.occurred is None:
            yield "as_of", "when it was listed, or `from` or `until`"
        if self.from_ is not None and self.as_of is not None:
            yield "as_of", "nothing here, for the beginning is known"
        if self.from_ is not None:
            yield from ends_after("until", self.from_, self.until)


def promise(promised: When | None, **shown: Any) -> dict[str, Any]:
    """The details of an announcement."""
    details = {key: value for key, value in shown.items() if value is not None}
    if promised is not None:
        details["promised"] = {
            "text": promised.text,
            "earliest": promised.earliest,
            "latest": promised.latest,
        }
    return details


def ends_after(field: str, begin: When, end: When | None) -> Iterator[tuple[str, str]]:
    """The fault of an end that lies certainly before its beginning."""
    if end is None or end.latest is None or begin.earliest is None:
        return
    if end.latest < begin.earliest:
        yield field, f"a time that is not before {begin.text}"
