"""A deed that many reports tell: what repeats what is there leaves all rows as they are, and is evidence of them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from archive.projections import retold
from archive.projections.acts import HIGH, Order
from archive.projections.anew import Anew, begins, fold_anew
from archive.projections.clocks import Standing
from archive.projections.growing import Kind
from archive.projections.rows import Kept as Stored
from archive.projections.rows import Values
from archive.projections.tables import evidence, spans
from tests.projections.test_growing import MORE, Kept, turned
from tests.projections.timelines import acts_of, appends, instant, places
from tests.queries.reported import ACME, SEAT, opened, take


@dataclass
class Retold(Kept):
    """A timeline of which it is told wherever it can be that a report repeats what is there."""

    found: Counter[bool] = field(default_factory=Counter)

    def change(self, removed: list[Standing], added: list[Standing]) -> None:
        """Change the acts."""
        before = self.standings
        self.standings = [one for one in before if one not in set(removed)] + added
        outcome = retold.retold(self, self.kind, dict.fromkeys(removed, False) | dict.fromkeys(added, True))
        self.found[outcome is not None] += 1
        if outcome is None:
            self.standings = before
            self.append(removed, added)
            return
        assert not outcome.closed
        assert not outcome.made
        for place, row in enumerate(self.rows):
            if place in outcome.kept:
                self.rows[row] |= outcome.told[row.span]

    def before(self, place: Order, count: int) -> Sequence[Standing]:
        """Those right before."""
        earlier = sorted((one for one in self.standings if one.act.order < place), key=lambda one: one.act.order)
        return earlier[::-1][:count]

    def in_order(self, most: int | None = None) -> Sequence[Values]:
        """All acts."""
        return [("", *one.act, *one[1:]) for one in sorted(self.standings, key=lambda one: one.act.order)[:most]]

    def reached(self, at: str, place: str) -> list[Stored]:
        """The rows from there on."""
        return [
            Stored(number, "", row)
            for number, row in enumerate(self.rows)
            if row.reported_to >= at and begins(row.span.from_earliest, row.span.from_latest) >= place
        ]


def retellings(random: Random, kind: Kind, size: int) -> list[Standing]:
    """A few acts, each told by many reports: mostly as it was, later and on the same basis; some reports tell two."""
    deeds = [
        turned(acts_of(random, kind, position, place), kind) for position, place in enumerate(places(random, size), 1)
    ]
    deeds = deeds[: random.randint(2, size // 5)]
    firm = random.random() < 0.5
    told = list(deeds)
    for position in range(size + 1, 2 * size - len(deeds) + 1):
        at = instant(random.choice((300, 300, 500, 700, 2_000)) + random.random() * 3)
        some = {(one.act.kind, one.act.holder): one for one in random.sample(deeds, 1 if random.random() < 0.9 else 2)}
        floor = random.randint(1, 5) if len(some) > 1 or (not firm and random.random() < 0.2) else 0
        for one in some.values():
            act = one.act._replace(position=position, reported=at, digest=f"{random.getrandbits(64):016x}")
            act = act._replace(rank=floor or act.rank)
            if random.random() < 0.05:
                act = act._replace(value="2" if kind[0] == "value" else random.choice((None, "interim")))
            if (kind[0], act.kind) in retold.STILL and random.random() < 0.5:
                since = instant(random.choice((300, 310, 320, 700)) + random.random())
                act = act._replace(earliest=since, latest=since, reported=max(since, at))
            if kind[0] == "matter" and random.random() < 0.2:
                act = act._replace(details=f'{{"about":"{random.randint(1, 2)}"}}')
            told.append(Standing(act, act.reported, HIGH, act.rank, 5))
    if random.random() < 0.5:
        random.shuffle(told)
    return told


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One act that says the same is enough."""
    monkeypatch.setattr(retold, "MANY", 1)


def history(seed: int, kind: Kind, size: int) -> Counter[bool]:
    """Append such reports, and check rows and evidence after each; how often it could be told, and how often not."""
    random = Random(seed)
    timeline = Retold(kind)
    for removed, added in appends(random, retellings(random, kind, size), lambda: timeline.standings):
        timeline.change(removed, added)
        timeline.check()
    return timeline.found


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("name", MORE)
def test_a_deed_told_again_leaves_the_rows_as_they_are(name: str) -> None:
    """With the report as evidence of each row of which those before it are, and of no other."""
    found = sum((history(seed, MORE[name], 24) for seed in range(5)), Counter())
    assert found[True] > found[False] / 10, found


PUBLISHED = [f"2020-{month:02}-{day:02}" for month in (4, 5, 6) for day in range(1, 29)]
DAY = "2020-03-20"

DEEDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "a dismissal": lambda _: {"type": "Dismissed", **SEAT, "person": "ann", "when": DAY},
    "a beginning": lambda _: {"type": "Appointed", **SEAT, "person": "bob", "from": DAY},
    "a hire": lambda _: {"type": "Joined", **ACME, "people": ["bob"], "from": DAY},
    "a letter": lambda _: {
        "type": "OpenLetterPublished",
        **ACME,
        "letter": "to-all",
        "when": DAY,
        "demands": ["peace"],
    },
    "a count": lambda _: {"type": "SignaturesCounted", **ACME, "letter": "to-all", "signed": 650, "as_of": DAY},
    "a value that lasts": lambda day: {
        "type": "AttributeReported",
        **ACME,
        "attribute": "seat",
        "value": "Oslo",
        "when": day,
    },
    "a holding that lasts": lambda day: {"type": "HoldingAttested", **ACME, "investor_name": "Fund", "as_of": day},
}


@pytest.mark.parametrize("name", DEEDS)
def test_one_report_more_of_what_dozens_tell_is_folded_with_few_of_them(
    name: str, acme_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And stands in the tables as a rebuild would have it: the evidence of every row of which they are."""
    folded: list[int] = []

    def counted(kind: Kind, standings: list[Standing], changed: Mapping[Standing, bool]) -> Anew:
        folded.append(len(standings))
        return fold_anew(kind, standings, changed)

    def told(day: str) -> dict[str, Any]:
        return {**DEEDS[name](day), "source": "agency", "basis": "press", "published": day}

    with opened(acme_url) as archive:
        take(archive, {"type": "SourceRegistered", "source": "agency"})
        take(archive, {"type": "Appointed", **SEAT, "person": "ann", "from": "2019", "source": "wire"})
        take(archive, *map(told, PUBLISHED))
        monkeypatch.setattr("archive.projections.retold.fold_anew", counted)
        (position,) = take(archive, told("2020-07-01"))
        assert folded
        assert max(folded) < 8
        with archive.reading() as connection:
            roles = (
                select(evidence.c.role).join(spans, spans.c.id == evidence.c.row).where(spans.c.recorded_to.is_(None))
            )
            mine = connection.scalars(roles.where(evidence.c.position == position)).all()
            before = connection.scalars(roles.where(evidence.c.position == position - 1)).all()
        assert mine
        assert sorted(mine) == sorted(before)
        assert archive.rebuild().differences == ()


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("name", MORE)
def test_a_deed_told_again_leaves_the_rows_as_they_are_at_length(name: str, tenth: int) -> None:
    """The same for a hundred longer histories of each kind."""
    for seed in range(1_000 + tenth, 1_100, 10):
        history(seed, MORE[name], 40)
