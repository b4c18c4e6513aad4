"""The tenures of one holder as rows: who ends and begins again at once was there throughout."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from archive.projections.acts import HIGH, Bounds, Conflict, Evidence, Span, resolve
from archive.projections.contradictions import disagreements
from archive.projections.tenure import Mark, Tenure, to_span

Row = tuple[Tenure, Bounds, Bounds | None, tuple[Tenure, ...]]
"""A tenure with its bounds, and those whose reports are its evidence: more than one where it was renewed."""


class Made(NamedTuple):
    """A row of a holder.

    parts: of how many of his tenures; conflicts: what the reports of those say that cannot all be true
    renewed: whether the tenure behind those begins as the last of them ends, which both rows have to do with then
    """

    span: Span
    tenure: Tenure
    parts: int
    evidence: Evidence
    conflicts: tuple[Conflict, ...]
    renewed: bool


class Holding:
    """The rows of one holder: of the tenures that stay as they were they are made once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._marks: list[Mark] = []
        self._made: list[Made] = []

    def made(self, model: str, tenures: Sequence[Tenure]) -> Sequence[Made]:
        """The rows of his tenures, which are settled."""
        marks = [tenure.mark() for tenure in tenures]
        if marks == self._marks:
            return self._made
        made, count = self._kept(tenures, marks) if self._made else ([], 0)
        for tenure, begin, end, parts in renewals(tenures[count:]):
            count += len(parts)
            told = [part.evidence() for part in parts]
            made.append(
                Made(
                    to_span(model, tenure, begin, end),
                    tenure,
                    len(parts),
                    told[0] if len(told) == 1 else tuple(dict.fromkeys(chain(*told))),
                    _disagreements(parts, begin, end),
                    _renewed_at(tenures, count),
                )
            )
        self._marks, self._made = marks, made
        return made

    def _kept(self, tenures: Sequence[Tenure], marks: Sequence[Mark]) -> tuple[list[Made], int]:
        """The rows that stay, and of how many tenures they are."""
        same = next(
            (index for index, (one, other) in enumerate(zip(marks, self._marks, strict=False)) if one != other),
            min(len(marks), len(self._marks)),
        )
        kept, count = 0, 0
        while kept < len(self._made) and count + self._made[kept].parts <= same:
            count += self._made[kept].parts
            kept += 1
        while kept and (self._made[kept - 1].renewed or _renewed_at(tenures, count)):
            kept -= 1
            count -= self._made[kept].parts
        return self._made[:kept], count


def _disagreements(parts: Sequence[Tenure], begin: Bounds, end: Bounds | None) -> tuple[Conflict, ...]:
    if len(parts) == 1 and not begin.disagree and (end is None or not end.disagree):
        return ()
    return tuple([conflict for part in parts for conflict in disagreements(part)])


def _renewed_at(tenures: Sequence[Tenure], place: int) -> bool:
    return place < len(tenures) and _renewed(tenures[place - 1], tenures[place])


def renewals(tenures: Sequence[Tenure]) -> list[Row]:
    """The rows of one holder; an end and a beginning with the same bounds are a renewal."""
    rows: list[Row] = []
    for previous, tenure in zip([None, *tenures], tenures, strict=False):
        begin, end = tenure.beginning(), tenure.ending()
        first, start, stop, parts = rows[-1] if rows else (tenure, begin, None, ())
        if previous is None or stop is None or not _renewed(previous, tenure):
            rows.append((tenure, begin, end, (tenure,)))
            continue
        at = resolve(tenure.begins).latest
        same = first.capacity() in (None, tenure.capacity()) or tenure.capacity() is None
        if same and start.latest <= at:
            known = start if start.deciders else start._replace(deciders=stop.deciders)
            if end is not None and end.earliest < at:
                end = end._replace(earliest=at, latest=max(at, end.latest))
            rows[-1] = (first, known, end, (*parts, tenure))
        else:
            rows[-1] = (first, start, Bounds(at, at, stop.deciders, stop.disagree), parts)
            rows.append((tenure, Bounds(at, at, begin.deciders, begin.disagree), end, (tenure,)))
    return rows


def _renewed(tenure: Tenure, following: Tenure) -> bool:
    """Whether a reported end and the next reported beginning have the same bounds."""
    if not tenure.real_ends or not following.begins:
        return False
    end, begin = resolve(tenure.real_ends), resolve(following.begins)
    return (end.earliest, end.latest) == (begin.earliest, begin.latest) and begin.latest != HIGH
