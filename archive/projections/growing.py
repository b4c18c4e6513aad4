"""A timeline folded from one report time to the next: which rows are made anew, and where each of them holds.

A timeline is folded from the report time of a change on, at the floors at which it counts, from a clean place in its
past on. The acts that count at one report time are mostly those that counted before, and one more at the end of their
order: then a seat takes that one act, and only the rows of those whom it touches are made again. Where an act stands
further back, or counts no longer, and in timelines of other engines, the fold begins again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from archive.projections.acts import HIGH, LOW, Act, Conflict, Evidence, Order, Span, premature
from archive.projections.clocks import FLOORS, Row, Standing, Stretches, canonical, hold, to_span
from archive.projections.cut import cut
from archive.projections.renewals import Made
from archive.projections.seats import Seat, own_ends_last
from archive.projections.timeline import fold
from events.values import FIRST

Kind = tuple[str, str, int | None]
"""Engine, model and seats of a timeline."""

OFFICE: Kind = ("seat", "tenures", 1)
"""The timelines that can be cut."""

CONFLICTS = "conflicts"
"""The model of conflicts, found once, at the last floor."""


@dataclass(slots=True)
class Since:
    """Which rows are made anew at some floors.

    at: from which report time on; None: none of them
    place: the instant at which the first of them may begin
    """

    at: str | None = None
    place: str = LOW


@dataclass(slots=True)
class Noted:
    """What a fold found.

    stretches: where each span holds; evidence: that of those spans, as far as it was told
    came: the positions of the acts that came; None: of all
    news: evidence of spans, of which one of those is part
    """

    stretches: Stretches = field(default_factory=dict)
    evidence: dict[Span, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))
    came: frozenset[int] | None = None
    news: dict[Span, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))

    def tell(self, span: Span, evidence: Evidence) -> None:
        """Note the evidence of a span at some report time."""
        self.evidence[span].update(evidence)
        if self.came is None or not self.came.isdisjoint([position for position, _ in evidence]):
            self.news[span].update(evidence)

    def before(self, span: Span) -> tuple[list[tuple[str, str]], ...]:  # noqa: ARG002  # who knows of rows looks
        """Where a span held that was not met so far."""
        return tuple([] for _ in FLOORS)

    def begin(self, span: Span, floors: Iterable[int], moment: str) -> None:
        """A span holds at these floors from a report time on."""
        by_floor = self.stretches.get(span)
        if by_floor is None:
            by_floor = self.stretches[span] = self.before(span)
        for floor in floors:
            held = by_floor[floor - 1]
            if held and held[-1][1] == moment:
                held[-1] = (held[-1][0], HIGH)
            else:
                held.append((moment, HIGH))

    def end(self, span: Span, floors: Iterable[int], moment: str) -> None:
        """It holds there no longer."""
        by_floor = self.stretches.get(span)
        if by_floor is None:
            by_floor = self.stretches[span] = self.before(span)
        for floor in floors:
            start, _ = by_floor[floor - 1].pop()
            if start < moment:
                by_floor[floor - 1].append((start, moment))


@dataclass(slots=True)
class Anew(Noted):
    """Rows of a timeline made anew.

    since: which, at each floor; of conflicts at any floor those of the last
    """

    since: dict[int, Since] = field(default_factory=dict)

    def reaches(self, model: str, begins: str, until: str) -> bool:
        """Whether rows of a model may be others which begin at an instant and hold up to a report time."""
        last = self.since[FLOORS[-1]]
        return any(
            one.at is not None and until >= one.at and begins >= one.place
            for one in ((last,) if model == CONFLICTS else self.since.values())
        )

    def rows(self, before: Iterable[Row]) -> set[Row]:
        """The canonical rows: what held ``before`` as far as it is not made anew, and what is.

        Of ``before`` may be missing what is not reached.
        """
        whole: Stretches = {}
        for row in sorted(before, key=lambda row: row.reported_from):
            span = row.span
            for floor in range(row.floor_from, row.floor_to + 1):
                since = self.since[FLOORS[-1] if span.model == CONFLICTS else floor]
                until = row.reported_to
                if since.at is not None and begins(span.from_earliest, span.from_latest) >= since.place:
                    until = min(until, since.at)
                if row.reported_from < until:
                    hold(whole, span, (floor,), (row.reported_from, until))
        if not whole:
            return canonical(self.stretches)
        for span, by_floor in self.stretches.items():
            for floor, held in zip(FLOORS, by_floor, strict=True):
                for stretch in held:
                    hold(whole, span, (floor,), stretch)
        return canonical({span: tuple(map(sorted, held)) for span, held in whole.items()})


def begins(earliest: str | None, latest: str | None) -> str:
    """The instant by which rows are told apart from those before a place."""
    return latest or earliest or LOW


def fold_anew(kind: Kind, standings: Sequence[Standing], changed: Mapping[Standing, bool] | None = None) -> Anew:
    """Fold a timeline as far as a change of its acts reaches, or whole.

    ``changed``: what was added (True), which is among the ``standings``, and what was removed (False).
    """
    anew = Anew(came=came_by(changed))
    known = (one for one in standings if one.reported_from < one.reported_to)
    ordered = sorted(known, key=lambda standing: standing.act.order)
    edges = edges_of((*ordered, *(changed or ())))
    for low, high in pairwise(sorted(edges)):
        there = [one for one in ordered if one.floor_from <= low <= one.floor_to]
        since = Since(FIRST)
        if changed is not None:
            reached = {one: added for one, added in changed.items() if one.floor_from <= low <= one.floor_to}
            since = since_of(kind, there, reached)
        anew.since |= dict.fromkeys(range(low, high), since)
        if since.at is not None:
            tail = [one for one in there if one.act.latest >= since.place]
            Growing(kind, range(low, high), anew).run(tail, since.at)
    return anew


def came_by(changed: Mapping[Standing, bool] | None) -> frozenset[int] | None:
    """The positions of the acts of a change; None where acts went, and all that there is may be other evidence."""
    if changed is None or not all(changed.values()):
        return None
    return frozenset(one.act.position for one in changed)


def edges_of(standings: Iterable[Standing]) -> set[int]:
    """The floors at which other acts count than at the floor before; the one behind the last too."""
    edges = {FLOORS[0], FLOORS[-1] + 1}
    for one in standings:
        edges.add(one.floor_from)
        edges.add(one.floor_to + 1)
    return edges


def since_of(kind: Kind, standings: Sequence[Standing], changed: Mapping[Standing, bool]) -> Since:
    """Which rows a change of these acts, which have an order and count at the same floors, may make other than they
    were."""
    if not changed:
        return Since()
    at = min(one.reported_from for one in changed)
    if kind != OFFICE or not all(changed.values()):
        return Since(at)
    place = cut(standings, changed, at)
    return Since(at, min(one.act.earliest for one in standings[place:])) if place else Since(at)


class Growing:
    """The fold of a timeline at floors that have the same acts, as far as it has come.

    moment: the report time up to which it has; held: the rows of each holder at that time, with their evidence
    found: the conflicts
    """

    def __init__(self, kind: Kind, floors: range, noted: Noted) -> None:
        """Begin with no act; what is found is ``noted``."""
        self.engine, self.model, seats = kind
        self.seats = seats if self.engine == "seat" else None
        self.floors = floors
        self.noted = noted
        self.finds = FLOORS[-1] in floors
        self.grows = grows(kind)
        self.moment = LOW
        self.seat = Seat(self.seats)
        self.last: Order | None = None
        self.positions: set[int] = set()
        self.premature: list[Conflict] = []
        self.rows: dict[str, Sequence[Made]] = {}
        self.held: dict[str, Mapping[Span, Evidence]] = {}
        self.found: dict[Span, Evidence] = {}

    def run(self, standings: Sequence[Standing], begin: str) -> None:
        """Fold acts, which stand in their order, at every report time from one on."""
        moments: dict[str, tuple[list[Act], list[Act]]] = defaultdict(lambda: ([], []))
        for one in standings:
            if begin < one.reported_from:
                moments[one.reported_from][0].append(one.act)
            if begin < one.reported_to < HIGH:
                moments[one.reported_to][1].append(one.act)
        self.begin_again(standings, begin)
        for moment, (come, gone) in sorted(moments.items()):
            if gone or not (self.grows and self.follows([come])):
                self.begin_again(standings, moment)
            else:
                self.grow(come, moment)

    def follows(self, groups: Sequence[Sequence[Act]]) -> bool:
        """Whether acts, in groups that count from one report time each, stand at the end of the order, after those that
        were taken, each group by reports of its own."""
        last, positions = self.last, self.positions
        for acts in groups:
            if last is not None and acts[0].order <= last:
                return False
            own = {act.position for act in acts}
            if not positions.isdisjoint(own):
                return False
            if len(groups) > 1:
                last, positions = acts[-1].order, positions | own
        return True

    def begin_again(self, standings: Sequence[Standing], moment: str) -> None:
        """Fold all acts that count at a report time, whatever was taken before."""
        acts = [one.act for one in standings if one.reported_from <= moment < one.reported_to]
        if self.grows:
            self.seat, self.rows, self.premature, self.positions, self.last = Seat(self.seats), {}, [], set(), None
            for holder in self.held.keys() - {act.holder for act in acts}:
                self._hold(holder, {}, moment)
            self.grow(acts, moment)
            return
        self.moment = moment
        folded = fold(self.engine, self.model, acts, self.seats, conflicts=self.finds)
        self._hold("", folded.spans, moment)
        self._find(folded.conflicts, moment)

    def grow(self, acts: Sequence[Act], moment: str) -> None:
        """Take acts that follow, and make the rows of those anew whom they touch."""
        self.moment = moment
        self._take(acts)
        for holder in self.seat.settle():
            self.rows.pop(holder, None)
            self._hold(holder, self.seat.spans(self.model, holder), moment)
        if self.finds:
            self.rows |= {
                holder: self.seat.made(self.model, holder) for holder in self.seat.tenures if holder not in self.rows
            }
            rows = [row for rows in self.rows.values() for row in rows]
            self._find(self.premature + self.seat.conflicts(rows), moment)

    def _take(self, acts: Sequence[Act]) -> None:
        for act in own_ends_last(acts):
            self.seat.take(act)
        if acts:
            self.last = acts[-1].order
        self.positions.update(act.position for act in acts)
        if self.finds:
            self.premature += premature(acts)

    def _hold(self, holder: str, spans: Mapping[Span, Evidence], moment: str) -> None:
        """Note which rows a holder has from a report time on."""
        before = self.held.get(holder, {})
        for span in before:
            if span not in spans:
                self.noted.end(span, self.floors, moment)
        for span, evidence in spans.items():
            told = before.get(span)
            if told is None:
                self.noted.begin(span, self.floors, moment)
            if told != evidence:
                self.noted.tell(span, evidence)
        self.held[holder] = spans

    def _find(self, conflicts: Iterable[Conflict], moment: str) -> None:
        """Note which conflicts there are from a report time on; each holds from its own basis on."""
        if not self.finds:
            return
        before, self.found = self.found, {}
        for conflict in conflicts:
            span = to_span(conflict)
            self.found[span] = tuple((position, CONFLICTS) for position in conflict.positions)
        for span in before:
            if span not in self.found:
                self.noted.end(span, range(span.rank, FLOORS[-1] + 1), moment)
        for span, evidence in self.found.items():
            if span not in before:
                self.noted.begin(span, range(span.rank, FLOORS[-1] + 1), moment)
                self.noted.tell(span, evidence)


def grows(kind: Kind) -> bool:
    """Whether acts at the end of the order leave the rows of all whom they do not touch as they are."""
    engine, model, _ = kind
    return engine in ("seat", "holding") and model != "employees"
