"""The fold of seats and holdings: who holds, by whose reports, and what cannot all be true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from archive.projections.acts import (
    HIGH,
    LOW,
    Act,
    Bounds,
    Conflict,
    Evidence,
    Folded,
    Span,
    overlap,
    premature,
    resolve,
)
from archive.projections.announcements import Announcements, told_anew
from archive.projections.contradictions import crowded, disagreements, ended_elsewhere
from archive.projections.tenure import Tenure, to_span

Row = tuple[Tenure, Bounds, Bounds | None, Evidence]


def fold_seat(model: str, acts: Sequence[Act], seats: int | None, *, conflicts: bool = True) -> Folded:
    """The rows of one seat (``seats`` 1), of an office of several, or of one holder (None).

    ``acts`` are those visible at one report time, record time and floor, in order.
    """
    fold = Seat(seats)
    acts = told_anew(acts) if model == "employees" else acts
    for act in own_ends_last(acts):
        fold.take(act)
    return fold.folded(model, acts if conflicts else None)


def own_ends_last(acts: Sequence[Act]) -> Iterator[Act]:
    """The acts in their order, but the end that a report gives after the beginning that the same report gives: who
    came and went within one day was not there before."""
    coming = Counter(act.position for act in acts if act.kind == "begin")
    waiting: dict[int, list[Act]] = defaultdict(list)
    for act in acts:
        if act.kind == "end" and coming[act.position]:
            waiting[act.position].append(act)
            continue
        yield act
        if act.kind == "begin":
            coming[act.position] -= 1
            yield from waiting.pop(act.position, ())


class Seat:
    """The tenures of one timeline, as its acts, taken in their order, make them."""

    def __init__(self, seats: int | None, *, matter: bool = False) -> None:
        """Begin with none; in a matter an opening may fill in a closing that has none."""
        self.seats = seats
        self.matter = matter
        self.tenures: dict[str, list[Tenure]] = defaultdict(list)
        self.sitting: dict[str, Tenure] = {}
        self.announcements = Announcements()
        self._made = 0

    def take(self, act: Act) -> None:
        """Take the next act in order."""
        getattr(self, f"_{act.kind}")(act)

    def _begin(self, act: Act) -> None:
        mine = self.tenures[act.holder]
        tenure = self._begun(mine, act)
        if tenure is None:
            tenure = self._new(act.holder)
            if len(mine) > 1 and mine[-2].open and not (act.during_absence and self.seats is None):
                mine[-2].continued = (tenure, act)
        tenure.begins.append(act)
        if tenure.open:
            self.sitting[act.holder] = tenure
            if not act.during_absence:
                self._succeed(tenure, act)
            self.announcements.begun(act)

    def _begun(self, mine: Sequence[Tenure], act: Act) -> Tenure | None:
        """The tenure whose beginning an act reports: by development, the open one, the latest that it overlaps."""
        same = [one for one in reversed(mine) if None in (act.value, held := one.capacity()) or act.value == held]
        for tenure in same:
            if _joined(act, tenure.begins):
                return tenure
        if same and same[0] is mine[-1] and mine[-1].open and not _apart(act, mine[-1].begins):
            return mine[-1]
        if self.matter and mine and not mine[-1].begins and act.earliest <= resolve(mine[-1].ends).latest:
            return mine[-1]
        for tenure in same:
            if _overlaps(act, tenure.begins) and not _apart(act, tenure.begins):
                return tenure
        return None

    def _new(self, holder: str) -> Tenure:
        self._made += 1
        tenure = Tenure(holder, self._made)
        self.tenures[holder].append(tenure)
        return tenure

    def _succeed(self, tenure: Tenure, act: Act) -> None:
        """End who was there before: all in an office of one seat, of several whom it replaces."""
        if self.seats is None:
            return
        for holder, other in list(self.sitting.items()):
            ends = self.seats == 1 or holder == act.replaces
            if holder != tenure.holder and ends and other.open and other.number < tenure.number:
                other.successor = (tenure, act)
                del self.sitting[holder]

    def _attest(self, act: Act) -> None:
        mine = self.tenures[act.holder]
        last = mine[-1] if mine else None
        if last is not None:
            end = None if last.open else last.ending()
            if end is None or act.earliest < end.latest:
                self._support(last, act, still=end is None)
                return
        there = [other for other in self.sitting.values() if other.open] if self.seats == 1 else []
        tenure = self._new(act.holder)
        tenure.attests.append(act)
        tenure.after = max((other.last_certain(act) for other in there), default=LOW)
        self.sitting[act.holder] = tenure
        if self.seats == 1:
            self._succeed(tenure, act)
        self.announcements.begun(act)

    def _support(self, tenure: Tenure, act: Act, *, still: bool) -> None:
        cleared = [doubt for doubt in tenure.doubts if act.earliest >= doubt.earliest]
        tenure.doubts = [doubt for doubt in tenure.doubts if act.earliest < doubt.earliest]
        tenure.others += cleared
        held = tenure.capacity()
        if still and act.value and held and act.value != held and act.latest != HIGH:
            following = self._new(act.holder)
            following.attests.append(act)
            tenure.continued = (following, act)
            self.sitting[act.holder] = following
        else:
            tenure.attests.append(act)
        if still:
            self.announcements.begun(act)

    def _end(self, act: Act) -> None:
        """End the tenure that it tells of: by development, by overlap, the one that its report begins, or the last."""
        mine = self.tenures[act.holder]
        near = [one for one in reversed(mine) if _joined(act, one.ends)] or [
            one for one in reversed(mine) if _overlaps(act, one.ends) and not _apart(act, one.ends)
        ]
        own = [one for one in mine if any(act.position == begin.position for begin in one.begins)]
        if near:
            tenure = near[0]
        elif own:
            tenure = own[0]
        elif mine and not _apart(act, mine[-1].ends):
            tenure = mine[-1]
        else:
            tenure = self._new(act.holder)
        if act.scheduled and (tenure.successor is not None or tenure.continued is not None):
            tenure.others.append(act)
        else:
            tenure.ends.append(act)
            if self.sitting.get(act.holder) is tenure:
                del self.sitting[act.holder]

    def _doubt(self, act: Act) -> None:
        mine = self.tenures[act.holder]
        if not mine:
            self.sitting[act.holder] = self._new(act.holder)
        if mine[-1].open:
            mine[-1].doubts.append(act)
        else:
            mine[-1].others.append(act)

    def _open(self, act: Act) -> None:
        self._begin(act)

    def _close(self, act: Act) -> None:
        self._end(act._replace(value=None))

    def _announce(self, act: Act) -> None:
        tenures = self.tenures[act.holder]
        if tenures and (tenures[-1].open or any(overlap(act, one) for one in tenures[-1].begins)):
            tenures[-1].others.append(act)
        else:
            self.announcements.announce(act)

    def _withdraw(self, act: Act) -> None:
        self.announcements.withdraw(act)

    def folded(self, model: str, acts: Sequence[Act] | None) -> Folded:
        """The rows of all that was taken; the conflicts too where all acts are given."""
        spans: dict[Span, Evidence] = {}
        rows: list[tuple[Span, Tenure]] = []
        for tenures in self.tenures.values():
            for tenure in tenures:
                tenure.whole = True
        for tenures in self.tenures.values():
            for tenure, begin, end, evidence in _renewals(tenures):
                span = to_span(model, tenure, begin, end)
                spans[span] = evidence
                rows.append((span, tenure))
        spans.update(self.announcements.spans())
        conflicts = [] if acts is None else self._conflicts(acts, rows)
        return Folded(spans, conflicts, seat=self)

    def _conflicts(self, acts: Sequence[Act], rows: Sequence[tuple[Span, Tenure]]) -> list[Conflict]:
        found = premature(acts)
        for tenures in self.tenures.values():
            for tenure in tenures:
                found += disagreements(tenure)
        if self.seats is not None:
            found += crowded(rows, self.seats)
            found += ended_elsewhere(rows)
        return found


def _renewals(tenures: Sequence[Tenure]) -> list[Row]:
    """The rows of one holder; an end and a beginning with the same bounds are a renewal."""
    rows: list[Row] = []
    for previous, tenure in zip([None, *tenures], tenures, strict=False):
        begin, end, evidence = tenure.beginning(), tenure.ending(), tenure.evidence()
        first, start, stop, seen = rows[-1] if rows else (tenure, begin, None, ())
        if previous is None or stop is None or not _renewed(previous, tenure):
            rows.append((tenure, begin, end, evidence))
            continue
        at = resolve(tenure.begins).latest
        same = first.capacity() in (None, tenure.capacity()) or tenure.capacity() is None
        if same and start.latest <= at:
            known = start if start.deciders else start._replace(deciders=stop.deciders)
            if end is not None and end.earliest < at:
                end = end._replace(earliest=at, latest=max(at, end.latest))
            rows[-1] = (first, known, end, tuple(dict.fromkeys((*seen, *evidence))))
        else:
            rows[-1] = (first, start, Bounds(at, at, stop.deciders, stop.disagree), seen)
            rows.append((tenure, Bounds(at, at, begin.deciders, begin.disagree), end, evidence))
    return rows


def _renewed(tenure: Tenure, following: Tenure) -> bool:
    """Whether a reported end and the next reported beginning have the same bounds."""
    if not tenure.real_ends or not following.begins:
        return False
    end, begin = resolve(tenure.real_ends), resolve(following.begins)
    return (end.earliest, end.latest) == (begin.earliest, begin.latest) and begin.latest != HIGH


def _joined(act: Act, others: Sequence[Act]) -> bool:
    """Whether a development joins an act to a change."""
    return act.development is not None and any(act.development == other.development for other in others)


def _apart(act: Act, others: Sequence[Act]) -> bool:
    """Whether a development separates an act from a change."""
    named = {other.development for other in others if other.development is not None}
    return act.development is not None and bool(named) and act.development not in named


def _overlaps(act: Act, others: Sequence[Act]) -> bool:
    """Whether an act may tell of the time of a change."""
    if not others:
        return False
    bounds = resolve(others)
    return act.earliest <= bounds.latest and bounds.earliest <= act.latest
