"""What the reports on one seat say that cannot all be true."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from archive.projections.acts import HIGH, LOW, Conflict, Span, disagreement, opened, positions
from archive.projections.tenure import Tenure


def disagreements(tenure: Tenure) -> list[Conflict]:
    """Reports of its beginning, or of its end, whose times exclude each other."""
    found: list[Conflict] = []
    begin, end = tenure.beginning(), tenure.ending()
    if begin.disagree:
        found += disagreement([*tenure.begins, *tenure.attests[:1]])
    if end is not None and end.disagree:
        found += disagreement(tenure.ends)
    return found


def certain(span: Span) -> tuple[str, str] | None:
    """The stretch in which its holder certainly holds; None where there is none."""
    begin, end = span.from_latest, span.to_earliest or HIGH
    return (begin, end) if begin is not None and begin < end else None


def crowded(rows: Sequence[tuple[Span, Tenure]], seats: int) -> list[Conflict]:
    """Stretches in which more than ``seats`` people certainly hold."""
    held = [(sure, span) for span, tenure in rows if not tenure.absent_only and (sure := certain(span))]
    held.sort(key=lambda pair: pair[0])
    if len(held) <= seats or (seats == 1 and _apart(held)):
        return []
    found = []
    moments = sorted({moment for (begin, end), _ in held for moment in (begin, end)})
    active: list[tuple[tuple[str, str], Span]] = []
    upcoming = 0
    for begin, end in pairwise(moments):
        active = [pair for pair in active if pair[0][1] > begin]
        while upcoming < len(held) and held[upcoming][0][0] <= begin:
            active.append(held[upcoming])
            upcoming += 1
        people = {span.holder for _, span in active}
        if len(people) > seats:
            kind = "two holders of one seat" if seats == 1 else f"more than {seats} holders"
            where = tuple(sorted({position for _, span in active for position in span.positions}))
            rank = max(span.rank for _, span in active)
            found.append(Conflict(kind, tuple(sorted(people)), begin, opened(end), rank, where))
    return found


def _apart(held: Sequence[tuple[tuple[str, str], Span]]) -> bool:
    """Whether of stretches, in the order of their beginnings, none begins before the others have ended."""
    until = LOW
    for (begin, end), _ in held:
        if begin < until:
            return False
        until = end
    return True


def ended_elsewhere(rows: Sequence[tuple[Span, Tenure]]) -> list[Conflict]:
    """Ends of people never seen in the seat while another certainly held it."""
    found = []
    for span, tenure in rows:
        if tenure.begins or tenure.attests or not tenure.ends or span.to_earliest is None:
            continue
        for other, _ in rows:
            sure = certain(other)
            if other.holder != span.holder and sure and sure[0] <= span.to_earliest < sure[1]:
                where = positions(tenure.ends) + other.positions
                found.append(
                    Conflict(
                        "an end while another certainly held",
                        tuple(sorted((span.holder, other.holder))),
                        span.to_earliest,
                        span.to_latest,
                        max(span.rank, other.rank),
                        tuple(sorted(set(where))),
                    )
                )
    return found
