"""Times as printed are understood where they leave no choice, and have every reading where they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.times import from_instant, to_instant
from archive.times.keeping import zones_keeping
from archive.times.printed_zones import printed_zones
from archive.times.stated import Understood, understand

FRIDAY = ("2023-11-17T20:00:00.000000Z", "2023-11-17T23:00:00.000000Z")
"""Some time on Friday, 17 November 2023, in America."""
TEXTS = st.text(st.sampled_from("0123456789:./年月日時分半 apmnovfriPST午前後正夜深未明朝中の(),+-\0é٣"), max_size=30)


def local(found: Understood) -> list[str]:
    """The readings by their own clocks: an instant, or a stretch, to the minute."""
    said = []
    for first, last, offset in found.readings:
        ahead = datetime.strptime(offset[:6], "%z").utcoffset() or timedelta(0)
        begin, end = (from_instant(one).astimezone(timezone(ahead)) for one in (first, last))
        said.append(f"{begin:%d %H:%M}" + (f"..{end:%d %H:%M}" if begin != end else ""))
    return said


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("noon", ["17 12:00"]),
        ("正午", ["17 12:00"]),
        ("12 pm", ["17 12:00"]),
        ("12:30 am", ["17 00:30"]),
        ("12 a.m.", ["17 00:00", "18 00:00"]),
        ("midnight", ["17 00:00", "18 00:00"]),
        ("午後0時", ["17 12:00"]),
        ("午前0時", ["17 00:00"]),
        ("午前12時", ["17 00:00", "17 12:00"]),
        ("午後12時", ["17 12:00", "18 00:00"]),
        ("午前24時", ["17 00:00", "18 00:00"]),
        ("24時", ["18 00:00"]),
        ("25時", ["18 01:00"]),
        ("12時半", ["17 12:30", "18 00:30"]),
        ("午後3時半", ["17 15:30"]),
        ("夜の12時半", ["18 00:30"]),
        ("夜9時", ["17 21:00"]),
        ("11時", ["17 11:00", "17 23:00"]),
        ("23時", ["17 23:00"]),
        ("7:30", ["17 07:30", "17 19:30"]),
        ("07:30", ["17 07:30"]),
        ("3:30 p.m.", ["17 15:30"]),
        ("4 in the morning", ["17 04:00"]),
        ("9 o'clock in the evening", ["17 21:00"]),
        ("16時05分", ["17 16:05"]),
    ],
)
def test_a_clock_time_has_its_readings(text: str, readings: list[str]) -> None:
    """On the day of the report; twelve and twenty-four have two where law, custom and clocks differ."""
    assert local(understand(text, "PST", None, FRIDAY)) == readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("2023年11月17日午後7時", ["17 19:00"]),
        ("11月17日午後7時", ["17 19:00"]),
        ("18日午後7時", ["18 19:00"]),
        ("11月17日(金)午後7時", ["17 19:00"]),
        ("１１月１７日午後７時", ["17 19:00"]),
        ("Nov. 17, 2023, 7 p.m.", ["17 19:00"]),
        ("17 November 2023 at 19:00", ["17 19:00"]),
        ("7pm on Friday the 17th", ["17 19:00"]),
        ("Thursday 7pm", ["16 19:00"]),
        ("木曜日の午後7時", ["16 19:00"]),
        ("11/17 7pm", ["17 19:00"]),
        ("2023-11-17 12:00", ["17 12:00"]),
        ("11月17日", ["17 00:00..17 23:59"]),
        ("2023年", ["01 00:00..31 23:59"]),
        ("18日午後", ["18 12:00..18 23:59"]),
        ("the morning of the 17th", ["17 00:00..17 11:59"]),
        ("19日深夜", ["19 00:00..19 04:59", "19 21:00..20 04:59"]),
        ("20日未明", ["20 00:00..20 08:59"]),
    ],
)
def test_what_is_missing_of_a_date_is_that_of_the_report(text: str, readings: list[str]) -> None:
    """Year, month or day, from the nearest one."""
    assert local(understand(text, "PST", None, FRIDAY)) == readings


def test_a_date_of_two_figures_has_two_readings_where_both_are_months() -> None:
    """The fourth of May or the fifth of April."""
    readings = understand("4/5/2023", "UTC", None, (None, None)).readings
    assert [first[:10] for first, _, _ in readings] == ["2023-04-05", "2023-05-04"]


@pytest.mark.parametrize(
    "text",
    [
        "two hours later",
        "数時間後",
        "翌日の正午",
        "by noon",
        "前日",
        "13 pm",
        "November 31",
        "1時99分",
        "",
        "2日後",
        "99日",
    ],
)
def test_what_is_not_understood_whole_has_no_reading(text: str) -> None:
    """Nothing is guessed from a part of it."""
    assert understand(text, "PST", None, FRIDAY).readings == ()


@pytest.mark.parametrize("text", ["noon", "Nov 17", "the 17th", "Friday"])
@pytest.mark.parametrize("between", [(None, None), ("2015-01-01T00:00:00.000000Z", "2023-01-01T00:00:00.000000Z")])
def test_a_date_that_the_report_leaves_open_is_not_chosen(
    text: str, between: tuple[str, str] | tuple[None, None]
) -> None:
    """A report of no time, or of years, names no day."""
    assert understand(text, "PST", None, between).readings == ()


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [
        ("PST", ["-08:00"]),
        ("PDT", ["-07:00"]),
        ("PT", ["-08:00"]),
        ("ET", ["-05:00"]),
        ("EDT", ["-04:00"]),
        ("GMT", ["+00:00"]),
        ("Z", ["+00:00"]),
        ("日本時間", ["+09:00"]),
        ("太平洋時間", ["-08:00"]),
        ("東部時間", ["-05:00"]),
        ("北京時間", ["+08:00"]),
        ("+09:00", ["+09:00"]),
        ("UTC−8", ["-08:00"]),
        ("Asia/Kolkata", ["+05:30"]),
        ("CST", ["+08:00", "-06:00"]),
        ("IST", ["+01:00", "+02:00", "+05:30"]),
        ("XYZ", []),
        ("+99:00", []),
    ],
)
def test_a_zone_as_printed_means_its_offset_or_each_that_shares_its_name(zone: str, offsets: list[str]) -> None:
    """That of the season for a place, the printed one for an abbreviation."""
    assert sorted({offset for _, _, offset in understand("noon", zone, None, FRIDAY).readings}) == offsets


def test_an_abbreviation_out_of_season_means_what_it_prints_and_is_noted() -> None:
    """Eastern daylight time in November."""
    note = understand("noon", "EDT", None, FRIDAY).note
    assert note == "EDT (-04:00) is out of season: on 2023-11-17 America/New_York has EST (-05:00)"
    assert understand("noon", "EST", None, FRIDAY).note is None


def test_a_zone_within_the_statement_counts_and_one_beside_it_must_not_contradict_it() -> None:
    """20日の太平洋時間11時, with its zone once more."""
    assert local(understand("20日の太平洋時間11時", "太平洋時間", None, FRIDAY)) == ["20 11:00", "20 23:00"]
    assert local(understand("12pm PST", None, "Asia/Tokyo", FRIDAY)) == ["17 12:00"]
    assert understand("12pm PST", "EST", None, FRIDAY).readings == ()


def test_without_a_zone_the_report_s_own_holds_and_without_that_nothing() -> None:
    """UTC is never assumed of print."""
    assert local(understand("17日正午", None, "Asia/Tokyo", FRIDAY)) == ["17 12:00"]
    assert understand("17日正午", None, None, FRIDAY).readings == ()


@given(TEXTS, st.one_of(st.none(), TEXTS))
def test_no_text_is_too_strange(text: str, zone: str | None) -> None:
    """It has readings in order, with canonical bounds, or none."""
    for first, last, _ in understand(text, zone, "Asia/Tokyo", FRIDAY).readings:
        assert to_instant(from_instant(first)) <= to_instant(from_instant(last))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - naive as hypothesis wants them
    st.sampled_from(("JST", "PT", "東部時間", "GMT", "+05:30", "Asia/Kathmandu")),
)
def test_a_moment_printed_by_any_clock_is_read_back(moment: datetime, zone: str) -> None:
    """Whatever the zone, in English and in Japanese."""
    instant = to_instant(moment.replace(microsecond=0, second=0, tzinfo=UTC))
    there = from_instant(instant).astimezone(printed_zones(zone)[0].clocks)
    for text in (f"{there:%Y年%m月%d日%H時%M分}", f"{there:%d %B %Y %H:%M}", f"{there:%B %d, %Y, %I:%M %p}"):
        readings = understand(text, zone, None, (None, None)).readings
        assert any(first <= instant <= last for first, last, _ in readings), text


def test_zones_that_keep_an_offset_are_those_that_keep_it_then() -> None:
    """The best known first; none where nobody does."""
    assert zones_keeping("+08:00", FRIDAY[0]) == ("Asia/Shanghai", "Asia/Singapore")
    assert zones_keeping("+01:00", FRIDAY[0])[0] == "Europe/Paris"
    assert zones_keeping("+01:00", "2023-07-01T00:00:00.000000Z")[0] == "Europe/London"
    assert zones_keeping("+08:17", FRIDAY[0]) == ()
