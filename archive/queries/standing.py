"""How a row stands at an instant: certainly so, possibly so, over, or still to come (DESIGN section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import orjson

Certainty = Literal["certain", "possible"]


class Span(NamedTuple):
    """One row of the read model, as a question sees it."""

    model: str
    organisation: str
    item: str
    holder: str
    value: str | None
    details: dict[str, Any]
    from_earliest: str | None
    from_latest: str | None
    to_earliest: str | None
    to_latest: str | None
    basis: str
    positions: list[int]
    disputed: list[int]

    @classmethod
    def of(cls, row: Sequence[Any], disputed: list[int] | None = None) -> Span:
        """Read a row whose columns stand in the order of the fields; `details` and `positions` are JSON text."""
        model, organisation, item, holder, value, details, first, begun, doubted, gone, basis, positions = row
        read, rests = orjson.loads(details) if details else {}, orjson.loads(positions)
        when = first, begun, doubted, gone
        return cls(model, organisation, item, holder, value, read, *when, basis, rests, disputed or [])

    def certainty(self, at: str) -> Certainty | None:
        """Whether it is certainly or possibly so at an instant; None if neither."""
        begun = self.from_latest is not None and self.from_latest <= at
        if begun and (self.to_earliest is None or at < self.to_earliest):
            return "certain"
        first = self.from_earliest or self.from_latest
        if first is not None and first <= at and (self.to_latest is None or at < self.to_latest):
            return "possible"
        return None

    def is_over(self, at: str) -> bool:
        """Whether it had certainly ended by an instant."""
        return self.to_latest is not None and self.to_latest <= at

    def may_have_begun(self, at: str) -> bool:
        """Whether nothing rules out that it had begun by an instant at which it is not over."""
        if self.is_over(at):
            return False
        return self.from_earliest is None or self.from_earliest <= at

    def timing(self, certainty: Certainty) -> dict[str, Any]:
        """The keys that every answer ends with; `disputed` has the positions of denials of what it rests on."""
        return {
            "certainty": certainty,
            "since": bounds(self.from_earliest, self.from_latest),
            "until": bounds(self.to_earliest, self.to_latest),
            "basis": self.basis,
            "positions": self.positions,
            "disputed": self.disputed,
        }


def bounds(earliest: str | None, latest: str | None) -> dict[str, str | None] | None:
    """Both bounds of a change, or None where neither is known."""
    return None if earliest is None and latest is None else {"earliest": earliest, "latest": latest}


def standing(spans: Iterable[Span], at: str) -> list[tuple[Span, Certainty]]:
    """The rows that are certainly or possibly so at an instant: certain ones first, then by time, item and holder."""
    found = [(span, certainty) for span in spans if (certainty := span.certainty(at))]
    return sorted(found, key=lambda pair: (pair[1], _order(pair[0])))


def office_status(spans: list[Span], at: str) -> str:
    """`held` (a certain holder), `vacant` (the last one certainly gone, no beginning possible) or `unknown`."""
    if any(span.certainty(at) == "certain" for span in spans):
        return "held"
    gone = any(span.is_over(at) for span in spans)
    return "vacant" if gone and not any(span.may_have_begun(at) for span in spans) else "unknown"


def existence(spans: list[Span], at: str) -> str:
    """`certain`, `possible`, `gone`, `not_yet`, or `unknown` where nothing is reported."""
    found = standing(spans, at)
    if found:
        return found[0][1]
    if any(span.may_have_begun(at) for span in spans) or not spans:
        return "unknown"
    return "gone" if any(span.is_over(at) for span in spans) else "not_yet"


def _order(span: Span) -> tuple[str, str, str, str, list[int]]:
    return span.from_latest or "", span.item, span.holder, span.value or "", span.positions
