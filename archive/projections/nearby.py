"""The part of a long timeline near a change, read from the tables as far as it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from archive.projections import rows
from archive.projections.acts import HIGH, LOW, Act, Order, Span
from archive.projections.clocks import Standing
from archive.projections.derive import parts
from archive.projections.store import Store
from archive.projections.tables import effects, spans
from archive.projections.window import Cell
from events.values import FIRST

LAST = "9999-12-31T23:59:59.999999Z"
"""An instant after every other."""

ORDER = "t.latest, t.earliest, t.turn, t.reported, t.digest"
"""The order of acts, of which ``t`` is the table."""

BACKWARDS = ", ".join(f"{name} DESC" for name in ORDER.split(", "))

LOOSE_AT_MOST = 64
"""Acts of one timeline that reach out of their neighbourhood; with more of them it is folded whole."""

ALIKE = 8
"""Acts of one holder among which the last before a place is looked for."""

FOLLOWING_AT_MOST = 512
"""Acts of the holders that changed which are looked at behind the part that is read."""


class Nearby(Protocol):
    """One timeline as it stands after the change, all of it current; what is loose is read apart."""

    def loose(self) -> Sequence[Standing] | None:
        """The acts that are loose, in no order; None if there are too many."""
        ...

    def part(self, low: Order, high: Order, beside: int) -> tuple[list[Standing], bool, bool]:
        """The other acts from ``low`` to ``high`` with so many more on each side; whether there are more before and
        after."""
        ...

    def last(self, holders: Iterable[str], before: Order) -> dict[str, Act]:
        """Of each holder the last act before a place in the order, the loose ones left out."""
        ...

    def following(self, holders: Iterable[str], after: Order) -> Sequence[Standing] | None:
        """What these holders did after a place, not loose; nothing where it is all beginnings; None if it is too
        much."""
        ...

    def seen_before(self, before: Order, cell: Cell) -> bool:
        """Whether any act before a place, not loose, counts in a cell."""
        ...

    def ends_at(self, instant: str) -> bool:
        """Whether an ending, not loose, lies at this very instant."""
        ...

    def crossing(self, begin: str, end: str, since: str, *, touching: bool) -> list[rows.Kept]:
        """The rows that hold past an instant, begin by another, at report times after ``since``; with ``touching`` also
        those that end at the first one."""
        ...

    def rows_of(self, wanted: Iterable[Span]) -> list[rows.Kept]:
        """The rows of these spans, and perhaps others."""
        ...

    def of(self, holders: Iterable[str], most: int) -> Sequence[Standing] | None:
        """All acts of these holders, in no order; None if one of them has more than so many."""
        ...

    def replacing(self, holders: Iterable[str]) -> Sequence[Standing]:
        """The acts by which somebody replaces one of these."""
        ...

    def of_reports(self, positions: Iterable[int]) -> Sequence[Standing]:
        """The acts that these reports tell."""
        ...

    def candidacies(self) -> bool:
        """Whether anybody is, or was, a candidate."""
        ...


class NearbyInTables:
    """One timeline of an archive."""

    def __init__(self, store: Store, timeline: str) -> None:
        """Read in the store's transaction."""
        self._store = store
        self._timeline = timeline

    def loose(self) -> Sequence[Standing] | None:
        """The acts that are loose."""
        found = self._effects("t.loose = 1", (), f"LIMIT {LOOSE_AT_MOST + 1}")
        return None if len(found) > LOOSE_AT_MOST else found

    def part(self, low: Order, high: Order, beside: int) -> tuple[list[Standing], bool, bool]:
        """The acts around."""
        order, back = ORDER, BACKWARDS
        place = ", ".join([self._store.mark] * 5)
        before = self._effects(
            f"t.loose = 0 AND ({order}) < ({place})", _place(low), f"ORDER BY {back} LIMIT {beside + 1}"
        )
        between = self._effects(
            f"t.loose = 0 AND ({order}) >= ({place}) AND ({order}) <= ({place})",
            (*_place(low), *_place(high)),
            f"ORDER BY {order}",
        )
        after = self._effects(
            f"t.loose = 0 AND ({order}) > ({place})", _place(high), f"ORDER BY {order} LIMIT {beside + 1}"
        )
        return (
            [*reversed(before[:beside]), *between, *after[:beside]],
            len(before) > beside,
            len(after) > beside,
        )

    def last(self, holders: Iterable[str], before: Order) -> dict[str, Act]:
        """The last act of each."""
        found = {}
        for holder in holders:
            condition = f"t.holder = {self._store.mark} AND t.loose = 0 AND t.latest <= {self._store.mark}"
            order = f"ORDER BY t.latest DESC LIMIT {ALIKE}"
            acts = [one.act for one in self._effects(condition, (holder, _bound(before[0])), order)]
            earlier = [act for act in acts if act.order < before]
            if earlier:
                found[holder] = max(earlier, key=lambda act: act.order)
            elif len(acts) == ALIKE:
                # They may all stand at one instant: whether one is before is left open, and so it counts.
                found[holder] = acts[0]
        return found

    def following(self, holders: Iterable[str], after: Order) -> Sequence[Standing] | None:
        """What they did after."""
        found: list[Standing] = []
        for holder in holders:
            condition = f"t.holder = {self._store.mark} AND t.loose = 0 AND t.latest >= {self._store.mark}"
            given = (holder, _bound(after[0]))
            if self._effects(f"{condition} AND t.kind <> 'begin'", given, "LIMIT 1"):
                found += self._effects(condition, given, f"ORDER BY t.latest LIMIT {FOLLOWING_AT_MOST + 1}")
                if len(found) > FOLLOWING_AT_MOST:
                    return None
        return [one for one in found if one.act.order > after]

    def seen_before(self, before: Order, cell: Cell) -> bool:
        """Whether one counts."""
        start, stop, floors = cell
        mark = self._store.mark
        condition = (
            f"t.loose = 0 AND t.latest <= {mark} AND t.reported_from < {mark}"
            f" AND (t.reported_to IS NULL OR t.reported_to > {mark})"
            f" AND t.floor_from <= {mark} AND t.floor_to >= {mark}"
        )
        given = (_bound(before[0]), _bound(stop), start, floors[-1], floors[0])
        return bool(self._effects(condition, given, "LIMIT 1"))

    def ends_at(self, instant: str) -> bool:
        """Whether one does; an ending comes before the others, so that its turn is below 0."""
        mark = self._store.mark
        condition = f"t.latest = {mark} AND t.earliest = {mark} AND t.turn < 0"
        return bool(self._effects(condition, (_bound(instant), _bound(instant)), "LIMIT 1"))

    def crossing(self, begin: str, end: str, since: str, *, touching: bool) -> list[rows.Kept]:
        """The rows that hold past an instant."""
        mark = self._store.mark
        past = f"t.valid_to_latest {'>=' if touching else '>'} {mark}"
        by = f"(t.valid_from_latest IS NULL OR t.valid_from_latest <= {mark}) AND t.model <> 'conflicts'"
        known = f"t.reported_to > {mark}"
        found = []
        for condition, given in (
            (f"t.valid_to_latest IS NULL AND t.reported_to IS NULL AND {by}", (end,)),
            (f"t.valid_to_latest IS NULL AND {known} AND {by}", (since, end)),
            (f"{past} AND (t.reported_to IS NULL OR {known}) AND {by}", (begin, since, end)),
        ):
            found += self._store.part_of(spans, self._timeline, condition, [_bound(one) for one in given])
        return [rows.kept(row) for row in found]

    def rows_of(self, wanted: Iterable[Span]) -> list[rows.Kept]:
        """The rows of these spans."""
        deciders = sorted({one.positions[0] for one in wanted})
        return [rows.kept(row) for row in self._store.select(spans, "decider", deciders, timeline=self._timeline)]

    def of(self, holders: Iterable[str], most: int) -> Sequence[Standing] | None:
        """All that they did."""
        found: list[Standing] = []
        for holder in sorted(holders):
            some = self._effects(f"t.holder = {self._store.mark}", (holder,), f"ORDER BY t.latest LIMIT {most + 1}")
            if len(some) > most:
                return None
            found += some
        return found

    def replacing(self, holders: Iterable[str]) -> Sequence[Standing]:
        """Who replaces them."""
        condition = f"t.replaces = {self._store.mark}"
        return [one for holder in sorted(holders) for one in self._effects(condition, (holder,), "")]

    def of_reports(self, positions: Iterable[int]) -> Sequence[Standing]:
        """What they tell."""
        found = self._store.current(effects, "position", sorted(positions))
        return [rows.standing(row) for row in found if row[rows.EFFECT["timeline"]] == self._timeline]

    def candidacies(self) -> bool:
        """Whether a row says so."""
        organisation, _, item, _ = parts(self._timeline)
        mark = self._store.mark
        condition = f"t.organisation = {mark} AND t.model = 'announced' AND t.item = {mark}"
        found = self._store.part_of(spans, self._timeline, condition, (organisation, item))
        return any('"candidate"' in (row[rows.SPAN["details"]] or "") for row in found)

    def before(self, place: Order, count: int) -> Sequence[Standing]:
        """So many acts right before a place in the order, loose or not, the last of them first."""
        marks = ", ".join([self._store.mark] * 5)
        return self._effects(f"({ORDER}) < ({marks})", _place(place), f"ORDER BY {BACKWARDS} LIMIT {count}")

    def in_order(self, most: int | None = None) -> Sequence[rows.Values]:
        """All acts in their order, or so many, as ``Store.standings`` gives them; of open bounds anywhere."""
        return self._store.standings([self._timeline], order=ORDER + ("" if most is None else f" LIMIT {most}"))

    def reached(self, at: str, place: str) -> list[rows.Kept]:
        """The rows that hold up to a report time at least, and begin at an instant at the earliest."""
        return [rows.kept(row) for row in self._store.reached([(self._timeline, at, place)])]

    def _effects(self, condition: str, given: Sequence[object], tail: str) -> list[Standing]:
        return [rows.standing(row) for row in self._store.part_of(effects, self._timeline, condition, given, tail)]


def _place(order: Order) -> tuple[object, ...]:
    latest, earliest, *rest = order
    return _bound(latest), _bound(earliest), *rest


def _bound(instant: str) -> str:
    """An instant that bounds a look-up: one that is open stands before, or after, all that is stored."""
    if instant == LOW:
        return FIRST
    return LAST if instant == HIGH else instant
