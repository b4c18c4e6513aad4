"""One holder's stretch in a seat while the fold builds it, and the row that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.projections.acts import HIGH, LOW, Act, Bounds, Evidence, Span, opened, positions, resolve


@dataclass(slots=True, eq=False)
class Tenure:
    """The reports of one holding: its beginning, attestations, doubts, and end.

    ``successor`` is the tenure that ends it by beginning; ``after`` those that it ended, where it
    was only attested; ``renewed`` the reports of renewals inside it.
    """

    holder: str
    begins: list[Act] = field(default_factory=list)
    attests: list[Act] = field(default_factory=list)
    doubts: list[Act] = field(default_factory=list)
    ends: list[Act] = field(default_factory=list)
    others: list[Act] = field(default_factory=list)
    successor: Tenure | None = None
    after: list[Tenure] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether nothing has ended it so far."""
        return not self.ends and self.successor is None

    @property
    def absent_only(self) -> bool:
        """Whether it stands in for somebody who is only absent."""
        return any(act.during_absence for act in self.begins)

    def capacity(self) -> str | None:
        """The capacity that its firmest report gives."""
        given = [act for act in (*self.begins, *self.attests) if act.value is not None]
        return min(given, key=lambda act: act.rank).value if given else None

    def beginning(self) -> Bounds:
        """The bounds of its beginning; deciders are the acts that give them."""
        seen = min(self.attests, key=lambda act: act.latest, default=None)
        if self.begins:
            bounds = resolve(self.begins)
            if seen is None or seen.latest >= bounds.latest:
                return bounds
            early = bounds.earliest if bounds.earliest <= seen.latest else LOW
            deciders = (*(act for act in bounds.deciders if early and act.earliest == early), seen)
            return Bounds(early, seen.latest, deciders, bounds.disagree or not early)
        if seen is not None:
            floor = max((tenure.last_certain() for tenure in self.after), default=LOW)
            return Bounds(min(floor, seen.latest), seen.latest, (seen,), disagree=False)
        if self.ends:
            bounds = resolve(self.ends)
            start = bounds.earliest if bounds.earliest != LOW else bounds.latest
            return Bounds(LOW, start, (), disagree=False)
        doubt = self.doubts[0]
        start = doubt.earliest if doubt.earliest != LOW else doubt.latest
        return Bounds(start, HIGH, (doubt,), disagree=False)

    def last_certain(self) -> str:
        """The last instant at which its holder was certainly seen in it; LOW if never."""
        moments = [act.latest for act in self.attests]
        if self.begins:
            moments.append(resolve(self.begins).latest)
        return max((moment for moment in moments if moment != HIGH), default=LOW)

    def ending(self) -> Bounds | None:
        """The bounds of its end, None while it lasts; ``latest`` is HIGH while in doubt."""
        doubt = self.doubted()
        if self.ends:
            bounds = resolve(self.ends)
        elif self.successor is not None:
            begun = self.successor.beginning()
            early = begun.earliest if self.successor.begins else self.last_certain()
            deciders = begun.deciders
            if doubt is not None:
                early = min(early, self._since(doubt))
                deciders = (*deciders, doubt)
            bounds = Bounds(early, begun.latest, deciders, disagree=False)
        elif doubt is not None:
            return Bounds(self._since(doubt), HIGH, (doubt,), disagree=False)
        else:
            return None
        seen = [act.latest for act in self.attests if act.latest <= bounds.latest]
        early = max((bounds.earliest, *seen)) if doubt is None or self.ends else bounds.earliest
        if early == LOW:
            certain = self.last_certain()
            early = certain if LOW < certain <= bounds.latest else bounds.latest
        return Bounds(early, bounds.latest, bounds.deciders, bounds.disagree)

    def doubted(self) -> Act | None:
        """The first doubt that no later attestation cleared."""
        for doubt in self.doubts:
            cleared = any(seen.order > doubt.order and seen.earliest >= doubt.earliest for seen in self.attests)
            if not cleared:
                return doubt
        return None

    def _since(self, doubt: Act) -> str:
        if doubt.earliest != LOW:
            return doubt.earliest
        certain = self.last_certain()
        return certain if LOW < certain <= doubt.latest else doubt.latest

    def evidence(self) -> Evidence:
        """Every report of it with its role."""
        roles = (
            ("begins", self.begins),
            ("supports", self.attests),
            ("doubts", self.doubts),
            ("ends", self.ends or (self.successor.begins if self.successor else [])),
            ("supports", self.others),
        )
        return tuple(dict.fromkeys((act.position, role) for role, acts in roles for act in acts))


def to_span(model: str, tenure: Tenure, begin: Bounds, end: Bounds | None) -> Span:
    """The row of a tenure between these bounds."""
    deciders = (*begin.deciders, *(end.deciders if end else ()))
    return Span(
        model,
        tenure.holder,
        tenure.capacity(),
        None,
        opened(begin.earliest),
        opened(begin.latest),
        opened(end.earliest) if end else None,
        opened(end.latest) if end else None,
        max(act.rank for act in deciders),
        positions(deciders),
    )
