"""A long timeline folded anew where it changed: the changes in groups, each in the smallest window that can tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.projections.acts import HIGH, LOW, Act, Span
from archive.projections.clocks import FLOORS, Row, Standing, canonical
from archive.projections.nearby import Nearby
from archive.projections.window import Cell, Change, Pair, Side, Window, changes, is_loose, key_of, later

GROUP = 8
"""Changes that are folded together."""

NEAR = 16
"""Acts between two changes that are folded together."""

BESIDE = (4, 16, 64, 256)
"""Acts on each side of a change, in one window after another."""

READ = (24, 512)
"""Acts on each side of the changes that are read."""


@dataclass(slots=True)
class Outcome:
    """What becomes of the rows of one timeline.

    closed: rows that are over, by id; made: new rows
    told: evidence of spans; kept: rows that stay, of spans of which something is told, by id
    checked: rows by id with reports: it holds if those are all the reports that each of these rows has so far
    """

    closed: dict[int, Row]
    made: list[Row]
    told: Mapping[Span, set[Pair]]
    kept: dict[int, Span]
    checked: list[tuple[int, frozenset[int]]]


def refolded(
    nearby: Nearby,
    kind: tuple[str, str, int | None],
    removed: Sequence[Standing],
    added: Sequence[Standing],
) -> Outcome | None:
    """The rows of a timeline after a change of its acts; None where no window can tell.

    ``kind``: engine, model and seats; what is ``added`` is there already in what ``nearby`` reads.
    """
    loose = nearby.loose()
    if loose is None:
        return None
    changed = dict.fromkeys(removed, False) | dict.fromkeys(added, True)
    for beside in READ:
        piece = _Piece(nearby, kind, loose, changed, beside)
        outcome = piece.run()
        if outcome is not None or piece.whole:
            return outcome
    return None


class _Piece:
    """A timeline as far as it is read, in order, without the changes at first."""

    def __init__(
        self,
        nearby: Nearby,
        kind: tuple[str, str, int | None],
        loose: Sequence[Standing],
        changed: Mapping[Standing, bool],
        beside: int,
    ) -> None:
        self.nearby = nearby
        self.kind = kind
        self.changes = sorted(changed.items(), key=lambda pair: key_of(pair[0]))
        low, high = self.changes[0][0].act.order, self.changes[-1][0].act.order
        acts, self.before, self.after = nearby.part(low, high, beside)
        self.whole = not self.before and not self.after
        first, last = (acts[0].act.order, acts[-1].act.order) if acts else (low, high)
        inside = [
            one
            for one in loose
            if (not self.before or one.act.order >= first) and (not self.after or one.act.order <= last)
        ]
        self.outside = [one for one in loose if one not in set(inside)]
        there = [one for one in (*acts, *inside) if one not in changed]
        there += [one for one, added in changed.items() if not added]
        self.standings = sorted(there, key=key_of)
        self.keys = [key_of(one) for one in self.standings]
        self.rows = _Rows(nearby, self)
        self.since = min(one.reported_from for one, _ in self.changes)

    def run(self) -> Outcome | None:
        """What becomes of the rows, or None where what was read does not tell."""
        if all(self._change(group) for group in self._groups()):
            return self.rows.outcome()
        return None

    def _groups(self) -> Iterator[list[tuple[Standing, bool]]]:
        group: list[tuple[Standing, bool]] = []
        place = 0
        for one in self.changes:
            at = bisect_left(self.keys, key_of(one[0]))
            if group and (len(group) == GROUP or at - place > NEAR):
                yield group
                group = []
                at = bisect_left(self.keys, key_of(one[0]))
            group.append(one)
            place = at
        yield group

    def _change(self, group: Sequence[tuple[Standing, bool]]) -> bool:
        """Make the changes of a group; whether a window can tell what they make of the rows."""
        low, high = key_of(group[0][0]), key_of(group[-1][0])
        under = over = 0
        while True:
            start = max(0, bisect_left(self.keys, low) - BESIDE[under])
            stop = self._clean(min(len(self.keys), bisect_right(self.keys, high) + BESIDE[over]), group)
            if stop is None:
                return False
            old = self.standings[start:stop]
            new = [one for one in old if (one, False) not in group] + [one for one, added in group if added]
            around = _Around(self, start, stop)
            window = Window(old, new, around.before, around.after, around)
            side: Change | Side = "before"
            if not self._linked(window, around):
                side = changes(window, *self.kind)
                if isinstance(side, Change) and self.rows.change(side):
                    self._make(group)
                    return True
            if start == 0 and stop == len(self.keys):
                return False
            under += side != "after"
            over += side == "after" or start == 0
            if max(under, over) == len(BESIDE):
                return False

    def _make(self, group: Sequence[tuple[Standing, bool]]) -> None:
        for one, added in group:
            key = key_of(one)
            at = bisect_left(self.keys, key)
            if added:
                self.keys.insert(at, key)
                self.standings.insert(at, one)
            else:
                del self.keys[at]
                del self.standings[at]

    def _clean(self, stop: int, group: Sequence[tuple[Standing, bool]]) -> int | None:
        """The first end of a window from ``stop`` on that the bounds of no later act reach over."""
        reach = group[-1][0].act.latest
        if stop:
            reach = max(reach, self.standings[stop - 1].act.latest)
        while True:
            over = None
            limit = later(reach)
            for at in range(stop, len(self.standings)):
                one = self.standings[at]
                if one.act.earliest <= reach:
                    over = at
                if one.act.latest > limit and not is_loose(one):
                    break
            else:
                if self.after and (not self.standings or self.standings[-1].act.latest <= limit):
                    return None
            if over is None:
                break
            stop = over + 1
            reach = self.standings[over].act.latest
        far = (one.act for one in self.outside if self.keys and key_of(one) > self.keys[-1])
        return None if any(act.earliest <= reach for act in far) else stop

    def _linked(self, window: Window, around: _Around) -> bool:
        """Whether a development, or a report of several effects, joins what is in a window to what is not."""
        inside = [one.act for one in (*window.old, *window.new)]
        developments = {act.development for act in inside if act.development is not None}
        positions = {act.position for act in inside}
        return any(
            one.act.development in developments or one.act.position in positions
            for one in around.loose()
            if one.act.development is not None or one.act.position in positions
        )


class _Around:
    """What lies outside a window of a piece."""

    def __init__(self, piece: _Piece, start: int, stop: int) -> None:
        self.piece = piece
        self.under, self.over = piece.standings[:start], piece.standings[stop:]
        keys = piece.keys
        self.far_under = [one for one in piece.outside if piece.before and keys and key_of(one) < keys[0]]
        self.far_over = [one for one in piece.outside if one not in self.far_under]
        self.before = bool(self.under or self.far_under or piece.before)
        self.after = bool(self.over or self.far_over or piece.after)

    def loose(self) -> Iterator[Standing]:
        yield from self.piece.outside
        yield from (one for one in (*self.under, *self.over) if is_loose(one))

    def last(self, holders: Iterable[str]) -> Mapping[str, Act]:
        wanted, found = set(holders), {}
        for one in reversed(self.under):
            if one.act.holder in wanted:
                wanted.discard(one.act.holder)
                found[one.act.holder] = one.act
                if not wanted:
                    return found
        if self.piece.before and wanted:
            found |= self.piece.nearby.last(wanted, self.piece.standings[0].act.order)
        for one in self.far_under:
            holder = one.act.holder
            if holder in wanted and (holder not in found or found[holder].order < one.act.order):
                found[holder] = one.act
        return found

    def following(self, holders: Iterable[str]) -> Sequence[Standing] | None:
        wanted = set(holders)
        found = [one for one in (*self.over, *self.far_over) if one.act.holder in wanted]
        if self.piece.after:
            far = self.piece.nearby.following(wanted, self.piece.standings[-1].act.order)
            if far is None:
                return None
            found += far
        return sorted(found, key=key_of)

    def seen_before(self, cell: Cell) -> bool:
        if any(_counts(one, cell) for one in (*self.far_under, *self.under)):
            return True
        piece = self.piece
        return piece.before and piece.nearby.seen_before(piece.standings[0].act.order, cell)

    def seen_after(self, cell: Cell) -> bool:
        limit = later(cell[1])
        if any(_counts(one, cell) for one in self.far_over):
            return True
        for one in self.over:
            if _counts(one, cell):
                return True
        return self.piece.after and (not self.over or self.over[-1].act.latest <= limit)

    def ends_at(self, instant: str) -> bool:
        for one in reversed(self.under):
            if one.act.latest != instant:
                break
            if one.act.kind == "end":
                return True
        else:
            return self.piece.before and self.piece.nearby.ends_at(instant)
        return False

    def beside(self) -> Act | None:
        return self.under[-1].act if self.under else None

    def crossing(self) -> Iterable[Row]:
        return self.piece.rows.crossing()


def _counts(one: Standing, cell: Cell) -> bool:
    start, stop, floors = cell
    return (
        one.reported_from < stop
        and one.reported_to > start
        and any(one.floor_from <= floor <= one.floor_to for floor in floors)
    )


@dataclass(slots=True)
class _Rows:
    """The rows of a timeline as far as they are known, and what becomes of them; an id of None: made here."""

    nearby: Nearby
    piece: _Piece
    there: dict[Row, int | None] = field(default_factory=dict)
    of_span: dict[Span, set[Row]] = field(default_factory=lambda: defaultdict(set))
    closed: dict[Row, int] = field(default_factory=dict)
    told: dict[Span, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    checked: list[tuple[int, frozenset[int]]] = field(default_factory=list)
    asked: set[Span] = field(default_factory=set)
    crossed: bool = False

    def crossing(self) -> Iterable[Row]:
        """The rows that hold past the beginning of what was read, at the report times of the changes."""
        if not self.crossed:
            self.crossed = True
            piece = self.piece
            begin = piece.standings[0].act.latest if piece.before and piece.standings else LOW
            end = piece.standings[-1].act.latest if piece.after and piece.standings else HIGH
            touching = piece.kind[0] == "value"
            for kept in self.nearby.crossing(begin, end, piece.since, touching=touching):
                self._know(kept.row, kept.id)
        return self.there

    def _know(self, row: Row, number: int) -> None:
        if row not in self.closed:
            self.there[row] = number
            self.of_span[row.span].add(row)

    def _find(self, spans: Iterable[Span]) -> None:
        wanted = set(spans) - self.asked
        if wanted:
            self.asked |= wanted
            for kept in self.nearby.rows_of(wanted):
                if kept.row.span in wanted:
                    self._know(kept.row, kept.id)

    def change(self, change: Change) -> bool:
        """Take away what is lost and add what is gained; whether all that is lost was there, and nothing gained."""
        self._find((*change.lost, *change.gained, *change.checked))
        for span in change.checked:
            if any(position not in change.within for position, _ in self.told.get(span, ())):
                return False
        checked = [
            (number, change.within)
            for span in change.checked
            for row in self.of_span[span]
            if (number := self.there[row]) is not None
        ]
        made: dict[Span, set[Row]] = {}
        for span in {**change.lost, **change.gained}:
            held = _held(self.of_span[span])
            for start, stop, floors in change.lost.get(span, ()):
                if not all(_take(held[floor - 1], start, stop) for floor in floors):
                    return False
            for start, stop, floors in change.gained.get(span, ()):
                if not all(_add(held[floor - 1], start, stop) for floor in floors):
                    return False
            made[span] = canonical({span: tuple(_joined(stretches) for stretches in held)})
        for span, rows in made.items():
            for row in self.of_span[span] - rows:
                number = self.there.pop(row)
                if number is not None:
                    self.closed[row] = number
            for row in rows - self.of_span[span]:
                self.there[row] = self.closed.pop(row, None)
            self.of_span[span] = rows
        for span, pairs in change.told.items():
            self.told[span] |= pairs
        self.checked += checked
        return True

    def outcome(self) -> Outcome:
        """What became of them."""
        self._find(self.told)
        told = self.told
        return Outcome(
            {number: row for row, number in self.closed.items()},
            [row for row, number in self.there.items() if number is None],
            told,
            {number: row.span for row, number in self.there.items() if number is not None and row.span in told},
            self.checked,
        )


Stretches = list[tuple[str, str]]


def _held(rows: Iterable[Row]) -> tuple[Stretches, ...]:
    held: tuple[Stretches, ...] = tuple([] for _ in FLOORS)
    for row in rows:
        for floor in range(row.floor_from, row.floor_to + 1):
            held[floor - 1].append((row.reported_from, row.reported_to))
    return held


def _take(stretches: Stretches, start: str, stop: str) -> bool:
    """Take a stretch out of one of these that holds it; whether one does."""
    for index, (low, high) in enumerate(stretches):
        if low <= start and stop <= high:
            stretches[index : index + 1] = [(a, b) for a, b in ((low, start), (stop, high)) if a < b]
            return True
    return False


def _add(stretches: Stretches, start: str, stop: str) -> bool:
    """Add a stretch; whether none of these overlaps it."""
    if any(low < stop and start < high for low, high in stretches):
        return False
    stretches.append((start, stop))
    return True


def _joined(stretches: Stretches) -> Stretches:
    made: Stretches = []
    for start, stop in sorted(stretches):
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], stop)
        else:
            made.append((start, stop))
    return made
