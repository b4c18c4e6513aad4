"""The oracle's fold of one timeline: reports in their order to rows, with every rule of DESIGN section 3 spelt out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

NEVER = "~"

Bounds = tuple[str, str]


@dataclass(frozen=True)
class Report:
    """One effect of one report, with what decides its place and its weight."""

    kind: str
    holder: str
    value: str | None
    earliest: str
    latest: str
    rank: int
    reported: str
    digest: bytes
    development: str | None = None
    scheduled: bool = False
    ends_nobody: bool = False
    replaces: str = ""
    order: int = 0


@dataclass(frozen=True)
class Row:
    """Who or what was so between two changes, each with its bounds; an `until` of never and never is no end."""

    what: str
    since: Bounds
    until: Bounds


@dataclass(eq=False)
class Tenure:
    """One stretch of one holder, with the reports about it."""

    holder: str
    begins: list[Report] = field(default_factory=list)
    attests: list[Report] = field(default_factory=list)
    doubts: list[Report] = field(default_factory=list)
    ends: list[Report] = field(default_factory=list)
    after: str = ""
    successor: "Tenure | None" = None
    succeeded: int = 0
    continued: "Tenure | None" = None

    @property
    def open(self) -> bool:
        """No end, reported or implied, and no other tenure of the same holder that continues it."""
        return not self.ends and self.successor is None and self.continued is None

    @property
    def capacity(self) -> str | None:
        """The first one given."""
        return next((report.value for report in (*self.begins, *self.attests) if report.value), None)

    def since(self, faults: frozenset[str]) -> Bounds:
        """The beginning: what its reports agree on, not later than the first attestation."""
        attested = min((report.latest for report in self.attests), default=NEVER)
        if reported := self.begun(faults):
            return reported[0], min(reported[1], attested)
        ends = self.real_ends
        if ends and not any(report.order < ends[0].order for report in self.attests):
            attested = min(attested, meet(ends, faults)[0] or NEVER)
        elif not self.attests and self.doubts:
            return self.doubts[0].earliest or self.doubts[0].latest, NEVER
        return self.after, attested

    @property
    def real_ends(self) -> list[Report]:
        """The reports of the end; those only scheduled count where there are no others."""
        return [report for report in self.ends if not report.scheduled] or self.ends

    def begun(self, faults: frozenset[str]) -> Bounds | None:
        """What the reports of the beginning agree on; None if there are none, or he was attested before it."""
        bounds = meet(self.begins, faults) if self.begins else None
        return None if bounds and any(report.latest < bounds[0] for report in self.attests) else bounds

    def until(self, faults: frozenset[str]) -> Bounds:
        """The end: reported, else implied by a successor; a doubt that nothing cleared moves it forward."""
        real = self.real_ends
        doubts = [] if real and not real[0].scheduled else self.doubts
        if real:
            earliest, latest = meet(real, faults)
            decided = real[0].order
        elif self.continued:
            earliest = latest = self.continued.since(faults)[1]
            decided = (*self.continued.begins, *self.continued.attests)[0].order
        elif self.successor:
            earliest, latest = self.successor.since(faults)
            earliest = earliest if self.successor.begun(faults) else ""
            decided = self.succeeded
        else:
            earliest = latest = NEVER
            decided = -1
        if decided >= 0:
            shown = self.last_attested(decided)
            earliest = max(min(earliest or self.last_certain(decided, faults), latest), shown)
            latest = max(latest, shown)
        for doubt in doubts[:1]:
            since = max(doubt.earliest or self.last_certain(doubt.order, faults), self.last_attested(doubt.order))
            earliest = min(earliest, since)
            if "doubt as end" in faults:
                latest = min(latest, max(doubt.latest, since))
        return earliest, latest

    def last_attested(self, before: int) -> str:
        """The last instant at which he was attested by a report ordered before."""
        shown = [report.latest for report in self.attests if report.order < before and report.latest != NEVER]
        return max(shown, default="")

    def last_certain(self, before: int, faults: frozenset[str]) -> str:
        """The last instant at which he is known to have been there, from the beginning and the attestations."""
        latest = self.since(faults)[1]
        return max("" if latest == NEVER else latest, self.last_attested(before))


def meet(reports: list[Report], faults: frozenset[str]) -> Bounds:
    """The intersection of the reports of one change; else that of the firmer ones; else the hull of the firmest."""
    left = list(reports)
    while True:
        earliest, latest = max(report.earliest for report in left), min(report.latest for report in left)
        least = max(report.rank for report in left)
        firmer = [report for report in left if report.rank < least]
        if earliest <= latest and "intersection as hull" not in faults:
            return earliest, latest
        if not firmer or "intersection as hull" in faults:
            return min(report.earliest for report in left), max(report.latest for report in left)
        left = firmer


def apart(report: Report, others: list[Report]) -> bool:
    """Whether a development separates a report from a change."""
    named = {other.development for other in others if other.development}
    return bool(report.development and named and report.development not in named)


def joined(report: Report, others: list[Report]) -> bool:
    """Whether a development joins a report to a change."""
    return report.development is not None and report.development in {other.development for other in others}


def overlaps(report: Report, others: list[Report], faults: frozenset[str]) -> bool:
    """Whether a report may speak of the time of a change."""
    if not others:
        return False
    earliest, latest = meet(others, faults)
    return report.earliest <= latest and earliest <= report.latest


class Fold:
    """Tenures as the reports, taken in their order, make them; `seats` None: each holder for himself."""

    def __init__(self, seats: int | None, faults: frozenset[str], *, matter: bool = False) -> None:
        self.seats = seats
        self.matter = matter
        self.faults = faults
        self.tenures: list[Tenure] = []

    def of(self, holder: str) -> list[Tenure]:
        """The tenures of one holder, latest first."""
        return [tenure for tenure in reversed(self.tenures) if tenure.holder == holder]

    def begin(self, report: Report) -> None:
        """A beginning joins the change that it is a report of, or is a new one; then it ends others."""
        mine = self.of(report.holder)
        same = [t for t in mine if not (report.value and t.capacity and report.value != t.capacity)]
        tenure = next((t for t in same if joined(report, t.begins)), None)
        if tenure is None and same and same[0] is mine[0] and mine[0].open and not apart(report, mine[0].begins):
            tenure = mine[0]
        if tenure is None and self.matter and mine and not mine[0].begins:
            # An opening that may lie before a closing without an opening is its opening.
            tenure = mine[0] if report.earliest <= meet(mine[0].ends, self.faults)[1] else None
        if tenure is None:
            near = [t for t in same if overlaps(report, t.begins, self.faults) and not apart(report, t.begins)]
            tenure = near[0] if near else None
        if tenure is None:
            tenure = Tenure(report.holder)
            if mine and mine[0].open:
                mine[0].continued = None if report.ends_nobody and self.seats is None else tenure
            self.tenures.append(tenure)
        tenure.begins.append(report)
        if tenure.open and not report.ends_nobody:
            self.succeed(tenure, report)

    def succeed(self, tenure: Tenure, report: Report) -> None:
        """A beginning in an office of one seat ends all who were there before; of several, whom it replaces."""
        if "no implied end" in self.faults or self.seats is None:
            return
        for other in self.tenures[: self.tenures.index(tenure)]:
            if other.holder != tenure.holder and other.open and (self.seats == 1 or other.holder == report.replaces):
                other.successor, other.succeeded = tenure, report.order

    def end(self, report: Report) -> None:
        """An ending joins the ending that it is a report of, or ends the latest tenure of its holder."""
        mine = self.of(report.holder)
        near = [t for t in mine if joined(report, t.ends)] or [
            t for t in mine if overlaps(report, t.ends, self.faults) and not apart(report, t.ends)
        ]
        own = [t for t in mine if any(begin.digest == report.digest for begin in t.begins)]
        tenure = next(iter(near or own), mine[0] if mine and not apart(report, mine[0].ends) else None)
        if tenure is None:
            tenure = Tenure(report.holder)
            self.tenures.append(tenure)
        gives_way = report.scheduled and bool(tenure.successor or tenure.continued)
        if not gives_way or "scheduled end stands" in self.faults:
            tenure.ends.append(report)

    def attest(self, report: Report) -> None:
        """An attestation supports a tenure, clears its doubts, or shows a new tenure."""
        mine = self.of(report.holder)
        tenure = mine[0] if mine else None
        if tenure and (tenure.open or report.earliest < tenure.until(self.faults)[1]):
            tenure.doubts = [doubt for doubt in tenure.doubts if report.earliest < doubt.earliest]
            changed = report.value and tenure.capacity and report.value != tenure.capacity
            if tenure.open and changed and report.latest != NEVER:
                tenure.continued = Tenure(report.holder, attests=[report])
                self.tenures.append(tenure.continued)
            else:
                tenure.attests.append(report)
            return
        tenure = Tenure(report.holder, attests=[report])
        if self.seats == 1:
            there = [other.last_certain(report.order, self.faults) for other in self.tenures if other.open]
            tenure.after = max(there, default="")
        self.tenures.append(tenure)
        if self.seats == 1:
            self.succeed(tenure, report)

    def doubt(self, report: Report) -> None:
        """A doubt concerns the latest tenure of its holder, if it is open; of one never seen it is all there is."""
        mine = self.of(report.holder)
        if not mine:
            mine = [Tenure(report.holder)]
            self.tenures += mine
        if mine[0].open:
            mine[0].doubts.append(report)


def only_hired(report: Report, others: list[Report]) -> bool:
    """A beginning of work that is no more than an announced hire: told in weaker words than of somebody who took part
    (`first_hand`, rank 2), with the date that an announcement in such words has, give or take a day for zones.
    """
    firm = [other for other in others if other.kind == "announce" and other.holder == report.holder and other.rank <= 2]
    return report.kind == "begin" and report.rank > 2 and any(_same_date(report, other) for other in firm)


def _same_date(one: Report, other: Report) -> bool:
    for bound, beside in ((one.earliest, other.earliest), (one.latest, other.latest)):
        known = bound not in ("", NEVER) and beside not in ("", NEVER)
        if known and abs(datetime.fromisoformat(bound) - datetime.fromisoformat(beside)) > timedelta(days=1):
            return False
        if not known and bound != beside:
            return False
    return True


def fold_holders(reports: list[Report], seats: int | None, faults: frozenset[str]) -> Iterator[Row]:
    """The rows of a seat, or of holdings."""
    for tenure, since, until in _stretches(reports, Fold(seats, faults), faults):
        yield Row(tenure.holder, since, until)


def fold_matter(reports: list[Report], faults: frozenset[str]) -> Iterator[Row]:
    """The rows of a matter: open, and closed from each closing to the next opening."""
    stretches = _stretches(reports, Fold(None, faults, matter=True), faults)
    following = [since for _, since, _ in stretches[1:]] + [(NEVER, NEVER)]
    for (tenure, since, until), reopened in zip(stretches, following, strict=True):
        if tenure.begins:
            yield Row("open", since, until)
        if tenure.ends:
            closed = meet(tenure.ends, faults)
            yield Row("closed", closed, (reopened[0] or closed[1], reopened[1]))


def _stretches(reports: list[Report], fold: Fold, faults: frozenset[str]) -> list[tuple[Tenure, Bounds, Bounds]]:
    deeds = {"begin": fold.begin, "open": fold.begin, "end": fold.end, "close": fold.end}
    deeds |= {"attest": fold.attest, "doubt": fold.doubt}
    begun = {report.digest: place for place, report in enumerate(reports) if report.kind == "begin"}
    places = [
        max(place, begun.get(report.digest, place)) if report.kind == "end" else place
        for place, report in enumerate(reports)
    ]
    # Who came and went within one day, by one report, came first.
    for _, _, report in sorted(
        zip(places, (report.kind == "end" for report in reports), reports, strict=True), key=lambda one: one[:2]
    ):
        if report.kind in deeds:
            deeds[report.kind](report)
    since = {tenure: tenure.since(faults) for tenure in fold.tenures}
    until = {tenure: tenure.until(faults) for tenure in fold.tenures}
    for tenure in fold.tenures:
        for later in fold.tenures[fold.tenures.index(tenure) + 1 :]:
            if later.holder == tenure.holder:
                if _renewed(tenure, later, faults):
                    moment = meet(later.begins, faults)[1]
                    since[later] = until[tenure] = (moment, moment)
                break
    return [(tenure, since[tenure], until[tenure]) for tenure in fold.tenures]


def _renewed(tenure: Tenure, later: Tenure, faults: frozenset[str]) -> bool:
    real = tenure.real_ends
    if not real or not later.begins:
        return False
    bounds = meet(real, faults)
    return bounds == meet(later.begins, faults) and bounds[1] != NEVER


def fold_values(reports: list[Report]) -> Iterator[Row]:
    """The rows of a value: of several with equal bounds the one ordered last; the same value again is one row."""
    last = {(report.earliest, report.latest): report for report in reports}
    changes: list[list[Report]] = []
    for report in last.values():
        if changes and changes[-1][0].value == report.value:
            if overlaps(report, changes[-1], frozenset()):
                changes[-1].append(report)
        else:
            changes.append([report])
    bounds = [meet(change, frozenset()) for change in changes] + [(NEVER, NEVER)]
    for number, change in enumerate(changes):
        following = bounds[number + 1]
        yield Row(change[0].value or "", bounds[number], (following[0] or bounds[number][1], following[1]))
