"""Spans to rows on the report clock and the range of floors.

A cell is one floor and one stretch of report time ``[from, to)``. Rows are kept in one canonical
form, the longest stretches and widest ranges of floors for which a span holds, so that the order
of arrival leaves no trace in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from archive.projections.acts import HIGH, Act, Conflict, Folded, Span
from archive.projections.timeline import fold

FLOORS = range(1, 6)
"""The floors of a question, official (1) to rumour (5); an opinion never changes state."""

Stretches = dict[tuple[Span, int], list[tuple[str, str]]]
"""For a span and a floor, the stretches of report time in which it holds; HIGH is an open end."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An act with the report times ``[reported_from, reported_to)`` and floors at which it counts."""

    act: Act
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


@dataclass(frozen=True, slots=True)
class Row:
    """A span with its stretch of report time and its range of floors."""

    span: Span
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


def fold_from(
    since: str, engine: str, model: str, standings: Sequence[Standing], seats: int | None
) -> tuple[Stretches, dict[Span, set[tuple[int, str]]]]:
    """Fold a timeline for each floor at each report time from ``since`` on.

    Returns where each span holds and its evidence. What lies before ``since`` is left to the
    caller, who has it already.
    """
    ordered = sorted(standings, key=lambda standing: standing.act.order)
    moments = {since}
    for standing in ordered:
        moments.update(at for at in (standing.reported_from, standing.reported_to) if since < at < HIGH)
    times = sorted(moments)
    stretches: Stretches = defaultdict(list)
    evidence: dict[Span, set[tuple[int, str]]] = defaultdict(set)
    folds: dict[tuple[int, ...], Folded] = {}
    for start, stop in zip(times, [*times[1:], HIGH], strict=True):
        present = [
            (index, standing)
            for index, standing in enumerate(ordered)
            if standing.reported_from <= start < standing.reported_to
        ]
        for floor in FLOORS:
            visible = [pair for pair in present if pair[1].floor_from <= floor <= pair[1].floor_to]
            key = tuple(index for index, _ in visible)
            if key not in folds:
                folds[key] = fold(engine, model, [standing.act for _, standing in visible], seats)
            _place(stretches, evidence, folds[key], floor, (start, stop))
    return stretches, evidence


def _place(
    stretches: Stretches,
    evidence: dict[Span, set[tuple[int, str]]],
    folded: Folded,
    floor: int,
    stretch: tuple[str, str],
) -> None:
    for span, reports in folded.spans.items():
        _extend(stretches[span, floor], stretch)
        evidence[span].update(reports)
    if floor == FLOORS[-1]:
        for conflict in folded.conflicts:
            span = to_span(conflict)
            for held in range(conflict.rank, FLOORS[-1] + 1):
                _extend(stretches[span, held], stretch)
            evidence[span].update((position, "conflicts") for position in conflict.positions)


def to_span(conflict: Conflict) -> Span:
    """The row of a conflict, in model ``conflicts``."""
    return Span(
        "conflicts",
        "",
        conflict.kind,
        orjson.dumps({"holders": list(conflict.holders)}).decode() if conflict.holders else None,
        conflict.earliest,
        conflict.earliest,
        conflict.latest,
        conflict.latest,
        conflict.rank,
        conflict.positions,
    )


def joined(before: Iterable[Row], since: str, after: Stretches) -> set[Row]:
    """The canonical rows of what held before ``since`` and what holds from then on."""
    whole: Stretches = defaultdict(list)
    for row in sorted(before, key=lambda row: row.reported_from):
        if row.reported_from < since:
            for floor in range(row.floor_from, row.floor_to + 1):
                whole[row.span, floor].append((row.reported_from, min(row.reported_to, since)))
    for key, stretches in after.items():
        for stretch in stretches:
            _extend(whole[key], stretch)
    return canonical(whole)


def canonical(stretches: Stretches) -> set[Row]:
    """Rows of the widest ranges of floors with equal stretches."""
    floors: dict[Span, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for (span, floor), held in stretches.items():
        for stretch in held:
            floors[span][stretch].append(floor)
    rows = set()
    for span, by_stretch in floors.items():
        for (start, stop), held_at in by_stretch.items():
            for low, high in _ranges(sorted(held_at)):
                rows.add(Row(span, start, stop, low, high))
    return rows


def _ranges(floors: Sequence[int]) -> Iterable[tuple[int, int]]:
    low = previous = floors[0]
    for floor in floors[1:]:
        if floor != previous + 1:
            yield low, previous
            low = floor
        previous = floor
    yield low, previous


def _extend(stretches: list[tuple[str, str]], stretch: tuple[str, str]) -> None:
    """Add a stretch that does not begin before those already there, joined where they meet."""
    if stretches and stretches[-1] == stretch:
        return
    if stretches and stretches[-1][1] == stretch[0]:
        stretches[-1] = (stretches[-1][0], stretch[1])
    else:
        stretches.append(stretch)
