"""Where an instant stands in a picture: by time, or with as much room for each change as for any other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from archive.pictures.ticks import Tick, ticks
from archive.times import from_instant, to_instant

Kind = Literal["auto", "time", "changes"]

CROWDED = 1 / 250
"""By time, changes whose middle gap is a smaller share of the picture than this cannot be told apart."""

MARGIN = 0.04
"""Of the picture, on each side of the first and the last change."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Positions from 0 to 1 of the instants from ``first`` to ``last``, growing with time.

    kind: ``time`` (a length is a duration) or ``changes`` (every gap between changes is as wide as any other);
    knots: pairs of seconds since 1970 and positions, between which positions are in proportion
    """

    kind: Literal["time", "changes"]
    first: str
    last: str
    edges: Sequence[str]
    knots: Sequence[tuple[float, float]]

    def place(self, instant: str) -> float:
        """The position of an instant, 0 before the first and 1 after the last."""
        at = _seconds(instant)
        if at <= self.knots[0][0]:
            return 0.0
        if at >= self.knots[-1][0]:
            return 1.0
        index = bisect_right(self.knots, (at, 2.0))
        (before, low), (after, high) = self.knots[index - 1], self.knots[index]
        return low + (high - low) * (at - before) / (after - before)

    def calendar(self, tz: str, room: int) -> list[Tick]:
        """Years, months, days or hours with room for their names, where the picture is to scale."""
        return ticks(self.first, self.last, tz, room) if self.kind == "time" and self.edges else []

    def within(self, items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The bars or marks of which something may lie in the picture."""
        kept = []
        for item in items:
            since = item.get("when") or item.get("since") or {}
            until = item["when"] if "when" in item else item["until"] or {}
            begun, gone = since.get("earliest") or since.get("latest"), until.get("latest")
            if (begun is None or begun <= self.last) and (gone is None or gone >= self.first):
                kept.append(item)
        return kept


def scale(drawn: Mapping[str, Any], kind: Kind = "auto", first: str | None = None, last: str | None = None) -> Scale:
    """The scale for a picture of lanes between two instants, those of its first and last change unless given."""
    edges = sorted({edge for edge in edges_of(drawn) if (first or "") <= edge <= (last or "9999")})
    bare = not edges
    if bare:
        edges = [first or last or "1970-01-01T00:00:00.000000Z"]
    if kind == "auto":
        kind = "changes" if _crowded(drawn, edges) else "time"
    begin, end = _seconds(first or edges[0]), _seconds(last or edges[-1])
    pad = max((end - begin) * MARGIN, 1.0)
    begin, end = begin - (0 if first else pad), end + (0 if last else pad)
    if kind == "time":
        knots = [(begin, 0.0), (end, 1.0)]
    else:
        inner = [at for edge in edges if begin < (at := _seconds(edge)) < end]
        knots = [(at, place / (len(inner) + 1)) for place, at in enumerate([begin, *inner, end])]
    return Scale(kind, _instant(begin), _instant(end), [] if bare else edges, knots)


def edges_of(drawn: Mapping[str, Any]) -> Iterator[str]:
    """Every bound of every bar and mark."""
    for moment in _moments(drawn):
        yield from (edge for edge in (moment["earliest"], moment["latest"]) if edge is not None)


def _moments(drawn: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    moments = [bar[end] for lane in drawn["lanes"] for bar in lane["bars"] for end in ("since", "until")]
    return [moment for moment in (*moments, *(mark["when"] for mark in drawn["marks"])) if moment is not None]


def _crowded(drawn: Mapping[str, Any], edges: Sequence[str]) -> bool:
    """Whether changes lie too close: the middles of their bounds, where those lie in the picture."""
    whole = _seconds(edges[-1]) - _seconds(edges[0])
    middles = set()
    for moment in _moments(drawn):
        known = [_seconds(edge) for edge in (moment["earliest"], moment["latest"]) if edge is not None]
        middle = sum(known) / len(known)
        if _seconds(edges[0]) <= middle <= _seconds(edges[-1]):
            middles.add(middle)
    gaps = [after - before for before, after in pairwise(sorted(middles))]
    return len(gaps) > 1 and median(gaps) < whole * CROWDED


def _seconds(instant: str) -> float:
    return (from_instant(instant) - _EPOCH).total_seconds()


def _instant(seconds: float) -> str:
    return to_instant(_EPOCH + timedelta(seconds=max(_EARLIEST, min(seconds, _LATEST))))


_EPOCH = from_instant("1970-01-01T00:00:00.000000Z")
_EARLIEST, _LATEST = -62_000_000_000.0, 253_000_000_000.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar between two positions: ``certain``, ``possible`` or ``announced``."""

    begin: float
    end: float
    sure: Literal["certain", "possible", "announced"]


def segments(bar: Mapping[str, Any], on: Scale) -> Iterable[Segment]:
    """The stretches of a bar in order: it may hold, it holds, it may hold."""
    since, until = bar["since"] or {}, bar["until"] or {}
    begun = since.get("latest")
    first = since.get("earliest") or begun
    doubted, gone = until.get("earliest"), until.get("latest")
    if bar["kind"] != "tenure":
        yield Segment(on.place(first or on.first), on.place(gone) if gone else 1.0, "announced")
        return
    stop = on.place(gone) if gone else 1.0
    start = on.place(first) if first else 0.0
    sure_from = on.place(begun) if begun else stop
    sure_to = on.place(doubted) if doubted else stop
    sure_from, sure_to = min(sure_from, stop), max(sure_to, start)
    if sure_from >= sure_to:
        yield Segment(start, stop, "possible")
        return
    if start < sure_from:
        yield Segment(start, sure_from, "possible")
    yield Segment(sure_from, sure_to, "certain")
    if sure_to < stop:
        yield Segment(sure_to, stop, "possible")
