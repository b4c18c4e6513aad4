"""Identity: organisations, people, offices, names, affiliations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events.base import Registration, Report, Sourced
from events.effects import Effect
from events.values import Count, Language, OfficeId, OrganisationId, PersonId, When


@dataclass(frozen=True, kw_only=True)
class OrganisationRegistered(Registration):
    """The archive takes an organisation into its register (Popolo and W3C ORG: Organization).

    organisation: the new id, a lower-case slug
    name: the name that answers show
    classification: what kind of organisation it is, in a word (company, ministry, party)
    """

    organisation: OrganisationId
    name: str
    classification: str | None = None

    @property
    def stream(self) -> str:
        """The organisation's stream."""
        return f"organisation/{self.organisation}"

    def effects(self) -> Iterator[Effect]:
        """Sets the name shown, and records it as a name."""
        yield Effect(
            "set",
            "organisations",
            self.organisation,
            value=self.name,
            details=_given(classification=self.classification),
        )
        yield named("organisation", self.organisation, self.name)


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Registration):
    """The archive takes a person into its register (Popolo: Person).

    person: the new id, a lower-case slug of the usual name
    name: the name that answers show
    names: other names and spellings by which reports may call the person
    """

    person: PersonId
    name: str
    names: tuple[str, ...] = ()

    @property
    def stream(self) -> str:
        """The registry: a person has no stream, so that leaves can stay when people must go."""
        return "registry"

    def effects(self) -> Iterator[Effect]:
        """Sets the name shown, and records every name."""
        yield Effect("set", "people", "", self.person, value=self.name)
        for name in dict.fromkeys((self.name, *self.names)):
            yield named("person", self.person, name)


@dataclass(frozen=True, kw_only=True)
class OfficeRegistered(Registration):
    """The archive takes an office of an organisation into its register (Popolo and W3C ORG: Post).

    organisation: whose office it is
    office: the new id, a lower-case slug, unique in the organisation
    title: the title that answers show
    seats: how many may hold it at once; null for no limit
    on_board: whether its holders sit on the board of directors
    """

    organisation: OrganisationId
    office: OfficeId
    title: str
    seats: Count | None = Count(1)
    on_board: bool = False

    @property
    def stream(self) -> str:
        """The organisation's stream."""
        return f"organisation/{self.organisation}"

    def effects(self) -> Iterator[Effect]:
        """Sets the title shown with the number of seats."""
        yield Effect(
            "set",
            "offices",
            self.organisation,
            self.office,
            value=self.title,
            details={"seats": self.seats, "on_board": self.on_board},
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """An office has a seat."""
        if self.seats == 0:
            yield "seats", "at least 1, or null for an office without a limit"


@dataclass(frozen=True, kw_only=True)
class NameRecorded(Sourced):
    """A source calls somebody or something by this name (Popolo: other_names).

    Give one of person, or organisation, or organisation and office.

    person: the person called so
    organisation: the organisation called so, or whose office is
    office: the office called so
    name: the name or spelling as the source has it
    language: the language of the name, a BCP 47 tag
    """

    person: PersonId | None = None
    organisation: OrganisationId | None = None
    office: OfficeId | None = None
    name: str
    language: Language | None = None

    @property
    def stream(self) -> str:
        """The organisation's stream, or the registry for a person."""
        return f"organisation/{self.organisation}" if self.organisation else "registry"

    def effects(self) -> Iterator[Effect]:
        """Records the name."""
        language = _given(language=self.language)
        if self.person is not None:
            yield named("person", self.person, self.name, details=language)
        elif self.organisation is not None and self.office is not None:
            subject = f"{self.organisation}/{self.office}"
            yield named("office", subject, self.name, details=language)
        elif self.organisation is not None:
            yield named("organisation", self.organisation, self.name, details=language)

    def faults(self) -> Iterator[tuple[str, str]]:
        """One subject, no more."""
        if self.person is not None and self.organisation is not None:
            yield "person", "either a person or an organisation, not both"
        if self.person is None and self.organisation is None:
            yield "person", "a person, or an organisation, or an organisation and an office"


@dataclass(frozen=True, kw_only=True)
class AffiliationAttested(Report):
    """A source says that somebody belongs to an organisation in a role for which the archive
    keeps no office (Popolo: Membership).

    person: who
    role: the role, as a title
    as_of: when it was so
    """

    person: PersonId
    role: str | None = None
    as_of: When

    def effects(self) -> Iterator[Effect]:
        """Attests the affiliation."""
        yield Effect(
            "attest",
            "affiliations",
            self.organisation,
            holder=self.person,
            when=self.as_of,
            value=self.role,
        )


@dataclass(frozen=True, kw_only=True)
class AffiliationEnded(Report):
    """A source says that somebody no longer belongs to an organisation.

    person: who
    when: when it ended
    """

    person: PersonId
    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends the affiliation."""
        yield Effect("end", "affiliations", self.organisation, holder=self.person, when=self.when)


def named(kind: str, subject: str, name: str, details: dict[str, Any] | None = None) -> Effect:
    """The effect of a name of a person, an organisation or an office."""
    organisation = "" if kind == "person" else subject.partition("/")[0]
    return Effect(
        "attest",
        "names",
        organisation,
        item=f"{kind}/{subject}",
        holder=name,
        details=details or {},
    )


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
