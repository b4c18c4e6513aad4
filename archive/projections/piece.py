"""A long timeline folded anew where it changed: the changes in groups, each in the smallest window that can tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from archive.projections import colleagues
from archive.projections.acts import HIGH, LOW
from archive.projections.around import Around, Part
from archive.projections.clocks import Standing
from archive.projections.comparison import changes
from archive.projections.nearby import Nearby
from archive.projections.overlay import Outcome, Overlay
from archive.projections.seen import seen_again
from archive.projections.window import Change, Side, Window, is_loose, key_of, later

GROUP = 8
"""Changes that are folded together."""

NEAR = 16
"""Acts between two changes that are folded together."""

BESIDE = (4, 16, 64, 256)
"""Acts on each side of a change, in one window after another."""

READ = (24, 512)
"""Acts on each side of the changes that are read."""


def refolded(
    nearby: Nearby,
    kind: tuple[str, str, int | None],
    removed: Sequence[Standing],
    added: Sequence[Standing],
) -> Outcome | None:
    """The rows of a timeline after a change of its acts; None where no window can tell.

    ``kind``: engine, model and seats; what is ``added`` is there already in what ``nearby`` reads.
    """
    changed = dict.fromkeys(removed, False) | dict.fromkeys(added, True)
    if kind[0] == "seat" and (again := seen_again(nearby, kind, changed)) is not None:
        return again
    if kind[0] == "seat" and (kind[2] or 0) > 1 and (found := colleagues.refolded(nearby, kind, changed)) is not None:
        return found
    loose = nearby.loose()
    if loose is None:
        return None
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
        self.kind = kind
        self.changes = sorted(changed.items(), key=lambda pair: key_of(pair[0]))
        low, high = self.changes[0][0].act.order, self.changes[-1][0].act.order
        acts, before, after = nearby.part(low, high, beside)
        self.whole = not before and not after
        first, last = (acts[0].act.order, acts[-1].act.order) if acts else (low, high)
        inside = [
            one for one in loose if (not before or one.act.order >= first) and (not after or one.act.order <= last)
        ]
        there = [one for one in (*acts, *inside) if one not in changed]
        there += [one for one, added in changed.items() if not added]
        there.sort(key=key_of)
        outside = [one for one in loose if one not in inside]
        self.part = Part(nearby, there, [key_of(one) for one in there], outside, before, after)
        reach = (
            there[0].act.latest if before and there else LOW,
            there[-1].act.latest if after and there else HIGH,
            min(one.reported_from for one in changed),
            kind[0] == "value",
        )
        self.rows = Overlay(nearby, reach)

    def run(self) -> Outcome | None:
        """What becomes of the rows, or None where what was read does not tell."""
        if all(self._change(group) for group in self._groups()):
            return self.rows.outcome()
        return None

    def _groups(self) -> Iterator[list[tuple[Standing, bool]]]:
        group: list[tuple[Standing, bool]] = []
        place = 0
        for one in self.changes:
            at = bisect_left(self.part.keys, key_of(one[0]))
            if group and (len(group) == GROUP or at - place > NEAR):
                yield group
                group = []
                at = bisect_left(self.part.keys, key_of(one[0]))
            group.append(one)
            place = at
        yield group

    def _change(self, group: Sequence[tuple[Standing, bool]]) -> bool:
        """Make the changes of a group; whether a window can tell what they make of the rows."""
        low, high = key_of(group[0][0]), key_of(group[-1][0])
        under = over = 0
        while True:
            start = max(0, bisect_left(self.part.keys, low) - BESIDE[under])
            stop = self._clean(min(len(self.part.keys), bisect_right(self.part.keys, high) + BESIDE[over]), group)
            if stop is None:
                return False
            old = self.part.standings[start:stop]
            new = [one for one in old if (one, False) not in group] + [one for one, added in group if added]
            around = Around(self.part, self.rows, start, stop)
            window = Window(old, new, around.before, around.after, around)
            side: Change | Side = "before"
            if not self._linked(window, around):
                side = changes(window, *self.kind)
                if isinstance(side, Change) and self.rows.change(side):
                    self._make(group)
                    return True
            if start == 0 and stop == len(self.part.keys):
                return False
            under += side != "after"
            over += side == "after" or start == 0
            if max(under, over) == len(BESIDE):
                return False

    def _make(self, group: Sequence[tuple[Standing, bool]]) -> None:
        for one, added in group:
            key = key_of(one)
            at = bisect_left(self.part.keys, key)
            if added:
                self.part.keys.insert(at, key)
                self.part.standings.insert(at, one)
            else:
                del self.part.keys[at]
                del self.part.standings[at]

    def _clean(self, stop: int, group: Sequence[tuple[Standing, bool]]) -> int | None:
        """The first end of a window from ``stop`` on that the bounds of no later act reach over."""
        reach = group[-1][0].act.latest
        if stop:
            reach = max(reach, self.part.standings[stop - 1].act.latest)
        while True:
            over = None
            limit = later(reach)
            for at in range(stop, len(self.part.standings)):
                one = self.part.standings[at]
                if one.act.earliest <= reach:
                    over = at
                if one.act.latest > limit and not is_loose(one):
                    break
            else:
                if self.part.after and (not self.part.standings or self.part.standings[-1].act.latest <= limit):
                    return None
            if over is None:
                break
            stop = over + 1
            reach = self.part.standings[over].act.latest
        far = (one.act for one in self.part.outside if self.part.keys and key_of(one) > self.part.keys[-1])
        return None if any(act.earliest <= reach for act in far) else stop

    def _linked(self, window: Window, around: Around) -> bool:
        """Whether a development, or a report of several effects, joins what is in a window to what is not."""
        inside = [one.act for one in (*window.old, *window.new)]
        developments = {act.development for act in inside if act.development is not None}
        positions = {act.position for act in inside}
        return any(
            one.act.development in developments or one.act.position in positions
            for one in around.loose()
            if one.act.development is not None or one.act.position in positions
        )
