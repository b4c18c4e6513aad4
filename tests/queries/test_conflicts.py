"""A conflict says since when it is known and what settled it, on the report clock and on the record clock."""

from __future__ import annotations

from typing import Any

from archive import Archive
from tests.queries.reported import held, opened, take

EXCLUDING = (held("Appointed", "ann", "2020-01-01"), held("Appointed", "ann", "2019-12-01", "gazette"))


def only(archive: Archive, **known: Any) -> dict[str, Any]:
    """The one conflict."""
    (found,) = archive.conflicts("acme", **known)["conflicts"]
    return found  # type: ignore[no-any-return]  # JSON


def test_a_conflict_is_known_since_the_later_of_its_reports(acme_url: str) -> None:
    """On the report clock; before, there is none."""
    with opened(acme_url) as archive:
        positions = take(archive, *EXCLUDING)
        found = only(archive)
        assert (found["subject"], found["kind"], found["holders"]) == ("tenures/ceo", "times disagree", ["ann"])
        assert found["positions"] == positions
        assert found["known_since"] == "2020-03-01T23:59:59.999999Z"
        assert found["settled"] is None
        assert archive.conflicts("acme", as_reported="2020-02-01T00:00:00.000000Z")["conflicts"] == []
        assert archive.conflicts("acme", as_recorded=f"@{positions[0] - 1}")["conflicts"] == []


def test_a_conflict_that_the_archive_settled_is_open_as_recorded_before(acme_url: str) -> None:
    """The retraction is named, and the report that it took back no longer counts."""
    with opened(acme_url) as archive:
        first, second = take(archive, *EXCLUDING)
        (later,) = take(archive, {"type": "Retracted", "target": second, "reason": "misread"})
        found = only(archive)
        assert found["settled"]["clock"] == "recorded"
        assert [one["position"] for one in found["settled"]["by"]] == [later]
        assert [(one["position"], one["stands"]) for one in found["reports"]] == [(first, True), (second, False)]
        assert only(archive, as_recorded=f"@{second}")["settled"] is None


def test_a_conflict_that_a_source_settled_is_open_as_reported_before(acme_url: str) -> None:
    """From the source's own publication on."""
    with opened(acme_url) as archive:
        _, second = take(archive, *EXCLUDING)
        take(archive, {"type": "SourceRegistered", "source": "correction", "published": "2020-05-01"})
        (later,) = take(archive, {"type": "Retracted", "target": second, "by": "source", "source": "correction"})
        settled = only(archive)["settled"]
        assert (settled["clock"], settled["at"]) == ("reported", "2020-05-01T23:59:59.999999Z")
        assert [one["position"] for one in settled["by"]] == [later]
        assert only(archive, as_reported="2020-04-01T00:00:00.000000Z")["settled"] is None


def test_a_further_report_of_a_conflict_does_not_settle_it(acme_url: str) -> None:
    """It is listed once, with all three."""
    with opened(acme_url) as archive:
        positions = take(archive, *EXCLUDING)
        positions += take(archive, held("Appointed", "ann", "2019-11-01", "copy-1"))
        found = only(archive)
        assert found["settled"] is None
        assert found["positions"] == positions


def test_conflicts_of_another_organisation_are_left_out(acme_url: str) -> None:
    """Of all organisations where none is named."""
    with opened(acme_url) as archive:
        take(archive, *EXCLUDING, {"type": "OrganisationRegistered", "organisation": "other", "name": "Other"})
        assert len(archive.conflicts()["conflicts"]) == 1
        assert archive.conflicts("other")["conflicts"] == []
