"""Somebody who is seen in an office once more: his row stays, and has one report more.

Of a tenure that hundreds of reports attest no window can tell: all its reports bear on its row. One more, of who had
begun before and sits there still at every floor and report time at which it counts, changes nothing of it. His tenure
had begun at the place of the report in the order of the fold, for that is an order of time; it has not ended since,
and no other of his can be without an end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from archive.projections.acts import HIGH, LOW, Span
from archive.projections.clocks import Row, Standing
from archive.projections.growing import Kind
from archive.projections.nearby import Nearby
from archive.projections.overlay import Outcome
from archive.projections.window import Pair, is_loose, key_of

BESIDE = 16
"""Acts before it among which another is looked for that attests the same."""


def seen_again(nearby: Nearby, kind: Kind, changed: Mapping[Standing, bool]) -> Outcome | None:
    """The rows of a timeline after a change of its acts; None unless that is what they tell, and nothing else is so.

    ``changed``: what is added (True), which ``nearby`` reads already, or removed. Of a holding nothing is told: who
    begins during an absence holds twice there, and the last to begin need not be the one that is left.
    """
    added = sorted(changed, key=key_of)
    holder = added[0].act.holder
    plain = (
        kind[2] is not None
        and all(changed.values())
        and all(_is_plain(one) and one.act.holder == holder for one in added)
    )
    if not plain:
        return None
    low, high = min(one.act.earliest for one in added), max(one.act.latest for one in added)
    since, floor = min(one.reported_from for one in added), min(one.floor_from for one in added)
    there = {
        kept.id: kept.row
        for kept in nearby.crossing(low, high, since, touching=False)
        if kept.row.floor_to >= floor and (kind[2] == 1 or _concerns(kept.row, holder))
    }
    sits = all(_sits(row, kind[1], holder, low) for row in there.values())
    if not sits or not all(_covered(one, there.values()) for one in added):
        return None
    if not _not_first(nearby, added, max(row.span.from_latest or LOW for row in there.values())):
        return None
    told: dict[Span, set[Pair]] = defaultdict(set)
    for one in added:
        for row in there.values():
            if row.floor_to >= one.floor_from and row.reported_to > one.reported_from:
                told[row.span].add((one.act.position, "supports"))
    return Outcome({}, [], told, {number: row.span for number, row in there.items() if row.span in told}, [])


def _not_first(nearby: Nearby, added: Sequence[Standing], begun: str) -> bool:
    """Whether each comes after one that attests the same, of a tenure that had begun by an instant: what the reports of
    its beginning disagree on is told with the first that does."""
    acts, _, _ = nearby.part(added[0].act.order, added[-1].act.order, BESIDE)
    others = [one for one in acts if one not in added and one.act.earliest > begun]
    return all(any(_attests(one, other) for one in others) for other in added)


def _is_plain(one: Standing) -> bool:
    """Whether it attests, for good, and no more than that."""
    act = one.act
    return (
        act.kind == "attest"
        and one.reported_to == HIGH
        and not act.details
        and not act.value
        and not act.premature
        and not is_loose(one)
    )


def _attests(one: Standing, other: Standing) -> bool:
    """Whether one attests what another does after it, wherever that counts."""
    return (
        one.act.kind == "attest"
        and one.act.holder == other.act.holder
        and one.act.order < other.act.order
        and one.reported_from <= other.reported_from
        and one.reported_to == HIGH
        and one.floor_from <= other.floor_from
        and one.floor_to >= other.floor_to
    )


def _concerns(row: Row, holder: str) -> bool:
    """Whether a row, where many may hold, is of this holder, or a candidacy, to which whoever is seen puts an end."""
    return row.span.holder == holder or '"candidate"' in (row.span.details or "")


def _sits(row: Row, model: str, holder: str, since: str) -> bool:
    """Whether it says that its holder, who had certainly begun before, is still there."""
    span = row.span
    begun = span.from_latest is not None and span.from_latest < since
    return begun and (span.model, span.holder, span.to_earliest, span.to_latest) == (model, holder, None, None)


def _covered(one: Standing, rows: Iterable[Row]) -> bool:
    """Whether there is one row, and no more, at every floor and report time at which an act counts."""
    for floor in range(one.floor_from, one.floor_to + 1):
        held = sorted(
            (row.reported_from, row.reported_to)
            for row in rows
            if row.floor_from <= floor <= row.floor_to and row.reported_to > one.reported_from
        )
        if not _is_whole(held, one.reported_from):
            return False
    return True


def _is_whole(held: Sequence[tuple[str, str]], since: str) -> bool:
    """Whether stretches, in order, cover all from a report time on without overlap."""
    if not held or held[0][0] > since or held[-1][1] != HIGH:
        return False
    return all(one[1] == other[0] for one, other in pairwise(held))
