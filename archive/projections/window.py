"""What changes in the rows of a long timeline, worked out from a window of its acts.

The window is folded twice, without the change and with it, for each report time and floor at which they differ; what
the truncated past and future make wrong at its edges is wrong in both, and cancels. That it does is checked, cell by
cell: `_founded` for what lies before the window, `_settled` for what follows it. A window that fails is widened by who
asked for it; one that is the whole timeline cannot fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Literal, Protocol

from archive.projections.acts import HIGH, LOW, Act, Bounds, Folded, Order, Span, opened, resolve
from archive.projections.clocks import FLOORS, Row, Standing, to_span
from archive.projections.seats import Seat
from archive.projections.tenure import Tenure
from archive.projections.timeline import fold
from archive.times import from_instant, to_instant

Side = Literal["before", "after"]
"""On which side a window is too small."""

Cell = tuple[str, str, tuple[int, ...]]
"""A stretch of report time ``[from, to)``, and floors."""

Pair = tuple[int, str]

TIDY = timedelta(days=1)
"""An act is tidy if its bounds lie no further apart, and it was public no longer before the later of them."""

ALONE = ("reported before it happened", "times disagree")
"""Conflicts of one holder's reports, whoever else there is."""

Key = tuple[Order, int, str, int]


def key_of(standing: Standing) -> Key:
    """The place of a standing among those of a timeline, no two alike."""
    return standing.act.order, standing.act.position, standing.reported_from, standing.floor_from


def is_loose(standing: Standing) -> bool:
    """Whether an act may reach out of its neighbourhood: by its bounds, its publication or its development."""
    act = standing.act
    if act.earliest == LOW or act.latest == HIGH or act.development is not None:
        return True
    if act.earliest == act.latest and act.latest <= standing.reported_from:
        return False
    limit = _earlier(act.latest)
    return act.earliest < limit or standing.reported_from < limit


class Surroundings(Protocol):
    """What lies outside a window, as far as somebody asks."""

    def last(self, holders: Iterable[str]) -> Mapping[str, Act]:
        """Of each holder the last act before the window."""
        ...

    def following(self, holders: Iterable[str]) -> Sequence[Standing] | None:
        """Every act of these holders after the window, in order; None if there are too many to tell."""
        ...

    def seen_before(self, cell: Cell) -> bool:
        """Whether any act before the window counts in a cell."""
        ...

    def seen_after(self, cell: Cell) -> bool:
        """Whether any act after the window may count in a cell."""
        ...

    def ends_at(self, instant: str) -> bool:
        """Whether an ending before the window lies at this very instant, or may."""
        ...

    def beside(self) -> Act | None:
        """The act next before the window; None where that is not known."""
        ...

    def crossing(self) -> Iterable[Row]:
        """The rows that may hold past the beginning of the window, those that begin after its end left out or not."""
        ...


@dataclass(slots=True)
class Change:
    """What the rows lose and gain, by cells; evidence that is new.

    All reports of the rows of ``checked`` must be among those of ``within``: else more of them lie outside the window.
    """

    lost: dict[Span, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    gained: dict[Span, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    told: dict[Span, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    checked: set[Span] = field(default_factory=set)
    within: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """The acts of a timeline between two places in its order, without a change and with it.

    ``before`` and ``after``: whether the timeline has acts there.
    """

    old: Sequence[Standing]
    new: Sequence[Standing]
    before: bool
    after: bool
    around: Surroundings


def changes(window: Window, engine: str, model: str, seats: int | None) -> Change | Side:
    """What a change of acts makes of the rows, or the side on which the window is too small to tell."""
    return _Comparison(window, engine, model, seats).run()


class _Comparison:
    def __init__(self, window: Window, engine: str, model: str, seats: int | None) -> None:
        self.window = window
        self.kind = (engine, model, seats)
        there, then = set(window.old), set(window.new)
        self.both = sorted(there | then, key=key_of)
        self.old = [one in there for one in self.both]
        self.new = [one in then for one in self.both]
        self.changed = [one for one, was, is_ in zip(self.both, self.old, self.new, strict=True) if was != is_]
        self.folds: dict[tuple[int, ...], Folded] = {}
        self.end = max((one.act.latest for one in self.both), default=LOW)

    def run(self) -> Change | Side:
        change = Change(within=frozenset(one.act.position for one in self.both))
        for cell, old, new in self._cells():
            side = self._compare(cell, old, new, change)
            if side is not None:
                return side
        return change

    def _cells(self) -> Iterable[tuple[Cell, tuple[int, ...], tuple[int, ...]]]:
        """The cells in which other acts count than did, with those that did and those that do."""
        since = min(one.reported_from for one in self.changed)
        until = max(one.reported_to for one in self.changed)
        moments = {since, until}
        for one in self.both:
            moments.update(at for at in (one.reported_from, one.reported_to) if since < at < until)
        times = sorted(moments)
        for start, stop in pairwise(times):
            present = [
                (index, one.floor_from, one.floor_to)
                for index, one in enumerate(self.both)
                if one.reported_from <= start < one.reported_to
            ]
            found: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = defaultdict(list)
            for floor in FLOORS:
                seen = [index for index, low, high in present if low <= floor <= high]
                old = tuple(index for index in seen if self.old[index])
                new = tuple(index for index in seen if self.new[index])
                if old != new:
                    found[old, new].append(floor)
            for (old, new), floors in found.items():
                yield (start, stop, tuple(floors)), old, new

    def folded(self, key: tuple[int, ...]) -> Folded:
        """The fold of some of the acts, each once."""
        if key not in self.folds:
            engine, model, seats = self.kind
            self.folds[key] = fold(engine, model, [self.both[index].act for index in key], seats)
        return self.folds[key]

    def _compare(self, cell: Cell, old: tuple[int, ...], new: tuple[int, ...], change: Change) -> Side | None:
        before, after = self.folded(old), self.folded(new)
        found = _differences(before, after, cell)
        checks = _Checks(self, cell, old, new, found)
        if not checks.founded():
            return "before"
        if not checks.settled():
            return "after"
        change.checked |= checks.checked()
        for span, cells in found.lost.items():
            change.lost[span] += cells
        for span, cells in found.gained.items():
            change.gained[span] += cells
        for span, pairs in found.told.items():
            change.told[span] |= pairs
        return None


def _differences(before: Folded, after: Folded, cell: Cell) -> Change:
    found = Change()
    start, stop, floors = cell
    for span, evidence in after.spans.items():
        there = before.spans.get(span)
        if there is None:
            found.gained[span].append(cell)
            found.told[span].update(evidence)
        elif new := set(evidence).difference(there):
            found.told[span].update(new)
    for span in before.spans.keys() - after.spans.keys():
        found.lost[span].append(cell)
    if FLOORS[-1] in floors:
        # Conflicts are found once, among all that is told, and hold from their own basis on.
        was, is_ = ({to_span(one): one for one in folded.conflicts} for folded in (before, after))
        for span in was.keys() - is_.keys():
            found.lost[span].append((start, stop, tuple(range(was[span].rank, FLOORS[-1] + 1))))
        for span in is_.keys() - was.keys():
            found.gained[span].append((start, stop, tuple(range(is_[span].rank, FLOORS[-1] + 1))))
            found.told[span].update((position, "conflicts") for position in is_[span].positions)
    return found


class _Checks:
    """Whether what lies outside a window changes nothing of what was found in one cell."""

    def __init__(
        self,
        comparison: _Comparison,
        cell: Cell,
        old: Sequence[int],
        new: Sequence[int],
        found: Change,
    ) -> None:
        self.window = comparison.window
        self.around = comparison.window.around
        self.end = comparison.end
        self.seats = comparison.kind[2] if comparison.kind[0] == "seat" else None
        self.one_seat = comparison.kind[0] == "seat" and self.seats == 1
        self.cell = cell
        self.before, self.after = comparison.folded(tuple(old)), comparison.folded(tuple(new))
        self.found = found
        self.sides = [[comparison.both[index].act for index in side] for side in (old, new)]
        self.acts = [comparison.both[index].act for index in sorted({*old, *new})]
        first = min(set(old) ^ set(new))
        self.context = [comparison.both[index].act for index in sorted({*old, *new}) if index < first]
        self.changed = [comparison.both[index].act for index in sorted(set(old) ^ set(new))]

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
        if self.before.seat is not None and any(span.from_latest == begin for span in spans):
            # Who was never seen may have gone when another certainly held.
            if self.around.ends_at(begin):
                return False
        if not self._crossed(begin):
            return False
        return self._founded_seat() if self.before.runs is None else self._founded_value()

    def _crossed(self, begin: str) -> bool:
        """Whether every row that holds past the beginning of the window is made in it, or beside what it tells."""
        start, stop, floors = self.cell
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
            if (span.from_latest or span.from_earliest or LOW) > self.end:
                continue
            if span in self.before.spans or _shape(span) in made:
                continue
            if (span.to_latest is None or span.to_latest > self.end) and _start(span) in lasting:
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
        return all(self._known(acts, last) for acts in self.sides)

    def _known(self, acts: Sequence[Act], last: Mapping[str, Act]) -> bool:
        """Whether every change that concerns a tenure has seen it begin, or there was none before."""
        begun: set[str] = set()
        for act in acts:
            if act.kind == "begin":
                begun.add(act.holder)
            elif act in self.changed and act.holder in last and act.holder not in begun:
                return False
        return True

    def _founded_value(self) -> bool:
        before, after = self.before.runs or [], self.after.runs or []
        beside, first = self.around.beside(), self.context[0]
        apart = beside is not None and (beside.earliest, beside.latest) != (first.earliest, first.latest)
        same = before[0][0] is first is after[0][0] and _begin_of(before[0]) == _begin_of(after[0])
        if apart and same:
            return True
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
        if _open(before, self.before) != _open(after, self.after):
            return False
        if self._beside_others() & {tenure.holder for tenure in (*before, *after) if tenure.open}:
            return False
        if _announced(self.before) != _announced(self.after):
            return False
        touched = self._touched(before, after)
        if touched is None:
            return False
        following = self.around.following(touched)
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
    """The tenures of ``ones`` that begin as none of ``others`` does."""
    there = {(other.holder, _bounds(other.beginning())) for other in others}
    return [one for one in ones if (one.holder, _bounds(one.beginning())) not in there]


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
    seat: Seat | None = folded.seat
    return set() if seat is None else set(seat.announcements.standing())


def _begin_of(run: Sequence[Act]) -> Bounds:
    first = run[0]
    return resolve([act for act in run if act.earliest <= first.latest and first.earliest <= act.latest])


def _earlier(instant: str) -> str:
    """A day before an instant."""
    return _moved(instant, -TIDY)


def later(instant: str) -> str:
    """A day after an instant; HIGH where there is none."""
    return HIGH if instant == HIGH else _moved(instant, TIDY)


def _moved(instant: str, by: timedelta) -> str:
    try:
        return to_instant(from_instant(instant) + by)
    except OverflowError:
        return LOW if by < timedelta(0) else HIGH
