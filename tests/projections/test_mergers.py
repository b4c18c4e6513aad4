"""Two identities found to be one, and found to be two after all."""

from __future__ import annotations

from typing import Any

import pytest

from archive import Archive
from tests.projections.test_evidence import HELD, REPORTS, append, event

BEN = [
    event("PersonRegistered", person="ben-ortiz", name="Ben Ortiz"),
    event("PersonRegistered", person="ann", name="A"),
]
MERGED = event("Merged", person="ann-lee", into_person="ann")


@pytest.fixture
def archive(empty_url: str) -> Any:
    """An archive in which Ann Lee became chief executive of Acme, and was found to be Ann: the merger is entry 8."""
    with Archive.open(empty_url) as made:
        append(made, *REPORTS, *BEN)
        append(made, MERGED)
        yield made


def holders(archive: Archive, **known: Any) -> list[str]:
    """Who holds the office in 2022."""
    shown = archive.project("2022-01-01T00:00:00.000000Z", **known)["organisations"][0]["offices"][0]
    return [holder["person"] for holder in shown["holders"]]


def taken_back(target: int) -> Any:
    """A retraction of an entry of the registry."""
    return event("Retracted", target=target, target_stream="registry")


def test_a_merger_that_is_retracted_gives_both_identities_back(archive: Archive) -> None:
    """From the retraction's record time on; as recorded before, they are one."""
    assert holders(archive) == ["ann"]
    append(archive, taken_back(8))
    assert holders(archive) == ["ann-lee"]
    assert holders(archive, as_recorded="@8") == ["ann"]
    append(archive, taken_back(9))
    assert holders(archive) == ["ann"]


def test_after_the_retraction_of_a_merger_new_reports_name_whom_they_name(archive: Archive) -> None:
    """A successor ends the tenure of the one who held the office."""
    append(archive, taken_back(8))
    append(archive, event("Appointed", **{**HELD, "person": "ben-ortiz", "from": "2021"}))
    assert holders(archive) == ["ben-ortiz"]


def test_a_merger_that_is_amended_gives_up_the_other_one(archive: Archive) -> None:
    """Ann Lee was Ben Ortiz."""
    changes = {"into_person": "ben-ortiz"}
    append(archive, event("Amended", target=8, target_stream="registry", changes=changes))
    assert holders(archive) == ["ben-ortiz"]
    assert holders(archive, as_recorded="@8") == ["ann"]
