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
from archive.projections.seats import Seat, own_ends_last
from archive.projections.tenure import Tenure
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
class Anew:
    """Rows of a timeline made anew.

    since: which, at each floor; of conflicts at any floor those of the last
    stretches: where each span holds; evidence: that of those spans, as far as it was told
    """

    since: dict[int, Since] = field(default_factory=dict)
    stretches: Stretches = field(default_factory=dict)
    evidence: dict[Span, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))

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
    anew = Anew()
    known = (one for one in standings if one.reported_from < one.reported_to)
    ordered = sorted(known, key=lambda standing: standing.act.order)
    edges = {FLOORS[0], FLOORS[-1] + 1}
    for one in (*ordered, *(changed or ())):
        edges |= {one.floor_from, one.floor_to + 1}
    for low, high in pairwise(sorted(edges)):
        there = [one for one in ordered if one.floor_from <= low <= one.floor_to]
        since = Since(FIRST)
        if changed is not None:
            reached = {one: added for one, added in changed.items() if one.floor_from <= low <= one.floor_to}
            since = _since(kind, there, reached)
        anew.since |= dict.fromkeys(range(low, high), since)
        if since.at is not None:
            tail = [one for one in there if one.act.latest >= since.place]
            _Growing(kind, range(low, high), tail, anew).run(since.at)
    return anew


def _since(kind: Kind, standings: Sequence[Standing], changed: Mapping[Standing, bool]) -> Since:
    if not changed:
        return Since()
    at = min(one.reported_from for one in changed)
    if kind != OFFICE or not all(changed.values()):
        return Since(at)
    place = cut(standings, changed, at)
    return Since(at, min(one.act.earliest for one in standings[place:])) if place else Since(at)


class _Growing:
    """The fold of a timeline at floors that have the same acts."""

    def __init__(self, kind: Kind, floors: range, standings: Sequence[Standing], anew: Anew) -> None:
        self.engine, self.model, seats = kind
        self.seats = seats if self.engine == "seat" else None
        self.floors = floors
        self.standings = standings
        self.anew = anew
        self.finds = FLOORS[-1] in floors
        self.grows = self.engine in ("seat", "holding") and self.model != "employees"
        self.seat = Seat(self.seats)
        self.last: Order | None = None
        self.positions: set[int] = set()
        self.premature: list[Conflict] = []
        self.rows: dict[str, list[tuple[Span, Tenure]]] = {}
        self.held: dict[str, dict[Span, str]] = {}
        self.found: dict[Span, tuple[int, str]] = {}

    def run(self, begin: str) -> None:
        """Fold at every report time from one on."""
        self._begin_again(begin)
        moments: dict[str, tuple[list[Act], list[Act]]] = defaultdict(lambda: ([], []))
        for one in self.standings:
            if begin < one.reported_from:
                moments[one.reported_from][0].append(one.act)
            if begin < one.reported_to < HIGH:
                moments[one.reported_to][1].append(one.act)
        for moment, (come, gone) in sorted(moments.items()):
            if gone or not self._follow(come):
                self._begin_again(moment)
            else:
                self._grow(come, moment)
        self._end()

    def _end(self) -> None:
        """What is held last is held for good."""
        for held in self.held.values():
            for span, start in held.items():
                hold(self.anew.stretches, span, self.floors, (start, HIGH))
        for span, (rank, start) in self.found.items():
            hold(self.anew.stretches, span, range(rank, FLOORS[-1] + 1), (start, HIGH))

    def _follow(self, acts: Sequence[Act]) -> bool:
        """Whether acts stand at the end of the order, after those that were taken, by reports of their own."""
        if not self.grows or (self.last is not None and acts[0].order <= self.last):
            return False
        return self.positions.isdisjoint(act.position for act in acts)

    def _take(self, acts: Sequence[Act]) -> None:
        for act in own_ends_last(acts):
            self.seat.take(act)
        if acts:
            self.last = acts[-1].order
        self.positions.update(act.position for act in acts)
        if self.finds:
            self.premature += premature(acts)

    def _begin_again(self, moment: str) -> None:
        """Fold all acts that count at a report time, whatever was taken before."""
        acts = [one.act for one in self.standings if one.reported_from <= moment < one.reported_to]
        if self.grows:
            self.seat, self.rows, self.premature, self.positions, self.last = Seat(self.seats), {}, [], set(), None
            for holder in self.held.keys() - {act.holder for act in acts}:
                self._hold(holder, {}, moment)
            self._grow(acts, moment)
            return
        folded = fold(self.engine, self.model, acts, self.seats, conflicts=self.finds)
        self._hold("", folded.spans, moment)
        self._find(folded.conflicts, moment)

    def _grow(self, acts: Sequence[Act], moment: str) -> None:
        """Take more acts, and make the rows of those anew whom they touch."""
        self._take(acts)
        for holder in self.seat.settle():
            self.rows.pop(holder, None)
            self._hold(holder, self.seat.spans(self.model, holder), moment)
        if self.finds:
            self.rows |= {
                holder: self.seat.rows(self.model, holder) for holder in self.seat.tenures if holder not in self.rows
            }
            rows = [row for rows in self.rows.values() for row in rows]
            self._find(self.premature + self.seat.conflicts(rows), moment)

    def _hold(self, holder: str, spans: Mapping[Span, Evidence], moment: str) -> None:
        """Note which rows a holder has from a report time on."""
        before = self.held.get(holder, {})
        for span, start in before.items():
            if span not in spans:
                hold(self.anew.stretches, span, self.floors, (start, moment))
        self.held[holder] = {span: before.get(span, moment) for span in spans}
        for span, evidence in spans.items():
            self.anew.evidence[span].update(evidence)

    def _find(self, conflicts: Iterable[Conflict], moment: str) -> None:
        """Note which conflicts there are from a report time on; each holds from its own basis on."""
        if not self.finds:
            return
        before, self.found = self.found, {}
        for conflict in conflicts:
            span = to_span(conflict)
            self.found[span] = before.get(span, (conflict.rank, moment))
            self.anew.evidence[span].update((position, CONFLICTS) for position in conflict.positions)
        for span, (rank, start) in before.items():
            if span not in self.found:
                hold(self.anew.stretches, span, range(rank, FLOORS[-1] + 1), (start, moment))
