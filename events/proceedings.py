"""Proceedings: complaints and investigations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.effects import Effect
from events.values import Slug, When


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(Report):
    """Somebody complained to an authority or a court about an organisation.

    when: when
    complainant: who complained, as the source has it
    before: the authority or court
    about: what about, in the archivist's words
    matter: the slug of the investigation or case that it belongs to
    """

    when: When
    complainant: str | None = None
    before: str | None = None
    about: str | None = None
    matter: Slug | None = None


@dataclass(frozen=True, kw_only=True)
class InvestigationOpened(Report):
    """An authority, or the organisation itself, began to investigate.

    matter: the slug of the investigation
    when: when it began, or was announced
    investigator: who investigates
    about: what about, in the archivist's words
    """

    matter: Slug
    when: When
    investigator: str | None = None
    about: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Opens the matter."""
        shown = {"title": self.about, "investigator": self.investigator}
        yield Effect(
            "open",
            "matters",
            self.organisation,
            self.matter,
            when=self.when,
            details={
                "kind": "investigation",
                **{key: value for key, value in shown.items() if value is not None},
            },
        )


@dataclass(frozen=True, kw_only=True)
class InvestigationClosed(Report):
    """An investigation ended.

    matter: the slug of the investigation
    when: when
    outcome: what came of it, in a word or two
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
            details={"kind": "investigation"},
        )
