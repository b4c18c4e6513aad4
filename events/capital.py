"""Capital: investments, valuations, and any reported metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events.base import Report
from events.effects import Effect
from events.values import Amount, Currency, OrganisationId, Slug, When


@dataclass(frozen=True, kw_only=True)
class InvestmentMade(Report):
    """Somebody put money into an organisation.

    investment: the investment's slug, which tells several of one investor apart
    investor: the organisation that invests, where it is registered
    investor_name: who invests, where it is not
    when: when
    amount: how much, a decimal string
    amount_text: how much, as the source says it, where that is no number
    currency: in what currency, an ISO 4217 code
    """

    investment: Slug | None = None
    investor: OrganisationId | None = None
    investor_name: str | None = None
    when: When
    amount: Amount | None = None
    amount_text: str | None = None
    currency: Currency | None = None

    def effects(self) -> Iterator[Effect]:
        """Begins the holding of the investor."""
        yield Effect(
            "begin",
            "investors",
            self.organisation,
            self.investment or "",
            self.investor or self.investor_name,
            when=self.when,
            value=self.amount or self.amount_text,
            details={} if self.currency is None else {"currency": self.currency},
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Somebody invests."""
        yield from _investor(self.investor, self.investor_name)


@dataclass(frozen=True, kw_only=True)
class InvestmentEnded(Report):
    """Somebody ceased to put money into an organisation, or gave up what he held.

    investment: the slug of the investment that ended, where there are several
    investor: the organisation that invested, where it is registered
    investor_name: who invested, where it is not
    when: when it ended
    """

    investment: Slug | None = None
    investor: OrganisationId | None = None
    investor_name: str | None = None
    when: When

    def effects(self) -> Iterator[Effect]:
        """Ends the holding of the investor."""
        yield Effect(
            "end",
            "investors",
            self.organisation,
            self.investment or "",
            holder=self.investor or self.investor_name,
            when=self.when,
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Somebody invested."""
        yield from _investor(self.investor, self.investor_name)


@dataclass(frozen=True, kw_only=True)
class HoldingAttested(Report):
    """A source says that somebody is invested in an organisation.

    investor: the organisation invested, where it is registered
    investor_name: who is invested, where it is not
    as_of: when it was so
    share: what part of the whole, as the source says it
    """

    investor: OrganisationId | None = None
    investor_name: str | None = None
    as_of: When
    share: str | None = None

    def effects(self) -> Iterator[Effect]:
        """Attests the holding of the investor."""
        yield Effect(
            "attest",
            "investors",
            self.organisation,
            holder=self.investor or self.investor_name,
            when=self.as_of,
            details={} if self.share is None else {"share": self.share},
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Somebody is invested."""
        yield from _investor(self.investor, self.investor_name)


@dataclass(frozen=True, kw_only=True)
class ValuationReported(Report):
    """A source says what an organisation is worth.

    as_of: when it was so
    amount: how much, a decimal string
    currency: in what currency, an ISO 4217 code
    """

    as_of: When
    amount: Amount
    currency: Currency | None = None

    def effects(self) -> Iterator[Effect]:
        """Sets the attribute `valuation`."""
        yield Effect(
            "set",
            "attributes",
            self.organisation,
            "valuation",
            when=self.as_of,
            value=self.amount,
            details={} if self.currency is None else {"unit": self.currency},
        )


@dataclass(frozen=True, kw_only=True)
class MetricReported(Report):
    """A source gives a figure of an organisation: headcount, users, a share-price move.

    metric: the metric's slug, which names the attribute
    value: the figure, a decimal string, or as the source says it
    unit: what is counted
    as_of: when it was so
    """

    metric: Slug
    value: str
    unit: str | None = None
    as_of: When

    def effects(self) -> Iterator[Effect]:
        """Sets the attribute that the metric names."""
        details: dict[str, Any] = {} if self.unit is None else {"unit": self.unit}
        yield Effect(
            "set",
            "attributes",
            self.organisation,
            self.metric,
            when=self.as_of,
            value=self.value,
            details=details,
        )


@dataclass(frozen=True, kw_only=True)
class AttributeReported(Report):
    """A source says that something about an organisation is or became so.

    attribute: the attribute's slug (`largest_investor`)
    value: what it is
    when: since when it is so, or when it was seen to be so
    """

    attribute: Slug
    value: str
    when: When

    def effects(self) -> Iterator[Effect]:
        """Sets the attribute."""
        yield Effect(
            "set",
            "attributes",
            self.organisation,
            self.attribute,
            when=self.when,
            value=self.value,
        )


def _investor(investor: str | None, name: str | None) -> Iterator[tuple[str, str]]:
    if (investor is None) == (name is None):
        yield "investor", "the id of the investor, or a name in `investor_name`, one of the two"
