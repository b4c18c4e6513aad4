"""The rows of a long timeline near a change, and what becomes of them as it is folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archive.projections.acts import Span
from archive.projections.clocks import FLOORS, Row, canonical
from archive.projections.nearby import Nearby
from archive.projections.window import Cell, Change, Pair


@dataclass(slots=True)
class Outcome:
    """What becomes of the rows of one timeline.

    closed: rows that are over, by id; made: new rows
    told: evidence of spans; kept: rows that stay, of spans of which something is told, by id
    checked: rows by id with reports: it holds if those are all the reports that each of these rows has so far
    """

    closed: dict[int, Row]
    made: list[Row]
    told: Mapping[Span, set[Pair]]
    kept: dict[int, Span]
    checked: list[tuple[int, frozenset[int]]]


Reach = tuple[str, str, str, bool]
"""Which rows are asked for: that hold past an instant, begin by another, and after a report time; whether also those
that end at the first."""


@dataclass(slots=True)
class Overlay:
    """The rows of a timeline as far as they are known, and what becomes of them; an id of None: made here."""

    nearby: Nearby
    reach: Reach
    there: dict[Row, int | None] = field(default_factory=dict)
    of_span: dict[Span, set[Row]] = field(default_factory=lambda: defaultdict(set))
    closed: dict[Row, int] = field(default_factory=dict)
    told: dict[Span, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    checked: list[tuple[int, frozenset[int]]] = field(default_factory=list)
    asked: set[Span] = field(default_factory=set)
    crossed: bool = False

    def crossing(self) -> Iterable[Row]:
        """The rows that hold past the beginning of what was read, at the report times of the changes."""
        if not self.crossed:
            self.crossed = True
            begin, end, since, touching = self.reach
            for kept in self.nearby.crossing(begin, end, since, touching=touching):
                self._know(kept.row, kept.id)
        return self.there

    def _know(self, row: Row, number: int) -> None:
        if row not in self.closed:
            self.there[row] = number
            self.of_span[row.span].add(row)

    def _find(self, spans: Iterable[Span]) -> None:
        wanted = set(spans) - self.asked
        if wanted:
            self.asked |= wanted
            for kept in self.nearby.rows_of(wanted):
                if kept.row.span in wanted:
                    self._know(kept.row, kept.id)

    def change(self, change: Change) -> bool:
        """Take away what is lost and add what is gained; whether all that is lost was there, and nothing gained."""
        self._find((*change.lost, *change.gained, *change.checked))
        for span in change.checked:
            if any(position not in change.within for position, _ in self.told.get(span, ())):
                return False
        checked = [
            (number, change.within)
            for span in change.checked
            for row in self.of_span[span]
            if (number := self.there[row]) is not None
        ]
        made: dict[Span, set[Row]] = {}
        for span in {**change.lost, **change.gained}:
            held = _changed(self.of_span[span], change.lost.get(span, ()), change.gained.get(span, ()))
            if held is None:
                return False
            made[span] = canonical({span: held})
        for span, rows in made.items():
            for row in self.of_span[span] - rows:
                number = self.there.pop(row)
                if number is not None:
                    self.closed[row] = number
            for row in rows - self.of_span[span]:
                self.there[row] = self.closed.pop(row, None)
            self.of_span[span] = rows
        for span, pairs in change.told.items():
            self.told[span] |= pairs
        self.checked += checked
        return True

    def outcome(self) -> Outcome:
        """What became of them."""
        self._find(self.told)
        told = self.told
        return Outcome(
            {number: row for row, number in self.closed.items()},
            [row for row, number in self.there.items() if number is None],
            told,
            {number: row.span for row, number in self.there.items() if number is not None and row.span in told},
            self.checked,
        )


Stretches = list[tuple[str, str]]


def _changed(rows: Iterable[Row], lost: Iterable[Cell], gained: Iterable[Cell]) -> tuple[Stretches, ...] | None:
    """Where a span holds after a change, by floors; None if it did not hold what it loses, or holds what it gains."""
    held = _held(rows)
    for start, stop, floors in lost:
        if not all(_take(held[floor - 1], start, stop) for floor in floors):
            return None
    for start, stop, floors in gained:
        if not all(_add(held[floor - 1], start, stop) for floor in floors):
            return None
    return tuple(_joined(stretches) for stretches in held)


def _held(rows: Iterable[Row]) -> tuple[Stretches, ...]:
    held: tuple[Stretches, ...] = tuple([] for _ in FLOORS)
    for row in rows:
        for floor in range(row.floor_from, row.floor_to + 1):
            held[floor - 1].append((row.reported_from, row.reported_to))
    return held


def _take(stretches: Stretches, start: str, stop: str) -> bool:
    """Take a stretch out of one of these that holds it; whether one does."""
    for index, (low, high) in enumerate(stretches):
        if low <= start and stop <= high:
            stretches[index : index + 1] = [(a, b) for a, b in ((low, start), (stop, high)) if a < b]
            return True
    return False


def _add(stretches: Stretches, start: str, stop: str) -> bool:
    """Add a stretch; whether none of these overlaps it."""
    if any(low < stop and start < high for low, high in stretches):
        return False
    stretches.append((start, stop))
    return True


def _joined(stretches: Stretches) -> Stretches:
    made: Stretches = []
    for start, stop in sorted(stretches):
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], stop)
        else:
            made.append((start, stop))
    return made
