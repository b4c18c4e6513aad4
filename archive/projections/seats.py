"""The fold of seats and holdings: who holds, by whose reports, and what cannot all be true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from archive.projections.acts import (
    HIGH,
    Act,
    Bounds,
    Conflict,
    Evidence,
    Folded,
    Span,
    disagreement,
    opened,
    overlap,
    positions,
    premature,
    same_development,
)
from archive.projections.announcements import Announcements
from archive.projections.tenure import Tenure, to_span

Row = tuple[Tenure, Bounds, Bounds | None, Evidence]


def fold_seat(model: str, acts: Sequence[Act], seats: int | None) -> Folded:
    """The rows of one seat (``seats`` 1), of an office of several, or of one holder (None).

    ``acts`` are those visible at one report time, record time and floor, in order.
    """
    fold = _Seat(seats)
    for act in acts:
        fold.take(act)
    return fold.folded(model, acts)


class _Seat:
    def __init__(self, seats: int | None) -> None:
        self.seats = seats
        self.tenures: dict[str, list[Tenure]] = defaultdict(list)
        self.sitting: dict[str, Tenure] = {}
        self.announcements = Announcements()

    def take(self, act: Act) -> None:
        """Take the next act in order."""
        getattr(self, f"_{act.kind}")(act)

    def _begin(self, act: Act) -> None:
        for tenure in reversed(self.tenures[act.holder]):
            if self._same_beginning(tenure, act):
                tenure.begins.append(act)
                if tenure.open:
                    self.announcements.begun(act)
                return
        tenure = Tenure(act.holder, begins=[act])
        self._seat(tenure, act)

    def _same_beginning(self, tenure: Tenure, act: Act) -> bool:
        known = [same for one in tenure.begins if (same := same_development(one, act)) is not None]
        if known:
            return any(known)
        meets = any(overlap(one, act) for one in tenure.begins)
        if not tenure.open:
            return meets
        if not tenure.begins:
            return True
        capacity = tenure.capacity()
        return meets or act.value is None or capacity is None or act.value == capacity

    def _seat(self, tenure: Tenure, act: Act) -> None:
        own = self.sitting.get(tenure.holder)
        if own is not None and own.open:
            own.successor = tenure
        ended: list[Tenure] = []
        if self.seats == 1 and not act.during_absence:
            ended = [other for holder, other in self.sitting.items() if holder != tenure.holder]
        elif act.replaces is not None and act.replaces in self.sitting:
            ended = [self.sitting[act.replaces]]
        for other in ended:
            if other.open:
                other.successor = tenure
                tenure.after.append(other)
        for other in ended:
            self.sitting.pop(other.holder, None)
        self.tenures[tenure.holder].append(tenure)
        self.sitting[tenure.holder] = tenure
        self.announcements.begun(act)

    def _attest(self, act: Act) -> None:
        tenures = self.tenures[act.holder]
        if tenures:
            last = tenures[-1]
            end = None if last.open else last.ending()
            changed = last.open and act.value and last.capacity() not in (None, act.value)
            if changed and last.last_certain() < act.earliest:
                self._seat(Tenure(act.holder, attests=[act]), act)
                return
            if end is None or act.earliest <= end.latest:
                last.attests.append(act)
                if end is None:
                    self.announcements.begun(act)
                return
        self._seat(Tenure(act.holder, attests=[act]), act)

    def _end(self, act: Act) -> None:
        tenures = self.tenures[act.holder]
        if not tenures:
            tenures.append(Tenure(act.holder, ends=[act]))
            return
        for earlier in reversed(tenures[:-1]):
            if any(overlap(one, act) for one in earlier.ends):
                earlier.ends.append(act)
                return
        last = tenures[-1]
        if (last.successor is not None and act.scheduled and not last.ends) or (
            last.ends and any(same_development(one, act) is False for one in last.ends)
        ):
            last.others.append(act)
        else:
            last.ends.append(act)
            self.sitting.pop(act.holder, None)

    def _doubt(self, act: Act) -> None:
        tenures = self.tenures[act.holder]
        if not tenures:
            tenure = Tenure(act.holder, doubts=[act])
            tenures.append(tenure)
            self.sitting[act.holder] = tenure
        elif tenures[-1].open:
            tenures[-1].doubts.append(act)
        else:
            tenures[-1].others.append(act)

    def _announce(self, act: Act) -> None:
        tenures = self.tenures[act.holder]
        if tenures and (tenures[-1].open or any(overlap(act, one) for one in tenures[-1].begins)):
            tenures[-1].others.append(act)
        else:
            self.announcements.announce(act)

    def _withdraw(self, act: Act) -> None:
        self.announcements.withdraw(act)

    def folded(self, model: str, acts: Sequence[Act]) -> Folded:
        """The rows and the conflicts of all that was taken."""
        spans: dict[Span, Evidence] = {}
        conflicts = premature(acts)
        rows: list[tuple[Span, Tenure]] = []
        for tenures in self.tenures.values():
            for tenure in tenures:
                conflicts += _disagreements(tenure)
            for tenure, begin, end, evidence in _renewals(tenures):
                span = to_span(model, tenure, begin, end)
                spans[span] = evidence
                rows.append((span, tenure))
        spans.update(self.announcements.spans())
        if self.seats is not None:
            conflicts += _crowded(rows, self.seats)
            conflicts += _ended_elsewhere(rows)
        return Folded(spans, conflicts)


def _renewals(tenures: Sequence[Tenure]) -> list[Row]:
    """The rows of one holder; an end and a beginning with the same bounds are a renewal."""
    rows: list[Row] = []
    for tenure in tenures:
        begin, end, evidence = tenure.beginning(), tenure.ending(), tenure.evidence()
        first, start, stop, seen = rows[-1] if rows else (tenure, begin, None, ())
        if stop is not None:
            met = (stop.earliest, stop.latest) == (begin.earliest, begin.latest)
            if met and begin.latest != HIGH and tenure.begins:
                if first.capacity() in (None, tenure.capacity()) or tenure.capacity() is None:
                    rows[-1] = (first, start, end, tuple(dict.fromkeys((*seen, *evidence))))
                    continue
                at = begin.latest
                rows[-1] = (first, start, Bounds(at, at, stop.deciders, stop.disagree), seen)
                begin = Bounds(at, at, begin.deciders, begin.disagree)
        rows.append((tenure, begin, end, evidence))
    return rows


def _disagreements(tenure: Tenure) -> list[Conflict]:
    found = []
    begin, end = tenure.beginning(), tenure.ending()
    if begin.disagree:
        found.append(disagreement([*tenure.begins, *tenure.attests[:1]], begin))
    if end is not None and end.disagree:
        found.append(disagreement(tenure.ends, end))
    return found


def _certain(span: Span) -> tuple[str, str] | None:
    begin, end = span.from_latest, span.to_earliest or HIGH
    return (begin, end) if begin is not None and begin < end else None


def _crowded(rows: Sequence[tuple[Span, Tenure]], seats: int) -> list[Conflict]:
    """Stretches in which more than ``seats`` people certainly hold."""
    held = [(certain, span) for span, tenure in rows if not tenure.absent_only and (certain := _certain(span))]
    if len(held) <= seats:
        return []
    found = []
    moments = sorted({moment for (begin, end), _ in held for moment in (begin, end)})
    held.sort(key=lambda pair: pair[0])
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


def _ended_elsewhere(rows: Sequence[tuple[Span, Tenure]]) -> list[Conflict]:
    """Ends of people never seen in the seat while another certainly held it."""
    found = []
    for span, tenure in rows:
        if tenure.begins or tenure.attests or not tenure.ends or span.to_earliest is None:
            continue
        for other, _ in rows:
            certain = _certain(other)
            if other.holder != span.holder and certain and certain[0] <= span.to_earliest < certain[1]:
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
