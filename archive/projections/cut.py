"""Where the timeline of an office of one seat can be cut: what comes after is folded as if nothing had been before.

A place is clean if neither the bounds of an act reach over it nor a report of several acts, and if whoever begins there
ends the one person who was in the seat, and is seen by no act of the past. What changes at the end of a long history
then costs what its last stretches cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import accumulate, islice

from archive.projections.acts import HIGH, Act
from archive.projections.clocks import Standing

ARRIVALS = ("begin", "attest")
PLAIN = (*ARRIVALS, "end")

TRIED = 8
"""Places where somebody begins that are looked at: of a long timeline a look costs what comes after."""


class Cuts:
    """The places of a timeline of an office of one seat at which it may be cut, as far as its acts at all floors tell.

    earliest: from each place on the earliest instant that an act reaches
    """

    def __init__(self, standings: Sequence[Standing], changed: Collection[Standing]) -> None:
        """Look at the ``standings``, in the order of their acts, of which those ``changed`` are new."""
        self._standings = standings
        acts = [one.act for one in standings]
        self._apart: Sequence[int] = ()
        self.earliest: Sequence[str] = ()
        if any(act.kind not in PLAIN or act.during_absence or act.development is not None for act in acts):
            return
        since = min(one.reported_from for one in changed)
        # To hash an act takes longer than to see by its report that it is none of those.
        reports = {one.act.position for one in changed}
        self._came = [one.act.position in reports and one in changed for one in standings]
        self._first = self._came.index(True)
        settled = next((index for index, one in enumerate(standings) if not _settled(one, since)), len(acts))
        # Up to each place the latest instant that an act reaches, and the last act of a report that has acts there: a
        # report's own end follows its beginning.
        self._latest = latest = list(accumulate([act.latest for act in acts], max))
        self.earliest = earliest = list(accumulate([act.earliest for act in reversed(acts)], min))[::-1]
        last = {act.position: index for index, act in enumerate(acts)}
        told = list(accumulate([last[act.position] for act in acts], max))
        self._apart = [
            place
            for place in range(min(self._first, settled) - 1, 0, -1)
            if acts[place].kind == "begin" and latest[place - 1] < earliest[place] and told[place - 1] < place
        ]

    def last(self, floor: int) -> int:
        """How many acts stand before the last clean place that the acts which came do not reach over; 0 if none is
        found."""
        tried = islice((place for place in self._apart if self._standings[place].counts(floor)), TRIED)
        return next((place for place in tried if self._is_clean(place, floor)), 0)

    def _is_clean(self, place: int, floor: int) -> bool:
        standings, came = self._standings, self._came
        first = standings[place].act
        before = next(
            (
                index
                for index in range(place - 1, -1, -1)
                if standings[index].act.kind in ARRIVALS and standings[index].counts(floor)
            ),
            None,
        )
        if before is None:
            return False
        last = standings[before].act
        if last.holder == first.holder or (before and self._latest[before - 1] >= last.earliest):
            return False
        told: dict[str, list[Standing]] = defaultdict(list)
        was: dict[str, list[Standing]] = defaultdict(list)
        for index in range(place, len(standings)):
            one = standings[index]
            if one.counts(floor):
                holder = one.act.holder
                told[holder].append(one)
                if not came[index]:
                    was[holder].append(one)
                if index >= self._first and holder == first.holder and one.act.kind == "begin":
                    # His beginning ends the one before, and must stay what it was.
                    return False
        # Without what came, too, nothing that is told after the place may have concerned the past.
        return all(_arrives(ones, last) for ones in (*told.values(), *was.values()))


def _arrives(told: Sequence[Standing], last: Act) -> bool:
    """Whether somebody is seen to begin before all else that is told of him, whenever that is known."""
    first = told[0]
    if first.act.kind not in ARRIVALS or (first.act.kind == "attest" and first.act.holder == last.holder):
        return False
    return len(told) == 1 or (_always(first) and all(first.reported_from <= one.reported_from for one in told))


def _settled(one: Standing, since: str) -> bool:
    """Whether it counts from a report time on, for good."""
    return one.reported_from <= since and _always(one)


def _always(one: Standing) -> bool:
    return one.reported_to == HIGH
