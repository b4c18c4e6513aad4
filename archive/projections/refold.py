"""Timelines that are reached, folded anew: which rows close, which are made, and the evidence of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import events
from archive.projections import rows
from archive.projections.clocks import Row, Standing, fold_from, joined
from archive.projections.derive import parts
from archive.projections.knowledge import Knowledge
from archive.projections.store import Store
from archive.projections.tables import effects, evidence, spans
from events.later import Amended, Disputed, Later, Retracted

SAYS: Mapping[type, str] = {Amended: "amends", Disputed: "disputes", Retracted: "retracts"}
"""What a later entry is as evidence of the rows of its target; its row in ``reports_history`` says when known."""


class Refold:
    """The rows of timelines, brought up to one append."""

    def __init__(self, store: Store, knowledge: Knowledge, recorded_at: str, first_id: int) -> None:
        """Write rows with ids from ``first_id`` on."""
        self._store = store
        self._knowledge = knowledge
        self._recorded_at = recorded_at
        self._next_id = first_id

    def fold(self, reached: Mapping[str, str], seats: Mapping[tuple[str, str], int | None]) -> None:
        """Fold each timeline from the first report time at which it changes on."""
        standings: dict[str, list[Standing]] = defaultdict(list)
        for effect in self._store.current(effects, "timeline", sorted(reached)):
            standings[effect[0]].append(rows.standing(effect))
        before: dict[str, list[rows.Kept]] = defaultdict(list)
        for stored in self._store.current(spans, "timeline", sorted(reached)):
            one = rows.kept(stored)
            if one.row.reported_to >= reached[one.timeline]:
                before[one.timeline].append(one)
        closed: list[rows.Kept] = []
        made: list[tuple[str, Row, set[tuple[int, str]]]] = []
        seen: dict[int, set[tuple[int, str]]] = {}
        for name, since in sorted(reached.items()):
            organisation, model, item, owner = parts(name)
            limit = None if owner else seats.get((organisation, item), 1)
            engine = events.MODELS.get(model, "report")
            after, reports_of = fold_from(since, engine, model, standings[name], limit)
            wanted = joined([one.row for one in before[name]], since, after)
            kept = {one.row: one for one in before[name]}
            closed += [one for row, one in kept.items() if row not in wanted]
            for row in sorted(wanted, key=rows.in_order):
                if row in kept:
                    seen[kept[row].id] = reports_of.get(row.span, set())
                else:
                    made.append((name, row, reports_of.get(row.span, set())))
        self._write(closed, made, seen)

    def _write(
        self,
        closed: Sequence[rows.Kept],
        made: Sequence[tuple[str, Row, set[tuple[int, str]]]],
        seen: Mapping[int, set[tuple[int, str]]],
    ) -> None:
        inherited: dict[tuple[str, object], set[tuple[int, str]]] = defaultdict(set)
        by_id = {one.id: (one.timeline, one.row.span) for one in closed}
        for row, position, role in self._store.select(evidence, "row", sorted(by_id)):
            inherited[by_id[row]].add((position, role))
        self._store.close(spans, [(one.id,) for one in closed], self._recorded_at)
        written, proof = [], []
        for name, row, reports_of in made:
            written.append(rows.span(self._next_id, name, row, self._recorded_at))
            proof += [(self._next_id, *pair) for pair in sorted(reports_of | inherited.get((name, row.span), set()))]
            self._next_id += 1
        self._store.insert(spans, written)
        proof += [(row, *pair) for row, pairs in seen.items() for pair in sorted(pairs)]
        self._store.insert(evidence, proof + self._said(proof), unless_there=True)

    def stand_beside(self) -> None:
        """Put what the new ones say of others beside these, in rows left as they are; a retraction in those it ends."""
        targets = {known.event.target for known in self._knowledge.new.values() if isinstance(known.event, Later)}
        said = self._said(self._store.select(evidence, "position", sorted(targets)))
        current = {row[0] for row in self._store.current(spans, "id", sorted({row for row, *_ in said}))}
        beside = [one for one in said if one[0] in current or one[2] == "retracts"]
        self._store.insert(evidence, beside, unless_there=True)

    def _said(self, proof: Sequence[rows.Values]) -> list[rows.Values]:
        """What later entries say of the reports in this evidence, as evidence of the same rows."""
        found = self._store.mentioned("entry", sorted({str(position) for _, position, _ in proof}))
        self._knowledge.load(position for _, position in found)
        said: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for target, position in found:
            if position in self._knowledge.known and (role := SAYS.get(type(self._knowledge.known[position].event))):
                said[int(target)].append((position, role))
        return [(row, *pair) for row, position, _ in proof for pair in said.get(position, ())]
