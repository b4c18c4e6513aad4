"""Seeded histories of organisations: what happened, and the vague, late, wrong and contradicting reports of it.

`history` makes small ones, full of trouble, for the laws; `large` makes long plain ones for benchmarks; the command
`python -m tests.histories --reports N --seed S` prints a long one as reports on the wire (JSON Lines).
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from archive.times import parse_time, to_instant, tzdata_version
from events import BASES, Event, Later, Sourced, When, build, content_identity, to_plain, types
from events.later import Merged
from events.values import SourceId
from tests.history_deeds import DEEDS, Deed
from tests.history_words import Words

START = datetime(2015, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=3285)
END = START + SPAN
ZONES = (None, None, None, "America/New_York", "Asia/Tokyo")
AMENDED = ("when", "from", "as_of", "person", "value", "basis")
"""Fields that corrections change."""
OFFICES = {"ceo": 1, "chair": 1, "director": 2, "adviser": None}
WEIGHTS = (4, 3, 5, 6, 2, 1)
"""How often each basis occurs, firmest first."""


def when(text: str, tz: str | None = None) -> When:
    """A time as given, with its bounds."""
    bounds = parse_time(text, tz)
    return When(text, bounds.earliest, bounds.latest)


def vaguely(random: Random, moment: datetime) -> str:
    """A time expression of a report that speaks of a moment: exact, of some precision, a set, or a little wrong."""
    if random.random() < 0.08:
        moment += timedelta(days=random.randint(-40, 40))
    before, after = (moment + sign * timedelta(days=random.choice((1, 9, 120))) for sign in (-1, 1))
    texts: tuple[tuple[float, Callable[[], str]], ...] = (
        (6, lambda: f"{moment:%Y-%m-%d}"),
        (3, lambda: f"{moment:%Y-%m}"),
        (1.5, lambda: f"{moment:%Y}"),
        (3, lambda: f"{moment:%Y-%m-%dT%H:%M}Z"),
        (2, lambda: f"[{before:%Y-%m-%d}..{after:%Y-%m-%d}]"),
        (1, lambda: f"[{before:%Y-%m-%dT%H:%M}Z..{after:%Y-%m-%d}]"),
        (1, lambda: f"[..{after:%Y-%m-%d}]"),
        (0.5, lambda: f"[{before:%Y-%m-%d}..]"),
        (0.5, lambda: f"{moment:%Y-%m-%d}~"),
        (0.5, lambda: f"{moment:%Y-%m}?"),
    )
    chosen = random.choices([text for _, text in texts], [weight for weight, _ in texts])[0]
    return chosen()


def history(
    seed: int, organisations: int = 3, reports: int = 60, people: int = 6, *, mergers: bool = True, live: bool = False
) -> list[list[Event]]:
    """A history as appends: registrations, reports in no order of time, and later knowledge of earlier positions; of
    one that goes on `live` most deeds are reported in their order, by sources without a date, and little is corrected.

    Positions are those of an empty archive. Every event has an `id`, so that none is the same as another.
    """
    return _History(Random(seed), organisations, people, mergers=mergers, live=live).appends(reports)


class _History:
    """What has been made so far; positions count from 1 over all appends."""

    def __init__(self, random: Random, organisations: int, people: int, *, mergers: bool, live: bool = False) -> None:
        self.random = random
        self.organisations = [f"organisation-{number}" for number in range(1, organisations + 1)]
        self.people = [f"person-{number}" for number in range(1, people + 1)]
        self.mergers = mergers
        self.live = live
        self.events: list[Event] = []
        self.sources: list[str] = []

    def appends(self, reports: int) -> list[list[Event]]:
        """The registrations, then batches of reports with corrections between them."""
        each = -(-reports // len(self.organisations))
        told = [event for organisation in self.organisations for event in self.reports_of(organisation, each)]
        if self.live:
            told.sort(key=self._told_at)
        else:
            self.random.shuffle(told)
        batches: list[list[Event]] = [[self._keep(event) for event in self.registrations(self.people, "source")]]
        while told:
            size = self.random.choice((1, 1, 2, 5, 12))
            batch, told = [self._keep(self.sourced(event)) for event in told[:size]], told[size:]
            batches.append(batch)
            while self.random.random() < (0.02 if self.live else 0.3):
                batches.append([self._keep(event) for event in self._later_knowledge()])
        return [batch for batch in batches if batch]

    def _keep(self, event: Event) -> Event:
        self.events.append(replace(event, id=f"e{len(self.events) + 1}", tzdata=tzdata_version()))
        return self.events[-1]

    def registrations(self, people: list[str], sources: str) -> Iterator[Event]:
        """People, the organisations with their offices, twelve sources: some early, some late, some without a time."""
        for person in people:
            yield build(types()["PersonRegistered"], {"person": person, "name": person.title()})
        for organisation in self.organisations:
            named = {"organisation": organisation, "name": organisation.title()}
            yield build(types()["OrganisationRegistered"], named)
            for office, seats in OFFICES.items():
                post = {"organisation": organisation, "office": office, "title": office.title(), "seats": seats}
                yield build(types()["OfficeRegistered"], post)
        for number in range(1, 13):
            self.sources.append(f"{sources}-{number}")
            published = self._moment() if number % 4 else None
            source = build(types()["SourceRegistered"], {"source": self.sources[-1]})
            yield replace(source, published=when(f"{published:%Y-%m-%d}") if published else None)

    def _moment(self) -> datetime:
        return (START + self.random.random() * SPAN).replace(second=0, microsecond=0)

    def _told_at(self, event: Sourced) -> str:
        """When a report comes that is live: at the deed mostly, or at any time."""
        occurred = event.occurred if self.random.random() < 0.95 else None
        return (occurred and (occurred.latest or occurred.earliest)) or to_instant(self._moment())

    def reports_of(self, organisation: str, reports: int) -> Iterator[Sourced]:
        """At least so many reports of deeds in the order of their times, which begin anew where they run out."""
        moment, count = START, 0
        while count < reports:
            moment = START if moment > END else moment
            moment += timedelta(days=self.random.choice((0, 1, 20, 90, 300)), minutes=self.random.randint(1, 1440))
            deed = self.random.choices([deed for deed, _ in DEEDS], [weight for _, weight in DEEDS])[0]
            fields = deed.fields(self.random, self.people)
            development = f"d-{self.random.randint(1, 8)}" if self.random.random() < 0.15 else None
            for _ in range(self.random.choice((1, 1, 1, 2, 3))):
                for event in self._told(organisation, deed, fields, moment, development):
                    yield from (event, *self._handover(event))
                count += 1

    def _handover(self, event: Sourced) -> Iterator[Sourced]:
        """Sometimes who follows at the very time of an ending, or is appointed again."""
        if type(event).__name__ in ("Resigned", "TermEnded") and self.random.random() < 0.4:
            plain = to_plain(event)
            follower = self.random.choice((plain["person"], self.random.choice(self.people)))
            kept = {key: plain[key] for key in ("organisation", "office", "source", "tz") if key in plain}
            yield build(types()["Appointed"], kept | {"person": follower, "from": plain["when"]})

    def _told(
        self, organisation: str, deed: Deed, fields: dict[str, Any], moment: datetime, development: str | None
    ) -> Iterator[Sourced]:
        tz = self.random.choice(ZONES)
        times = {deed.time: when(vaguely(self.random, moment), tz)}
        for name, days in deed.later_times(self.random).items():
            times[name] = when(f"{moment + timedelta(days=days):%Y-%m-%d}", tz)
        plain = {"organisation": organisation, "source": "", "tz": tz, "development": development, **fields}
        event: Sourced = build(types()[deed.type], plain | {name: _plain(time) for name, time in times.items()})
        if not list(event.faults()):
            yield event

    def sourced(self, event: Sourced) -> Event:
        """The report with its source, its basis and perhaps a time of publication near the deed, or far from it."""
        if self.live and self.random.random() < 0.95:
            undated = self.random.choice(self.sources[3::4])
            return replace(event, source=SourceId(undated), basis=self.random.choices(BASES, WEIGHTS)[0])
        occurred = event.occurred
        known = (occurred.latest or occurred.earliest) if occurred else None
        deed = datetime.fromisoformat(known) if known else self._moment()
        published = deed + timedelta(days=self.random.choice((-30, 0, 0, 1, 7, 60, 700)))
        text = f"{published:%Y-%m-%d}" if self.random.random() < 0.7 else f"{published:%Y-%m-%dT%H:%M}Z"
        return replace(
            event,
            source=SourceId(self.random.choice(self.sources)),
            basis=self.random.choices(BASES, WEIGHTS)[0],
            published=when(text) if self.random.random() < 0.6 and published < END else None,
        )

    def _later_knowledge(self) -> Iterator[Event]:
        """One correction: mostly of a report, sometimes of a correction."""
        chance = self.random.random()
        if self.mergers and chance < 0.08:
            one, other = self.random.sample(self.people, 2)
            merged = [event for event in self.events if isinstance(event, Merged)]
            given_up = {event.person for event in merged}
            if one not in given_up | {event.into_person for event in merged} and other not in given_up:
                yield build(Merged, {"person": one, "into_person": other})
            return
        corrections = [place for place, event in enumerate(self.events, 1) if isinstance(event, Later)]
        reports = [place for place, event in enumerate(self.events, 1) if isinstance(event, Sourced)]
        again = bool(corrections) and self.random.random() < 0.35
        target = self.random.choice(corrections if again else reports)
        told = self.events[target - 1]
        plain: dict[str, Any] = {"target": target, "target_stream": told.stream, "reason": "found later"}
        if self.random.random() < 0.5:
            published = when(f"{self._moment():%Y-%m-%d}") if self.random.random() < 0.6 else None
            plain |= {"by": "source", "source": self.random.choice(self.sources)}
            plain |= {"basis": self.random.choices(BASES, WEIGHTS)[0]}
            plain |= {"published": _plain(published)} if published else {}
        if again or self.random.random() < 0.5:
            yield build(types()["Retracted"], plain)
            return
        changes = self._changes(told)
        if changes and not list(build(type(told), {**to_plain(told), **changes}).faults()):
            yield build(types()["Amended"], {**plain, "changes": changes})

    def _changes(self, told: Event) -> dict[str, Any]:
        plain = to_plain(told)
        field = self.random.choice([name for name in AMENDED if name in plain])
        if field == "person":
            return {field: self.random.choice(self.people)}
        if field == "basis":
            return {field: self.random.choice(BASES)}
        if field == "value":
            return {field: "corrected"}
        moment = when(vaguely(self.random, self._moment()), plain.get("tz"))
        return {field: _plain(moment)}


def large(seed: int, reports: int = 100_000, each: int = 75) -> Iterator[Event]:
    """A long plain history: as many organisations as it takes with `each` reports, all registered first."""
    random = Random(seed)
    people = [f"person-{number}" for number in range(1, max(8, reports // 50) + 1)]
    organisations = [f"organisation-{number}" for number in range(1, -(-reports // each) + 1)]
    makers = []
    for number, organisation in enumerate(organisations):
        maker = _History(Random(random.random()), 1, 0, mergers=False)
        maker.organisations, maker.people = [organisation], random.sample(people, 8)
        makers.append(maker)
        yield from (event for event in maker.registrations(people if number == 0 else [], sources=f"{organisation}-s"))
    made = 0
    for maker in makers:
        for event in maker.reports_of(maker.organisations[0], each):
            if made < reports:
                made += 1
                yield replace(maker.sourced(event), id=f"r{made}", tzdata=tzdata_version())


def wire(event: Event) -> dict[str, Any]:
    """An event as a report on the wire: times as their text, nothing that intake derives."""
    plain = content_identity(event)
    return {key: value for key, value in plain.items() if key not in ("target_stream", "target_type")}


def main(arguments: list[str] | None = None) -> None:
    """Print a long history as JSON Lines."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--summaries", action="store_true", help="with a summary each, in one of two languages")
    asked = parser.parse_args(arguments)
    words = Words(asked.seed)
    for event in large(asked.seed, asked.reports):
        if asked.summaries and isinstance(event, Sourced):
            event = replace(event, summary=words.summary())  # noqa: PLW2901  # the same report, with words
        sys.stdout.buffer.write(orjson.dumps(wire(event), option=orjson.OPT_APPEND_NEWLINE))


def _plain(moment: When) -> dict[str, str | None]:
    return {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}


if __name__ == "__main__":
    main()
