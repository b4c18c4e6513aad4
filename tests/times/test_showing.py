"""Times are shown to people briefly, in the zone they asked for, and the zone is always named."""

import pytest

from archive.times import TimeFault, brief_bounds, parse_time, show_bounds, show_instant


@pytest.mark.parametrize(
    ("instant", "tz", "text"),
    [
        ("2023-11-17T20:00:00.000000Z", "America/Los_Angeles", "2023-11-17 12:00:00 PST (-08:00)"),
        ("2023-11-17T20:00:00.000000Z", "UTC", "2023-11-17 20:00:00 UTC"),
        ("2023-11-17T20:00:00.500000Z", "Asia/Tokyo", "2023-11-18 05:00:00.500000 JST (+09:00)"),
        ("2023-11-17T20:00:00.000000Z", "America/Sao_Paulo", "2023-11-17 17:00:00 America/Sao_Paulo (-03:00)"),
        ("1850-06-01T19:52:58.000000Z", "America/Los_Angeles", "1850-06-01 12:00:00 LMT (-07:52:58)"),
        ("0001-01-01T00:00:00.000000Z", "America/Los_Angeles", "0001-01-01 00:00:00 UTC"),
        ("9999-12-31T23:59:59.999999Z", "Asia/Tokyo", "9999-12-31 23:59:59.999999 UTC"),
    ],
)
def test_an_instant_is_shown_with_its_zone(instant: str, tz: str, text: str) -> None:
    """Microseconds appear where there are any; a zone without an abbreviation has its name."""
    assert show_instant(instant, tz) == text


@pytest.mark.parametrize(
    ("expression", "tz", "text"),
    [
        ("2023-11-17", "America/Los_Angeles", "2023-11-17 (America/Los_Angeles)"),
        ("2023-11", "UTC", "2023-11 (UTC)"),
        ("2023", "Asia/Tokyo", "2023 (Asia/Tokyo)"),
        ("2023~", "UTC", "2022 .. 2024 (UTC)"),
        ("[2023-11..2024-02]", "UTC", "2023-11 .. 2024-02 (UTC)"),
        ("[2023-11-17..2023-12]", "UTC", "2023-11-17 .. 2023-12-31 (UTC)"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04 (America/Sao_Paulo)"),
        ("2023-11-17T12:00", "America/Los_Angeles", "2023-11-17 12:00:00 PST (-08:00)"),
        (
            "[2023-11-17T12:00..2023-11-17T18:00]",
            "America/Los_Angeles",
            "2023-11-17 12:00:00 .. 18:00:00 PST (-08:00)",
        ),
        ("[2023-11-17T12:00..2023-11-18T18:00]", "UTC", "2023-11-17 12:00:00 .. 2023-11-18 18:00:00 UTC"),
        (
            "2023-11-05T01:30",
            "America/Los_Angeles",
            "2023-11-05 01:30:00 PDT (-07:00) .. 01:30:00 PST (-08:00)",
        ),
        ("[..2015]", "UTC", "by 2015-12-31 (UTC)"),
        ("[2015..]", "UTC", "since 2015-01-01 (UTC)"),
        ("[..2023-11-17T12:00]", "UTC", "by 2023-11-17 12:00:00 UTC"),
        ("[2023-11-17T12:00..]", "UTC", "since 2023-11-17 12:00:00 UTC"),
    ],
)
def test_bounds_are_shown_as_briefly_as_they_allow(expression: str, tz: str, text: str) -> None:
    """Whole days, months and years of the zone are shown as such, an exact instant once."""
    bounds = parse_time(expression, tz)
    assert show_bounds(bounds.earliest, bounds.latest, tz) == text


def test_a_day_of_another_zone_is_shown_by_its_clock_times() -> None:
    """What is a whole day in Tokyo is none in UTC."""
    bounds = parse_time("2023-11-17", "Asia/Tokyo")
    shown = show_bounds(bounds.earliest, bounds.latest, "UTC")
    assert shown == "2023-11-16 15:00:00 .. 2023-11-17 14:59:59.999999 UTC"


def test_bounds_that_are_open_on_both_sides_are_an_unknown_time() -> None:
    """Nothing is known, and the text says so."""
    assert show_bounds(None, None, "UTC") == "at an unknown time"


def test_what_is_no_canonical_instant_is_not_shown() -> None:
    """Only stored instants are shown; anything else is a slip of the caller."""
    with pytest.raises(TimeFault, match="no canonical instant"):
        show_instant("2023-11-17T20:00:00Z")


@pytest.mark.parametrize(
    ("expression", "tz", "text"),
    [
        ("2023-11-17", "America/Los_Angeles", "2023-11-17"),
        ("2015", "UTC", "2015"),
        ("[2015..2023-11-16]", "UTC", "2015-01-01 .. 2023-11-16"),
        ("2023-11-17T12:00-08:00", "America/Los_Angeles", "2023-11-17 12:00"),
        ("2023-11-17T12:00:30.5Z", "UTC", "2023-11-17 12:00:30.500000"),
        ("[2023-11-17T12:00Z..2023-11-17T23:59:59.999999Z]", "UTC", "2023-11-17 12:00..24:00"),
        ("[2023-11-17T12:00Z..2023-11-18]", "UTC", "2023-11-17 12:00 .. 2023-11-18"),
        ("[..2023-11-17]", "UTC", "by 2023-11-17"),
        ("[2023-11-17T12:00Z..]", "UTC", "since 2023-11-17 12:00"),
    ],
)
def test_bounds_are_briefer_where_the_zone_is_named_once(expression: str, tz: str, text: str) -> None:
    """No zone, no seconds that are none, the end of a day as 24:00, whole days without a time."""
    bounds = parse_time(expression, tz)
    assert brief_bounds(bounds.earliest, bounds.latest, tz) == text
