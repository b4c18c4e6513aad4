"""Where the article contradicts itself the archive keeps both sides, in `conflicts` or in `explain`."""

from __future__ import annotations

from typing import Any

from archive import Archive
from archive.times import parse_question

PACIFIC = "America/Los_Angeles"
LATER = "2023-11-21"

BARE = """
3日前 数時間前 木曜日の夜 翌日の正午 金曜日の正午 同日午後 公式発表の直後 数時間後 12分 5年間 発表の翌日 前日
復帰のニュースが流れた直後 解任から2日後 交渉が始まる前 解雇後すぐに 19日夜 3日間 19日深夜 1週間 20日未明 20日の朝
現在までに わずか3日間 2015年 2018年 2019年 2022年 3年が経過した後 わずか1年で 2023年4月4日 18日 現在
"""
"""Those that are printed without a zone."""

PRINTED = {
    ("11月16日午後7時", "太平洋時間"),
    ("11月17日午後12時", "太平洋時間"),
    ("11月18日午後4時", "EDT"),
    ("11月18日", "PT"),
    ("11月19日", "EDT"),
    ("18日午後", "太平洋時間"),
    ("11月19日午後1時", "太平洋時間"),
    ("11月20日午前5時", "EDT"),
    ("11月19日午前24時", "太平洋標準時"),
    ("11月20日午後4時", "北京時間"),
    ("11月20日午前5時", "太平洋標準時"),
    ("11月20日午後9時", "北京時間"),
    ("20日の太平洋時間11時", "太平洋時間"),
    *((text, None) for text in BARE.split()),
}
"""Every statement of time that the article prints, with the zone that it prints beside it."""

SIDES = [
    ("11月17日午後12時", "11月18日午後4時"),
    ("11月18日", "11月19日"),
    ("11月19日午後1時", "11月20日午前5時"),
    ("11月19日午前24時", "11月20日午後4時"),
    ("11月20日午前5時", "11月20日午後9時"),
]
"""The two times of each of the article's headings."""


def test_every_printed_time_stands_with_its_zone(lines: list[dict[str, Any]]) -> None:
    """As printed, wrong zones too; nothing is printed that stands with no report."""
    kept = {(stated["text"], stated.get("zone")) for line in lines for stated in line.get("stated_times", ())}
    assert kept == PRINTED


def test_the_two_times_of_a_heading_stand_in_one_report(lines: list[dict[str, Any]]) -> None:
    """So that whoever compares them finds them side by side."""
    told = [{stated["text"] for stated in line.get("stated_times", ())} for line in lines]
    for sides in SIDES:
        assert any(set(sides) <= one for one in told), sides


def test_the_conflicts_are_those_of_the_article(case: Archive) -> None:
    """The tally against the attendance, and the beginning of the profit-making arm; times as printed stand apart."""
    found = case.conflicts(basis="rumour")["conflicts"]
    kinds = {(one["subject"], one["kind"]) for one in found if "stated times" not in one["kind"]}
    assert kinds == {
        ("matters/board-meeting-2023-11-17", "a tally that the attendance contradicts"),
        ("subsidiaries/profit-making arm", "times disagree"),
    }


def test_six_voted_and_five_were_there(case: Archive) -> None:
    """Four to two makes six; Altman and the four are there, Brockman is not."""
    (found,) = [one for one in case.conflicts()["conflicts"] if one["subject"].startswith("matters/")]
    assert [report["type"] for report in found["reports"]] == ["MeetingHeld", "VoteHeld"]


def test_the_profit_arm_is_of_2018_or_of_2019(case: Archive) -> None:
    """Equally firm, so that its beginning lies anywhere in the two years."""
    (found,) = [one for one in case.conflicts()["conflicts"] if one["subject"].startswith("subsidiaries/")]
    assert [report["type"] for report in found["reports"]] == ["SubsidiaryFormed"] * 2
    (row,) = explained(case, "profit-making arm", "subsidiaries")
    assert row["since"] == {"earliest": "2018-01-01T08:00:00.000000Z", "latest": "2020-01-01T07:59:59.999999Z"}
    assert row["conflicts"] == [{**row["conflicts"][0], "kind": "times disagree"}]


def test_two_names_are_printed_for_the_chief_operating_officer(case: Archive) -> None:
    """One is nobody's: both passages stand under the office, and say so."""
    (row,) = explained(case, "coo", "tenures")
    assert row["holder"] == "brad-lightcap"
    assert {report["type"] for report in row["reports"]} == {"Attested"}
    assert len({tuple(passage["sha256"] for passage in report["passages"]) for report in row["reports"]}) == 2
    assert any("Brad Murati" in report["summary"] for report in row["reports"])


def test_the_reasons_for_the_removal_stand_side_by_side(case: Archive) -> None:
    """Want of candour and a failure to communicate are OpenAI's words, the mission Sutskever's."""
    at = parse_question("2023-11-17T18:00", PACIFIC)
    altman, _murati = case.explain("openai", "ceo", at=at)["rows"]
    reasons = [one for one in altman["besides"] if one["type"] == "MotiveClaimed"]
    assert [(one["basis"], one["attribution"]) for one in reasons] == [
        ("official", "OpenAI"),
        ("official", "OpenAI"),
        ("first_hand", "Ilya Sutskever"),
    ]
    assert len({one["summary"] for one in reasons}) == 3


def test_the_removal_is_once_called_a_resignation(case: Archive) -> None:
    """Beside the dismissal, which decides."""
    (row,) = case.explain("openai", "ceo", at=parse_question("2023-11-17T12:00", PACIFIC))["rows"][:1]
    assert {report["type"] for report in row["reports"] if "ends" in report["roles"]} == {"Dismissed"}
    assert any("resignation" in one["summary"] for one in row["besides"])


def test_brockman_resigns_by_the_official_word_and_is_swept_away_by_the_article(case: Archive) -> None:
    """Both end his time as chair."""
    (row,) = explained(case, "chair", "tenures")
    ends = {(report["type"], report["basis"]) for report in row["reports"] if "ends" in report["roles"]}
    assert ends == {("Resigned", "official"), ("TermEnded", "stated")}


def test_the_letter_has_650_of_770_signatures_nearly_all_or_all(case: Archive) -> None:
    """The figure and the author's rounder words stand with the letter."""
    (row,) = explained(case, "open-letter", "letters")
    told = [one["type"] for one in row["besides"]]
    assert told == ["LetterSigned", "SignaturesCounted", "Noted"]
    assert "650 of 770" in row["besides"][1]["summary"]
    assert "every one" in row["besides"][2]["summary"]


def test_two_outside_directors_or_three_voted_for_the_removal(case: Archive) -> None:
    """The vote names three beside Sutskever, another sentence counts two; Brockman counts four in all."""
    (row,) = explained(case, "altman-removal", "votes")
    assert [(one["basis"], one["attribution"]) for one in row["besides"]] == [
        ("first_hand", "Greg Brockman"),
        ("stated", None),
    ]
    ballots = case.query("SELECT person FROM ballots WHERE choice = 'for' ORDER BY person").rows
    assert [row[0] for row in ballots] == ["adam-dangelo", "helen-toner", "ilya-sutskever", "tasha-mccauley"]


def test_the_directors_would_resign_and_would_not(case: Archive) -> None:
    """Press says that they were ready to; in its own voice the article has them waver and refuse."""
    (row,) = explained(case, "return-talks", "matters")
    resigning = [one for one in row["besides"] if "resign" in one["summary"] or "give way" in one["summary"]]
    assert {(one["type"], one["basis"]) for one in resigning} == {
        ("Noted", "stated"),
        ("OfferMade", "press"),
        ("ConditionSet", "press"),
    }


def test_a_company_of_capped_profit_is_still_called_a_non_profit(case: Archive) -> None:
    """Four years later, in the same article."""
    (row,) = explained(case, "legal_form", "attributes")
    assert row["value"] == "capped-profit"
    assert [one["type"] for one in row["besides"]] == ["Noted"]


def evening(day: str) -> str:
    """The end of a day, Pacific time, as the canonical instant."""
    return parse_question(day, PACIFIC)


def explained(case: Archive, item: str, model: str) -> list[dict[str, Any]]:
    """The rows of an item of OpenAI on the day after the article's last."""
    rows: list[dict[str, Any]] = case.explain("openai", item, model=model, at=evening(LATER))["rows"]
    return rows
