"""Questions take names as reports do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive
from archive.errors import UsageError
from archive.queries.snapshot import UnknownOrganisation
from tests.queries.reported import held, opened, take

NAMES = (
    {"type": "NameRecorded", "organisation": "acme", "name": "アクメ社", "source": "wire"},
    {"type": "NameRecorded", "organisation": "acme", "office": "ceo", "name": "社長", "source": "wire"},
    {"type": "NameRecorded", "person": "ann", "name": "安 李", "source": "wire"},
)


@pytest.fixture
def archive(acme_url: str) -> Iterator[Archive]:
    """Acme, its chief and Ann with names in Japanese."""
    with opened(acme_url) as made:
        for name in NAMES:
            take(made, name)
        take(made, held("Appointed", "ann", "2020"))
        yield made


def test_every_question_takes_a_name_for_an_organisation(archive: Archive) -> None:
    """And answers as by the id."""
    at = "2024-01-01T00:00:00.000000Z"
    assert archive.project(at, ["アクメ社"]) == archive.project(at, ["acme"])
    assert archive.conflicts("ｱｸﾒ社") == archive.conflicts("acme")
    assert archive.search("ann", organisation="アクメ社") == archive.search("ann", organisation="acme")
    between = ("2019-01-01T00:00:00.000000Z", at)
    assert archive.diff("at", between, organisations=["アクメ社"]) == archive.diff(
        "at", between, organisations=["acme"]
    )
    assert archive.timeline("アクメ社", ["社長"]) == archive.timeline("acme", ["ceo"])
    by_id = archive.explain("acme", "ceo", at=at)
    assert archive.explain("アクメ社", "社長", at=at) == by_id
    assert archive.explain("acme", "安李", at=at) == archive.explain("acme", "ann", at=at)


def test_a_name_counts_as_it_was_recorded(archive: Archive) -> None:
    """Before that nobody had it."""
    with archive.reading() as connection:
        size = archive.log.head(connection).size
    with pytest.raises(UnknownOrganisation):
        archive.project(None, ["アクメ社"], as_recorded=f"@{size - len(NAMES) - 1}")


def test_a_name_of_several_is_no_answer(archive: Archive) -> None:
    """They are listed."""
    take(archive, {"type": "OrganisationRegistered", "organisation": "acme-two", "name": "アクメ社"})
    with pytest.raises(UsageError, match="acme or acme-two"):
        archive.project(None, ["アクメ社"])


@pytest.mark.parametrize("asked", ["akme", "何社"])
def test_what_nobody_registered_is_an_error_of_every_question(archive: Archive, asked: str) -> None:
    """Never an answer without rows."""
    with pytest.raises(UnknownOrganisation, match=asked):
        archive.project(None, [asked])
    with pytest.raises(UnknownOrganisation, match=asked):
        archive.conflicts(asked)
