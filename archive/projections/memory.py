"""What a writer keeps of the timelines that it folded last, so that its next append does not read them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.projections.onward import Line

MOST = 40_000
"""Acts and rows that are kept at most; each takes about a kilobyte."""


class State(NamedTuple):
    """A state of the read model of one log: wherever it is the same, so are the rows.

    position: how far the read model goes; recorded_at: the record time of the entry there
    mended: how often rows were put right
    """

    position: int
    recorded_at: str | None
    mended: int


@dataclass(slots=True)
class Memory:
    """Timelines by name, those met last at the end, as they are at one state of the read model.

    size: acts and rows of all of them
    """

    state: State | None = None
    size: int = 0
    _kept: dict[str, tuple[Line, int]] = field(default_factory=dict)

    def meet(self, state: State) -> None:
        """Forget all, unless it is of this state."""
        if state != self.state:
            self.clear()
        self.state = state

    def come(self, position: int, recorded_at: str) -> None:
        """Be of the state that an append has led to, which ended at a position."""
        self.state = State(position, recorded_at, self.state.mended if self.state else 0)

    def lines(self, names: Iterable[str]) -> dict[str, Line]:
        """The lines that are known of these timelines, which are forgotten until they are kept again."""
        found = {}
        for name in names:
            if (known := self._kept.pop(name, None)) is not None:
                found[name], size = known
                self.size -= size
        return found

    def keep(self, name: str, line: Line) -> None:
        """Keep a timeline, at the expense of those that were not met for longest."""
        size = line.size
        self._kept[name] = line, size
        self.size += size
        while self.size > MOST:
            _, gone = self._kept.pop(next(iter(self._kept)))
            self.size -= gone

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self.size = 0
