"""What changes in the rows of a long timeline, worked out from a window of its acts.

The window is folded twice, without the change and with it, for each report time and floor at which they differ; what
the truncated past and future make wrong at its edges is wrong in both, and cancels. That it does is checked, cell by
cell: `_founded` for what lies before the window, `_settled` for what follows it. A window that fails is widened by who
asked for it; one that is the whole timeline cannot fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from archive.projections.acts import Folded
from archive.projections.clocks import FLOORS, to_span
from archive.projections.edges import Edges, Told
from archive.projections.timeline import fold
from archive.projections.window import Cell, Change, Side, Window, key_of

AsEdges = Callable[[Window, Cell, Sequence[Told], tuple[Folded, Folded], Change], Edges]
"""What looks at the edges of a window in one cell."""


def changes(window: Window, engine: str, model: str, seats: int | None, *, edges: AsEdges = Edges) -> Change | Side:
    """What a change of acts makes of the rows, or the side on which the window is too small to tell."""
    return _Comparison(window, engine, model, seats, edges).run()


class _Comparison:
    def __init__(self, window: Window, engine: str, model: str, seats: int | None, edges: AsEdges) -> None:
        self.window = window
        self.edges = edges
        self.kind = (engine, model, seats)
        there, then = set(window.old), set(window.new)
        self.both = sorted(there | then, key=key_of)
        self.old = [one in there for one in self.both]
        self.new = [one in then for one in self.both]
        self.changed = [one for one, was, is_ in zip(self.both, self.old, self.new, strict=True) if was != is_]
        self.folds: dict[tuple[tuple[int, ...], bool], Folded] = {}

    def run(self) -> Change | Side:
        change = Change(within=frozenset(one.act.position for one in self.both))
        for cell, old, new in self._cells():
            side = self._compare(cell, old, new, change)
            if side is not None:
                return side
        return change

    def _cells(self) -> Iterable[tuple[Cell, tuple[int, ...], tuple[int, ...]]]:
        """The cells in which other acts count than did, with those that did and those that do."""
        since = min(one.reported_from for one in self.changed)
        until = max(one.reported_to for one in self.changed)
        moments = {since, until}
        for one in self.both:
            moments.update(at for at in (one.reported_from, one.reported_to) if since < at < until)
        times = sorted(moments)
        for start, stop in pairwise(times):
            present = [
                (index, one.floor_from, one.floor_to)
                for index, one in enumerate(self.both)
                if one.reported_from <= start < one.reported_to
            ]
            found: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
            for floor in FLOORS:
                seen = [index for index, low, high in present if low <= floor <= high]
                old = tuple(index for index in seen if self.old[index])
                new = tuple(index for index in seen if self.new[index])
                if old != new:
                    found[old, new].append(floor)
            for (old, new), floors in found.items():
                yield (start, stop, tuple(floors)), old, new

    def _folded(self, key: tuple[int, ...], conflicts: bool) -> Folded:
        """The fold of some of the acts, each once."""
        wanted = key, conflicts
        if wanted not in self.folds:
            engine, model, seats = self.kind
            self.folds[wanted] = fold(
                engine, model, [self.both[index].act for index in key], seats, conflicts=conflicts
            )
        return self.folds[wanted]

    def _compare(self, cell: Cell, old: tuple[int, ...], new: tuple[int, ...], change: Change) -> Side | None:
        # Conflicts are found once, among all that is told.
        conflicts = FLOORS[-1] in cell[2]
        before, after = self._folded(old, conflicts), self._folded(new, conflicts)
        found = _differences(before, after, cell)
        was, is_ = set(old), set(new)
        told = [Told(self.both[index].act, index in was, index in is_) for index in sorted(was | is_)]
        edges = self.edges(self.window, cell, told, (before, after), found)
        if not edges.founded():
            return "before"
        if not edges.settled():
            return "after"
        change.checked |= edges.checked()
        for span, cells in found.lost.items():
            change.lost[span] += cells
        for span, cells in found.gained.items():
            change.gained[span] += cells
        for span, pairs in found.told.items():
            change.told[span] |= pairs
        return None


def _differences(before: Folded, after: Folded, cell: Cell) -> Change:
    found = Change()
    start, stop, floors = cell
    for span, evidence in after.spans.items():
        there = before.spans.get(span)
        if there is None:
            found.gained[span].append(cell)
            found.told[span].update(evidence)
        elif new := set(evidence).difference(there):
            found.told[span].update(new)
    for span in before.spans.keys() - after.spans.keys():
        found.lost[span].append(cell)
    if FLOORS[-1] in floors:
        # They hold from their own basis on.
        was, is_ = ({to_span(one): one for one in folded.conflicts} for folded in (before, after))
        for span in was.keys() - is_.keys():
            found.lost[span].append((start, stop, tuple(range(was[span].rank, FLOORS[-1] + 1))))
        for span in is_.keys() - was.keys():
            found.gained[span].append((start, stop, tuple(range(is_[span].rank, FLOORS[-1] + 1))))
            found.told[span].update((position, "conflicts") for position in is_[span].positions)
    return found
