"""Spans to rows on the report clock and the range of floors.

A cell is one floor and one stretch of report time ``[from, to)``. Rows are kept in one canonical
form, the longest stretches and widest ranges of floors for which a span holds, so that the order
of arrival leaves no trace in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from archive.projections.acts import Act, Conflict, Span

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

    def counts(self, floor: int) -> bool:
        """Whether it counts at a floor."""
        return self.floor_from <= floor <= self.floor_to


class Row(NamedTuple):
    """A span with its stretch of report time and its range of floors."""

    span: Span
    reported_from: str
    reported_to: str
    floor_from: int
    floor_to: int


def hold(stretches: Stretches, span: Span, floors: Iterable[int], stretch: tuple[str, str]) -> None:
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


def canonical(stretches: Stretches) -> set[Row]:
    """Rows of the widest ranges of floors with equal stretches."""
    rows = set()
    for span, by_floor in stretches.items():
        low: dict[tuple[str, str], int] = {}
        before: Sequence[tuple[str, str]] = ()
        for floor, held in enumerate((*by_floor, ()), FLOORS[0]):
            if held == before:
                continue
            for stretch in low.keys() - held:
                rows.add(Row(span, *stretch, low.pop(stretch), floor - 1))
            for stretch in held:
                low.setdefault(stretch, floor)
            before = held
    return rows
