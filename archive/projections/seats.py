"""The fold of seats and holdings: who holds, by whose reports, and what cannot all be true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from archive.projections.acts import (
    HIGH,
    LOW,
    Act,
    Conflict,
    Evidence,
    Folded,
    Span,
    overlap,
    premature,
    resolve,
)
from archive.projections.announcements import Announcements, told_anew
from archive.projections.contradictions import crowded, ended_elsewhere
from archive.projections.renewals import Holding, Made
from archive.projections.tenure import Tenure


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
    ending = {act.position for act in acts if act.kind == "end"}
    begun = [act.position for act in acts if act.kind == "begin" and act.position in ending]
    if not begun:
        yield from acts
        return
    coming = Counter(begun)
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
        self._touched: set[str] = set()
        self._holdings: dict[str, Holding] = defaultdict(Holding)
        self._made = 0

    def take(self, act: Act) -> None:
        """Take the next act in order."""
        self._touch(act.holder)
        TAKES[act.kind](self, act)

    def settle(self) -> set[str]:
        """The holders whose rows may be others than when this was asked before; bounds stay as they are from now on,
        until an act changes them."""
        # Whom a tenure ended holds until it begins.
        ended = (one.holder for holder in self._touched for tenure in self.tenures[holder] for one in tenure.ended)
        changed = self._touched.union(ended)
        for holder in changed:
            for tenure in self.tenures[holder]:
                tenure.settle(whole=True)
        self._touched = set()
        return changed

    def _touch(self, holder: str) -> None:
        if holder not in self._touched:
            self._touched.add(holder)
            for tenure in self.tenures[holder]:
                tenure.settle(whole=False)

    def _begin(self, act: Act) -> None:
        mine = self.tenures[act.holder]
        tenure = self._begun(mine, act)
        if tenure is None:
            tenure = self._new(act.holder)
            if len(mine) > 1 and mine[-2].open and not (act.during_absence and self.seats is None):
                self._continue(mine[-2], tenure, act)
        tenure.begins.append(act)
        if tenure.open:
            self.sitting[act.holder] = tenure
            if not act.during_absence:
                self._succeed(tenure, act)
            self._arrived(act)

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
        for holder in list(self.sitting) if self.seats == 1 else self.sitting.keys() & {act.replaces}:
            other = self.sitting[holder]
            if holder != tenure.holder and other.open and other.number < tenure.number:
                self._touch(holder)
                other.successor = (tenure, act)
                tenure.ended.append(other)
                del self.sitting[holder]

    @staticmethod
    def _continue(tenure: Tenure, following: Tenure, act: Act) -> None:
        tenure.continued = (following, act)
        following.ended.append(tenure)

    def _arrived(self, act: Act) -> None:
        for holder in self.announcements.begun(act):
            self._touch(holder)

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
        self._arrived(act)

    def _support(self, tenure: Tenure, act: Act, *, still: bool) -> None:
        cleared = [doubt for doubt in tenure.doubts if act.earliest >= doubt.earliest]
        tenure.doubts = [doubt for doubt in tenure.doubts if act.earliest < doubt.earliest]
        tenure.others += cleared
        held = tenure.capacity() if still and act.value and act.latest != HIGH else None
        if held and act.value != held:
            following = self._new(act.holder)
            following.attests.append(act)
            self._continue(tenure, following, act)
            self.sitting[act.holder] = following
        else:
            tenure.attests.append(act)
        if still:
            self._arrived(act)

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
        self.settle()
        spans: dict[Span, Evidence] = {}
        for holder in self.tenures:
            spans |= self.spans(model, holder)
        found: list[Conflict] = []
        if acts is not None:
            made = [one for holder in self.tenures for one in self.made(model, holder)]
            found = premature(acts) + self.conflicts(made)
        return Folded(spans, found, seat=self)

    def made(self, model: str, holder: str) -> Sequence[Made]:
        """The tenures of a holder as rows, once settled."""
        return self._holdings[holder].made(model, self.tenures[holder])

    def spans(self, model: str, holder: str) -> dict[Span, Evidence]:
        """The rows of a holder, once settled, with their evidence; what was announced of him too."""
        spans = {one.span: one.evidence for one in self.made(model, holder)}
        spans.update(self.announcements.spans(holder))
        return spans

    def conflicts(self, rows: Sequence[Made]) -> list[Conflict]:
        """What cannot all be true of all rows, once settled."""
        found = [conflict for one in rows for conflict in one.conflicts]
        if self.seats is not None:
            held = [(one.span, one.tenure) for one in rows]
            found += crowded(held, self.seats)
            found += ended_elsewhere(held)
        return found


TAKES = {
    name.removeprefix("_"): getattr(Seat, name)
    for name in ("_begin", "_attest", "_end", "_doubt", "_open", "_close", "_announce", "_withdraw")
}
"""What a seat does with an act of each kind."""


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
