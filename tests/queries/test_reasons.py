"""Why the archive says what it says, what changed between two instants, and what cannot all be true."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from archive import Archive, ArchiveError
from archive.cases import path
from archive.intake import read_reports
from tests.databases import DatabaseTemplate, Kind

NOON = "2023-11-18T20:00:00.000000Z"
BEFORE = "2023-11-17T19:00:00.000000Z"


def _case(url: str) -> None:
    with Archive.create(url) as made:
        taken = read_reports(BytesIO(path().read_bytes()), "case", made.known())
        made.append(taken.events, who="tests", program="tests")


@pytest.fixture
def archive(database_kind: Kind, shared_database: DatabaseTemplate) -> Any:
    """The case, on each database, for reading."""
    with Archive.open(shared_database(database_kind, "case_of_reasons", _case)) as made:
        yield made


def test_an_explanation_names_the_reports_that_begin_support_and_end_a_tenure(archive: Archive) -> None:
    """Each with its basis, source, passages and times as printed."""
    shown = archive.explain("openai", "ceo", at=NOON)
    assert shown["status"] == "held"
    (row,) = shown["rows"]
    assert (row["holder"], row["certainty"]) == ("mira-murati", "certain")
    roles = {role for report in row["reports"] for role in report["roles"]}
    assert {"begins", "supports", "ends"} <= roles
    for report in row["reports"]:
        assert report["source"] == "hedgehog-article"
        assert report["basis"]
    assert any(report["passages"] and report["stated_times"] for report in row["reports"])


def test_one_article_is_one_independent_origin(archive: Archive) -> None:
    """However many reports were taken from it."""
    (row,) = archive.explain("openai", "ceo", at=NOON)["rows"]
    assert {origin for report in row["reports"] for origin in report["origins"]} == {"hedgehog-article"}


def test_a_difference_names_what_changed_and_the_entries_that_changed_it(archive: Archive) -> None:
    """The chair was held and is vacant, by the company's own word."""
    changes = archive.diff("at", (BEFORE, NOON), organisations=["openai"])["changes"]
    chair = next(change for change in changes if change["model"] == "offices" and change["item"] == "chair")
    assert (chair["before"]["status"], chair["after"]["status"]) == ("held", "vacant")
    assert [entry["type"] for entry in chair["entries"]] == ["Resigned"]


def test_there_is_no_difference_between_an_instant_and_itself(archive: Archive) -> None:
    """On any clock."""
    assert archive.diff("at", (NOON, NOON), organisations=["openai"])["changes"] == []
    assert archive.diff("as_reported", (NOON, NOON), organisations=["openai"])["changes"] == []


def test_every_office_that_a_difference_leaves_out_is_the_same_in_both_snapshots(archive: Archive) -> None:
    """And every one that it names is not."""
    named = {
        change["item"]
        for change in archive.diff("at", (BEFORE, NOON), organisations=["openai"])["changes"]
        if change["model"] in ("offices", "tenures")
    }
    one, other = (archive.project(at, ["openai"])["organisations"][0]["offices"] for at in (BEFORE, NOON))
    assert named == {before["id"] for before, after in zip(one, other, strict=True) if before != after}


def test_the_conflicts_of_the_case_name_their_positions(archive: Archive) -> None:
    """Six votes, five present; others are told in the case's own tests."""
    conflicts = archive.conflicts("openai")["conflicts"]
    (found,) = [one for one in conflicts if one["kind"] == "a tally that the attendance contradicts"]
    assert {report["type"] for report in found["reports"]} == {"MeetingHeld", "VoteHeld"}


def test_an_unknown_organisation_is_an_error(archive: Archive) -> None:
    """Named in the sentence."""
    with pytest.raises(ArchiveError, match="knows nothing of 'opneai'"):
        archive.explain("opneai", "ceo", at=NOON)
