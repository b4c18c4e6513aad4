"""A timeline folded without any short cut: at each report time and floor, all acts that count there."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from archive.projections.acts import HIGH, Act, Folded, Span
from archive.projections.clocks import FLOORS, Row, Standing, Stretches, canonical, hold, to_span
from archive.projections.growing import Kind
from archive.projections.timeline import fold

Pairs = set[tuple[int, str]]


def folded(kind: Kind, standings: Sequence[Standing]) -> dict[Row, Pairs]:
    """The rows of a timeline, each with its evidence: all that is told of its span where it holds."""
    ordered = sorted(standings, key=lambda one: one.act.order)
    moments = sorted({at for one in ordered for at in (one.reported_from, one.reported_to) if at < HIGH})
    stretches: Stretches = {}
    told: dict[Span, list[tuple[int, str, Pairs]]] = defaultdict(list)
    engine, model, seats = kind
    folds: dict[tuple[Act, ...], Folded] = {}
    for start, stop in pairwise([*moments, HIGH]):
        for floor in FLOORS:
            there = [one for one in ordered if one.reported_from <= start < one.reported_to]
            acts = tuple(one.act for one in there if one.floor_from <= floor <= one.floor_to)
            if not acts:
                continue
            if acts not in folds:
                folds[acts] = fold(engine, model, acts, seats)
            made = folds[acts]
            for span, evidence in made.spans.items():
                hold(stretches, span, (floor,), (start, stop))
                told[span].append((floor, start, set(evidence)))
            if floor == FLOORS[-1]:
                # Two acts of one report may be the same conflict.
                for span in dict.fromkeys(map(to_span, made.conflicts)):
                    hold(stretches, span, range(span.rank, FLOORS[-1] + 1), (start, stop))
                    told[span].append((floor, start, {(position, "conflicts") for position in span.positions}))
    return {row: _within(row, told[row.span]) for row in canonical(stretches)}


def _within(row: Row, told: Sequence[tuple[int, str, Pairs]]) -> Pairs:
    return {
        pair
        for floor, at, pairs in told
        if row.floor_from <= floor <= row.floor_to and row.reported_from <= at < row.reported_to
        for pair in pairs
    }
