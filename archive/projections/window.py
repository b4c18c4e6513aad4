"""A window of the acts of a long timeline: what it is, what lies around it, and which acts reach out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from archive.projections.acts import HIGH, LOW, Act, Order, Span
from archive.projections.clocks import Row, Standing
from archive.times import from_instant, to_instant

Side = Literal["before", "after"]
"""On which side a window is too small."""

Cell = tuple[str, str, tuple[int, ...]]
"""A stretch of report time ``[from, to)``, and floors."""

Pair = tuple[int, str]

TIDY = timedelta(days=1)
"""An act is tidy if its bounds lie no further apart, and it was public no longer before the later of them."""

Key = tuple[Order, int, str, int]


def key_of(standing: Standing) -> Key:
    """The place of a standing among those of a timeline, no two alike."""
    return standing.act.order, standing.act.position, standing.reported_from, standing.floor_from


def is_loose(standing: Standing) -> bool:
    """Whether an act may reach out of its neighbourhood: by its bounds, its publication or its development."""
    act = standing.act
    if act.earliest == LOW or act.latest == HIGH or act.development is not None:
        return True
    if act.earliest == act.latest and act.latest <= standing.reported_from:
        return False
    limit = _earlier(act.latest)
    return act.earliest < limit or standing.reported_from < limit


class Surroundings(Protocol):
    """What lies outside a window, as far as somebody asks."""

    def last(self, holders: Iterable[str]) -> Mapping[str, Act]:
        """Of each holder the last act before the window."""
        ...

    def following(self, holders: Iterable[str]) -> Sequence[Standing] | None:
        """Every act of these holders after the window, in order; None if there are too many to tell."""
        ...

    def seen_before(self, cell: Cell) -> bool:
        """Whether any act before the window counts in a cell."""
        ...

    def seen_after(self, cell: Cell) -> bool:
        """Whether any act after the window may count in a cell."""
        ...

    def ends_at(self, instant: str) -> bool:
        """Whether an ending before the window lies at this very instant, or may."""
        ...

    def beside(self) -> Act | None:
        """The act next before the window; None where that is not known."""
        ...

    def last_in(self, cell: Cell) -> Act | None:
        """The last act before the window that counts in a cell; None where that is not known."""
        ...

    def crossing(self) -> Iterable[Row]:
        """The rows that may hold past the beginning of the window, those that begin after its end left out or not."""
        ...


@dataclass(slots=True)
class Change:
    """What the rows lose and gain, by cells; evidence that is new.

    All reports of the rows of ``checked`` must be among those of ``within``: else more of them lie outside the window.
    """

    lost: dict[Span, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    gained: dict[Span, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    told: dict[Span, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    checked: set[Span] = field(default_factory=set)
    within: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """The acts of a timeline between two places in its order, without a change and with it.

    ``before`` and ``after``: whether the timeline has acts there.
    """

    old: Sequence[Standing]
    new: Sequence[Standing]
    before: bool
    after: bool
    around: Surroundings

    @property
    def end(self) -> str:
        """The last instant that its acts reach."""
        return max((one.act.latest for one in (*self.old, *self.new)), default=LOW)


def _earlier(instant: str) -> str:
    """A day before an instant."""
    return _moved(instant, -TIDY)


def later(instant: str) -> str:
    """A day after an instant; HIGH where there is none."""
    return HIGH if instant == HIGH else _moved(instant, TIDY)


def _moved(instant: str, by: timedelta) -> str:
    try:
        return to_instant(from_instant(instant) + by)
    except OverflowError:
        return LOW if by < timedelta(0) else HIGH
