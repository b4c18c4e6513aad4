"""Announcements and candidacies beside a seat: listed until somebody begins or they are withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.projections.acts import (
    HIGH,
    LOW,
    Act,
    Bounds,
    Evidence,
    Span,
    dated_alike,
    opened,
    overlap,
    positions,
    resolve,
)
from events import rank

FIRST_HAND = rank("first_hand")


def told_anew(acts: Sequence[Act]) -> list[Act]:
    """The acts of an employment; beginnings that only tell an announced hire anew announce it too.

    They do if who decides, or takes part, announced it, and others tell it as done with the date of the announcement:
    who is hired must still come.
    """
    firm = [act for act in acts if act.kind == "announce" and act.rank <= FIRST_HAND]
    return [act._replace(kind="announce") if act.kind == "begin" and _repeats(act, firm) else act for act in acts]


def _repeats(act: Act, firm: Sequence[Act]) -> bool:
    return act.rank > FIRST_HAND and any(act.holder == one.holder and dated_alike(act, one) for one in firm)


@dataclass(slots=True)
class _Announcement:
    made: list[Act]
    closed: list[Act] = field(default_factory=list)
    role: str = "withdraws"

    @property
    def candidacy(self) -> bool:
        return '"candidate"' in (self.made[0].details or "")


class Announcements:
    """Those of one seat, in the order of its acts."""

    def __init__(self) -> None:
        """Begin with none."""
        self._all: list[_Announcement] = []

    def announce(self, act: Act) -> None:
        """List it, beside an open one of the same person and kind."""
        new = _Announcement([act])
        for old in reversed(self._all):
            same = old.made[0].holder == act.holder and old.candidacy == new.candidacy
            if same and (not old.closed or any(overlap(one, act) for one in old.made)):
                old.made.append(act)
                return
        self._all.append(new)

    def withdraw(self, act: Act) -> None:
        """Close what is open of this person, or corroborate its closing."""
        for old in self._all:
            withdrawn = old.closed and old.role == "withdraws"
            if old.made[0].holder == act.holder and (not old.closed or withdrawn):
                old.closed.append(act)

    def begun(self, act: Act) -> list[str]:
        """Somebody is in the seat: his announcement is kept, and no candidacy is left; whose were closed."""
        if not self._all:
            return []
        closed = [one for one in self._all if not one.closed and (one.candidacy or one.made[0].holder == act.holder)]
        for one in closed:
            one.closed, one.role = [act], "begins"
        return [one.made[0].holder for one in closed]

    def standing(self) -> Iterator[tuple[object, ...]]:
        """Those that are neither withdrawn nor begun, by what makes them."""
        for one in self._all:
            if not one.closed:
                yield one.made[0].holder, one.candidacy, tuple(act.digest for act in one.made)

    def spans(self, holder: str | None = None) -> dict[Span, Evidence]:
        """The rows of the model ``announced``: all, or those of one person."""
        return dict([self._row(one) for one in self._all if holder is None or one.made[0].holder == holder])

    def _row(self, one: _Announcement) -> tuple[Span, Evidence]:
        made = resolve(one.made)
        end = resolve(one.closed) if one.closed else None
        if end is not None and end.earliest == LOW:
            end = Bounds(min(made.latest, end.latest), end.latest, end.deciders, end.disagree)
        deciders = (*made.deciders, *(end.deciders if end else ()))
        firmest = min(one.made, key=lambda act: act.rank)
        span = Span(
            "announced",
            firmest.holder,
            firmest.value,
            firmest.details,
            opened(made.earliest),
            opened(made.latest),
            opened(end.earliest) if end else None,
            opened(end.latest) if end and end.latest != HIGH else None,
            max(act.rank for act in deciders),
            positions(deciders),
        )
        evidence = [(act.position, "announces") for act in one.made]
        evidence += [(act.position, one.role) for act in one.closed]
        return span, tuple(dict.fromkeys(evidence))
