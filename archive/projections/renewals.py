"""The tenures of one holder as rows: who ends and begins again at once was there throughout."""

from __future__ import annotations

from collections.abc import Sequence

from archive.projections.acts import HIGH, Bounds, resolve
from archive.projections.tenure import Tenure

Row = tuple[Tenure, Bounds, Bounds | None, tuple[Tenure, ...]]
"""A tenure with its bounds, and those whose reports are its evidence: more than one where it was renewed."""


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
