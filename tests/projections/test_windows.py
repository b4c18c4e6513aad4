"""A timeline folded in windows has the rows of one that is folded whole.

Long histories of one timeline, in clusters, are made act by act; each change is folded in the smallest windows there
are, so that all of them have a past and a future that they do not see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from archive.projections import colleagues
from archive.projections import piece as pieces
from archive.projections.acts import HIGH, LOW, Act, Order, Span
from archive.projections.clocks import Row, Standing
from archive.projections.edges import Edges
from archive.projections.growing import Kind
from archive.projections.nearby import Nearby
from archive.projections.overlay import Outcome
from archive.projections.piece import refolded
from archive.projections.rows import Kept
from archive.projections.seen import seen_again
from archive.projections.window import Cell, is_loose, key_of
from tests.projections.naive import Pairs, folded
from tests.projections.timelines import KINDS, acts_of, appends, instant, places, plainly


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

    def of(self, holders: Iterable[str], most: int) -> Sequence[Standing] | None:
        """All of these holders."""
        counted = Counter(one.act.holder for one in self.standings)
        if any(counted[holder] > most for holder in holders):
            return None
        return [one for one in self.standings if one.act.holder in holders]

    def replacing(self, holders: Iterable[str]) -> Sequence[Standing]:
        """Those that replace them."""
        return [one for one in self.standings if (one.act.replaces or "nobody") in holders]

    def of_reports(self, positions: Iterable[int]) -> Sequence[Standing]:
        """Those that reports tell."""
        return [one for one in self.standings if one.act.position in positions]

    def candidacies(self) -> bool:
        """Whether anybody is a candidate."""
        return any(
            row.span.model == "announced" and '"candidate"' in (row.span.details or "") for row in self.rows.values()
        )


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


def in_one_report(random: Random, acts: Sequence[Standing]) -> list[Standing]:
    """The same, of which some reports tell two one behind the other."""
    made: list[Standing] = []
    for one in acts:
        same = made and random.random() < 0.2
        made.append(one._replace(act=one.act._replace(position=made[-1].act.position)) if same else one)
    return made


def history(seed: int, kind: Kind, size: int, *, joined: bool = False) -> tuple[int, int]:
    """Make a timeline of so many acts and compare after each append; how many windows could tell, and how many not.

    ``joined``: some reports tell two acts.
    """
    random = Random(seed)
    timeline = InMemory()
    told: Counter[bool] = Counter()
    left = [acts_of(random, kind, position, place) for position, place in enumerate(places(random, size), 1)]
    left = in_one_report(random, left) if joined else left
    for removed, added in appends(random, left, lambda: timeline.standings):
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
    found = [history(seed, KINDS[name], 20) for seed in range(8)]
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


@pytest.fixture
def by_holders(monkeypatch: pytest.MonkeyPatch) -> Counter[bool]:
    """How often the people whom a change concerns could tell, and how often not; windows never can."""
    told: Counter[bool] = Counter()
    refolded_by = colleagues.refolded

    def noted(nearby: Nearby, kind: Kind, changed: Mapping[Standing, bool]) -> Outcome | None:
        outcome = refolded_by(nearby, kind, changed)
        told[outcome is not None] += 1
        return outcome

    monkeypatch.setattr(colleagues, "refolded", noted)
    monkeypatch.setattr(InMemory, "loose", lambda _: None)
    return told


@pytest.mark.parametrize("name", ["three seats", "nine seats"])
def test_those_whom_a_change_concerns_make_the_rows_of_the_whole(name: str, by_holders: Counter[bool]) -> None:
    """In an office of several seats; some reports tell of two people."""
    for seed in range(18):
        history(seed, KINDS[name], 20, joined=seed % 2 == 0)
    assert by_holders[True] > 20, by_holders


@pytest.mark.parametrize("name", ["three seats", "nine seats"])
def test_who_stands_in_takes_no_seat(name: str, by_holders: Counter[bool]) -> None:
    """A history that was found: a report that somebody stood in leaves his row and ends a conflict of others."""
    history(1_132, KINDS[name], 50, joined=True)
    assert by_holders[True] > 0


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", ["three seats", "nine seats"])
def test_those_whom_a_change_concerns_make_the_rows_of_the_whole_at_length(
    name: str, tenth: int, by_holders: Counter[bool]
) -> None:
    """The same for two hundred longer histories of each."""
    for seed in range(1_000 + tenth, 1_200, 10):
        history(seed, KINDS[name], 50, joined=seed % 20 < 10)
    assert by_holders[True] > 0


def sittings(random: Random, kind: Kind, size: int) -> list[Standing]:
    """What is told of an office in order of time: mostly that who was seen before is seen still."""
    made: list[Standing] = []
    holder = "a"
    for position in range(1, size + 1):
        one = acts_of(random, kind, position, 8.0 * position)
        told = random.choices(("attest", "begin", "end", "doubt", "announce", "withdraw"), (24, 4, 1, 0.5, 2, 0.3))[0]
        if told == "begin":
            holder = random.choice("abc")
        act = one.act._replace(kind=told, holder=holder if random.random() < 0.9 else random.choice("abc"))
        if random.random() < 0.8:
            at = instant(8 * position)
            details = '{"status":"candidate"}' if told == "announce" and random.random() < 0.5 else None
            act = act._replace(earliest=at, latest=at, reported=at, value=None, details=details, development=None)
            one = Standing(act, at, HIGH, act.rank, 5)
        made.append(one._replace(act=act))
    return made


def seen(seed: int, kind: Kind, size: int) -> None:
    """Compare after each append of such a history."""
    random = Random(seed)
    timeline = InMemory()
    left = sittings(random, kind, size)
    if random.random() < 0.5:
        late = random.sample(range(size), size // 3)
        left = [one for at, one in enumerate(left) if at not in late] + [left[at] for at in late]
    for removed, added in appends(random, left, lambda: timeline.standings):
        append(timeline, kind, removed, added)
        assert set(timeline.rows.values()) == folded(kind, timeline.standings).keys(), f"seed {seed}"


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> Counter[bool]:
    """How often it could be told that somebody is seen again, and how often not; windows never can tell."""
    told: Counter[bool] = Counter()

    def noted(nearby: Nearby, kind: Kind, changed: Mapping[Standing, bool]) -> Outcome | None:
        outcome = seen_again(nearby, kind, changed)
        told[outcome is not None] += 1
        return outcome

    monkeypatch.setattr(pieces, "seen_again", noted)
    monkeypatch.setattr(pieces, "READ", ())
    monkeypatch.setattr(colleagues, "refolded", lambda *_: None)
    return told


@pytest.mark.parametrize("name", ["seat", "three seats"])
def test_who_is_seen_again_has_the_row_that_he_had(name: str, again: Counter[bool]) -> None:
    """With the report that sees him as its evidence."""
    for seed in range(8):
        seen(seed, KINDS[name], 30)
    assert again[True] > again[False] / 10, again


def test_who_is_seen_for_the_first_time_since_he_came_back(again: Counter[bool]) -> None:
    """A history that was found: the reports of his beginning disagree, and are told with the first that sees him."""
    seen(20_238, KINDS["seat"], 30)
    assert again[True] > 0


@pytest.mark.parametrize("name", ["seat", "three seats"])
def test_who_is_seen_again_ends_a_candidacy(name: str, again: Counter[bool]) -> None:
    """Of anybody, once; before and after that his row alone is concerned."""
    timeline = InMemory()
    candidacy = plainly(4, "announce", "b", 30, 30)
    candidacy = candidacy._replace(act=candidacy.act._replace(details='{"status":"candidate"}'))
    attested = [plainly(position, "attest", "a", 10 * position, 10 * position) for position in (2, 3, 5, 6)]
    told = []
    for one in (plainly(1, "begin", "a", 0, 0), *attested[:2], candidacy, *attested[2:]):
        append(timeline, KINDS[name], [], [one])
        assert set(timeline.rows.values()) == folded(KINDS[name], timeline.standings).keys()
        told.append(again[True])
    assert told == [0, 0, 1, 1, 1, 2]


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", ["seat", "three seats"])
@pytest.mark.usefixtures("again")
def test_who_is_seen_again_has_the_row_that_he_had_at_length(name: str, tenth: int) -> None:
    """The same for two hundred histories of each."""
    for seed in range(1_000 + tenth, 1_200, 10):
        seen(seed, KINDS[name], 40)
