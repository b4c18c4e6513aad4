"""A timeline folded on from where the append before left it has the rows, and the evidence, of one folded again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest

from archive.projections.acts import HIGH
from archive.projections.anew import came_last
from archive.projections.clocks import Row, Standing
from archive.projections.growing import Kind
from archive.projections.onward import Line, fold_on
from archive.projections.rows import Kept as Stored
from tests.projections.naive import Pairs
from tests.projections.test_growing import MORE, Kept
from tests.projections.timelines import KINDS, acts_of, appends, instant


@dataclass
class Followed:
    """A timeline that is folded again at each append, and one that is folded on wherever it can be."""

    kind: Kind
    again: Kept = field(init=False)
    line: Line | None = None
    ids: Iterator[int] = field(default_factory=count)
    found: Counter[bool] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin with none."""
        self.again = Kept(self.kind)

    def append(self, removed: list[Standing], added: list[Standing]) -> None:
        """Change the acts; raise where the two differ."""
        line = self.line or self._read()
        grown = None if removed else fold_on(line, added)
        came = came_last(self.kind, line.standings, dict.fromkeys(removed, False) | dict.fromkeys(added, True))
        assert (grown is not None) == (came is not None)
        self.again.append(removed, added)
        self.again.check()
        self.found[grown is not None] += 1
        self.line = None
        if grown is None:
            return
        inherited: dict[object, Pairs] = {}
        for kept in grown.closed:
            inherited.setdefault(kept.row.span, set()).update(line.evidence[kept.id])
        for number, told in grown.seen.items():
            line.evidence[number] |= told
        line.close(grown.closed)
        for row, told in grown.made:
            line.add(stored := Stored(next(self.ids), "", row))
            line.evidence[stored.id] |= told | inherited.get(row.span, set())
        line.standings += added
        assert self._rows(line) == self.again.rows
        self.line = line

    def _read(self) -> Line:
        line = Line(self.kind, list(self.again.standings), was_read=True)
        for row, pairs in self.again.rows.items():
            line.add(stored := Stored(next(self.ids), "", row))
            line.evidence[stored.id] |= pairs
        return line

    @staticmethod
    def _rows(line: Line) -> dict[Row, Pairs]:
        return {kept.row: line.evidence[kept.id] for some in line.rows.values() for kept in some}


def reported(random: Random, kind: Kind, size: int) -> list[Standing]:
    """Acts that are mostly reported in their order, at some floors, now and then several at once; in some timelines all
    at few instants."""
    made: list[Standing] = []
    now, steps = 0.0, random.choice(((0, 1, 20, 20, 400), (0, 0, 0, 1)))
    for position in range(1, size + 1):
        now += random.choice(steps)
        one = acts_of(random, kind, position, now)
        act = one.act
        if random.random() < 0.9:
            low, high = instant(now), instant(now + random.choice((0, 0, 5)) * (len(steps) - 4))
            act = act._replace(earliest=low, latest=high, reported=high)
        since = max(act.reported, act.latest) if act.latest != HIGH else act.reported
        until = one.reported_to if random.random() < 0.1 and one.reported_to > since else HIGH
        again = bool(made) and random.random() < 0.1
        if again:  # another effect of the report before
            act = act._replace(position=made[-1].act.position)
        made.append(Standing(act, since, until, act.rank, one.floor_to))
    return made


def follow(seeds: Iterator[int], kind: Kind, size: int) -> Counter[bool]:
    """Check so many timelines; how often one was folded on, and how often not."""
    found: Counter[bool] = Counter()
    for seed in seeds:
        random = Random(seed)
        both = Followed(kind)
        left = reported(random, kind, size)
        for removed, added in appends(random, left, lambda: both.again.standings):  # noqa: B023  # used within the turn
            # Where an act goes, nothing is folded on: most of those stay, and come not again.
            gone = removed if random.random() < 0.3 else []
            again = {one.act for one in removed} - {one.act for one in gone}
            come = [one for one in added if one.act not in again]
            if gone or come:
                both.append(gone, come)
        found += both.found
    return found


@pytest.mark.parametrize("name", ["seat", "three seats", "holding"])
def test_what_is_folded_on_is_what_is_folded_again(name: str) -> None:
    """Rows and evidence, after every append; nearly half of them are folded on."""
    found = follow(iter(range(40)), KINDS[name], 16)
    assert found[True] > found[False] / 3, found


def test_a_report_whose_end_stands_before_its_beginning_is_not_cut_in_two() -> None:
    """It is taken after the beginning all the same: in this history the fold began between the two."""
    follow(iter([1775]), KINDS["seat"], 30)


def test_what_holds_at_other_floors_is_not_told_again() -> None:
    """A row that came later, at floors where less counts, gets no evidence by a report that does not concern it: a fold
    that begins at that report meets both rows, one that goes on meets neither."""
    plain = acts_of(Random(1), KINDS["seat"], 1, 0.0).act._replace(
        rank=3, development=None, details=None, during_absence=False, value=None, planned=False, replaces=None
    )

    def act(position: int, kind: str, holder: str, floors: tuple[int, int], until: str = HIGH) -> Standing:
        at = instant(10.0 * position)
        told = plain._replace(kind=kind, holder=holder, earliest=at, latest=at, reported=at, position=position)
        return Standing(told._replace(digest=str(position), rank=floors[0]), at, until, *floors)

    both = Followed(KINDS["seat"])
    ended = act(2, "begin", "b", (3, 4))
    for one in (act(1, "begin", "a", (3, 5)), ended, act(3, "attest", "a", (5, 5))):
        both.append([], [one])
    both.append([ended], [ended._replace(reported_to=instant(40))])
    both.append([], [act(5, "end", "e", (1, 5))])
    assert both.line is not None
    held = [row for row in both.again.rows if row.span.holder == "a" and row.reported_to == HIGH]
    assert len(held) == 2


def test_a_renewal_that_is_none_any_more_is_seen() -> None:
    """Who ends in one capacity and begins in another at once is a renewal, until it is known more exactly when."""
    plain = acts_of(Random(1), KINDS["holding"], 1, 0.0).act._replace(
        rank=3, development=None, details=None, during_absence=False, planned=False, replaces=None, holder="a"
    )
    both = Followed(KINDS["holding"])
    told = (
        ("begin", "permanent", 0, 0),
        ("end", None, 50, 60),
        ("begin", "interim", 50, 60),
        ("begin", "interim", 60, 60),
    )
    for position, (kind, value, low, high) in enumerate(told, 1):
        act = plain._replace(kind=kind, value=value, earliest=instant(low), latest=instant(high), position=position)
        at = instant(100 + position)
        both.append([], [Standing(act._replace(reported=at, digest=str(position)), at, HIGH, 3, 5)])
    assert both.found[True] == len(told)


def test_a_line_whose_rows_are_not_those_of_its_acts_is_not_folded_on() -> None:
    """Somebody has damaged them: to read and fold it again says what they should be."""
    both = Followed(KINDS["holding"])
    acts = [one for one in reported(Random(2), KINDS["holding"], 12) if one.reported_to == HIGH]
    both.append([], acts[:-1])
    line, damaged = both._read(), both._read()
    damaged.close([kept for some in damaged.rows.values() for kept in some])
    last = acts[-1]._replace(reported_from=instant(1e5), act=acts[-1].act._replace(position=99, latest=instant(1e5)))
    assert fold_on(line, [last]) is not None
    assert fold_on(damaged, [last]) is None


@pytest.mark.parametrize("name", ["value", "employment", "matter"])
def test_other_timelines_are_never_folded_on(name: str) -> None:
    """An act may change what others tell there."""
    assert follow(iter(range(3)), MORE[name], 10)[True] == 0


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", ["seat", "three seats", "holding"])
def test_what_is_folded_on_is_what_is_folded_again_at_length(name: str, tenth: int) -> None:
    """The same on many more."""
    follow(iter(range(1000 + 100 * tenth, 1100 + 100 * tenth)), KINDS[name], 30)
