"""Other outlets' reports beside the case: one history, whatever the zones, the slips and the order in which they come.

Every answer is worked out from the reports by hand; hours are UTC.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive import Archive
from archive.cases import path
from archive.intake import read_reports
from tests.cases import other_outlets
from tests.databases import DatabaseTemplate, Kind

FLOORS = ("official", "first_hand", "stated", "press", "rumour")

CHIEF = {
    "17T19:59": "held sam-altman",
    "17T22:00": "unknown sam-altman?",
    "18T08:00": "held mira-murati",
    "19T20:00": "held mira-murati",
    "20T04:00": "unknown emmett-shear? mira-murati?",
    "20T08:00": "held emmett-shear",
    "21T12:00": "held emmett-shear",
    "22T06:30": "unknown emmett-shear? sam-altman?",
    "22T08:00": "held sam-altman",
    "30T12:00": "held sam-altman",
}
"""Chief executive by all that is known. Murati's appointment is not possible on the 17th: an outlet that gives no zone
dates it to the 18th, which is of UTC, and excludes nothing firmer."""

KNOWN_THEN = {
    "17T20:30": "unknown",
    "17T20:40": "unknown mira-murati? sam-altman?",
    "17T22:30": "unknown mira-murati? sam-altman?",
    "18T01:00": "unknown mira-murati?",
    "18T05:00": "held mira-murati",
    "18T08:00": "held mira-murati",
    "19T20:00": "held mira-murati",
    "20T05:45": "held emmett-shear",
    "20T08:30": "held emmett-shear",
    "22T06:05": "held emmett-shear",
    "22T06:30": "unknown emmett-shear? sam-altman?",
    "22T08:00": "unknown emmett-shear? sam-altman?",
    "22T15:00": "held sam-altman",
}
"""The same at each hour by what was public at that hour; the article's own words came later than all of them."""

COUNTED = {
    "20T13:30": None,
    "20T13:45": (490, 770),
    "20T14:15": (505, 770),
    "20T14:30": (650, 770),
    "20T17:30": (700, 770),
    "20T23:00": (738, 770),
    "21T03:00": (743, 778),
    "21T14:00": (747, 770),
    "21T15:30": (700, 770),
    "22T12:00": (778, 770),
}
"""Signatures, of how many, by what was public at each hour."""


@pytest.fixture
def both(database_kind: Kind, shared_database: DatabaseTemplate) -> Iterator[Archive]:
    """The case, then the outlets, for reading."""
    with Archive.open(shared_database(database_kind, "outlets", fill)) as archive:
        yield archive


def fill(where: str) -> None:
    """Make an archive with the case and the outlets' reports."""
    with Archive.create(where) as archive:
        take(archive, case_lines())
        take(archive, other_outlets.lines())


def case_lines() -> list[dict[str, Any]]:
    """The lines of the case."""
    return [json.loads(line) for line in path().read_text(encoding="utf-8").splitlines()]


def take(archive: Archive, lines: list[dict[str, Any]]) -> None:
    """Append lines together."""
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    taken = read_reports(io.BytesIO(text), "lines", archive.known())
    assert taken.faults == []
    archive.append(taken.events, who="tests", program="tests")


def test_there_are_forty_reports_or_more_and_none_is_lost(both: Archive) -> None:
    """Each is evidence of a row or of a conflict."""
    told = [line["source"] for line in other_outlets.reports()]
    assert 40 <= len(told) <= 70
    kept = both.query("SELECT source FROM reports WHERE source <> 'hedgehog-article' AND organisation <> ''").rows
    assert sorted(source for (source,) in kept) == sorted(told)
    lost = both.query(
        "SELECT type, source FROM reports WHERE source <> 'hedgehog-article' AND organisation <> ''"
        " AND position NOT IN (SELECT position FROM evidence)"
    ).rows
    assert list(lost) == []


def test_one_dismissal_one_interim_one_successor_one_return(both: Archive) -> None:
    """Fired on the 16th, 17th, 18th, 19th and in November is one end of one tenure."""
    rows = list(
        both.query(
            "SELECT id, person, valid_to_latest FROM tenures WHERE organisation = 'openai' AND office = 'ceo'"
            " ORDER BY valid_from_latest"
        ).rows
    )
    assert [person for _, person, _ in rows] == ["sam-altman", "mira-murati", "emmett-shear", "sam-altman"]
    assert [ended is None for _, _, ended in rows] == [False, False, False, True]
    ends = list(both.query(f"SELECT position FROM evidence WHERE row = {rows[0][0]} AND role = 'ends'").rows)  # noqa: S608  # a number
    dismissed = both.query("SELECT position FROM reports WHERE type = 'Dismissed'").rows
    assert sorted(ends) == sorted(dismissed)
    assert len(ends) == 2 + 9


def test_the_chief_executive_at_each_hour(both: Archive) -> None:
    """By all that is known."""
    assert {hour: chief(both, hour) for hour in CHIEF} == CHIEF


def test_the_chief_executive_as_known_at_each_hour(both: Archive) -> None:
    """By what was public then, no earlier and no later."""
    assert {hour: chief(both, hour, as_reported=instant(hour)) for hour in KNOWN_THEN} == KNOWN_THEN


def test_a_leak_counts_at_the_floor_of_the_press(both: Archive) -> None:
    """At a firmer one Murati is still chief executive."""
    known = {"as_reported": instant("20T05:45")}
    assert chief(both, "20T05:45", basis="press", **known) == "held emmett-shear"
    assert chief(both, "20T05:45", basis="stated", **known) == "held mira-murati"


def test_the_signatures_as_counted_at_each_hour(both: Archive) -> None:
    """The last count that was public."""

    def counted(hour: str, basis: str = "press") -> tuple[int, int] | None:
        at = instant(hour)
        (openai,) = both.project(at, ["openai"], as_reported=at, basis=basis)["organisations"]
        return next(((one["signed"], one["of"]) for one in openai["letters"] if one["signed"] is not None), None)

    assert {hour: counted(hour) for hour in COUNTED} == COUNTED
    assert counted("22T12:00", "stated") == (747, 770)


def test_a_count_that_falls_or_exceeds_its_total_is_a_conflict(both: Archive) -> None:
    """Both reports stand."""
    kinds = [one["kind"] for one in both.conflicts()["conflicts"]]
    assert kinds.count("a count falls") == 2
    assert "count exceeds its total: 778 of 770" in kinds


def test_dates_that_exclude_each_other_are_conflicts_and_make_no_second_holder(both: Archive) -> None:
    """Of the dismissal and of Shear's beginning; of the dismissal once for each basis that is left out."""
    found = [one for one in both.conflicts(basis="rumour")["conflicts"] if one["subject"] == "tenures/ceo"]
    assert {one["kind"] for one in found} == {"times disagree"}
    of_dismissal = [one["basis"] for one in found if one["holders"] == ["sam-altman"]]
    assert sorted(of_dismissal) == ["press", "rumour", "stated"]
    assert any(one["holders"] == ["emmett-shear"] for one in found)


@pytest.mark.parametrize("basis", FLOORS)
def test_nobody_works_at_microsoft_because_others_say_hired(both: Archive, basis: str) -> None:
    """Announced, told as done by others, declined: at no hour and no floor an employment."""
    for hour in ("20T08:30", "20T23:00", "30T12:00"):
        for known in (None, instant(hour)):
            (microsoft,) = both.project(instant(hour), ["microsoft"], as_reported=known, basis=basis)["organisations"]
            assert microsoft["employees"] == []


def test_the_hires_are_announced_until_they_are_declined(both: Archive) -> None:
    """Once each, with the role of the firmest report, whatever roles others give."""

    def announced(hour: str) -> dict[str, str | None]:
        (microsoft,) = both.project(instant(hour), ["microsoft"])["organisations"]
        return {
            one["person"]: one["role"]
            for one in microsoft["announced"]
            if one["certainty"] == "certain" and one["office"] is None
        }

    role = "to lead a new advanced AI research team"
    assert announced("21T12:00") == {"sam-altman": role, "greg-brockman": role}
    assert announced("30T12:00") == {}


def test_who_decides_makes_it_so(tmp_path: Path) -> None:
    """One official word that they have begun, and they have."""
    where = str(tmp_path / "official.db")
    fill(where)
    joined = {"type": "Joined", "organisation": "microsoft", "people": ["sam-altman"], "from": "2023-11-20"}
    with Archive.open(where) as archive:
        official = {**joined, "tz": "America/Los_Angeles", "basis": "official", "published": "2023-11-21T12:00Z"}
        take(archive, [{**official, "source": "openai-post"}])
        (microsoft,) = archive.project(instant("21T12:00"), ["microsoft"])["organisations"]
        assert [(one["person"], one["certainty"]) for one in microsoft["employees"]] == [("sam-altman", "certain")]


def test_the_board_before_and_after(both: Archive) -> None:
    """Two come, three go, D'Angelo stays; nobody says what became of Altman's and Brockman's seats."""
    assert directors(both, "18T12:00") == {
        *("adam-dangelo", "helen-toner", "ilya-sutskever", "tasha-mccauley", "greg-brockman?", "sam-altman?"),
    }
    assert directors(both, "30T12:00") == {
        *("adam-dangelo", "bret-taylor", "larry-summers", "greg-brockman?", "sam-altman?")
    }


@pytest.mark.parametrize("seed", range(2))
def test_the_order_in_which_they_are_appended_changes_no_answer(seed: int, tmp_path: Path) -> None:
    """In several appends, the case's lines among them."""
    straight, shuffled = str(tmp_path / "straight.db"), str(tmp_path / "shuffled.db")
    fill(straight)
    lines = case_lines()
    registered = [line for line in (*lines, *other_outlets.lines()) if line["type"].endswith("Registered")]
    rest = [line for line in (*lines, *other_outlets.lines()) if not line["type"].endswith("Registered")]
    random = Random(seed)
    random.shuffle(rest)
    cuts = [0, *sorted(random.sample(range(1, len(rest)), 5)), len(rest)]
    with Archive.create(shuffled) as archive:
        take(archive, registered)
        for start, stop in pairwise(cuts):
            take(archive, rest[start:stop])
        with Archive.open(straight) as other:
            assert everything(archive) == everything(other)


def everything(archive: Archive) -> list[Any]:
    """Answers without positions: tenures, announcements, counts, the conflicts, and each hour as known then."""
    times = "valid_from_earliest, valid_from_latest, valid_to_earliest, valid_to_latest, basis"
    found: list[Any] = [
        sorted(map(str, archive.query(f"SELECT {what}, {times} FROM {view}").rows))  # noqa: S608  # names below
        for view, what in (
            ("tenures", "organisation, office, person, capacity"),
            ("announced", "organisation, office, person, capacity_or_role"),
            ("counts", "letter, signed, details"),
            ("employees", "organisation, person, role"),
        )
    ]
    conflicts = archive.conflicts(basis="rumour")["conflicts"]
    found.append(sorted((one["kind"], str(one["holders"]), str(one["when"]), one["basis"]) for one in conflicts))
    found.append({hour: chief(archive, hour, as_reported=instant(hour)) for hour in KNOWN_THEN})
    return found


def instant(hour: str) -> str:
    """An hour of November 2023 as the canonical instant."""
    return f"2023-11-{hour}:00.000000Z"


def chief(archive: Archive, hour: str, **known: Any) -> str:
    """The status of the chief executive's office and its holders, `?` for possible."""
    (openai,) = archive.project(instant(hour), ["openai"], **known)["organisations"]
    (office,) = [one for one in openai["offices"] if one["id"] == "ceo"]
    return " ".join([office["status"], *sorted(map(sure, office["holders"]))])


def directors(archive: Archive, hour: str) -> set[str]:
    """Who sits on OpenAI's board, `?` for possible."""
    (openai,) = archive.project(instant(hour), ["openai"])["organisations"]
    (office,) = [one for one in openai["offices"] if one["id"] == "director"]
    return set(map(sure, office["holders"]))


def sure(holder: dict[str, Any]) -> str:
    """The person, with `?` if possible."""
    return f"{holder['person']}{'' if holder['certainty'] == 'certain' else '?'}"
