"""Timelines that are reached, folded anew: which rows close, which are made, and the evidence of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import events
from archive.projections import rows
from archive.projections.anew import begins, fold_anew
from archive.projections.clocks import Row, Standing
from archive.projections.derive import parts
from archive.projections.growing import Kind, grows
from archive.projections.knowledge import Knowledge
from archive.projections.memory import Memory
from archive.projections.nearby import NearbyInTables
from archive.projections.onward import Grown, Line, fold_on
from archive.projections.overlay import Outcome
from archive.projections.piece import refolded
from archive.projections.retold import retold
from archive.projections.store import Store
from archive.projections.tables import evidence, spans
from archive.projections.window import Pair
from events.later import Amended, Disputed, Retracted

SAYS: Mapping[type, str] = {Amended: "amends", Disputed: "disputes", Retracted: "retracts"}
"""What a later entry is as evidence of the rows of its target; its row in ``reports_history`` says when known."""


SHORT = 64
"""Effects of a timeline that is folded whole whenever it changes."""


@dataclass(slots=True)
class Reached:
    """What a timeline loses and gains by one append."""

    removed: list[Standing] = field(default_factory=list)
    added: list[Standing] = field(default_factory=list)

    @property
    def changed(self) -> dict[Standing, bool]:
        """What is added (True) or removed."""
        return dict.fromkeys(self.removed, False) | dict.fromkeys(self.added, True)


@dataclass(slots=True)
class _Result:
    """Rows to close, rows to make by timeline and evidence of rows that stay by their ids.

    known: the evidence that rows have, as far as it need not be read; lines: timelines to be remembered
    """

    closed: list[rows.Kept] = field(default_factory=list)
    made: dict[str, list[tuple[Row, set[Pair]]]] = field(default_factory=dict)
    seen: dict[int, set[Pair]] = field(default_factory=dict)
    known: dict[int, set[Pair]] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    def take(self, name: str, outcome: Outcome) -> None:
        """Add what became of the rows of one timeline."""
        self.closed += [rows.Kept(number, name, row) for number, row in outcome.closed.items()]
        self.made[name] = [(row, outcome.told.get(row.span, set())) for row in outcome.made]
        self.seen |= {number: outcome.told.get(span, set()) for number, span in outcome.kept.items()}

    def grow(self, name: str, line: Line, grown: Grown) -> None:
        """Add what became of the rows of one that is remembered."""
        self.closed += grown.closed
        self.made[name] = grown.made
        self.seen |= grown.seen
        self.known |= {kept.id: line.evidence[kept.id] for kept in grown.closed}
        self.known |= {number: line.evidence[number] for number in grown.seen}
        line.close(grown.closed)
        self.lines[name] = line


class Refold:
    """The rows of timelines, brought up to one append."""

    def __init__(
        self, store: Store, knowledge: Knowledge, recorded_at: str, first_id: int, memory: Memory | None = None
    ) -> None:
        """Write rows with ids from ``first_id`` on; ``memory``: what is known of timelines, and is to be kept."""
        self._store = store
        self._knowledge = knowledge
        self._recorded_at = recorded_at
        self._next_id = first_id
        self._memory = memory

    def fold(
        self, reached: Mapping[str, Reached], seats: Mapping[tuple[str, str], int | None], anew: Collection[str]
    ) -> None:
        """Bring up to date the rows of the timelines that changed, and make all of those ``anew``."""
        result = _Result()
        lines = {} if self._memory is None else self._memory.lines([*reached, *anew])
        grown = self._go_on(lines, reached, seats, anew, result)
        changed = {name: one for name, one in reached.items() if name not in anew and name not in grown}
        standings, lengthy = self._short({name for name in changed if _kind(name, seats)[0] != "report"})
        long = {name: one for name, one in changed.items() if name in lengthy}
        whole: dict[str, Reached | None] = {name: one for name, one in changed.items() if name not in long}
        whole |= dict.fromkeys(anew)
        outcomes: dict[str, Outcome] = {}
        for name, one in sorted(long.items()):
            nearby, kind = NearbyInTables(self._store, name), _kind(name, seats)
            outcome = retold(nearby, kind, one.changed)
            if outcome is None and _in_windows(kind):
                outcome = refolded(nearby, kind, one.removed, one.added)
            if outcome is None:
                whole[name] = one
            else:
                outcomes[name] = outcome
        for name in self._unsure(outcomes):
            del outcomes[name]
            whole[name] = reached[name]
        self._whole(whole, standings, seats, result)
        for name, outcome in outcomes.items():
            result.take(name, outcome)
        self._write(result)

    def _short(self, timelines: set[str]) -> tuple[dict[str, list[Standing]], set[str]]:
        """The acts of those of these timelines that are short, and those that are long."""
        standings: dict[str, list[Standing]] = defaultdict(list)
        for effect in self._store.standings(sorted(timelines), most=SHORT):
            standings[effect[0]].append(rows.standing_of(effect))
        others = sorted(timelines - standings.keys())
        return standings, {name for name, count in self._store.lengths(others, SHORT + 1).items() if count > SHORT}

    def _go_on(
        self,
        lines: Mapping[str, Line],
        reached: Mapping[str, Reached],
        seats: Mapping[tuple[str, str], int | None],
        anew: Collection[str],
        result: _Result,
    ) -> Collection[str]:
        """Fold on those of these timelines to which nothing came but what comes after all else; which they are."""
        able = {
            name: line
            for name, line in lines.items()
            if name not in anew
            and not reached[name].removed
            and line.kind == _kind(name, seats)
            and len(line.standings) + len(reached[name].added) <= SHORT
        }
        self._read({name: line for name, line in able.items() if not line.was_read})
        for name, line in able.items():
            grown = fold_on(line, reached[name].added)
            if grown is not None:
                line.standings += reached[name].added
                result.grow(name, line, grown)
        return set(result.lines)

    def _read(self, lines: Mapping[str, Line]) -> None:
        """Read the rows of these timelines, with their evidence."""
        whose = {}
        told = self._store.evidence_of(sorted(lines))
        for stored in self._store.current(spans, "timeline", sorted(lines)):
            kept = rows.kept(stored)
            lines[kept.timeline].add(kept)
            whose[kept.id] = lines[kept.timeline].evidence[kept.id]
        for row, position, role in told():
            whose[row].add((position, role))
        for line in lines.values():
            line.was_read = True

    def _unsure(self, outcomes: Mapping[str, Outcome]) -> set[str]:
        """The timelines of which a row that had a part in what was found has a report outside its window."""
        within: dict[int, list[tuple[str, frozenset[int]]]] = defaultdict(list)
        for name, outcome in outcomes.items():
            for number, inside in outcome.checked:
                within[number].append((name, inside))
        said = SAYS.values()
        return {
            name
            for row, position, role in self._store.select(evidence, "row", sorted(within))
            if role not in said
            for name, inside in within[row]
            if position not in inside
        }

    def _whole(
        self,
        reached: Mapping[str, Reached | None],
        standings: dict[str, list[Standing]],
        seats: Mapping[tuple[str, str], int | None],
        result: _Result,
    ) -> None:
        """Fold timelines from all their acts, as far as a change of them reaches; None: all of it. ``standings``: the
        acts of some."""
        if others := sorted(reached.keys() - standings.keys()):
            for effect in self._store.standings(others):
                standings[effect[0]].append(rows.standing_of(effect))
        made = {
            name: fold_anew(_kind(name, seats), standings[name], None if one is None else one.changed)
            for name, one in reached.items()
        }
        there: dict[str, list[rows.Values]] = defaultdict(list)
        for stored in self._store.reached([(name, *anew.least) for name, anew in sorted(made.items())]):
            there[stored[1]].append(stored)
        for name, anew in made.items():
            before = []
            for stored in there[name]:
                model, earliest, latest, until = rows.reach(stored)
                if anew.reaches(model, begins(earliest, latest), until):
                    before.append(rows.kept(stored))
            wanted = anew.rows(one.row for one in before)
            kept = {one.row: one for one in before}
            closed = [one for row, one in kept.items() if row not in wanted]
            result.closed += closed
            result.seen |= {kept[row].id: told for row in wanted if row in kept and (told := anew.news.get(row.span))}
            result.made[name] = [(row, anew.evidence.get(row.span, set())) for row in wanted if row not in kept]
            if self._memory is not None and len(standings[name]) < SHORT and grows(kind := _kind(name, seats)):
                result.lines[name] = Line(kind, standings[name])

    def _write(self, result: _Result) -> None:
        there: dict[int, set[Pair]] = defaultdict(set, result.known)
        closed = {one.id: (one.timeline, one.row.span) for one in result.closed}
        told_again = {number for number, pairs in result.seen.items() if pairs}
        unknown = sorted(closed.keys() - result.known.keys())
        again = [(row, at) for row in sorted(told_again - result.known.keys()) for at, _ in sorted(result.seen[row])]
        for row, position, role in self._store.evidence_there(unknown, again):
            there[row].add((position, role))
        inherited: dict[tuple[str, object], set[Pair]] = defaultdict(set)
        for number, whose in closed.items():
            inherited[whose] |= there[number]
        self._store.close(spans, [(number,) for number in closed], self._recorded_at)
        written, proof = [], []
        for name, made in sorted(result.made.items()):
            line = result.lines.get(name)
            line = line if line and line.was_read else None
            for row, told in sorted(made, key=lambda pair: rows.in_order(pair[0])) if len(made) > 1 else made:
                written.append(rows.span(self._next_id, name, row, self._recorded_at))
                proof += [(self._next_id, *pair) for pair in sorted(told | inherited.get((name, row.span), set()))]
                if line is not None:
                    line.add(rows.Kept(self._next_id, name, row))
                    result.known[self._next_id] = line.evidence[self._next_id]
                self._next_id += 1
        self._store.insert(spans, written)
        # What is said of a report stands beside it wherever it is evidence already.
        proof += [(row, *pair) for row, pairs in sorted(result.seen.items()) for pair in sorted(pairs - there[row])]
        said = proof
        while said := self._said(said):
            proof += said
        self._store.insert(evidence, proof, unless_there=True)
        if self._memory is not None:
            for row, position, role in proof:
                if row in result.known:
                    result.known[row].add((position, role))
            for name, line in result.lines.items():
                self._memory.keep(name, line)

    def stand_beside(self, targets: Collection[int]) -> None:
        """Put what is said of these entries beside them, in rows left as they are; a retraction in those it ends."""
        if targets and self._memory is not None:
            self._memory.clear()  # of their rows other evidence is known
        proof = self._store.select(evidence, "position", sorted(targets))
        while said := self._said(proof):
            current = {row[0] for row in self._store.current(spans, "id", sorted({row for row, *_ in said}))}
            # What is said of it may itself be spoken of.
            proof = [one for one in said if one[0] in current or one[2] == "retracts"]
            self._store.insert(evidence, proof, unless_there=True)

    def _said(self, proof: Sequence[rows.Values]) -> list[rows.Values]:
        """What later entries say of the reports in this evidence, as evidence of the same rows."""
        said: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for target, position in self._knowledge.saying({position for _, position, _ in proof}):
            if position in self._knowledge.known and (role := SAYS.get(type(self._knowledge.known[position].event))):
                said[target].append((position, role))
        return [(row, *pair) for row, position, _ in proof for pair in said.get(position, ())]


def _kind(name: str, seats: Mapping[tuple[str, str], int | None]) -> Kind:
    """Engine, model and seats of a timeline."""
    organisation, model, item, owner = parts(name)
    return events.MODELS.get(model, "report"), model, None if owner else seats.get((organisation, item), 1)


def _in_windows(kind: Kind) -> bool:
    """Whether the acts of a timeline concern their neighbours alone: in an employment and a matter they do not."""
    engine, model, _ = kind
    return engine != "matter" and model != "employees"
