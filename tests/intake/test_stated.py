"""Times as printed are compared when they are taken in: what cannot be right is a warning, never a fault."""

from __future__ import annotations

import pytest

from archive.intake import MemoryKnown, to_wire
from archive.times import tzdata_version
from events import StatedTime, content_identity, from_plain, to_plain
from events.later import Amended
from tests.intake.conftest import Reading, dismissed

NOON = {"text": "noon", "zone": "PST"}
FOUR = {"text": "May 2, 4 am", "zone": "EST"}
AT = {"when": "2021-05-01T12:00-08:00"}


def test_times_that_disagree_are_told_with_file_and_line_by_how_much_and_what_reconciles_them(read: Reading) -> None:
    """Noon in California is four o'clock on the next day in Beijing."""
    intake = read(dismissed(), dismissed(**AT, stated_times=[NOON, FOUR]))
    assert intake.faults == []
    (warning,) = intake.warnings()
    assert warning == (
        "f.jsonl:2: stated_times: stated times disagree: `noon` (PST) and `May 2, 4 am` (EST) are 13 h apart;"
        " +08:00 in place of EST for `May 2, 4 am` would reconcile them;"
        " PST (-08:00) is out of season: on 2021-05-01 America/Los_Angeles has PDT (-07:00);"
        " EST (-05:00) is out of season: on 2021-05-02 America/New_York has EDT (-04:00);"
        " +08:00 is kept by Asia/Shanghai, Asia/Singapore"
    )


def test_what_was_said_once_is_said_by_its_place(read: Reading) -> None:
    """Twenty reports of one heading are no twenty sentences."""
    first, second = read(*(dismissed(**AT, stated_times=[NOON, FOUR], id=name) for name in "ab")).warnings()
    assert first.startswith("f.jsonl:1: ")
    assert second == "f.jsonl:2: stated_times: the same as f.jsonl:1"


@pytest.mark.parametrize(
    "stated",
    [
        [NOON],
        [NOON, {"text": "3 pm", "zone": "EST"}],
        [NOON, {"text": "翌日", "zone": "EST"}],
        [{"text": "正午", "zone": "太平洋標準時"}, {"text": "2日午前5時", "zone": "日本時間"}],
        [{"text": "午後12時", "zone": "PST"}],
        [{"text": "May 1", "zone": "PST"}, {"text": "May 1", "zone": "EST"}],
        [NOON, {"text": "the afternoon of May 1", "zone": "EST"}],
    ],
)
def test_times_that_can_all_be_right_are_no_matter(read: Reading, stated: list[dict[str, str]]) -> None:
    """Of several readings one that agrees is enough; what is not understood contradicts nothing."""
    assert list(read(dismissed(**AT, stated_times=stated)).warnings()) == []


@pytest.mark.parametrize(
    ("stated", "remedy"),
    [
        ([NOON, {"text": "4 pm", "zone": "EST"}], "-04:00 in place of EST for `4 pm` would reconcile them"),
        ([NOON, {"text": "3:25 pm", "zone": "EST"}], "no other zone would reconcile them"),
        ([NOON, {"text": "May 1, 3 am", "zone": "EST"}], "would reconcile them if `May 1, 3 am` is meant 12 h later"),
        ([{"text": "5 pm", "zone": "PST"}], "for `5 pm` would reconcile them"),
    ],
)
def test_what_would_reconcile_them_is_another_zone_or_the_other_half_of_the_day(
    read: Reading, stated: list[dict[str, str]], remedy: str
) -> None:
    """The nearest to the one printed; where there is none that is said."""
    (warning,) = read(dismissed(**AT, stated_times=stated)).warnings()
    assert remedy in warning


def test_a_printed_time_far_from_all_times_of_its_report_disagrees_with_them(read: Reading) -> None:
    """One that is its time of publication does not."""
    stated = [{"text": "2021-05-03 09:00", "zone": "UTC"}]
    (warning,) = read(dismissed(when="2021-05-01", stated_times=stated)).warnings()
    assert "and the report's own `when` (2021-05-01) are 33 h apart" in warning
    report = dismissed(when="2021-05-01", published="2021-05-03T09:00Z", stated_times=stated)
    assert list(read(report).warnings()) == []


@pytest.mark.parametrize(("when", "choices"), [("2021-05-01", 2), ("2021-05-01T12:00-07:00", 1)])
def test_what_the_report_leaves_open_is_called_ambiguous(read: Reading, when: str, choices: int) -> None:
    """With both readings; a time of the report that fits one of them decides."""
    stated = [{"text": "5月1日午後12時", "zone": "太平洋時間"}]
    found = list(read(dismissed(when=when, tz="America/Los_Angeles", stated_times=stated)).warnings())
    expected = "is ambiguous: 2021-05-01 12:00 -07:00 or 2021-05-02 00:00 -07:00"
    assert [expected in one for one in found] == [True] * (choices - 1)


def test_what_was_understood_is_stored_and_is_no_part_of_what_makes_two_reports_the_same(read: Reading) -> None:
    """Nor can a report give it; an entry stored without it is read as it was."""
    (event,) = read(report := dismissed(**AT, stated_times=[NOON])).events
    (stored,) = to_plain(event)["stated_times"]
    noon = "2021-05-01T20:00:00.000000Z"
    assert stored["understood"]["readings"] == [{"earliest": noon, "latest": noon, "offset": "-08:00"}]
    assert content_identity(event)["stated_times"] == [NOON]
    assert to_wire(event) == report
    assert event.tzdata == tzdata_version()
    old = {**to_plain(event), "stated_times": [NOON]}
    assert getattr(from_plain("Dismissed", 1, old), "stated_times", None) == (StatedTime("noon", "PST"),)
    (fault,) = read(dismissed(stated_times=[{**NOON, "understood": {}}])).faults
    assert "is set by the archive itself" in str(fault)


def test_an_amendment_of_the_time_understands_the_printed_times_anew(read: Reading, known: MemoryKnown) -> None:
    """What is printed without a day is of the day that the report has now."""
    (event,) = read(dismissed(**AT, stated_times=[NOON])).events
    known.events.append(event)
    amendment = {"type": "Amended", "target": len(known.events), "changes": {"when": "2021-06-02T12:00-08:00"}}
    (amended,) = read(amendment).events
    assert isinstance(amended, Amended)
    (stated,) = amended.changes["stated_times"]
    assert stated["understood"]["readings"][0]["earliest"] == "2021-06-02T20:00:00.000000Z"
