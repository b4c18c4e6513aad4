"""A timeline folded in windows has the rows of one that is folded whole.

Long histories of one timeline, in clusters, are made act by act; each change is folded in the smallest windows there
are, so that all of them have a past and a future that they do not see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from archive.projections import piece as pieces
from archive.projections.acts import HIGH, LOW, Act, Order, Span
from archive.projections.clocks import Row, Standing
from archive.projections.edges import Edges
from archive.projections.growing import Kind
from archive.projections.piece import refolded
from archive.projections.rows import Kept
from archive.projections.window import Cell, is_loose, key_of
from archive.times import to_instant
from tests.projections.naive import Pairs, folded

KINDS: dict[str, Kind] = {
    "seat": ("seat", "tenures", 1),
    "three seats": ("seat", "tenures", 3),
    "holding": ("holding", "affiliations", None),
    "value": ("value", "attributes", None),
    "count": ("value", "counts", None),
}


@dataclass
class InMemory:
    """A timeline in memory, asked as the tables are."""

    standings: list[Standing] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    evidence: dict[Span, set[tuple[int, str]]] = field(default_factory=dict)

    @property
    def tidy(self) -> list[Standing]:
        """The acts that are not loose, in order."""
        return sorted((one for one in self.standings if not is_loose(one)), key=key_of)

    def loose(self) -> Sequence[Standing] | None:
        """The others."""
        return [one for one in self.standings if is_loose(one)]

    def part(self, low: Order, high: Order, beside: int) -> tuple[list[Standing], bool, bool]:
        """Those around two places."""
        before = [one for one in self.tidy if one.act.order < low]
        between = [one for one in self.tidy if low <= one.act.order <= high]
        after = [one for one in self.tidy if one.act.order > high]
        return [*before[-beside:], *between, *after[:beside]], len(before) > beside, len(after) > beside

    def last(self, holders: Iterable[str], before: Order) -> dict[str, Act]:
        """The last of each holder before a place."""
        return {one.act.holder: one.act for one in self.tidy if one.act.holder in holders and one.act.order < before}

    def following(self, holders: Iterable[str], after: Order) -> Sequence[Standing] | None:
        """Those of holders after a place."""
        return [one for one in self.tidy if one.act.holder in holders and one.act.order > after]

    def seen_before(self, before: Order, cell: Cell) -> bool:
        """Whether one before a place counts in a cell."""
        start, stop, floors = cell
        return any(
            one.act.order < before
            and one.reported_from < stop
            and one.reported_to > start
            and one.floor_from <= floors[-1]
            and one.floor_to >= floors[0]
            for one in self.tidy
        )

    def ends_at(self, instant: str) -> bool:
        """Whether an ending lies at an instant."""
        return any(one.act.kind == "end" and one.act.earliest == one.act.latest == instant for one in self.tidy)

    def crossing(self, begin: str, end: str, since: str, *, touching: bool) -> list[Kept]:
        """The rows that hold past an instant."""
        return [
            Kept(number, "", row)
            for number, row in self.rows.items()
            if row.span.model != "conflicts"
            and ((last := row.span.to_latest or HIGH) > begin or (touching and last == begin))
            and (row.span.from_latest or LOW) <= end
            and row.reported_to > since
        ]

    def rows_of(self, wanted: Iterable[Span]) -> list[Kept]:
        """The rows of these spans, and others."""
        deciders = {one.positions[0] for one in wanted}
        return [Kept(number, "", row) for number, row in self.rows.items() if row.span.positions[0] in deciders]


def instant(hours: float) -> str:
    """So many hours into the history."""
    return to_instant(datetime(2001, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


def acts_of(random: Random, kind: Kind, position: int, place: float) -> Standing:
    """An act of a timeline about a place in time, mostly plain, now and then as wide or late as can be."""
    engine = kind[0]
    wide = random.choices((0, 5, 24, 24 * 40), (12, 3, 3, 0.4))[0]
    place = round(place) if random.random() < 0.7 else place
    earliest, latest = instant(place), instant(place + wide)
    if random.random() < 0.01:
        earliest = LOW
    if random.random() < 0.01:
        latest = HIGH
    late = random.choices((0, 3, 30, 400, -20, -300), (10, 4, 2, 2, 1, 0.3))[0]
    reported = instant(place + wide + late)
    acted, value = "set", str(random.randint(1, 4))
    if engine != "value":
        kinds = ("begin", "end", "attest", "doubt", "announce", "withdraw")
        acted = random.choices(
            kinds, random.choice(((8, 4, 2, 0.3, 0.3, 0.2), (9, 1, 0, 0, 0, 0), (2, 1, 8, 1, 0, 0)))
        )[0]
        value = random.choice(("permanent", "interim"))
    people = "a" if engine == "holding" else random.choice(("abcd", "abcdefghijklmnopqrstuvw"))
    basis = random.choices((1, 2, 3, 4, 5), (2, 1, 12, 4, 1))[0]
    candidate = acted == "announce" and random.random() < 0.3
    act = Act(
        kind=acted,
        holder="" if engine == "value" else random.choice(people),
        earliest=earliest,
        latest=latest,
        value=value if engine == "value" or random.random() < 0.15 else None,
        details='{"status":"candidate"}' if candidate else None,
        planned=random.random() < 0.5,
        during_absence=acted == "begin" and random.random() < 0.03,
        replaces=random.choice(people) if kind[2] == 3 and acted == "begin" and random.random() < 0.7 else None,
        rank=basis,
        reported=reported,
        position=position,
        digest=f"{random.getrandbits(64):016x}",
        development=f"d{random.randint(1, 3)}" if random.random() < 0.02 else None,
    )
    until = instant(place + wide + late + 200) if random.random() < 0.04 else HIGH
    return Standing(act, reported, until, basis, 4 if basis < 4 and random.random() < 0.03 else 5)


def places(random: Random, count: int) -> list[float]:
    """Places in time: in clusters, in order, in reverse order or in none."""
    far = [random.choice((0, 1, 7, 30, 200)) * (index + random.random()) for index in range(count // 4)]
    made = [random.choice(far) + random.choice((0, 0, 1, 5)) for _ in range(count)]
    order = random.choice(("in order", "reverse", "none", "one instant", "steps"))
    if order == "one instant":
        return [float(random.choice((100, 100, 100, 101)))] * count
    if order == "steps":
        return [8.0 * place for place in range(count)][:: random.choice((1, -1))]
    return made if order == "none" else sorted(made, reverse=order == "reverse")


def append(timeline: InMemory, kind: Kind, removed: Sequence[Standing], added: Sequence[Standing]) -> bool:
    """One append; whether windows could tell what it makes of the rows."""
    gone = set(removed)
    timeline.standings = [one for one in timeline.standings if one not in gone] + list(added)
    outcome = refolded(timeline, kind, removed, added)
    rows = folded(kind, timeline.standings)
    told: dict[Span, Pairs] = defaultdict(set)
    for row, pairs in rows.items():
        told[row.span] |= pairs
    if outcome is None or not all(
        position in within
        for number, within in outcome.checked
        for position, _ in timeline.evidence[timeline.rows[number].span]
    ):
        timeline.rows = dict(enumerate(sorted(rows, key=repr), max(timeline.rows, default=0) + 1))
    else:
        for number, row in outcome.closed.items():
            assert timeline.rows.pop(number) == row
        for row in outcome.made:
            timeline.rows[max(timeline.rows, default=0) + 1] = row
            assert outcome.told[row.span] | timeline.evidence.get(row.span, set()) >= told[row.span]
        for number, span in outcome.kept.items():
            assert timeline.rows[number].span == span
        for span, pairs in outcome.told.items():
            timeline.evidence.setdefault(span, set()).update(pairs)
    for span, pairs in told.items():
        timeline.evidence.setdefault(span, set()).update(pairs)
    return outcome is not None


def history(seed: int, kind: Kind, size: int) -> tuple[int, int]:
    """Make a timeline of so many acts and compare after each append; how many windows could tell, and how many not."""
    random = Random(seed)
    timeline = InMemory()
    told: Counter[bool] = Counter()
    left = [acts_of(random, kind, position, place) for position, place in enumerate(places(random, size), 1)]
    while left:
        count = random.choice((1, 1, 1, 2, 9))
        added, left = left[:count], left[count:]
        removed = []
        if timeline.standings and random.random() < 0.15:
            removed = [random.choice(timeline.standings)]
            if random.random() < 0.5:
                until = instant(random.randint(0, 3000))
                if removed[0].reported_from < until < removed[0].reported_to:
                    added = [*added, removed[0]._replace(reported_to=until)]
        told[append(timeline, kind, removed, added)] += 1
        assert set(timeline.rows.values()) == folded(kind, timeline.standings).keys(), f"seed {seed}"
        assert len(timeline.rows) == len(set(timeline.rows.values()))
    return told[True], told[False]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest windows, of which most must be widened, and parts that are soon too small."""
    monkeypatch.setattr(pieces, "BESIDE", (1, 2, 3, 5, 8))
    monkeypatch.setattr(pieces, "READ", (3, 12))
    monkeypatch.setattr(pieces, "GROUP", 3)
    monkeypatch.setattr(pieces, "NEAR", 4)


@pytest.mark.parametrize("name", KINDS)
def test_windows_make_the_rows_of_the_whole(name: str) -> None:
    """After every append, in histories in order, in reverse, in clusters and at one instant."""
    found = [history(seed, KINDS[name], 20) for seed in range(12)]
    assert sum(told for told, _ in found) > sum(untold for _, untold in found)


@pytest.mark.parametrize("name", ["value", "count"])
def test_what_one_value_hides_of_another_at_its_instant_may_begin_before_the_window(name: str) -> None:
    """A history that was found: a value hides two reports of another; when it goes, the first of them tells."""
    history(1_113, KINDS[name], 50)


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", KINDS)
def test_windows_make_the_rows_of_the_whole_at_length(name: str, tenth: int) -> None:
    """The same for two hundred longer histories of each kind."""
    for seed in range(1_000 + tenth, 1_200, 10):
        history(seed, KINDS[name], 50)


@pytest.mark.parametrize(("check", "name"), [("founded", "seat"), ("founded", "value"), ("settled", "seat")])
def test_without_its_checks_a_window_would_be_wrong(monkeypatch: pytest.MonkeyPatch, check: str, name: str) -> None:
    """The law notices when what lies outside is not heeded."""
    monkeypatch.setattr(Edges, check, lambda _: True)
    with pytest.raises(AssertionError):
        assert [history(seed, KINDS[name], 20) for seed in range(40)]
