"""The page answers as the archive does: computed in a real browser, at pairs of instants at which something changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from archive import Archive
from archive.queries.standing import Span, existence, office_status
from archive.times import from_instant, to_instant
from events import BASES
from tests.histories import history
from tests.pictures.pages import DRAWN, published
from tests.us_executive.reports import FILE, load

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Opened

PAIRS = 50
BOUNDS = ("earliest", "latest")
Pair = tuple[str, str | None, str]
"""What happened by, what was reported by, the floor."""

ANSWERS = """pairs => pairs.map(([at, reported, basis]) =>
    Snapshot.of(archiveData, at, reported, Words.BASES.indexOf(basis) + 1))"""
CONFLICTS = """pairs => pairs.map(([at, reported, basis]) =>
    Conflicts.known(archiveData, reported, Words.BASES.indexOf(basis) + 1).open
        .map((row) => JSON.stringify([row.item, row.value, row.positions])).sort())"""


def pairs(archive: Archive, organisation: str, bases: tuple[str, ...] = ("press",), seed: int = 7) -> list[Pair]:
    """Pairs of instants, half of them where something changes and half a little off, with a floor."""
    rows = archive.publication(organisation)["rows"]
    random = Random(seed)
    happened = sorted(
        {row[f"valid_{end}_{bound}"] for row in rows for end in ("from", "to") for bound in BOUNDS} - {None}
    )
    reported = sorted({row[f"reported_{end}"] for row in rows for end in ("from", "to")} - {None})

    def somewhere(instants: list[str]) -> str:
        chosen = from_instant(random.choice(instants[1:] or instants))
        if random.random() < 0.5:
            chosen += timedelta(microseconds=random.choice((-1, 1, -(10**9), 10**12, -(10**13))))
        return to_instant(max(chosen, datetime(2, 1, 2, tzinfo=UTC)))

    return [
        (somewhere(happened), random.choice((None, somewhere(reported))), random.choice(bases)) for _ in range(PAIRS)
    ]


def computed(page: Page, function: str, argument: Any) -> Any:
    """What a function of the page makes of JSON values; as text, which the driver carries much faster than values."""
    return json.loads(page.evaluate(f"text => JSON.stringify(({function})(JSON.parse(text)))", json.dumps(argument)))


def assert_answers_as_the_archive_does(page: Page, archive: Archive, organisation: str, asked: list[Pair]) -> None:
    """The snapshots are those of `project`, key for key, and the open conflicts those of `conflicts`."""
    answers, conflicts = computed(page, ANSWERS, asked), computed(page, CONFLICTS, asked)
    assert len(answers) == PAIRS
    for (at, reported, basis), answer, standing in zip(asked, answers, conflicts, strict=True):
        known: dict[str, Any] = {"as_reported": reported, "basis": basis}
        expected = archive.project(at, [organisation], **known)["organisations"][0]
        assert answer == json.loads(json.dumps(expected)), (at, reported, basis)
        found = [one for one in archive.conflicts(organisation, **known)["conflicts"] if not one["settled"]]
        keys = [
            json.dumps([one[key] for key in ("subject", "kind", "positions")], separators=(",", ":")) for one in found
        ]
        assert sorted(map(json.loads, standing)) == sorted(map(json.loads, keys)), (at, reported, basis)


def test_the_case_is_answered_as_the_archive_answers_it(case: Archive, case_page: Path, open_page: Opened) -> None:
    """At fifty pairs of instants at the default floor, and at fifty more at whichever."""
    page = open_page(case_page)
    for bases in (("press",), BASES[:-1]):
        assert_answers_as_the_archive_does(page, case, "openai", pairs(case, "openai", bases))


def test_what_is_drawn_is_what_is_answered(case: Archive, case_page: Path, open_page: Opened) -> None:
    """Each office has the status and the holders of `project`, in words, when the address changes."""
    page = open_page(case_page)
    for at, reported, basis in pairs(case, "openai")[:15]:
        page.evaluate("hash => { location.hash = hash; }", f"at={at}&reported={reported or 'latest'}&basis={basis}")
        page.wait_for_selector(f'html[data-drawn="{at} {reported or "latest"} 4"]')
        state = case.project(at, ["openai"], as_reported=reported)["organisations"][0]
        assert page.evaluate(DRAWN) == [
            [office["id"], office["status"], [[one["name"], one["certainty"]] for one in office["holders"]]]
            for office in state["offices"]
        ]


JUDGED = """cases => cases.map(([rows, at]) => [
    rows.map((row) => Standing.certainty(row, at)), Standing.officeStatus(rows, at), Standing.existence(rows, at)])"""


def test_rows_are_judged_alike_however_they_lie(case_page: Path, open_page: Opened) -> None:
    """One row and two, with whichever bounds, at each instant: certainty, status of an office, existence."""
    ends = ("valid_from_earliest", "valid_from_latest", "valid_to_earliest", "valid_to_latest")
    instants = [f"2020-01-0{day}T00:00:00.000000Z" for day in range(1, 6)]
    random = Random(5)
    alone = [[bounds] for bounds in product([None, *instants[:4]], repeat=4)]
    rows = alone + [[random.choice(alone)[0] for _ in range(2)] for _ in range(1000)]
    cases = [(some, at) for some in rows for at in instants]
    rest = {"item": "", "holder": "", "value": "", "positions": []}
    asked = [([dict(zip(ends, bounds, strict=True)) | rest for bounds in some], at) for some, at in cases]
    judged = computed(open_page(case_page), JUDGED, asked)
    for (some, at), answer in zip(cases, judged, strict=True):
        spans = [Span.of(["", "", "", "", "", None, *bounds, "", "[]"]) for bounds in some]
        expected = [[span.certainty(at) for span in spans], office_status(spans, at), existence(spans, at)]
        assert answer == expected, (some, at)


@pytest.mark.skipif(not FILE.exists(), reason="../shared is not there")
def test_another_organisation_in_ten_versions_is_answered_too(tmp_path: Path, open_page: Opened) -> None:
    """Two offices over 240 years, as ten versions of one file had them."""
    with Archive.create(tmp_path / "archive.db") as archive:
        load(archive)
        page = open_page(published(archive, "us", tmp_path / "page"))
        assert_answers_as_the_archive_does(page, archive, "us", pairs(archive, "us"))


@pytest.mark.parametrize("seed", [3, pytest.param(11, marks=pytest.mark.long)])
def test_a_history_full_of_trouble_is_answered_too(tmp_path: Path, open_page: Opened, seed: int) -> None:
    """Vague, late, contradicting, amended, retracted, disputed and merged."""
    with Archive.create(tmp_path / "archive.db") as archive:
        for events in history(seed, organisations=1, reports=60):
            archive.append(events, who="tester", program="tests")
        page = open_page(published(archive, "organisation-1", tmp_path / "page"))
        asked = pairs(archive, "organisation-1", BASES[:-1], seed)
        assert_answers_as_the_archive_does(page, archive, "organisation-1", asked)
