"""The fold of a timeline from one report time to the next: which rows hold from when to when.

The acts that count at one report time are mostly those that counted before, and one more at the end of their order:
then a seat takes that one act, and only the rows of those whom it touches are made again. Where an act stands further
back, or counts no longer, and in timelines of other engines, the fold begins again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archive.projections.acts import HIGH, Act, Conflict, Evidence, Order, Span, premature
from archive.projections.clocks import FLOORS, Standing, Stretches, to_span
from archive.projections.renewals import Made
from archive.projections.seats import Seat, own_ends_last
from archive.projections.timeline import fold

Kind = tuple[str, str, int | None]
"""Engine, model and seats of a timeline."""

CONFLICTS = "conflicts"
"""The model of conflicts, found once, at the last floor."""


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


class Growing:
    """The fold of a timeline at floors that have the same acts, as far as it has come.

    held: the rows of each holder at that report time, with their evidence; found: the conflicts
    """

    def __init__(self, kind: Kind, floors: range, noted: Noted) -> None:
        """Begin with no act; what is found is ``noted``."""
        self.engine, self.model, seats = kind
        self.seats = seats if self.engine == "seat" else None
        self.floors = floors
        self.noted = noted
        self.finds = FLOORS[-1] in floors
        self.grows = grows(kind)
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
        self._begin_again(standings, begin)
        for moment, (come, gone) in sorted(moments.items()):
            if gone or not self._follow(come):
                self._begin_again(standings, moment)
            else:
                self.grow(come, moment)

    def _follow(self, acts: Sequence[Act]) -> bool:
        """Whether acts stand at the end of the order, after those that were taken, by reports of their own."""
        if not self.grows or (self.last is not None and acts[0].order <= self.last):
            return False
        return self.positions.isdisjoint(act.position for act in acts)

    def _begin_again(self, standings: Sequence[Standing], moment: str) -> None:
        """Fold all acts that count at a report time, whatever was taken before."""
        acts = [one.act for one in standings if one.reported_from <= moment < one.reported_to]
        if self.grows:
            if self.held or self.positions:
                self.seat, self.rows, self.premature, self.positions, self.last = Seat(self.seats), {}, [], set(), None
                for holder in self.held.keys() - {act.holder for act in acts}:
                    self._hold(holder, {}, moment)
            self.grow(acts, moment)
            return
        folded = fold(self.engine, self.model, acts, self.seats, conflicts=self.finds)
        self._hold("", folded.spans, moment)
        self._find(folded.conflicts, moment)

    def grow(self, acts: Sequence[Act], moment: str) -> None:
        """Take acts that follow, and make the rows of those anew whom they touch."""
        self._take(acts)
        for holder in self.seat.settle():
            self.rows.pop(holder, None)
            self._hold(holder, self.seat.spans(self.model, holder), moment)
        if self.finds:
            for holder in self.seat.tenures:
                if holder not in self.rows:
                    self.rows[holder] = self.seat.made(self.model, holder)
            rows = [row for rows in self.rows.values() for row in rows]
            self._find(self.premature + self.seat.conflicts(rows), moment)

    def _take(self, acts: Sequence[Act]) -> None:
        for act in own_ends_last(acts):
            self.seat.take(act)
        if acts:
            self.last = acts[-1].order
        self.positions.update([act.position for act in acts])
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
