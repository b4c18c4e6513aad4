"""A timeline folded on from where the append before left it: acts that come after all others are taken, no more.

What is found is what a fold from the report time of the change on finds, the evidence included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from archive.projections.acts import HIGH, LOW, Act, Span
from archive.projections.anew import came_last, edges_of, in_turn
from archive.projections.clocks import FLOORS, Row, Standing, canonical
from archive.projections.growing import Growing, Kind, Noted
from archive.projections.rows import Kept
from archive.projections.window import Pair

Range = tuple[int, int]
"""The first of some floors, and the one behind the last."""


@dataclass(slots=True)
class Line:
    """A timeline as an append left it.

    rows: the current ones by their spans, and evidence: that of each by its id, once they were read
    folds: as far as they have come, by their floors
    """

    kind: Kind
    standings: list[Standing]
    rows: dict[Span, list[Kept]] = field(default_factory=dict)
    evidence: dict[int, set[Pair]] = field(default_factory=dict)
    folds: dict[Range, Growing] = field(default_factory=dict)
    was_read: bool = False

    @property
    def size(self) -> int:
        """Acts and rows."""
        return len(self.standings) + len(self.evidence)

    def add(self, kept: Kept) -> None:
        """Add a row, with no evidence so far."""
        self.rows.setdefault(kept.row.span, []).append(kept)
        self.evidence[kept.id] = set()

    def close(self, closed: Iterable[Kept]) -> None:
        """Take rows away."""
        for kept in closed:
            self.rows[kept.row.span].remove(kept)
            del self.evidence[kept.id]

    def holds(self, span: Span, floor: int) -> bool:
        """Whether a row of this span holds at a floor at the last report time."""
        rows = (kept.row for kept in self.rows.get(span, ()))
        return any(row.reported_to == HIGH and row.floor_from <= floor <= row.floor_to for row in rows)


@dataclass(slots=True)
class Grown:
    """What becomes of the rows of a line: those that are over, new ones, and what is told of rows that stay, by id."""

    closed: list[Kept] = field(default_factory=list)
    made: list[tuple[Row, set[Pair]]] = field(default_factory=list)
    seen: dict[int, set[Pair]] = field(default_factory=dict)


def fold_on(line: Line, added: Sequence[Standing]) -> Grown | None:
    """Take acts that come after all others, where they do; else None, and the line is as it was."""
    came = came_last(line.kind, line.standings, dict.fromkeys(added, True))
    if came is None:
        return None
    due = []
    for floors in pairwise(sorted(edges_of((*line.standings, *added)))):
        if come := in_turn(added, floors[0]):
            fold = line.folds.get(floors) or _begun(line, floors)
            if fold is None:
                return None
            groups = [(at, [one.act for one in some]) for at, some in groupby(come, lambda one: one.reported_from)]
            due.append((floors, fold, groups))
    onward = _Onward(line, came)
    for floors, fold, groups in due:
        onward.take(fold, groups)
        line.folds[floors] = fold
    return onward.grown()


def _begun(line: Line, floors: Range) -> Growing | None:
    """A fold of all acts that count at some floors for good; None where it does not find the rows that there are."""
    acts = [one.act for one in line.standings if one.counts(floors[0]) and one.reported_from < one.reported_to == HIGH]
    fold = Growing(line.kind, range(*floors), Noted())
    fold.grow(sorted(acts, key=lambda act: act.order), LOW)
    held = [span for spans in fold.held.values() for span in spans]
    wanted = [(span, floor) for span in held for floor in fold.floors]
    wanted += [(span, floor) for span in fold.found for floor in range(span.rank, FLOORS[-1] + 1)]
    return fold if all(line.holds(span, floor) for span, floor in wanted) else None


class _Onward(Noted):
    """What is found as acts are taken that follow."""

    def __init__(self, line: Line, came: frozenset[int]) -> None:
        super().__init__(came=came)
        self._line = line
        self._folds: list[Growing] = []
        self._at: list[str] = []

    def before(self, span: Span) -> tuple[list[tuple[str, str]], ...]:
        """Where the rows of this span held so far."""
        by_floor: tuple[list[tuple[str, str]], ...] = tuple([] for _ in FLOORS)
        for kept in sorted(self._line.rows.get(span, ()), key=lambda kept: kept.row.reported_from):
            for floor in range(kept.row.floor_from, kept.row.floor_to + 1):
                by_floor[floor - 1].append((kept.row.reported_from, kept.row.reported_to))
        return by_floor

    def take(self, fold: Growing, groups: Sequence[tuple[str, Sequence[Act]]]) -> None:
        """Have a fold take acts, in groups that count from one report time each."""
        fold.noted = self
        self._at.append(groups[0][0])
        self._folds.append(fold)
        for number, (moment, acts) in enumerate(groups):
            if number == 1:
                # A fold from the first report time on tells what held then, though it holds no longer.
                for spans in (*fold.held.values(), fold.found):
                    for span, evidence in spans.items():
                        self.tell(span, evidence)
            fold.grow(acts, moment)
        fold.noted = Noted()

    def grown(self) -> Grown:
        """What becomes of the rows."""
        grown = Grown()
        changed = {span: canonical({span: by_floor}) for span, by_floor in self.stretches.items()}
        for span, wanted in changed.items():
            there = self._line.rows.get(span, ())
            grown.closed += [kept for kept in there if kept.row not in wanted]
            if new := wanted.difference([kept.row for kept in there]):
                told = self._told(span)
                grown.made += [(row, told) for row in new]
        first = min(self._at)
        for span, told in self.news.items():
            for kept in self._line.rows.get(span, ()):
                stays = span not in changed or kept.row in changed[span]
                if stays and kept.row.reported_to >= first:
                    grown.seen[kept.id] = told
        return grown

    def _told(self, span: Span) -> set[Pair]:
        """The evidence of a span, at all floors that are reached."""
        told = set(self.evidence.get(span, ()))
        for fold in self._folds:
            told.update(fold.held.get(span.holder, {}).get(span, ()), fold.found.get(span, ()))
        return told
