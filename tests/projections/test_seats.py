"""How many may sit is read from the office's registration as it is known now."""

from __future__ import annotations

from typing import Any

import pytest

from archive import Archive
from tests.projections.test_evidence import HELD, REPORTS, append, event, said

BEN = event("PersonRegistered", person="ben-ortiz", name="Ben Ortiz")
JOINED = event("Appointed", **{**HELD, "person": "ben-ortiz", "from": "2021"})


@pytest.fixture
def archive(empty_url: str) -> Any:
    """An archive in which Ann Lee holds an office of one seat, at position 5."""
    with Archive.open(empty_url) as made:
        append(made, *REPORTS, BEN)
        yield made


def holders(archive: Archive, office: int = 0) -> list[str]:
    """Who holds an office in 2022."""
    shown = archive.project("2022-01-01T00:00:00.000000Z")["organisations"][0]["offices"][office]
    return [holder["person"] for holder in shown["holders"]]


def test_seats_that_were_amended_count_in_later_appends(archive: Archive) -> None:
    """Who comes into an office of two seats ends nobody."""
    append(archive, said("Amended", 2, changes={"seats": 2}))
    append(archive, JOINED)
    assert sorted(holders(archive)) == ["ann-lee", "ben-ortiz"]


def test_a_report_whose_office_was_amended_counts_there_by_the_seats_of_that_one(archive: Archive) -> None:
    """Of three reports on a board, one by amendment, each has a member."""
    board = event("OfficeRegistered", organisation="acme", office="board", title="Board", seats=3)
    append(archive, board, JOINED)
    append(archive, event("Appointed", **{**HELD, "office": "board", "from": "2019"}))
    append(archive, said("Amended", 8, changes={"office": "board"}))
    assert sorted(holders(archive)) + holders(archive, 1) == ["ann-lee", "ben-ortiz", "ann-lee"]
