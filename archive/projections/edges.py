"""Whether what lies outside a window changes nothing of what was found in it: what came before, and what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from archive.projections.acts import LOW, Act, Bounds, Folded, Span, opened, resolve
from archive.projections.clocks import Standing
from archive.projections.tenure import Tenure
from archive.projections.values import same
from archive.projections.window import Cell, Change, Window

ALONE = ("reported before it happened", "times disagree")
"""Conflicts of one holder's reports, whoever else there is."""


@dataclass(frozen=True, slots=True)
class Told:
    """An act in a window that counts in a cell: without the change, with it, or both."""

    act: Act
    was: bool
    is_: bool

    @property
    def changed(self) -> bool:
        """Whether it counts in one of the two alone."""
        return self.was != self.is_


class Edges:
    """The edges of a window in one cell: ``before`` and ``after`` are the folds of its acts without and with a change,
    ``found`` what they differ in."""

    def __init__(
        self,
        window: Window,
        cell: Cell,
        told: Sequence[Told],
        folds: tuple[Folded, Folded],
        found: Change,
    ) -> None:
        self.window = window
        self.around = window.around
        self.cell = cell
        self.told = told
        self.before, self.after = folds
        self.found = found
        seat = self.before.seat
        self.one_seat = seat is not None and seat.seats == 1
        self.acts = [one.act for one in told]
        self.changed = [one.act for one in told if one.changed]
        self.context = [one.act for one in takewhile(lambda one: not one.changed, told)]

    def founded(self) -> bool:
        """Whether what came before is the same in both, and reaches nothing that changed."""
        if not self.window.before:
            return True
        if not self.context:
            return not self.around.seen_before(self.cell)
        begin = self.context[0].latest
        spans = [*self.found.lost, *self.found.gained]
        if any((span.from_latest or span.from_earliest or LOW) < begin for span in spans if span.model != "conflicts"):
            return False
        # Who was never seen may have gone at the instant from which another certainly held.
        at_once = self.before.seat is not None and any(span.from_latest == begin for span in spans)
        if (at_once and self.around.ends_at(begin)) or not self._crossed(begin):
            return False
        return self._founded_seat() if self.before.runs is None else self._founded_value()

    def _crossed(self, begin: str) -> bool:
        """Whether every row that holds past the beginning of the window is made in it, or beside what it tells."""
        start, stop, floors = self.cell
        end = self.window.end
        on = self.window.after and self.around.seen_after(self.cell)
        # Of somebody who was only attested, who was there before him is not known.
        attested = {tenure.holder for tenure in _tenures(self.before) if not tenure.begins}
        made = {_shape(span) for span in self.before.spans if span.holder in attested}
        lasting = {_start(span) for span in self.before.spans if span.to_latest is None} if on else set()
        holders = {act.holder for act in self.acts}
        for row in self.around.crossing():
            span = row.span
            if row.reported_from >= stop or row.reported_to <= start:
                continue
            if span.to_latest is not None and span.to_latest <= begin:
                continue
            if not any(row.floor_from <= floor <= row.floor_to for floor in floors) or span.model == "conflicts":
                continue
            if (span.from_latest or span.from_earliest or LOW) > end:
                continue
            if span in self.before.spans or _shape(span) in made:
                continue
            if (span.to_latest is None or span.to_latest > end) and _start(span) in lasting:
                continue
            candidate = '"candidate"' in (span.details or "")
            if span.model == "announced" and span.holder not in holders and not candidate:
                continue
            return False
        return True

    def _founded_seat(self) -> bool:
        if self.one_seat and (self.context[0].kind not in ("begin", "attest") or self.context[0].during_absence):
            return False
        replaced = {act.replaces for act in self.changed if act.replaces}
        before, after = _tenures(self.before), _tenures(self.after)
        moved = [*_begun_otherwise(before, after), *_begun_otherwise(after, before)]
        if not self.one_seat:
            replaced |= {act.replaces for tenure in moved for act in tenure.begins if act.replaces}
        if any(tenure.number == 1 for tenure in moved):
            return False
        last = self.around.last({act.holder for act in self.acts} | replaced)
        if any(act.earliest <= last[act.holder].latest for act in self.acts if act.holder in last):
            return False
        begun = {act.holder for act in self.context if act.kind == "begin"}
        if any(holder in last and holder not in begun for holder in replaced):
            return False
        return all(_known([one for one in self.told if (one.is_ if new else one.was)], last) for new in (False, True))

    def _founded_value(self) -> bool:
        before, after = self.before.runs or [], self.after.runs or []
        beside, first = self.around.beside(), self.context[0]
        apart = beside is not None and (beside.earliest, beside.latest) != (first.earliest, first.latest)
        alike = before[0][0] is first is after[0][0] and _begin_of(before[0]) == _begin_of(after[0])
        if apart and alike:
            return True
        # One stretch that another hid at its instant may begin before the window.
        last = self.around.last_in(self.cell)
        if self.around.seen_before(self.cell) if last is None else same(last, first):
            return False
        # Where none ended when the first stretch of the window began, nothing was there before it.
        start, stop, floors = self.cell
        ends = opened(_begin_of(before[0]).latest)
        return not any(
            row.span.to_latest == ends
            and row.span not in self.before.spans
            and row.span.model != "conflicts"
            and row.reported_from < stop
            and row.reported_to > start
            and any(row.floor_from <= floor <= row.floor_to for floor in floors)
            for row in self.around.crossing()
        )

    def checked(self) -> set[Span]:
        """The rows, of those before the change, that had a part in what was found."""
        if self.before.runs is not None:
            return set(self.before.spans)
        there = {_content(tenure) for tenure in _tenures(self.after)}
        moved = {tenure.holder for tenure in _tenures(self.before) if _content(tenure) not in there}
        moved |= self._beside_others()
        return {span for span in self.before.spans if span in self.found.lost or span.holder in moved}

    def _beside_others(self) -> set[str]:
        """Whose rows are in conflict with those of others, in one of the two but not in both."""
        differ = set(self.before.conflicts) ^ set(self.after.conflicts)
        return {holder for conflict in differ if conflict.kind not in ALONE for holder in conflict.holders}

    def settled(self) -> bool:
        """Whether what follows is the same in both, and reaches nothing that changed."""
        if not self.window.after or not self.around.seen_after(self.cell):
            return True
        if self.before.runs is not None:
            return (self.before.runs or [])[-2:] == (self.after.runs or [])[-2:]
        before, after = _tenures(self.before), _tenures(self.after)
        lasting = {tenure.holder for tenure in (*before, *after) if tenure.open}
        if (
            _open(before, self.before) != _open(after, self.after)
            or self._beside_others() & lasting
            or _announced(self.before) != _announced(self.after)
        ):
            return False
        touched = self._touched(before, after)
        following = None if touched is None else self.around.following(touched)
        return following is not None and not self._reached(following)

    def _touched(self, before: Sequence[Tenure], after: Sequence[Tenure]) -> set[str] | None:
        """Whose tenures changed, and who came after them; None where one of these is still there."""
        spans = {*self.found.lost, *self.found.gained}
        holders = {span.holder for span in spans if span.model != "conflicts"}
        was, is_ = ({_content(tenure): tenure for tenure in tenures} for tenures in (before, after))
        moved = [was[one] for one in was.keys() - is_.keys()] + [is_[one] for one in is_.keys() - was.keys()]
        holders |= {tenure.holder for tenure in moved}
        holders |= {act.holder for act in self.changed}
        followers = [
            following[0]
            for tenure in (*before, *after)
            if tenure.holder in holders
            for following in (tenure.successor, tenure.continued)
            if following is not None
        ]
        if any(follower.open for follower in followers):
            return None
        return holders | {follower.holder for follower in followers}

    def _reached(self, following: Iterable[Standing]) -> bool:
        """Whether an act may concern a tenure that is over: all but a beginning do, unless one certainly precedes."""
        start, stop, floors = self.cell
        begun: dict[str, list[Standing]] = defaultdict(list)
        for one in following:
            if one.reported_from >= stop or one.reported_to <= start:
                continue
            if not any(one.floor_from <= floor <= one.floor_to for floor in floors):
                continue
            if one.act.kind == "begin":
                begun[one.act.holder].append(one)
            elif not any(_wherever(begin, one, self.cell) for begin in begun[one.act.holder]):
                return True
        return False


def _wherever(begin: Standing, one: Standing, cell: Cell) -> bool:
    """Whether one counts wherever another does, within a cell."""
    start, stop, floors = cell
    return (
        begin.reported_from <= max(start, one.reported_from)
        and begin.reported_to >= min(stop, one.reported_to)
        and begin.floor_from <= max(floors[0], one.floor_from)
        and begin.floor_to >= min(floors[-1], one.floor_to)
    )


def _known(told: Iterable[Told], last: Mapping[str, Act]) -> bool:
    """Whether every change that concerns a tenure has seen it begin, or its holder had none before."""
    begun: set[str] = set()
    for one in told:
        if one.act.kind == "begin":
            begun.add(one.act.holder)
        elif one.changed and one.act.holder in last and one.act.holder not in begun:
            return False
    return True


def _shape(span: Span) -> tuple[object, ...]:
    return span.model, span.holder, span.value, span.from_latest, span.to_earliest, span.to_latest


def _start(span: Span) -> tuple[object, ...]:
    return span.model, span.holder, span.from_earliest, span.from_latest


def _tenures(folded: Folded) -> list[Tenure]:
    return [] if folded.seat is None else [one for tenures in folded.seat.tenures.values() for one in tenures]


def _content(tenure: Tenure) -> tuple[object, ...]:
    """All that makes a tenure, whatever number it has."""
    reports = (tenure.begins, tenure.attests, tenure.doubts, tenure.ends, tenure.others)
    by = tuple(
        None if one is None else (one[0].holder, one[1].digest, one[1].position)
        for one in (tenure.successor, tenure.continued)
    )
    return tenure.holder, tuple(tuple((act.digest, act.position) for act in acts) for acts in reports), by, tenure.after


def _begun_otherwise(ones: Sequence[Tenure], others: Sequence[Tenure]) -> list[Tenure]:
    """The tenures of ``ones`` that begin as none of ``others`` does, or by the word of other reports."""
    there = {_beginning(other) for other in others}
    return [one for one in ones if _beginning(one) not in there]


def _beginning(tenure: Tenure) -> tuple[object, ...]:
    told = tuple(act.digest for act in tenure.begins or tenure.attests[:1])
    return tenure.holder, _bounds(tenure.beginning()), told


def _bounds(bounds: Bounds) -> tuple[object, ...]:
    return bounds.earliest, bounds.latest, tuple(act.digest for act in bounds.deciders), bounds.disagree


def _open(tenures: Sequence[Tenure], folded: Folded) -> dict[tuple[object, ...], object]:
    """The tenures that last, with the rows of their holders."""
    return {
        _content(tenure): {span for span in folded.spans if span.holder == tenure.holder and span.to_latest is None}
        for tenure in tenures
        if tenure.open
    }


def _announced(folded: Folded) -> set[tuple[object, ...]]:
    """What is announced and neither withdrawn nor begun."""
    return set() if folded.seat is None else set(folded.seat.announcements.standing())


def _begin_of(run: Sequence[Act]) -> Bounds:
    first = run[0]
    return resolve([act for act in run if act.earliest <= first.latest and first.earliest <= act.latest])
