"""A timeline of which only what a change reaches is folded has the rows, and the evidence, of one folded whole."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from archive.projections.acts import HIGH, Span
from archive.projections.anew import begins, fold_anew
from archive.projections.clocks import Row, Standing
from archive.projections.cut import Cuts
from archive.projections.growing import Kind
from tests.projections.naive import Pairs, folded
from tests.projections.timelines import KINDS, acts_of, appends, instant, places, plainly

MORE: dict[str, Kind] = {
    **KINDS,
    "employment": ("holding", "employees", None),
    "matter": ("matter", "matters", None),
}
TURNED = {"begin": "open", "attest": "open", "end": "close", "doubt": "close", "announce": "open", "withdraw": "close"}
"""What an act of a seat is made in a matter."""


@dataclass
class Kept:
    """The rows of a timeline as appends leave them, with the evidence of each."""

    kind: Kind
    standings: list[Standing] = field(default_factory=list)
    rows: dict[Row, Pairs] = field(default_factory=dict)
    ever: dict[Span, Pairs] = field(default_factory=lambda: defaultdict(set))

    def append(self, removed: Sequence[Standing], added: Sequence[Standing]) -> int:
        """Change the acts; how many rows were looked at."""
        self.standings = [one for one in self.standings if one not in set(removed)] + list(added)
        changed = dict.fromkeys(removed, False) | dict.fromkeys(added, True)
        anew = fold_anew(self.kind, self.standings, changed)
        looked_at = {
            row
            for row in self.rows
            if anew.reaches(row.span.model, begins(row.span.from_earliest, row.span.from_latest), row.reported_to)
        }
        wanted = anew.rows(looked_at)
        inherited: dict[Span, Pairs] = defaultdict(set)
        for row in looked_at - wanted:
            inherited[row.span] |= self.rows.pop(row)
        for row in wanted:
            if row in self.rows:
                self.rows[row] = self.rows[row] | anew.news.get(row.span, set())
            else:
                self.rows[row] = inherited[row.span] | anew.evidence.get(row.span, set())
        return len(looked_at)

    def check(self) -> None:
        """Raise unless the whole fold has the same rows, and reports that were told of each at one time."""
        told = folded(self.kind, self.standings)
        assert self.rows.keys() == told.keys()
        for row, pairs in told.items():
            self.ever[row.span] |= pairs
        for row, pairs in self.rows.items():
            assert told[row] <= pairs <= self.ever[row.span]


def turned(one: Standing, kind: Kind) -> Standing:
    """An act as a timeline of this kind has it."""
    return one._replace(act=one.act._replace(kind=TURNED[one.act.kind], details=None)) if kind[0] == "matter" else one


def history(seed: int, kind: Kind, size: int) -> None:
    """Make a timeline of so many acts and check it after each append."""
    random = Random(seed)
    left = [
        turned(acts_of(random, kind, position, place), kind) for position, place in enumerate(places(random, size), 1)
    ]
    told(random, Kept(kind), left)


def succession(random: Random, size: int, *, plain: bool = True) -> list[Standing]:
    """What is told of an office of one seat, mostly in order: who comes, is seen and goes, and who is seen again; with
    what has no clean place after it now and then, unless it is ``plain``."""
    made = []
    for position in range(1, size + 1):
        one = acts_of(random, KINDS["seat"], position, position * 20.0)
        rare = 0 if plain else 0.2
        kind = random.choices(
            ("begin", "attest", "end", "doubt", "announce", "withdraw"), (6, 3, 2, rare, rare, rare / 2)
        )[0]
        act = one.act._replace(
            kind=kind,
            holder=random.choice("abcde"),
            planned=random.random() < 0.1,
            during_absence=not plain and kind == "begin" and random.random() < 0.05,
            development=None if plain or random.random() > 0.03 else f"d{random.randint(1, 2)}",
            details=None,
        )
        wide = random.choices((0, 5, 15, 60), (12, 4, 4, 1))[0]
        low = instant(position * 20.0)
        high = instant(position * 20.0 + wide)
        reported = max(high, instant(position * 20.0 + random.choices((0, 10, 100), (9, 3, 1))[0]))
        if random.random() < 0.03:
            low, reported = instant(position * 20.0 - 200), low
        act = act._replace(earliest=low, latest=high, reported=reported)
        made.append(Standing(act, reported, HIGH, act.rank, 5))
    if random.random() < 0.3:
        late = made.pop(random.randrange(len(made)))
        made.append(late)
    return made


def told(random: Random, made: Kept, left: Sequence[Standing]) -> None:
    """Append acts, and check the rows after each append."""
    for removed, added in appends(random, left, lambda: made.standings):
        made.append(removed, added)
        made.check()


@pytest.mark.parametrize("name", MORE)
def test_what_a_change_reaches_makes_the_rows_of_the_whole(name: str) -> None:
    """After every append, in histories in order, in reverse, in clusters and at one instant."""
    for seed in range(8):
        history(seed, MORE[name], 16)


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> Counter[bool]:
    """How many folds began at a clean place, and how many did not."""
    found: Counter[bool] = Counter()

    last = Cuts.last

    def counted(cuts: Cuts, floor: int) -> int:
        place = last(cuts, floor)
        found[place > 0] += 1
        return place

    monkeypatch.setattr(Cuts, "last", counted)
    return found


def test_what_comes_after_a_clean_place_makes_the_rows_of_the_whole(cuts: Counter[bool]) -> None:
    """In offices whose holders come, are seen, and go: many folds begin late in their past."""
    for seed in range(30):
        random = Random(seed)
        told(random, Kept(KINDS["seat"]), succession(random, 20, plain=seed % 2 == 0))
    assert cuts[True] > cuts[False] / 8, cuts


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
def test_what_comes_after_a_clean_place_makes_the_rows_of_the_whole_at_length(tenth: int) -> None:
    """The same on many more."""
    for seed in range(1000 + 100 * tenth, 1100 + 100 * tenth):
        random = Random(seed)
        told(random, Kept(KINDS["seat"]), succession(random, 30, plain=seed % 2 == 0))


@pytest.mark.long
@pytest.mark.parametrize("name", MORE)
def test_what_a_change_reaches_makes_the_rows_of_the_whole_at_length(name: str) -> None:
    """The same on many more."""
    for seed in range(1000, 1100):
        history(seed, MORE[name], 30)


REACHING_BACK = {
    "an end that was his who was there before": (
        ("attest", "a", 0, 0),
        ("begin", "b", 100, 100),
        ("end", "a", 300, 300),
        ("begin", "a", 200, 200),
    ),
    "who was ended is seen while he may have been there still": (
        ("begin", "a", 0, 0),
        ("begin", "b", 100, 150),
        ("attest", "a", 120, 160),
    ),
    "who came last was told of before, and another sits": (
        ("begin", "a", 50, 50),
        ("begin", "b", 60, 60),
        ("begin", "a", 45, 70),
        ("begin", "b", 150, 150),
        ("begin", "c", 250, 250),
    ),
    "who was announced long ago begins": (
        ("begin", "a", 0, 0),
        ("announce", "c", 50, 50),
        ("begin", "b", 100, 100),
        ("begin", "c", 200, 200),
    ),
}
"""Acts, by kind, holder and hours, of which the last changes rows from before a place that looks clean."""


@pytest.mark.parametrize("name", REACHING_BACK)
def test_what_reaches_back_over_a_place_is_heeded(name: str) -> None:
    """Each is reported as it happens, one by one."""
    made = Kept(KINDS["seat"])
    for position, act in enumerate(REACHING_BACK[name], 1):
        made.append([], [plainly(position, *act)])
        made.check()


@pytest.mark.parametrize("kind", ["begin", "end", "attest"])
def test_what_is_told_of_long_ago_is_not_cut_off(kind: str) -> None:
    """It is reported after all else, and stands before places that are clean."""
    made = Kept(KINDS["seat"])
    for position, holder in enumerate("abcdef", 1):
        made.append([], [plainly(position, "begin", holder, 100 * position, 100 * position)])
    made.append([], [plainly(9, kind, "b", 250, 250, known=900)])
    made.check()


def test_a_report_is_not_cut_in_two() -> None:
    """It gives an end before its own beginning, which is taken behind it: between the two it is not cut, or whoever is
    seen next would be seen to stay."""
    made = Kept(KINDS["seat"])
    for position, acts in enumerate(
        (
            [("begin", "a", 0, 0)],
            [("begin", "b", 100, 100)],
            [("end", "c", 150, 150), ("begin", "c", 200, 200)],
            [("attest", "c", 300, 300)],
        ),
        1,
    ):
        made.append([], [plainly(position, *act) for act in acts])
        made.check()


def test_floors_that_no_change_reaches_keep_their_rows() -> None:
    """Between two at which acts go that counted there alone, and which then have the same acts."""
    made = Kept(KINDS["seat"])
    stays = plainly(1, "begin", "a", 0, 0)
    there = [plainly(2, "attest", "b", 50, 50), plainly(3, "attest", "c", 60, 60)]
    at = there[-1].reported_from
    goes = [
        one._replace(reported_from=at, floor_from=floor, floor_to=floor)
        for one, floor in zip(there, (1, 3), strict=True)
    ]
    for removed, added in (([], [stays]), ([], goes), (goes, [])):
        made.append(removed, added)
        made.check()


def test_a_report_that_comes_last_reaches_the_rows_of_two_people() -> None:
    """In an office with a history the rows of those who left long ago are not looked at."""
    random = Random(1)
    made = Kept(KINDS["seat"])
    whose = "abcdefghij"
    for place, holder in enumerate(whose):
        act = acts_of(random, KINDS["seat"], place + 1, place * 100.0).act
        at = instant(place * 100)
        act = act._replace(
            kind="begin", holder=holder, earliest=at, latest=at, reported=at, rank=1, development=None, details=None
        )
        looked_at = made.append([], [Standing(act._replace(during_absence=False, value=None), at, HIGH, 1, 5)])
        made.check()
        assert looked_at <= 3
    assert len(made.rows) == 2 * len(whose) - 1
