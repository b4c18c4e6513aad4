"""Timelines of acts made at random, and the appends that make them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from archive.projections.acts import HIGH, LOW, Act
from archive.projections.clocks import Standing
from archive.projections.growing import Kind
from archive.times import to_instant

KINDS: dict[str, Kind] = {
    "seat": ("seat", "tenures", 1),
    "three seats": ("seat", "tenures", 3),
    "nine seats": ("seat", "tenures", 9),
    "holding": ("holding", "affiliations", None),
    "value": ("value", "attributes", None),
    "count": ("value", "counts", None),
}


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
        replaces=random.choice(people) if (kind[2] or 1) > 1 and acted == "begin" and random.random() < 0.7 else None,
        rank=basis,
        reported=reported,
        position=position,
        digest=f"{random.getrandbits(64):016x}",
        development=f"d{random.randint(1, 3)}" if random.random() < 0.02 else None,
    )
    until = instant(place + wide + late + 200) if random.random() < 0.04 else HIGH
    return Standing(act, reported, until, basis, 4 if basis < 4 and random.random() < 0.03 else 5)


def plainly(position: int, kind: str, holder: str, low: int, high: int, *, known: int = 0) -> Standing:
    """An official act between two hours, known from the second on, or from a later one."""
    plain = acts_of(Random(1), KINDS["seat"], 1, 0.0).act._replace(
        rank=1, development=None, details=None, during_absence=False, value=None, planned=False, replaces=None
    )
    act = plain._replace(kind=kind, holder=holder, earliest=instant(low), latest=instant(high))
    reported = instant(max(high, known))
    return Standing(
        act._replace(reported=reported, position=position, digest=f"{position}.{kind}"), reported, HIGH, 1, 5
    )


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


def appends(
    random: Random, left: Sequence[Standing], there: Callable[[], Sequence[Standing]]
) -> Iterator[tuple[list[Standing], list[Standing]]]:
    """What each append takes away and adds, one act or some at once; now and then one ends, or is gone."""
    while left:
        count = random.choice((1, 1, 1, 2, 9))
        added, left = list(left[:count]), left[count:]
        removed = []
        if (known := there()) and random.random() < 0.15:
            removed = [random.choice(known)]
            if random.random() < 0.5:
                until = instant(random.randint(0, 3000))
                if removed[0].reported_from < until < removed[0].reported_to:
                    added = [*added, removed[0]._replace(reported_to=until)]
        yield removed, added
