"""Contenders in turn, medians of their rounds, and ratios within each round: what a shared machine can tell."""

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

Contender = Callable[[], float]
"""Does the work once and says how many seconds that which is measured of it took."""


@dataclass(frozen=True, slots=True)
class Target:
    """What `archive` is to reach beside another contender.

    faster: ours per second over theirs, at least; slower: our seconds over theirs, at most; None where it is no such
    """

    against: str
    faster: float | None = None
    slower: float | None = None

    def met(self, ratio: float) -> bool:
        """Whether a ratio of theirs to ours, in seconds, reaches it."""
        if self.faster is not None:
            return ratio >= self.faster
        return 1 / ratio <= (self.slower or 0)


@dataclass(frozen=True, slots=True)
class Result:
    """One work: seconds of each contender, a round each in order; `units` of work were done in each."""

    work: str
    unit: str
    units: int
    seconds: Mapping[str, Sequence[float]]
    targets: Sequence[Target] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)

    def median(self, contender: str) -> float:
        """The median seconds of a contender."""
        return median(self.seconds[contender])

    def ratio(self, contender: str) -> float:
        """The median of theirs over ours, round by round: how many times as fast we are."""
        pairs = zip(self.seconds[contender], self.seconds["archive"], strict=True)
        return median(theirs / ours for theirs, ours in pairs)

    def plain(self) -> dict[str, Any]:
        """The result as JSON values."""
        against = [one for one in self.seconds if one != "archive" and "archive" in self.seconds]
        return {
            **asdict(self),
            "medians": {one: self.median(one) for one in self.seconds},
            "times_as_fast_as": {one: round(self.ratio(one), 3) for one in against},
            "met": {one.against: one.met(self.ratio(one.against)) for one in self.targets},
        }


def in_turn(
    work: str, contenders: Mapping[str, Contender], *, rounds: int, unit: str, units: int, **more: Any
) -> Result:
    """Have each contender do the work once a round, in an order that turns with the rounds."""
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        turned = names[number % len(names) :] + names[: number % len(names)]
        for name in turned:
            gc.collect()
            seconds[name].append(contenders[name]())
    result = Result(work, unit, units, seconds, **more)
    said = ", ".join(f"{name} {units / result.median(name):,.1f}" for name in names)
    sys.stderr.write(f"{work}: {said} {unit} a second\n")
    return result


def seconds_of(call: Callable[[], Any]) -> float:
    """How long a call takes."""
    begun = perf_counter()
    call()
    return perf_counter() - begun
