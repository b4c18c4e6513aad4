"""Spans to rows on the report clock and the range of floors.

A cell is one floor and one stretch of report time ``[from, to)``. Rows are kept in one canonical
form, the longest stretches and widest ranges of floors for which a span holds, so that the order
of arrival leaves no trace in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from archive.projections.acts import HIGH, Act, Conflict, Folded, Span
from archive.projections.timeline import fold

FLOORS = range(1, 6)
"""The floors of a question, official (1) to rumour (5); an opinion never changes state."""

Stretches = dict[Span, tuple[list[tuple[str, str]], ...]]
"""For a span, a list a floor of the stretches of report time in which it holds; HIGH is an open end."""


class Standing(NamedTuple):
    """An act with the report times ``[reported_from, reported_to)`` and floors at which it counts."""

    act: Act
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


class Row(NamedTuple):
    """A span with its stretch of report time and its range of floors."""

    span: Span
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


def fold_from(
    since: str, engine: str, model: str, seats: int | None, standings: Sequence[Standing]
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
    stretches: Stretches = {}
    evidence: dict[Span, set[tuple[int, str]]] = defaultdict(set)
    folds: dict[tuple[tuple[int, ...], bool], Folded] = {}
    for start, stop in zip(times, [*times[1:], HIGH], strict=True):
        for key, floors in _visible(ordered, start).items():
            wanted = key, floors[-1] == FLOORS[-1]
            if wanted not in folds:
                acts = [ordered[index].act for index in key]
                folds[wanted] = fold(engine, model, acts, seats, conflicts=wanted[1])
                for span, reports in folds[wanted].spans.items():
                    evidence[span].update(reports)
            _place(stretches, evidence, folds[wanted], floors, (start, stop))
    return stretches, evidence


def _visible(ordered: Sequence[Standing], start: str) -> dict[tuple[int, ...], list[int]]:
    """Which standings count at a report time, by their indexes, with the floors at which just they do."""
    present = [
        (index, standing.floor_from, standing.floor_to)
        for index, standing in enumerate(ordered)
        if standing.reported_from <= start < standing.reported_to
    ]
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for floor in FLOORS:
        found[tuple(index for index, low, high in present if low <= floor <= high)].append(floor)
    found.pop((), None)
    return found


def _place(
    stretches: Stretches,
    evidence: dict[Span, set[tuple[int, str]]],
    folded: Folded,
    floors: Sequence[int],
    stretch: tuple[str, str],
) -> None:
    for span in folded.spans:
        _hold(stretches, span, floors, stretch)
    if floors[-1] == FLOORS[-1]:
        for conflict in folded.conflicts:
            span = to_span(conflict)
            _hold(stretches, span, range(conflict.rank, FLOORS[-1] + 1), stretch)
            evidence[span].update((position, "conflicts") for position in conflict.positions)


def _hold(stretches: Stretches, span: Span, floors: Iterable[int], stretch: tuple[str, str]) -> None:
    """Note that a span holds at these floors in a stretch that begins after those noted already."""
    held = stretches.get(span)
    if held is None:
        held = stretches[span] = tuple([] for _ in FLOORS)
    for floor in floors:
        there = held[floor - 1]
        if there and there[-1][1] == stretch[0]:
            there[-1] = (there[-1][0], stretch[1])
        elif not there or there[-1] != stretch:
            there.append(stretch)


def to_span(conflict: Conflict) -> Span:
    """The row of a conflict, in model ``conflicts``."""
    return Span(
        "conflicts",
        "",
        conflict.kind,
        orjson.dumps({"holders": list(conflict.holders)}).decode() if conflict.holders else conflict.details,
        conflict.earliest,
        conflict.earliest,
        conflict.latest,
        conflict.latest,
        conflict.rank,
        conflict.positions,
    )


def joined(before: Iterable[Row], since: str, after: Stretches) -> set[Row]:
    """The canonical rows of what held before ``since`` and what holds from then on."""
    whole: Stretches = {}
    for row in sorted(before, key=lambda row: row.reported_from):
        if row.reported_from < since:
            floors = range(row.floor_from, row.floor_to + 1)
            _hold(whole, row.span, floors, (row.reported_from, min(row.reported_to, since)))
    if not whole:
        return canonical(after)
    for span, by_floor in after.items():
        for floor, held in zip(FLOORS, by_floor, strict=True):
            for stretch in held:
                _hold(whole, span, (floor,), stretch)
    return canonical(whole)


def canonical(stretches: Stretches) -> set[Row]:
    """Rows of the widest ranges of floors with equal stretches."""
    rows = set()
    for span, by_floor in stretches.items():
        floors: dict[tuple[str, str], list[int]] = defaultdict(list)
        for floor, held in zip(FLOORS, by_floor, strict=True):
            for stretch in held:
                floors[stretch].append(floor)
        for (start, stop), held_at in floors.items():
            for low, high in _ranges(held_at):
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
