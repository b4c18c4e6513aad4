"""Printed times that disagree are a conflict of their report, on its own clocks, with what would reconcile them."""

from __future__ import annotations

from typing import Any

import pytest

from archive import Archive
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.queries.reported import held, opened, take
from tests.queries.test_reasons import _case

AT = "2020-06-01T00:00:00.000000Z"
NOON = "2020-01-10T12:00-08:00"
PRINTED = [{"text": "noon", "zone": "PST"}, {"text": "January 11, 4 am", "zone": "EST"}]
KIND = "stated times disagree"


def appointed(**more: Any) -> dict[str, Any]:
    """Ann's appointment at noon in California, printed with another time beside it."""
    return held("Appointed", "ann", NOON, "gazette", stated_times=PRINTED, **more)


def found(archive: Archive, **known: Any) -> list[dict[str, Any]]:
    """The conflicts between printed times."""
    return [one for one in archive.conflicts("acme", **known)["conflicts"] if one["kind"] == KIND]


def test_the_conflict_says_by_how_much_and_which_zone_would_reconcile(acme_url: str) -> None:
    """Thirteen hours; the clocks of Beijing."""
    with opened(acme_url) as archive:
        (position,) = take(archive, appointed())
        (one,) = found(archive)
        assert (one["subject"], one["positions"], one["settled"]) == (f"report/{position}", [position], None)
        assert one["stated"]["apart_minutes"] == [13 * 60]
        (remedy,) = one["stated"]["reconciled_by"]
        assert (remedy["text"], remedy["zone"], remedy["offset"]) == ("January 11, 4 am", "EST", "+08:00")
        assert remedy["zones"] == ["Asia/Shanghai", "Asia/Singapore"]
        assert one["stated"]["finding"].startswith("`noon` (PST) and `January 11, 4 am` (EST) are 13 h apart")


def test_it_is_known_on_the_clocks_of_its_report_and_at_the_floors_that_admit_it(acme_url: str) -> None:
    """Not before the gazette was public, not as recorded before, not among firmer words."""
    with opened(acme_url) as archive:
        (position,) = take(archive, appointed(basis="rumour"))
        (one,) = found(archive, basis="rumour")
        assert (one["basis"], one["known_since"]) == ("rumour", "2020-03-01T23:59:59.999999Z")
        assert found(archive) == []
        assert found(archive, basis="rumour", as_reported="2020-02-01T00:00:00.000000Z") == []
        assert found(archive, basis="rumour", as_recorded=f"@{position - 1}") == []


def test_it_stands_with_the_row_that_the_report_begins(acme_url: str) -> None:
    """And its printed times with what they were understood to mean."""
    with opened(acme_url) as archive:
        take(archive, appointed())
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        assert [one["kind"] for one in row["conflicts"]] == [KIND]
        stated = row["reports"][0]["stated_times"]
        assert [one["understood"]["readings"][0]["earliest"] for one in stated] == [
            "2020-01-10T20:00:00.000000Z",
            "2020-01-11T09:00:00.000000Z",
        ]


@pytest.mark.parametrize(
    "later",
    [
        {"type": "Retracted", "reason": "misread"},
        {"type": "Amended", "changes": {"stated_times": PRINTED[:1]}, "reason": "misread"},
    ],
)
def test_it_is_settled_by_what_takes_back_or_corrects_the_report(acme_url: str, later: dict[str, Any]) -> None:
    """As recorded before that, it is open."""
    with opened(acme_url) as archive:
        (position,) = take(archive, appointed())
        (saying,) = take(archive, {**later, "target": position})
        (one,) = found(archive)
        assert [by["position"] for by in one["settled"]["by"]] == [saying]
        (before,) = found(archive, as_recorded=f"@{position}")
        assert before["settled"] is None


def test_an_amendment_of_the_report_s_own_time_can_bring_it_about(acme_url: str) -> None:
    """Its printed day is then far from the day that it has."""
    with opened(acme_url) as archive:
        printed = [{"text": "2020-01-10", "zone": "PST"}]
        (position,) = take(archive, held("Appointed", "ann", NOON, "gazette", stated_times=printed))
        assert found(archive) == []
        take(archive, {"type": "Amended", "target": position, "changes": {"from": "2020-02-10"}})
        (one,) = found(archive)
        assert "the report's own `from` (2020-02-10) are 29 days apart" in one["stated"]["finding"]


def test_each_heading_of_the_case_whose_times_disagree_is_found(
    fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """Two of five: both times the zone printed as EDT is that of Beijing; of the first one a half of the day, too.

    Twelve in the afternoon of the 17th is noon, by the meeting's own time: four o'clock in Beijing, in the morning.
    The days of the second heading have hours in common, the fourth and fifth headings print one instant each.
    """
    with Archive.open(fresh_database("sqlite", database_template("sqlite", "case_of_reasons", _case))) as archive:
        conflicts = [one for one in archive.conflicts("openai", basis="rumour")["conflicts"] if one["kind"] == KIND]
    headings: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    for one in conflicts:
        texts = tuple(dict.fromkeys(remedy["text"] for remedy in one["stated"]["reconciled_by"]))
        headings.setdefault(texts, set()).add(tuple(one["stated"]["apart_minutes"]))
        for remedy in one["stated"]["reconciled_by"]:
            assert (remedy["zone"], remedy["offset"], remedy["zones"][0]) == ("EDT", "+08:00", "Asia/Shanghai")
    assert headings == {
        ("11月18日午後4時",): {(24 * 60,), (12 * 60, 24 * 60)},
        ("11月20日午前5時",): {(12 * 60,)},
    }
