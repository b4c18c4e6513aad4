"""Who was announced as hired must still come: what others tell as done on that date announces it too."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archive.projections.acts import Act
from archive.projections.timeline import fold
from tests.laws.test_tables_equal_oracle import read_back, tabled
from tests.oracle import Answer, Replay
from tests.queries.reported import opened, take

ANNOUNCED = "[2020-05-04T06:00Z..2020-05-04T07:59Z]"
LATER = "2020-07-01T00:00:00.000000Z"
SAME_DATE = ("2020-05-04", "2020-05-03T23:00-08:00", "2020-05-04T07:53Z")
OTHER_DATE = ("2020-06-01", "2020-05", "[2020-05-01..2020-06-30]", "[..2020-05-04]", "2020-05-06")


def answers(url: str, *reports: dict[str, Any]) -> tuple[Answer, Answer]:
    """The employees of Acme in July by the tables and by the oracle."""
    with opened(url) as archive:
        take(archive, *({"organisation": "acme", "people": ["ann"], "source": "wire", **one} for one in reports))
        entries, rows = read_back(archive)
        current = [
            row
            for row in rows
            if row["reported_to"] is None and row["recorded_to"] is None and row["floor_from"] <= 4 <= row["floor_to"]
        ]
        expected = Replay(entries, "acme").answer(LATER, "employees")
        return tabled(current, "acme", "employees", LATER), {item: held for item, held in expected.items() if held}


def hired(basis: str) -> dict[str, Any]:
    """The announcement, public on its date."""
    return {"type": "HireAnnounced", "when": ANNOUNCED, "basis": basis, "published": "2020-05-04"}


def joined(when: str, basis: str = "stated", **more: Any) -> dict[str, Any]:
    """A beginning, reported much later."""
    return {"type": "Joined", "from": when, "basis": basis, "published": "2020-06-30", **more}


@pytest.mark.parametrize(("when", "basis"), list(product(SAME_DATE, ("stated", "press"))))
def test_an_announced_hire_told_as_done_by_others_has_not_begun(database_url: str, when: str, basis: str) -> None:
    """Whatever the zone of the date, and whatever role they give."""
    found, expected = answers(database_url, hired("official"), joined(when, basis), joined(when, basis, role="chief"))
    assert found == expected == {}


@pytest.mark.parametrize("basis", ["official", "first_hand"])
def test_who_decides_or_takes_part_says_that_it_is_done(database_url: str, basis: str) -> None:
    """His word begins it."""
    found, expected = answers(database_url, hired("official"), joined(SAME_DATE[0], basis))
    assert found == expected == {"": {"ann": "certain"}}


def test_an_announcement_by_others_holds_nobody_back(database_url: str) -> None:
    """Of reports equally far from the deed the one that tells it counts."""
    found, expected = answers(database_url, hired("stated"), joined(SAME_DATE[0]))
    assert found == expected == {"": {"ann": "certain"}}


@pytest.mark.parametrize("when", OTHER_DATE)
def test_a_beginning_of_another_date_is_one(database_url: str, when: str) -> None:
    """Others may well see somebody come: on a later day, or in a month in which the announcement lies too."""
    found, expected = answers(database_url, hired("official"), joined(when))
    assert found == expected
    assert found[""] == {"ann": "certain"}


def test_somebody_seen_at_work_has_begun(database_url: str) -> None:
    """An attestation is no hire told anew."""
    seen = {"type": "EmploymentAttested", "as_of": SAME_DATE[0]}
    found, expected = answers(database_url, hired("official"), joined(SAME_DATE[0]), seen)
    assert found == expected == {"": {"ann": "certain"}}


def test_the_reports_stand_with_the_announcement(acme_url: str) -> None:
    """None is lost, and a later word that declines it ends it."""
    with opened(acme_url) as archive:
        told = [hired("official"), joined(SAME_DATE[0]), joined(SAME_DATE[2], role="chief")]
        declined = {"type": "HireWithdrawn", "when": "2020-05-06", "declined": True}
        acme = {"organisation": "acme", "people": ["ann"], "source": "wire"}
        positions = take(archive, *({**acme, **one} for one in (*told, declined)))
        ((row, ended),) = archive.query("SELECT id, valid_to_latest FROM announced").rows
        assert ended is not None
        roles = archive.query(f"SELECT position, role FROM evidence WHERE row = {row} ORDER BY position").rows  # noqa: S608  # a number
        assert [tuple(one) for one in roles] == [
            *((one, "announces") for one in positions[:3]),
            (positions[3], "withdraws"),
        ]


def act(position: int, rank: int, earliest: str, latest: str) -> Act:
    """An end between two days of May."""
    times = (f"2020-05-{earliest}T00:00:00.000000Z", f"2020-05-{latest}T23:59:59.999999Z")
    return Act("end", "ann", *times, None, None, False, False, None, rank, LATER, position, f"{position}", None)


def test_a_rumour_hides_no_disagreement_of_firmer_reports() -> None:
    """Stated reports that exclude each other are a conflict at that basis, the rumour's exclusion another."""
    acts = [act(1, 1, "01", "09"), act(2, 3, "02", "03"), act(3, 3, "05", "06"), act(4, 5, "20", "21")]
    conflicts = fold("seat", "tenures", acts).conflicts
    assert [(one.kind, one.rank, one.positions) for one in conflicts] == [
        ("times disagree", 3, (1, 2, 3)),
        ("times disagree", 5, (1, 4)),
    ]
