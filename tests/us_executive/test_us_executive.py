"""Presidents and vice-presidents of the United States, as ten versions of one file had them."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import text

from archive.archive import Archive
from tests.us_executive.reports import FILE, day_over, load, terms_at_each_version

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="../shared is not there")


def test_every_boundary_date_at_every_version_has_the_holders_of_the_file(empty_url: str) -> None:
    """`project --at D --as-reported R` equals the terms ``start <= D < end`` of the file as of R."""
    with Archive.open(empty_url) as archive:
        load(archive)
        checked = 0
        for published, terms in terms_at_each_version():
            dates = sorted({date for term in terms.values() for date in (term.start, term.end)})
            for date in dates:
                expected = defaultdict(set)
                for term in terms.values():
                    if term.start <= date < term.end:
                        expected[term.office].add(term.person)
                answer = archive.project(day_over(date), ["us"], as_reported=published)
                for office in answer["organisations"][0]["offices"]:
                    certain = {one["person"] for one in office["holders"] if one["certainty"] == "certain"}
                    assert certain == expected[office["id"]], (published, date, office)
                    assert len(certain) == len(office["holders"]), (published, date, office)
                    checked += 1
        assert checked > 1500


def test_two_people_in_one_seat_are_a_conflict_while_the_file_says_so(empty_url: str) -> None:
    """A version has a vice-president as president; the next takes it back."""
    with Archive.open(empty_url) as archive:
        load(archive)
        with archive.reading() as connection:
            found = connection.execute(
                text(
                    "SELECT details, reported_from, reported_to FROM conflicts_history"
                    " WHERE conflict = 'two holders of one seat' AND recorded_to IS NULL"
                    " AND subject = 'tenures/president'"
                )
            ).all()
        agnew = [row for row in found if "a000059" in row.details]
        assert len(agnew) == 1
        assert agnew[0].reported_to is not None
