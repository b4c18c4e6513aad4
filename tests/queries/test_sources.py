"""Documents, their versions, and what was taken from them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest

from archive import Archive
from archive.errors import SameIdOtherContent, UsageError
from archive.intake import read_reports
from archive.intake.documents import Document
from archive.queries.sources import covered
from tests.queries.reported import SEAT, held, opened, take

OLD, NEW, TEXT = "a" * 64, "b" * 64, "Ann leads Acme. Bob does not."


@pytest.fixture
def archive(acme_url: str) -> Iterator[Archive]:
    """The archive of the registrations, with a source of two versions (18, 19); the text of the first is kept."""
    with opened(acme_url) as made:
        take(
            made,
            {"type": "SourceRegistered", "source": "times", "title": "Old", "published": "2020-05-01", "sha256": OLD},
            {"type": "SourceVersionRegistered", "source": "times", "published": "2020-05-09", "sha256": NEW},
        )
        text = Document(OLD, "text/plain; charset=utf-8", "archive", TEXT)
        assert made.append([], who="tests", program="tests", documents=[text]) == []
        yield made


def certain(archive: Archive, reported: str) -> list[str]:
    """Who certainly holds the seat in June, as reported by then."""
    answer = archive.project("2020-06-01T00:00:00.000000Z", as_reported=reported)
    (office,) = answer["organisations"][0]["offices"]
    return [one["person"] for one in office["holders"] if one["certainty"] == "certain"]


@pytest.mark.parametrize(
    ("named", "in_time"),
    [
        ({"source_version": NEW}, False),
        ({"source_version": OLD}, True),
        ({}, True),
        ({"source_version": NEW, "published": "2020-05-04"}, True),
        ({"published": "2020-05-04"}, True),
    ],
)
def test_what_stands_in_a_later_version_was_not_public_with_the_first(
    archive: Archive, named: dict[str, str], in_time: bool
) -> None:
    """On the report clock a report has the time of the version that it speaks of, unless its own is earlier."""
    take(archive, held("Appointed", "ann", "2020-04-01", "times", **named))
    assert certain(archive, "2020-05-05T00:00:00.000000Z") == (["ann"] if in_time else [])
    assert certain(archive, "2020-05-10T00:00:00.000000Z") == ["ann"]


def test_an_amended_time_of_a_version_moves_its_reports(archive: Archive) -> None:
    """As that of a source does."""
    take(archive, held("Appointed", "ann", "2020-04-01", "times", source_version=NEW))
    take(archive, {"type": "Amended", "target": 19, "changes": {"published": "2020-05-03"}})
    assert certain(archive, "2020-05-05T00:00:00.000000Z") == ["ann"]


def test_without_a_time_of_publication_a_version_was_public_when_it_was_taken(archive: Archive) -> None:
    """What was retrieved was public by then."""
    digest = "c" * 64
    take(archive, {"type": "SourceVersionRegistered", "source": "times", "retrieved": "2020-05-12", "sha256": digest})
    take(archive, held("Appointed", "ann", "2020-04-01", "times", source_version=digest))
    assert certain(archive, "2020-05-11T00:00:00.000000Z") == []
    assert certain(archive, "2020-05-13T00:00:00.000000Z") == ["ann"]


def test_a_source_is_told_with_its_versions_and_what_rests_on_it(archive: Archive) -> None:
    """In the order of registration; registrations themselves do not count."""
    take(archive, held("Appointed", "ann", "2020-04-01", "times"), held("Attested", "ann", "2020-06-01", "times"))
    told = archive.source("times")
    assert (told["title"], told["entries"], told["origins"], told["access"]) == ("Old", 2, ["times"], "public")
    assert [(one["sha256"], one["position"], one["kept"] is None) for one in told["versions"]] == [
        (OLD, 18, False),
        (NEW, 19, True),
    ]
    assert archive.source("copy-of-copy")["origins"] == ["wire"]
    assert {one["id"]: one["entries"] for one in archive.sources()}["wire"] == 0


def test_text_and_event_are_kept_together_or_not_at_all(archive: Archive) -> None:
    """An append that is refused keeps no text."""
    text = Document(NEW, "text/plain; charset=utf-8", "archive", "Ann.")
    line = json.dumps(held("Appointed", "ann", "2020", id="one")).encode()
    (report,) = read_reports(BytesIO(line), "f", archive.known()).events
    archive.append([report], who="tests", program="tests")
    with pytest.raises(SameIdOtherContent):
        archive.append([replace(report, summary="other")], who="tests", program="tests", documents=[text])  # type: ignore[call-arg]
    assert archive.source("times")["versions"][1]["kept"] is None
    archive.append([report], who="tests", program="tests", documents=[text])
    assert archive.source("times")["versions"][1]["kept"] is not None


def test_an_unknown_source_is_named_with_the_nearest(archive: Archive) -> None:
    """The hint says it."""
    with pytest.raises(UsageError, match=r"'tims'.*did you mean times"):
        archive.source("tims")


def test_passages_are_those_of_entries_as_amended_and_of_one_version(archive: Archive) -> None:
    """Each says whether it stands there; of a text that is not kept nobody knows."""
    whole = {"start": 0, "end": 3, "sha256": "0" * 64}
    first, other = take(
        archive,
        held("Appointed", "ann", "2020-04-01", "times", passages=[{"quote": "Ann leads"}, {"quote": "Bob"}]),
        held("Attested", "ann", "2020-06-01", "times", source_version=NEW, passages=[whole]),
    )
    changes = {"passages": [{"quote": "leads Acme"}, {"quote": "Ann leads"}]}
    take(archive, {"type": "Amended", "target": first, "changes": changes})
    told = archive.passages("times")
    cited = [(one["start"], one["end"], one["position"], one["matches"]) for one in told["passages"]]
    assert cited == [(0, 9, first, True), (4, 14, first, True)]
    assert (told["covered"], told["characters"], told["text"]) == (14, len(TEXT), TEXT)
    unkept = archive.passages("times", "BBB")
    assert [(one["position"], one["matches"]) for one in unkept["passages"]] == [(other, None)]
    assert (unkept["text"], unkept["covered"]) == (None, None)
    with pytest.raises(UsageError, match="no version 'd'"):
        archive.passages("times", "d")


def test_a_stored_passage_that_does_not_stand_there_is_found(archive: Archive) -> None:
    """It was taken before the text was kept; it covers nothing."""
    wrong = {"start": 0, "end": 3, "sha256": "0" * 64}
    (position,) = take(archive, held("Attested", "ann", "2020-06-01", "times", source_version=NEW, passages=[wrong]))
    text = Document(NEW, "text/plain; charset=utf-8", "archive", "Ann.")
    archive.append([], who="tests", program="tests", documents=[text])
    told = archive.passages("times", NEW)
    assert [(one["position"], one["matches"]) for one in told["passages"]] == [(position, False)]
    assert told["covered"] == 0


def test_ten_outlets_that_copy_one_wire_are_one_origin(archive: Archive) -> None:
    """However many report it."""
    take(archive, *(held("Appointed", "ann", "2020-04-01", f"copy-{number}") for number in range(10)))
    told = archive.explain(SEAT["organisation"], SEAT["office"], at="2020-06-01T00:00:00.000000Z")
    assert [(len(row["reports"]), row["independent_origins"]) for row in told["rows"]] == [(10, 1)]


@pytest.mark.parametrize(
    ("stretches", "size"),
    [([], 0), ([(0, 2), (2, 4)], 4), ([(0, 5), (1, 2), (3, 8)], 8), ([(1, 3), (7, 20)], 5), ([(10, 12)], 0)],
)
def test_what_is_covered_counts_once_and_within_the_text(stretches: list[tuple[int, int]], size: int) -> None:
    """Of a text of ten."""
    assert covered(({"start": start, "end": end} for start, end in stretches), 10) == size
