"""A long timeline of an office of several seats, folded anew for those alone whom a change concerns, from all their
acts.

Each tenure stands by itself there. What others do bears on it where one replaces another, where one report tells of an
end and of a beginning, by a candidacy, to which whoever begins puts an end, and in conflicts: of more people than
seats, and of an end while another held. Who is linked by the first two is folded too; where there may be one of the
others, or somebody stands in for another, nothing is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from archive.projections.acts import Span
from archive.projections.around import Around, Part
from archive.projections.clocks import FLOORS, Standing
from archive.projections.comparison import changes
from archive.projections.contradictions import certain
from archive.projections.edges import ALONE, Edges
from archive.projections.growing import Kind
from archive.projections.nearby import Nearby
from archive.projections.overlay import Outcome, Overlay
from archive.projections.tenure import Tenure
from archive.projections.window import Change, Window, key_of

HOLDERS = 16
"""People who are folded together at most."""

ACTS = 1_024
"""Acts of theirs at most."""

Stretch = tuple[str, str]
"""An instant from which somebody certainly holds, and the first at which he may not."""


def refolded(nearby: Nearby, kind: Kind, changed: Mapping[Standing, bool]) -> Outcome | None:
    """The rows of a timeline after a change of its acts; None where more people may be concerned, or too many are.

    ``changed``: what is added (True), which ``nearby`` reads already, or removed.
    """
    acts = _concerned(nearby, changed)
    if acts is None or any(map(_bears_on_others, acts)) or nearby.candidacies():
        return None
    old = sorted((one for one in acts if not changed.get(one)), key=key_of)
    new = sorted((one for one in acts if changed.get(one, True)), key=key_of)
    rows = Overlay(nearby, ("", "", "", False))
    around = Around(Part(nearby, old, [key_of(one) for one in old], [], False, False), rows, 0, len(old))
    change = changes(Window(old, new, False, False, around), *kind, edges=partial(_apart, nearby))
    return rows.outcome() if isinstance(change, Change) and rows.change(change) else None


def _bears_on_others(one: Standing) -> bool:
    """Whether it tells of a candidacy, or that somebody stands in: who only does that takes no seat, which his row does
    not say."""
    return one.act.during_absence or (one.act.kind == "announce" and '"candidate"' in (one.act.details or ""))


def _concerned(nearby: Nearby, changed: Mapping[Standing, bool]) -> list[Standing] | None:
    """All acts of those whom a change may concern, those that it takes away among them; None if that is too much."""
    found: list[Standing] = []
    holders: set[str] = set()
    waiting = {one.act.holder for one in changed}
    while waiting:
        holders |= waiting
        there = nearby.of(waiting, ACTS)
        if there is None or len(holders) > HOLDERS or len(found) + len(there) > ACTS:
            return None
        some = [*there, *(one for one, added in changed.items() if not added and one.act.holder in waiting)]
        found += some
        linked = {one.act.holder for one in nearby.replacing(waiting)}
        linked |= {one.act.replaces for one in some if one.act.replaces is not None}
        linked |= _told_with(nearby, {one.act.position for one in some}, changed)
        waiting = linked - holders
    return found


def _told_with(nearby: Nearby, positions: set[int], changed: Iterable[Standing]) -> set[str]:
    """Who is told of in reports that tell of an end and of a beginning: the one is taken behind the other there."""
    kinds: dict[int, set[str]] = defaultdict(set)
    whose: dict[int, set[str]] = defaultdict(set)
    for one in (*nearby.of_reports(positions), *(one for one in changed if one.act.position in positions)):
        kinds[one.act.position].add(one.act.kind)
        whose[one.act.position].add(one.act.holder)
    return {holder for position, told in kinds.items() if {"begin", "end"} <= told for holder in whose[position]}


def _apart(nearby: Nearby, *edges: Any) -> Edges:
    made = _Apart(*edges)
    made.nearby = nearby
    return made


class _Apart(Edges):
    """Whether those who are not folded are in no conflict with those who are, in one cell."""

    nearby: Nearby

    def founded(self) -> bool:
        """Whether there is no conflict with anybody, neither without the change nor with it, where rows are others."""
        start, stop, floors = self.cell
        if FLOORS[-1] not in floors:  # they are found there alone
            return True
        both = (self.before, self.after)
        if any(conflict.kind not in ALONE for folded in both for conflict in folded.conflicts):
            return False
        if any(
            _never_seen(tenure)
            for folded in both
            if folded.seat
            for of in folded.seat.tenures.values()
            for tenure in of
        ):
            return False
        moved = [held for span in (*self.found.lost, *self.found.gained) if (held := _held(span))]
        if not moved:
            return True
        low, high = min(begin for begin, _ in moved), max(end for _, end in moved)
        holders = {one.act.holder for one in (*self.window.old, *self.window.new)}
        seats = (self.before.seat and self.before.seat.seats) or 0
        mine = [(held, span.holder) for folded in both for span in folded.spans if (held := _held(span))]
        others = [
            kept.row.span
            for kept in self.nearby.crossing(low, high, start, touching=True)
            if kept.row.reported_from < stop and kept.row.floor_to == FLOORS[-1]
        ]
        others = [span for span in others if span.model == "tenures" and span.holder not in holders]
        ends = [span.to_earliest for span in others if span.from_latest == span.to_earliest]
        if any(begin <= at < end for at in ends if at is not None for begin, end in moved):
            return False
        return not _full([*mine, *((held, span.holder) for span in others if (held := _held(span)))], moved, seats)

    def settled(self) -> bool:
        """All acts of these people are there."""
        return True


def _never_seen(tenure: Tenure) -> bool:
    """Whether only an end is told of it."""
    return bool(tenure.ends) and not tenure.begins and not tenure.attests


def _held(span: Span) -> Stretch | None:
    return certain(span) if span.model == "tenures" else None


def _full(held: Sequence[tuple[Stretch, str]], moved: Iterable[Stretch], seats: int) -> bool:
    """Whether more people than there are seats may hold at some instant of these stretches."""
    for begin, end in set(moved):
        moments = {begin, *(start for (start, _), _ in held if begin < start < end)}
        for at in moments:
            if len({holder for (start, stop), holder in held if start <= at < stop}) > seats:
                return True
    return False
