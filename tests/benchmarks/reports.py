"""The reports that are measured: organisations of fifty entries each, the same for the same seed.

An organisation has eight registrations (itself, three offices, four people) and then reports, of which each of its
offices gets every third: somebody begins, is attested, is succeeded, the successor is attested and then dismissed.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

SOURCE = "gazette"
OFFICES = ("ceo", "chair", "cfo")
PEOPLE = 4
REGISTRATIONS = 1 + len(OFFICES) + PEOPLE
REPORTS = 42
ENTRIES = REGISTRATIONS + REPORTS
"""Entries of one organisation."""

START = date(1990, 1, 1)
BETWEEN = 90
"""Days between two reports on one office."""

BASES = ("official", "stated", "press")
SAID = (
    "the board said today that it has full confidence in its new leadership and will begin a search "
    "for a successor after a review of strategy results and governance with staff partners investors"
)
WORDS = SAID.split()

Wire = dict[str, Any]


def first() -> Wire:
    """The registration of the one source, which has no date: each report of it has its own."""
    return {"type": "SourceRegistered", "source": SOURCE, "title": "Gazette"}


def registrations(organisation: int) -> Iterator[Wire]:
    """What an organisation begins with."""
    name = _organisation(organisation)
    yield {"type": "OrganisationRegistered", "organisation": name, "name": f"Organisation {organisation}"}
    for office in OFFICES:
        yield {"type": "OfficeRegistered", "organisation": name, "office": office, "title": f"The {office}"}
    for place in range(PEOPLE):
        person = organisation * PEOPLE + place
        yield {"type": "PersonRegistered", "person": f"person-{person:07}", "name": f"Person {person}"}


def report(seed: int, organisation: int, step: int) -> Wire:
    """The report of an organisation at a step of its history."""
    random = Random(f"{seed}/{organisation}/{step}")
    turn, office = divmod(step, len(OFFICES))
    day = str(START + timedelta(days=turn * BETWEEN + random.randrange(BETWEEN // 2)))
    kind, holder = (("Appointed", 0), ("Attested", 0), ("Appointed", 1), ("Attested", 1), ("Dismissed", 1))[turn % 5]
    person = organisation * PEOPLE + (2 * (turn // 5) + holder) % PEOPLE
    when = {"Appointed": "from", "Attested": "as_of", "Dismissed": "when"}[kind]
    return {
        "type": kind,
        "organisation": _organisation(organisation),
        "office": OFFICES[office],
        "person": f"person-{person:07}",
        when: day,
        "source": SOURCE,
        "basis": random.choice(BASES),
        "attribution": "The company",
        "published": day,
        "summary": " ".join(random.choices(WORDS, k=12)),
    }


def histories(seed: int, organisations: Iterable[int]) -> Iterator[Wire]:
    """Whole histories of some organisations, step by step, after what they begin with."""
    some = list(organisations)
    for organisation in some:
        yield from registrations(organisation)
    for step in range(REPORTS):
        for organisation in some:
            yield report(seed, organisation, step)


def further(seed: int, organisations: int, count: int) -> Iterator[Wire]:
    """The next reports of organisations whose histories were told, in turn."""
    for number in range(count):
        step, organisation = divmod(number, organisations)
        yield report(seed, organisation, REPORTS + step)


def lines(wires: Iterable[Wire]) -> bytes:
    """Reports as JSON Lines."""
    return b"".join(json.dumps(wire).encode() + b"\n" for wire in wires)


def _organisation(number: int) -> str:
    return f"organisation-{number:06}"
