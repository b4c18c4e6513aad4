"""A deed that many reports tell: one report more leaves all rows as they are, and is evidence where those like it are.

Of acts that say the same, one right behind the other in the order of the fold, each does to the rows what the first has
done, wherever both count: it joins the same tenure, decides no bound, and hides no other. So those that only repeat the
one before them can be left out of a fold, and so can those, in a row that says that something is still so, that stand
neither first nor last. Whether a new act changes anything is seen by a fold of those few that are left: where any row
comes out other than it stands (a conflict, say, that names all its reports), this tells nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Protocol

from archive.projections.acts import HIGH, Act, Order
from archive.projections.anew import begins, fold_anew
from archive.projections.clocks import Standing
from archive.projections.growing import Kind
from archive.projections.overlay import Outcome
from archive.projections.rows import Kept, Values, standing_of
from archive.projections.window import key_of

MANY = 16
"""Acts that say the same, from which on all are looked at; with fewer of them a window can tell."""

MOST = 64
"""Acts that are left, and acts that may be added at once."""

SEEN = 256
"""Acts that are read first: where more than ``MOST`` of them are left, the others are not read."""

STILL = {("holding", "attest"), ("value", "set")}
"""Engines with the acts that say, told again of a later time, that something is still so. Of seats see seen.py."""

_AT = {name: place for place, name in enumerate((*Act._fields, *Standing._fields[1:]), 1)}
_BOUNDS = slice(_AT["earliest"], _AT["latest"] + 1)
_SAID = slice(_AT["value"], _AT["rank"] + 1)


class Timeline(Protocol):
    """One timeline as it stands after the change."""

    def before(self, place: Order, count: int) -> Sequence[Standing]:
        """So many acts right before a place in the order, the last of them first."""
        ...

    def in_order(self, most: int | None = None) -> Sequence[Values]:
        """All acts, or so many at most, as ``standing_of`` reads them, those of equal bounds in their order."""
        ...

    def reached(self, at: str, place: str) -> list[Kept]:
        """The rows that hold up to a report time at least, and begin at an instant at the earliest; perhaps others."""
        ...


def retold(timeline: Timeline, kind: Kind, changed: Mapping[Standing, bool]) -> Outcome | None:
    """The rows of a timeline after a change of its acts; None unless what is added comes after many acts that say the
    same, and no row changes.

    ``changed``: what is added (True), which the ``timeline`` has already, or removed.
    """
    added = sorted(changed, key=key_of)
    if not all(changed.values()) or len(added) > MOST:
        return None
    there_before = [_flat(one) for one in (added[0], *timeline.before(added[0].act.order, MANY))]
    if len(there_before) <= MANY or not all(_repeats(*pair, kind) for pair in pairwise(there_before)):
        return None
    since = min(one.reported_from for one in added)
    told = timeline.in_order(SEEN)
    left = _telling(told, kind, since)
    if len(told) == SEEN and len(left) <= MOST:
        left = _telling(timeline.in_order(), kind, since)
    if len(left) > MOST:
        return None
    anew = fold_anew(kind, list(dict.fromkeys((*left, *added))), changed)
    there = {}
    for kept in timeline.reached(*anew.least):
        span = kept.row.span
        if anew.reaches(span.model, begins(span.from_earliest, span.from_latest), kept.row.reported_to):
            there[kept.row] = kept.id
    if anew.rows(there) != there.keys():
        return None
    return Outcome({}, [], anew.news, {number: row.span for row, number in there.items() if row.span in anew.news}, [])


def _telling(ordered: Sequence[Values], kind: Kind, since: str) -> list[Standing]:
    """The acts, of all in order, without which a fold from a report time on may have other rows."""
    effects = Counter([row[_AT["position"]] for row in ordered])
    # What a report that tells two things tells of one may depend on the other.
    alone = [row if effects[row[_AT["position"]]] == 1 else None for row in ordered]
    left: list[Standing] = []
    for row, this, before, after in zip_longest(ordered, alone, [None, *alone[:-1]], alone[1:]):
        repeats = this is not None and before is not None and _repeats(row, before, kind)
        if not repeats or (before and row[_BOUNDS] != before[_BOUNDS] and not _lasts(row, after, since)):
            left.append(standing_of(row))
    return left


def _repeats(row: Values, before: Values, kind: Kind) -> bool:
    """Whether an act says what the one before it says, of the same time or as still so, and counts nowhere but where
    that does."""
    return bool(
        _says(row, before)
        and (row[_BOUNDS] == before[_BOUNDS] or (kind[0], row[_AT["kind"]]) in STILL)
        and before[_AT["reported_from"]] <= row[_AT["reported_from"]]
        and _is_scheduled(row) == _is_scheduled(before)
        and (row[_AT["planned"]] or row[_AT["reported"]] >= row[_AT["earliest"]])  # else it is a conflict of its own
    )


def _lasts(row: Values, after: Values | None, since: str) -> bool:
    """Whether the act behind one says that what that one says is still so, wherever it counts from a report time on."""
    return after is not None and after[_AT["reported_from"]] <= since and _says(row, after)


def _says(row: Values, other: Values) -> bool:
    """Whether another act says what this one does, at every floor at which it counts, and is never taken back."""
    return bool(
        (row[_AT["kind"]], row[_AT["holder"]]) == (other[_AT["kind"]], other[_AT["holder"]])
        and row[_SAID] == other[_SAID]
        and row[_AT["development"]] == other[_AT["development"]]
        and other[_AT["reported_to"]] == HIGH
        and other[_AT["floor_from"]] <= row[_AT["floor_from"]]
        and other[_AT["floor_to"]] >= row[_AT["floor_to"]]
    )


def _is_scheduled(row: Values) -> bool:
    return bool(row[_AT["planned"]] and row[_AT["reported"]] < row[_AT["latest"]])


def _flat(one: Standing) -> Values:
    return ("", *one.act, *one[1:])
