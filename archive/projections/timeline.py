"""The pure fold: the acts visible on one timeline to its rows and conflicts.

No I/O, no clock. One engine a kind of timeline: a seat (one holder), a holding (one among many),
a value (the later change wins), a matter (open, closed with its outcome); and what one report
contradicts in itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.projections.acts import Act, Folded
from archive.projections.seats import fold_seat
from archive.projections.values import fold_matter, fold_report, fold_value

_FOLDS: dict[str, Callable[[str, Sequence[Act]], Folded]] = {
    "value": fold_value,
    "matter": fold_matter,
    "report": fold_report,
}


def fold(engine: str, model: str, acts: Sequence[Act], seats: int | None = 1, *, conflicts: bool = True) -> Folded:
    """Fold acts in order. ``seats`` counts for engine ``seat`` alone; None is no limit.

    Without ``conflicts`` those of seats and holdings are not looked for.
    """
    if engine in ("seat", "holding"):
        return fold_seat(model, acts, seats if engine == "seat" else None, conflicts=conflicts)
    return _FOLDS[engine](model, acts)
