"""A timeline folded as far as a change reaches: from its report time on, at the floors at which it counts, from a clean
place in its past on; which rows are made anew, and where each of them holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from archive.projections.acts import HIGH, LOW, Order
from archive.projections.clocks import FLOORS, Row, Standing, Stretches, canonical, hold
from archive.projections.cut import Cuts
from archive.projections.growing import CONFLICTS, Growing, Kind, Noted, grows
from events.values import FIRST

OFFICE: Kind = ("seat", "tenures", 1)
"""The timelines that can be cut."""


@dataclass(slots=True)
class Since:
    """Which rows are made anew at some floors.

    at: from which report time on; None: none of them
    place: the instant at which the first of them may begin
    """

    at: str | None = None
    place: str = LOW


@dataclass(slots=True)
class Anew(Noted):
    """Rows of a timeline made anew.

    since: which, at each floor; of conflicts at any floor those of the last
    """

    since: dict[int, Since] = field(default_factory=dict)

    def reaches(self, model: str, begins: str, until: str) -> bool:
        """Whether rows of a model may be others which begin at an instant and hold up to a report time."""
        for one in (self.since[FLOORS[-1]],) if model == CONFLICTS else self.since.values():
            if one.at is not None and until >= one.at and begins >= one.place:
                return True
        return False

    @property
    def least(self) -> tuple[str, str]:
        """From which report time on, and from which instant on, rows may be others at all."""
        reached = [(one.at, one.place) for one in self.since.values() if one.at is not None]
        return min((at for at, _ in reached), default=HIGH), min((place for _, place in reached), default=LOW)

    def rows(self, before: Iterable[Row]) -> set[Row]:
        """The canonical rows: what held ``before`` as far as it is not made anew, and what is.

        Of ``before`` may be missing what is not reached.
        """
        whole: Stretches = {}
        for row in sorted(before, key=lambda row: row.reported_from):
            span, start, stop, low, high = row
            begin = begins(span.from_earliest, span.from_latest)
            for floor in range(low, high + 1):
                since = self.since[FLOORS[-1] if span.model == CONFLICTS else floor]
                until = stop if since.at is None or begin < since.place else min(stop, since.at)
                if start < until:
                    hold(whole, span, (floor,), (start, until))
        if not whole:
            return canonical(self.stretches)
        for span, by_floor in self.stretches.items():
            for floor, held in zip(FLOORS, by_floor, strict=True):
                for stretch in held:
                    hold(whole, span, (floor,), stretch)
        return canonical(
            {span: tuple([sorted(some) if len(some) > 1 else some for some in held]) for span, held in whole.items()}
        )


def begins(earliest: str | None, latest: str | None) -> str:
    """The instant by which rows are told apart from those before a place."""
    return latest or earliest or LOW


def fold_anew(kind: Kind, standings: Sequence[Standing], changed: Mapping[Standing, bool] | None = None) -> Anew:
    """Fold a timeline as far as a change of its acts reaches, or whole.

    ``changed``: what was added (True), which is among the ``standings``, and what was removed (False).
    """
    known = [one for one in standings if one.reported_from < one.reported_to]
    ordered = sorted(known, key=lambda standing: standing.act.order)
    anew = Anew(came=None if changed is None else came_last(kind, ordered, changed))
    cuts = Cuts(ordered, changed) if changed and kind == OFFICE and all(changed.values()) else None
    due: list[tuple[range, list[Standing], str]] = []
    for low, high in pairwise(sorted(edges_of((*ordered, *(changed or ()))))):
        since, first = Since(FIRST), 0
        if changed is not None:
            at = min((one.reported_from for one in changed if one.counts(low)), default=None)
            first = cuts.last(low) if cuts and at is not None else 0
            since = Since(at, cuts.earliest[first]) if cuts and first else Since(at)
        anew.since |= dict.fromkeys(range(low, high), since)
        if since.at is None:
            continue
        acts = [one for one in ordered[first:] if one.counts(low)]
        before = due[-1] if due else None
        if before and before[0].stop == low and before[1:] == (acts, since.at):
            due[-1] = (range(before[0].start, high), acts, since.at)  # where they differ is before a clean place
        else:
            due.append((range(low, high), acts, since.at))
    for floors, acts, at in due:
        Growing(kind, floors, anew).run(acts, at)
    return anew


def came_last(kind: Kind, before: Sequence[Standing], changed: Mapping[Standing, bool]) -> frozenset[int] | None:
    """The positions of acts that came after all others, on all clocks, so that evidence is new by them alone; None
    where others came, or some went.

    ``before``: the acts of the timeline, of which those that came may be some
    """
    if not grows(kind) or any(
        not added or not one.reported_from < one.reported_to == HIGH for one, added in changed.items()
    ):
        return None
    positions = frozenset([one.act.position for one in changed])
    there = [
        one
        for one in before
        if one.reported_from < one.reported_to and not (one.act.position in positions and one in changed)
    ]
    # Who comes after all, whatever the floor, comes after those at his own.
    if changed and not _follow(there, sorted(changed, key=_turn)):
        for low, _ in pairwise(sorted(edges_of((*there, *changed)))):
            come = in_turn(changed, low)
            if come and not _follow([one for one in there if one.counts(low)], come):
                return None
    return positions


def in_turn(standings: Iterable[Standing], floor: int) -> list[Standing]:
    """Those that count at a floor, as they come: by their report times, and then in the order of the fold."""
    return sorted((one for one in standings if one.counts(floor)), key=_turn)


def _turn(one: Standing) -> tuple[str, Order]:
    return one.reported_from, one.act.order


def _follow(there: Sequence[Standing], come: Sequence[Standing]) -> bool:
    """Whether acts come, in the order of their report times, after those that count at the same floors, and by reports
    of their own."""
    at, place = come[0].reported_from, come[0].act.order
    positions = set()
    for act, reported_from, reported_to, _, _ in there:
        if at < reported_from or at < reported_to < HIGH:
            return False
        if reported_to == HIGH:
            if act.latest >= place[0] and act.order >= place:
                return False
            positions.add(act.position)
    last: Order | None = None
    for _, group in groupby(come, key=lambda one: one.reported_from):
        acts = [one.act for one in group]
        if (last is not None and acts[0].order <= last) or not positions.isdisjoint([act.position for act in acts]):
            return False
        last = acts[-1].order
        positions.update([act.position for act in acts])
    return True


def edges_of(standings: Iterable[Standing]) -> set[int]:
    """The floors at which other acts count than at the floor before; the one behind the last too."""
    ranges = {(one.floor_from, one.floor_to) for one in standings}
    return {FLOORS[0], FLOORS[-1] + 1}.union(*[(first, last + 1) for first, last in ranges])
