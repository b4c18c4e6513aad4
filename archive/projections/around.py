"""What lies around a window: the rest of the part that was read, and the tables beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.projections.acts import Act
from archive.projections.clocks import Row, Standing
from archive.projections.nearby import Nearby
from archive.projections.overlay import Overlay
from archive.projections.window import Cell, Key, is_loose, key_of, later


@dataclass(slots=True)
class Part:
    """A part of a timeline that was read: its acts in order with their keys; whether there are more ``before`` and
    ``after``; the loose ones that lie ``outside``."""

    nearby: Nearby
    standings: list[Standing]
    keys: list[Key]
    outside: list[Standing]
    before: bool
    after: bool


class Around:
    """What lies outside a window of a part, from place ``start`` to ``stop``."""

    def __init__(self, part: Part, overlay: Overlay, start: int, stop: int) -> None:
        """Look at the part as it is now."""
        self.part = part
        self.overlay = overlay
        self.under, self.over = part.standings[:start], part.standings[stop:]
        keys = part.keys
        self.far_under = [one for one in part.outside if part.before and keys and key_of(one) < keys[0]]
        self.far_over = [one for one in part.outside if one not in self.far_under]
        self.before = bool(self.under or self.far_under or part.before)
        self.after = bool(self.over or self.far_over or part.after)

    def loose(self) -> Iterator[Standing]:
        """The acts that are loose."""
        yield from self.part.outside
        yield from (one for one in (*self.under, *self.over) if is_loose(one))

    def last(self, holders: Iterable[str]) -> Mapping[str, Act]:
        """Of each holder the last act before."""
        wanted, found = set(holders), {}
        for one in reversed(self.under):
            if one.act.holder in wanted:
                wanted.discard(one.act.holder)
                found[one.act.holder] = one.act
                if not wanted:
                    return found
        if self.part.before and wanted:
            found |= self.part.nearby.last(wanted, self.part.standings[0].act.order)
        for one in self.far_under:
            holder = one.act.holder
            if holder in wanted and (holder not in found or found[holder].order < one.act.order):
                found[holder] = one.act
        return found

    def following(self, holders: Iterable[str]) -> Sequence[Standing] | None:
        """Every act of these holders after."""
        wanted = set(holders)
        found = [one for one in (*self.over, *self.far_over) if one.act.holder in wanted]
        if self.part.after:
            far = self.part.nearby.following(wanted, self.part.standings[-1].act.order)
            if far is None:
                return None
            found += far
        return sorted(found, key=key_of)

    def seen_before(self, cell: Cell) -> bool:
        """Whether any before counts."""
        if any(_counts(one, cell) for one in (*self.far_under, *self.under)):
            return True
        part = self.part
        return part.before and part.nearby.seen_before(part.standings[0].act.order, cell)

    def seen_after(self, cell: Cell) -> bool:
        """Whether any after may count."""
        limit = later(cell[1])
        if any(_counts(one, cell) for one in self.far_over):
            return True
        for one in self.over:
            if _counts(one, cell):
                return True
        return self.part.after and (not self.over or self.over[-1].act.latest <= limit)

    def ends_at(self, instant: str) -> bool:
        """Whether an ending before lies at this instant, or may."""
        for one in reversed(self.under):
            if one.act.latest != instant:
                break
            if one.act.kind == "end":
                return True
        else:
            return self.part.before and self.part.nearby.ends_at(instant)
        return False

    def beside(self) -> Act | None:
        """The act next before."""
        return self.under[-1].act if self.under else None

    def last_in(self, cell: Cell) -> Act | None:
        """The last act before that counts in a cell, of those that were read."""
        return next((one.act for one in reversed(self.under) if _counts(one, cell)), None)

    def crossing(self) -> Iterable[Row]:
        """The rows that may hold past the beginning of what was read."""
        return self.overlay.crossing()


def _counts(one: Standing, cell: Cell) -> bool:
    start, stop, floors = cell
    return (
        one.reported_from < stop
        and one.reported_to > start
        and any(one.floor_from <= floor <= one.floor_to for floor in floors)
    )
