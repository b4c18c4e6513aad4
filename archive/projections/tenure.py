"""One holder's stretch in a seat while the fold builds it, and the row that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

from archive.projections.acts import HIGH, LOW, Act, Bounds, Evidence, Span, opened, positions, resolve

RANK, LATEST = (itemgetter(Act._fields.index(name)) for name in ("rank", "latest"))

Mark = tuple[int, ...]
"""By what a tenure is seen to have changed."""


@dataclass(slots=True, eq=False)
class Tenure:
    """The reports of one holding: its beginning, attestations, doubts, and end.

    ``number`` counts the tenures of a seat as they were made. ``successor`` is the tenure that
    ends it by beginning, with the act that did so; ``continued`` that of the same holder in
    another capacity; ``after`` the last instant at which those that it ended, while it was only
    attested, were seen; ``ended`` those that it ended, or continues. Once it is ``whole``, its bounds are worked out
    but once.
    """

    holder: str
    number: int
    begins: list[Act] = field(default_factory=list)
    attests: list[Act] = field(default_factory=list)
    doubts: list[Act] = field(default_factory=list)
    ends: list[Act] = field(default_factory=list)
    others: list[Act] = field(default_factory=list)
    successor: tuple[Tenure, Act] | None = None
    continued: tuple[Tenure, Act] | None = None
    ended: list[Tenure] = field(default_factory=list)
    after: str = LOW
    whole: bool = False
    _beginning: Bounds | None = None
    _ending: tuple[Bounds | None] | None = None

    @property
    def open(self) -> bool:
        """Whether nothing has ended it so far."""
        return not self.ends and self.successor is None and self.continued is None

    def settle(self, *, whole: bool) -> None:
        """Forget its bounds; whether they are to be remembered from now on."""
        self.whole = whole
        self._beginning = self._ending = None

    def mark(self) -> Mark:
        """What changes whenever its reports do, or those of the beginning that ends it: a report is taken away only to
        stand among the others, and what ended it once stays."""
        by = self.continued or self.successor
        own = (len(self.begins), len(self.attests), len(self.doubts), len(self.ends), len(self.others))
        if by is None:
            return own
        one = by[0]
        return (*own, len(one.begins), len(one.attests), len(one.doubts), len(one.ends))

    @property
    def absent_only(self) -> bool:
        """Whether it stands in for somebody who is only absent."""
        return any(act.during_absence for act in self.begins)

    @property
    def real_ends(self) -> list[Act]:
        """The reports of its end; those only scheduled count where there are no others."""
        return [act for act in self.ends if not act.scheduled] or self.ends

    def capacity(self) -> str | None:
        """The capacity that its firmest report gives."""
        given = [act for acts in (self.begins, self.attests) for act in acts if act.value is not None]
        return min(given, key=RANK).value if given else None

    def details(self) -> str | None:
        """The details that its firmest report gives."""
        given = [act for acts in (self.begins, self.attests) for act in acts if act.details]
        return min(given, key=RANK).details if given else None

    def begun(self) -> Bounds | None:
        """What the reports of its beginning agree on; None without any, or if it was seen before."""
        if not self.begins:
            return None
        bounds = resolve(self.begins)
        return None if any(act.latest < bounds.earliest for act in self.attests) else bounds

    def beginning(self) -> Bounds:
        """The bounds of its beginning; deciders are the acts that give them."""
        if not self.whole:
            return self._find_beginning()
        if self._beginning is None:
            self._beginning = self._find_beginning()
        return self._beginning

    def _find_beginning(self) -> Bounds:
        seen = min(self.attests, key=LATEST, default=None)
        bounds = self.begun()
        if bounds is not None:
            if seen is None or seen.latest >= bounds.latest:
                return bounds
            deciders = (*(act for act in bounds.deciders if act.earliest == bounds.earliest), seen)
            return Bounds(bounds.earliest, seen.latest, deciders, bounds.disagree)
        disagree = bool(self.begins)
        if self.ends and not any(act.order < self.ends[0].order for act in self.attests):
            start = resolve(self.real_ends)
            at = start.earliest if start.earliest != LOW else start.latest
            if seen is None or at < seen.latest:
                return Bounds(self.after, at, (), disagree)
        if seen is not None:
            return Bounds(min(self.after, seen.latest), seen.latest, (seen,), disagree)
        doubt = self.doubts[0]
        return Bounds(doubt.earliest if doubt.earliest != LOW else doubt.latest, HIGH, (doubt,), disagree=False)

    def last_seen(self, before: Act) -> str:
        """The last instant at which an attestation ordered before an act shows its holder."""
        if not self.attests:
            return LOW
        place = before.order
        return max((act.latest for act in self.attests if act.latest != HIGH and act.order < place), default=LOW)

    def last_certain(self, before: Act) -> str:
        """The last instant at which its holder is known to have been there."""
        latest = self.beginning().latest
        return max(latest if latest != HIGH else LOW, self.last_seen(before))

    def ending(self) -> Bounds | None:
        """The bounds of its end, None while it lasts; ``latest`` is HIGH while in doubt."""
        if not self.whole:
            return self._find_ending()
        if self._ending is None:
            self._ending = (self._find_ending(),)
        return self._ending[0]

    def _find_ending(self) -> Bounds | None:
        doubt = self.doubts[0] if self.doubts else None
        if self.ends:
            real = self.real_ends
            bounds, decided = resolve(real), real[0]
            doubt = doubt if real[0].scheduled else None
        elif self.continued is not None:
            begun, decided = self.continued[0].beginning(), self.continued[1]
            bounds = Bounds(begun.latest, begun.latest, begun.deciders, disagree=False)
        elif self.successor is not None:
            begun, decided = self.successor[0].beginning(), self.successor[1]
            early = begun.earliest if self.successor[0].begun() is not None else LOW
            bounds = Bounds(early, begun.latest, begun.deciders, disagree=False)
        elif doubt is not None:
            return Bounds(self._since(doubt), HIGH, (doubt,), disagree=False)
        else:
            return None
        shown = self.last_seen(decided)
        early = bounds.earliest if bounds.earliest != LOW else self.last_certain(decided)
        early, late = max(min(early, bounds.latest), shown), max(bounds.latest, shown)
        if doubt is not None and self._since(doubt) < early:
            return Bounds(self._since(doubt), late, (*bounds.deciders, doubt), bounds.disagree)
        return Bounds(early, late, bounds.deciders, bounds.disagree)

    def _since(self, doubt: Act) -> str:
        early = doubt.earliest if doubt.earliest != LOW else self.last_certain(doubt)
        return max(early, self.last_seen(doubt))

    def evidence(self) -> Evidence:
        """Every report of it with its role."""
        told = [(act.position, "begins") for act in self.begins]
        told += [(act.position, "supports") for act in self.attests]
        told += [(act.position, "doubts") for act in self.doubts]
        told += [(act.position, "ends") for act in self.ends or self._enders()]
        told += [(act.position, "supports") for act in self.others]
        return tuple(dict.fromkeys(told))

    def _enders(self) -> list[Act]:
        by = self.continued or self.successor
        return [] if by is None else by[0].begins or by[0].attests[:1]


def to_span(model: str, tenure: Tenure, begin: Bounds, end: Bounds | None) -> Span:
    """The row of a tenure between these bounds."""
    deciders = (*begin.deciders, *(end.deciders if end else ()))
    return Span(
        model,
        tenure.holder,
        tenure.capacity(),
        tenure.details(),
        opened(begin.earliest),
        opened(begin.latest),
        opened(end.earliest) if end else None,
        opened(end.latest) if end else None,
        max([act.rank for act in deciders]),
        positions(deciders),
    )
