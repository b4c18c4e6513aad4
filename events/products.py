"""Products launched, and anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.base import Report
from events.values import OrganisationId, PersonId, When


@dataclass(frozen=True, kw_only=True)
class ProductLaunched(Report):
    """An organisation made a product available.

    product: its name
    when: when
    """

    product: str
    when: When


@dataclass(frozen=True, kw_only=True)
class Noted(Report):
    """Something happened for which there is no other type; the summary says what.

    when: when
    people: whom it concerns
    organisations: which organisations it concerns
    """

    when: When
    people: tuple[PersonId, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """A note says something."""
        if not self.summary:
            yield "summary", "what happened, in your own words"
