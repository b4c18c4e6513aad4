"""Statements: what organisations and people said, and claims about motives side by side."""

from __future__ import annotations

from dataclasses import dataclass

from events.base import Report
from events.values import OrganisationId, PersonId, Slug, When


@dataclass(frozen=True, kw_only=True)
class StatementMade(Report):
    """An organisation stated something officially.

    when: when
    channel: where (website, press release)
    about: what about, in a few words
    reason: the reason stated for a deed, in the archivist's words
    spokesperson: who spoke for it
    spokesperson_name: who spoke for it, where that is no registered name
    """

    when: When
    channel: str | None = None
    about: str | None = None
    reason: str | None = None
    spokesperson: PersonId | None = None
    spokesperson_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class MemoCirculated(Report):
    """A memo went round in an organisation.

    when: when it was written, or became known
    author: who wrote it
    about: what about, in a few words
    reason: the reason it gives for a deed, in the archivist's words
    """

    when: When
    author: PersonId | None = None
    about: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Posted(Report):
    """Somebody posted something in public.

    person: who
    platform: where
    when: when
    reply_to: the slug of the development it answers
    regrets: whether it expresses regret for a deed of his own
    """

    person: PersonId
    platform: str | None = None
    when: When
    reply_to: Slug | None = None
    regrets: bool = False


@dataclass(frozen=True, kw_only=True)
class Endorsed(Report):
    """Somebody reposted, or otherwise made his own, what others had said.

    people: who
    of: whose words
    endorsed: the slug of the development that was endorsed
    platform: where
    when: when
    form: how (repost, hearts, the same words)
    """

    people: tuple[PersonId, ...]
    of: tuple[PersonId, ...] = ()
    endorsed: Slug | None = None
    platform: str | None = None
    when: When
    form: str | None = None


@dataclass(frozen=True, kw_only=True)
class InterviewGiven(Report):
    """Somebody answered questions or spoke before an audience.

    person: who
    when: when
    venue: where, or to whom
    about: what about, in a few words
    """

    person: PersonId
    when: When
    venue: str | None = None
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class MotiveClaimed(Report):
    """Somebody says why a deed was done.

    when: when the deed was done
    deed: the slug of the deed's development
    motive: the motive, in the archivist's words
    of: whose motive
    of_organisation: the organisation whose motive
    """

    when: When
    deed: Slug | None = None
    motive: str
    of: tuple[PersonId, ...] = ()
    of_organisation: OrganisationId | None = None
