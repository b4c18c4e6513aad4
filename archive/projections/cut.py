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


def cut(standings: Sequence[Standing], changed: Collection[Standing], since: str) -> int:
    """How many acts stand before the last clean place that the acts which came do not reach over; 0 if none is found.

    ``standings`` are those of an office of one seat at one floor, in the order of their acts, ``changed`` those of them
    that are new, none of which counts before the report time ``since``.
    """
    acts = [one.act for one in standings]
    if any(act.kind not in PLAIN or act.during_absence or act.development is not None for act in acts):
        return 0
    came = next(index for index, one in enumerate(standings) if one in changed)
    # Up to each place the latest, and from each on the earliest instant that an act reaches.
    latest = list(accumulate((act.latest for act in acts), max))
    earliest = list(accumulate((act.earliest for act in reversed(acts)), min))[::-1]
    # And up to each place the last act of a report that has acts there: a report's own end follows its beginning.
    last = {act.position: index for index, act in enumerate(acts)}
    told = list(accumulate((last[act.position] for act in acts), max))
    settled = next((index for index, one in enumerate(standings) if not _settled(one, since)), len(acts))
    places = range(min(came, settled) - 1, 0, -1)
    apart = (
        place
        for place in places
        if acts[place].kind == "begin" and latest[place - 1] < earliest[place] and told[place - 1] < place
    )
    tried = islice(apart, TRIED)
    return next((place for place in tried if _is_clean(standings, place, changed, came, latest)), 0)


def _is_clean(
    standings: Sequence[Standing], place: int, changed: Collection[Standing], came: int, latest: Sequence[str]
) -> bool:
    first = standings[place]
    before = next((index for index in range(place - 1, -1, -1) if standings[index].act.kind in ARRIVALS), None)
    if before is None:
        return False
    last = standings[before].act
    if last.holder == first.act.holder or (before and latest[before - 1] >= last.earliest):
        return False
    # His beginning ends the one before, and must stay what it was.
    if any(one.act.kind == "begin" and one.act.holder == first.act.holder for one in standings[came:]):
        return False
    told: dict[str, list[Standing]] = defaultdict(list)
    for one in standings[place:]:
        told[one.act.holder].append(one)
    # Without what came, too, nothing that is told after the place may have concerned the past.
    was = {holder: [one for one in ones if one not in changed] for holder, ones in told.items()}
    return all(_arrives(ones, last) for ones in (*told.values(), *was.values()))


def _arrives(told: Sequence[Standing], last: Act) -> bool:
    """Whether somebody is seen to begin before all else that is told of him, whenever that is known."""
    if not told:
        return True
    first = told[0]
    if first.act.kind not in ARRIVALS or (first.act.kind == "attest" and first.act.holder == last.holder):
        return False
    return len(told) == 1 or (_always(first) and all(first.reported_from <= one.reported_from for one in told))


def _settled(one: Standing, since: str) -> bool:
    """Whether it counts from a report time on, for good."""
    return one.reported_from <= since and _always(one)


def _always(one: Standing) -> bool:
    return one.reported_to == HIGH
