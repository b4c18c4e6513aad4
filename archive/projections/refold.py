"""Timelines that are reached, folded anew: which rows close, which are made, and the evidence of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import events
from archive.projections import rows
from archive.projections.clocks import Row, Standing
from archive.projections.derive import parts
from archive.projections.growing import Kind, begins, fold_anew
from archive.projections.knowledge import Knowledge
from archive.projections.nearby import NearbyInTables
from archive.projections.overlay import Outcome
from archive.projections.piece import refolded
from archive.projections.store import Store
from archive.projections.tables import effects, evidence, spans
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
    """Rows to close, rows to make by timeline and evidence of rows that stay by their ids."""

    closed: list[rows.Kept] = field(default_factory=list)
    made: dict[str, list[tuple[Row, set[Pair]]]] = field(default_factory=dict)
    seen: dict[int, set[Pair]] = field(default_factory=dict)

    def take(self, name: str, outcome: Outcome) -> None:
        """Add what became of the rows of one timeline."""
        self.closed += [rows.Kept(number, name, row) for number, row in outcome.closed.items()]
        self.made[name] = [(row, outcome.told.get(row.span, set())) for row in outcome.made]
        self.seen |= {number: outcome.told.get(span, set()) for number, span in outcome.kept.items()}


class Refold:
    """The rows of timelines, brought up to one append."""

    def __init__(self, store: Store, knowledge: Knowledge, recorded_at: str, first_id: int) -> None:
        """Write rows with ids from ``first_id`` on."""
        self._store = store
        self._knowledge = knowledge
        self._recorded_at = recorded_at
        self._next_id = first_id

    def fold(
        self, reached: Mapping[str, Reached], seats: Mapping[tuple[str, str], int | None], anew: Collection[str]
    ) -> None:
        """Bring up to date the rows of the timelines that changed, and make all of those ``anew``."""
        changed = {name: one for name, one in reached.items() if name not in anew}
        lengths = self._store.lengths(sorted(changed), SHORT + 1)
        long = {name: one for name, one in changed.items() if lengths[name] > SHORT and _in_windows(name)}
        whole: dict[str, Reached | None] = {name: one for name, one in changed.items() if name not in long}
        whole |= dict.fromkeys(anew)
        outcomes: dict[str, Outcome] = {}
        for name, one in sorted(long.items()):
            outcome = refolded(NearbyInTables(self._store, name), _kind(name, seats), one.removed, one.added)
            if outcome is None:
                whole[name] = one
            else:
                outcomes[name] = outcome
        for name in self._unsure(outcomes):
            del outcomes[name]
            whole[name] = reached[name]
        result = self._whole(whole, seats)
        for name, outcome in outcomes.items():
            result.take(name, outcome)
        self._write(result)

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

    def _whole(self, reached: Mapping[str, Reached | None], seats: Mapping[tuple[str, str], int | None]) -> _Result:
        """Fold timelines from all their acts, as far as a change of them reaches; None: all of it."""
        standings: dict[str, list[Standing]] = defaultdict(list)
        for effect in self._store.current(effects, "timeline", sorted(reached)):
            standings[effect[0]].append(rows.standing(effect))
        made = {
            name: fold_anew(_kind(name, seats), standings[name], None if one is None else one.changed)
            for name, one in reached.items()
        }
        before: dict[str, list[rows.Kept]] = defaultdict(list)
        for stored in self._store.current(spans, "timeline", sorted(reached)):
            model, earliest, latest, until = rows.reach(stored)
            if made[stored[1]].reaches(model, begins(earliest, latest), until):
                before[stored[1]].append(rows.kept(stored))
        result = _Result()
        for name, anew in made.items():
            wanted = anew.rows(one.row for one in before[name])
            kept = {one.row: one for one in before[name]}
            result.closed += [one for row, one in kept.items() if row not in wanted]
            result.seen |= {
                kept[row].id: told for row in wanted if row in kept and (told := anew.evidence.get(row.span))
            }
            result.made[name] = [(row, anew.evidence.get(row.span, set())) for row in wanted if row not in kept]
        return result

    def _write(self, result: _Result) -> None:
        there: dict[int, set[Pair]] = defaultdict(set)
        closed = {one.id: (one.timeline, one.row.span) for one in result.closed}
        told_again = {number for number, pairs in result.seen.items() if pairs}
        for row, position, role in self._store.select(evidence, "row", sorted(closed.keys() | told_again)):
            there[row].add((position, role))
        inherited: dict[tuple[str, object], set[Pair]] = defaultdict(set)
        for number, whose in closed.items():
            inherited[whose] |= there[number]
        self._store.close(spans, [(number,) for number in closed], self._recorded_at)
        written, proof = [], []
        for name, made in sorted(result.made.items()):
            for row, told in sorted(made, key=lambda pair: rows.in_order(pair[0])):
                written.append(rows.span(self._next_id, name, row, self._recorded_at))
                proof += [(self._next_id, *pair) for pair in sorted(told | inherited.get((name, row.span), set()))]
                self._next_id += 1
        self._store.insert(spans, written)
        # What is said of a report stands beside it wherever it is evidence already.
        proof += [(row, *pair) for row, pairs in sorted(result.seen.items()) for pair in sorted(pairs - there[row])]
        said = proof
        while said := self._said(said):
            proof += said
        self._store.insert(evidence, proof, unless_there=True)

    def stand_beside(self, targets: Collection[int]) -> None:
        """Put what is said of these entries beside them, in rows left as they are; a retraction in those it ends."""
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


def _in_windows(name: str) -> bool:
    """Whether the acts of a timeline concern their neighbours alone: in an employment and a matter they do not."""
    model = parts(name)[1]
    return model != "employees" and events.MODELS.get(model) in ("seat", "holding", "value")
