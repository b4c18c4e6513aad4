"""A report is never younger than its source: a `published` that does not count is told, and is no fault."""

from io import BytesIO
from typing import Any

import orjson

from archive import Archive
from archive.intake import read_reports
from tests.intake.conftest import Reading, dismissed
from tests.queries.reported import held, opened, take

PAPER = {"type": "SourceRegistered", "source": "paper", "published": "2020-05-04"}
TOLD = (
    "`2020-06-01` is later than the own time of paper, 2020-05-04T23:59Z, which counts;"
    " what came later is in another version of it, or another source"
)


def paper(**changed: Any) -> dict[str, Any]:
    """A report of the paper."""
    return dismissed(source="paper", **changed)


def test_what_is_published_later_than_its_source_is_told_once_with_its_place(read: Reading) -> None:
    """Wherever in the file the source is registered; what is as old, or older, or names no time is no matter."""
    late = paper(published="2020-06-01")
    others = [paper(), paper(published="2020-05-04"), paper(published="2020-05-03T12:00Z")]
    intake = read(late, PAPER, *others, {**late, "summary": "Again"})
    assert intake.faults == []
    assert list(intake.warnings()) == [f"f.jsonl:1: published: {TOLD}", "f.jsonl:6: published: the same as f.jsonl:1"]


def test_a_source_without_a_time_of_its_own_has_that_of_each_report(read: Reading) -> None:
    """As a news agency that is registered once."""
    assert list(read(dismissed(published="2020-06-01")).warnings()) == []


def test_a_version_has_a_time_of_its_own(read: Reading) -> None:
    """A report that names one is not measured by another."""
    digest = "0" * 64
    version = {"type": "SourceVersionRegistered", "source": "paper", "sha256": digest, "published": "2020-06-02"}
    assert list(read(PAPER, version, paper(published="2020-06-01", source_version=digest)).warnings()) == []


def warned(archive: Archive) -> list[str]:
    """What is told of a report of the paper."""
    report = {**held("Dismissed", "ann", "2020-05-01"), "source": "paper", "published": "2020-06-01"}
    return list(read_reports(BytesIO(orjson.dumps(report)), "f.jsonl", archive.known()).warnings())


def test_the_own_time_is_the_one_known_now(acme_url: str) -> None:
    """Of a source that waits for a follower too, and of one whose time was amended."""
    with opened(acme_url) as archive:
        reports = read_reports(BytesIO(orjson.dumps(PAPER)), "f.jsonl", archive.known())
        (registered,) = archive.append(reports.events, who="tests", program="tests", defer=True)
        assert warned(archive) == [f"f.jsonl:1: published: {TOLD}"]
        archive.catch_up()
        assert warned(archive) == [f"f.jsonl:1: published: {TOLD}"]
        changes = {"published": "2020-07-01"}
        take(archive, {"type": "Amended", "target": registered.position, "reason": "misread", "changes": changes})
        assert warned(archive) == []
