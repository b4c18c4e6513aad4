"""What the fold takes and gives: acts, spans and conflicts; the order of acts; bounds of a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from archive.times import from_instant

if TYPE_CHECKING:
    from archive.projections.seats import Seat

LOW = ""
"""Before every instant: a time that is not bounded from below."""
HIGH = "~"
"""After every instant: a time that is not bounded from above."""

Order = tuple[str, str, int, str, str]
"""The place of an act in the fold: latest and earliest bound, turn, when it was reported, digest."""

_TURN = {"end": 0, "close": 0, "withdraw": 2}


class Act(NamedTuple):
    """An effect with the standing of the report that it comes from.

    ``earliest`` and ``latest`` are canonical instants, or ``LOW`` and ``HIGH``; ``rank`` is that
    of the report's basis; ``digest`` that of its content, with the number of the effect.
    """

    kind: str
    holder: str
    earliest: str
    latest: str
    value: str | None
    details: str | None
    planned: bool
    during_absence: bool
    replaces: str | None
    rank: int
    reported: str
    position: int
    digest: str
    development: str | None

    @property
    def order(self) -> Order:
        """The order of the fold; it never depends on the position (DESIGN section 3)."""
        return self.latest, self.earliest, self.turn, self.reported, self.digest

    @property
    def turn(self) -> int:
        """Its turn among acts of equal bounds: endings before beginnings, less firm before firmer."""
        return 8 * _TURN.get(self.kind, 1) - self.rank

    @property
    def scheduled(self) -> bool:
        """Whether it was reported before it fell due, and may have been."""
        return self.planned and self.reported < self.latest

    @property
    def premature(self) -> bool:
        """Whether it tells a deed that was reported before it can have happened."""
        return not self.planned and self.reported < self.earliest


class Span(NamedTuple):
    """A stretch of a timeline, one row of a read model."""

    model: str
    holder: str
    value: str | None
    details: str | None
    from_earliest: str | None
    from_latest: str | None
    to_earliest: str | None
    to_latest: str | None
    rank: int
    positions: tuple[int, ...]


class Conflict(NamedTuple):
    """Reports that cannot all be true; ``rank`` is that of the least firm involved, ``details`` JSON text."""

    kind: str
    holders: tuple[str, ...]
    earliest: str | None
    latest: str | None
    rank: int
    positions: tuple[int, ...]
    details: str | None = None


Evidence = tuple[tuple[int, str], ...]
"""Positions with the role that each plays for a row."""


@dataclass(slots=True)
class Folded:
    """What a fold gives: rows with their evidence, and conflicts; and what they were made from, for who folds on.

    Of a seat or a holding ``seat``, of a value ``runs``: the acts of each stretch, in order.
    """

    spans: dict[Span, Evidence]
    conflicts: list[Conflict]
    seat: Seat | None = None
    runs: list[list[Act]] | None = None


class Bounds(NamedTuple):
    """The bounds of a change, which acts decided them, and whether its reports disagree."""

    earliest: str
    latest: str
    deciders: tuple[Act, ...]
    disagree: bool


def resolve(acts: Sequence[Act]) -> Bounds:
    """The bounds of one change from its reports.

    They are the intersection of the reports; if that is empty the least firm are left out until
    the rest meet; equally firm ones that exclude each other give their hull.
    """
    if len(acts) == 1:
        only = acts[0]
        return Bounds(only.earliest, only.latest, (only,), disagree=False)
    earliest, latest, disagree = LOW, HIGH, False
    used: list[Act] = []
    for rank in sorted({act.rank for act in acts}):
        equals = [act for act in acts if act.rank == rank]
        low = max(earliest, *(act.earliest for act in equals))
        high = min(latest, *(act.latest for act in equals))
        if low > high:
            disagree = True
            if not used:
                used = equals
                earliest = min(act.earliest for act in equals)
                latest = max(act.latest for act in equals)
            break
        earliest, latest = low, high
        used += equals
    used.sort(key=lambda act: (act.rank, act.reported, act.digest))
    first = next((act for act in used if act.earliest == earliest), used[0])
    last = next((act for act in used if act.latest == latest), used[0])
    return Bounds(earliest, latest, (first,) if first is last else (first, last), disagree)


def disagreement(acts: Sequence[Act]) -> list[Conflict]:
    """The conflicts of reports of one change whose times exclude each other.

    One of the firmest reports that do, and one for each weaker basis whose reports are left out: what is less firm
    does not hide that firmer ones disagree.
    """
    ranks = sorted({act.rank for act in acts})
    disagreeing = (rank for rank in ranks if resolve([act for act in acts if act.rank <= rank]).disagree)
    first = next(disagreeing, ranks[-1])
    firm = [act for act in acts if act.rank <= first]
    bounds = resolve(firm)
    found = [_times_disagree(firm)]
    for rank in ranks[ranks.index(first) + 1 :]:
        out = [
            act for act in acts if act.rank == rank and (act.latest < bounds.earliest or bounds.latest < act.earliest)
        ]
        if out:
            found.append(_times_disagree([*bounds.deciders, *out]))
    return found


def _times_disagree(acts: Sequence[Act]) -> Conflict:
    return Conflict(
        "times disagree",
        tuple(sorted({act.holder for act in acts if act.holder})),
        opened(min(act.earliest for act in acts)),
        opened(max(act.latest for act in acts)),
        max(act.rank for act in acts),
        positions(acts),
    )


def premature(acts: Iterable[Act]) -> list[Conflict]:
    """The conflicts of deeds reported before they happened."""
    return [
        Conflict(
            "reported before it happened",
            (act.holder,) if act.holder else (),
            opened(act.earliest),
            opened(act.latest),
            act.rank,
            (act.position,),
        )
        for act in acts
        if act.premature
    ]


def positions(acts: Iterable[Act]) -> tuple[int, ...]:
    """The positions of acts, sorted, each once."""
    return tuple(sorted({act.position for act in acts}))


def opened(instant: str) -> str | None:
    """An instant as it is stored: None where it is not bounded."""
    return None if instant in (LOW, HIGH) else instant


def dated_alike(one: Act, other: Act) -> bool:
    """Whether the bounds of two acts lie a day apart at most, as the dates of one instant do in any two zones."""
    return _within_a_day(one.earliest, other.earliest) and _within_a_day(one.latest, other.latest)


def _within_a_day(one: str, other: str) -> bool:
    if one == other or {one, other} & {LOW, HIGH}:
        return one == other
    return abs(from_instant(one) - from_instant(other)) <= timedelta(days=1)


def overlap(one: Act, other: Act) -> bool:
    """Whether two acts may have happened at the same instant."""
    return one.earliest <= other.latest and other.earliest <= one.latest
