"""The calendar of a picture: as fine as there is room for, and in the zone asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pictures.ticks import BLANK, MOST, ticks
from archive.pictures.words import cut
from archive.times import check_zone, from_instant, to_instant

START = datetime(5, 1, 1, tzinfo=UTC)
SPANS = st.tuples(st.integers(0, 3 * 10**11), st.integers(1, 2 * 10**10))


@pytest.mark.parametrize(
    ("first", "last", "room", "names"),
    [
        ("1789-04-01", "2029-02-01", 60, ["1800", "1850", "1900", "1950", "2000"]),
        ("2019-12-30", "2020-06-02", 70, ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]),
        ("2023-11-16", "2023-11-19", 60, ["2023-11-16", "2023-11-17", "2023-11-18", "2023-11-19"]),
        ("2023-11-17", "2023-11-18", 10, []),
    ],
)
def test_the_finest_calendar_that_has_room_is_taken(first: str, last: str, room: int, names: list[str]) -> None:
    """Round years, whole months, days, hours; nothing where not one name fits."""
    begin, end = (f"{day}T00:00:00.000000Z" for day in (first, last))
    assert [one.label for one in ticks(begin, end, "UTC", room)] == names


def test_hours_are_those_of_the_zone() -> None:
    """Every third hour of a day in Tokyo, which begins at 15:00 UTC."""
    found = ticks("2023-11-16T15:00:00.000000Z", "2023-11-16T23:00:00.000000Z", "Asia/Tokyo", 50)
    assert found == [
        ("2023-11-16T15:00:00.000000Z", "11-17 00:00"),
        ("2023-11-16T18:00:00.000000Z", "11-17 03:00"),
        ("2023-11-16T21:00:00.000000Z", "11-17 06:00"),
    ]


@given(SPANS, st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]), st.integers(0, 120))
def test_every_tick_is_where_its_name_says(span: tuple[int, int], tz: str, room: int) -> None:
    """In order, inside the picture, with room for all names, each beginning what it is called after."""
    begin = START + timedelta(seconds=span[0])
    first, last = to_instant(begin), to_instant(begin + timedelta(seconds=span[1]))
    found = ticks(first, last, tz, room)
    assert [one.instant for one in found] == sorted({one.instant for one in found})
    assert all(first <= one.instant <= last for one in found)
    assert sum(len(one.label) + BLANK for one in found) <= room
    assert len(found) <= MOST
    for one in found:
        local = from_instant(one.instant).astimezone(check_zone(tz))
        name = f"{local:%m-%d %H:%M}" if " " in one.label else local.date().isoformat()[: len(one.label)]
        assert one.label == name


@given(st.text(max_size=40), st.text(max_size=20), st.integers(4, 40))
def test_what_stands_beside_a_name_is_cut_last(text: str, beside: str, cells: int) -> None:
    """All of both where they fit; else the name gives way, so that two events of one name stay apart."""
    shown = cut(text, beside, cells, "..")
    if shown != text + beside:
        assert shown.endswith((beside, ".."))
    assert cut("board-meeting-2023-11-17", ": held", 22, "..") == "board-meeting-..: held"
