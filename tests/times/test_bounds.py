"""Time expressions of reports mean exactly the bounds that DESIGN section 1 gives them."""

import pytest

from archive.times import Bounds, parse_time

LOS_ANGELES = "America/Los_Angeles"


def instants(first: str, last: str) -> Bounds:
    """Write bounds to the second: the first as it is, the last with its last microsecond."""
    return Bounds(f"{first}.000000Z", f"{last}.999999Z")


def exactly(second: str) -> Bounds:
    """Write the bounds of an instant."""
    return Bounds(f"{second}.000000Z", f"{second}.000000Z")


@pytest.mark.parametrize(
    ("text", "tz", "bounds"),
    [
        ("2019-01-03", None, instants("2019-01-03T00:00:00", "2019-01-03T23:59:59")),
        ("2023-11", None, instants("2023-11-01T00:00:00", "2023-11-30T23:59:59")),
        ("2015", None, instants("2015-01-01T00:00:00", "2015-12-31T23:59:59")),
        ("0002", None, instants("0002-01-01T00:00:00", "0002-12-31T23:59:59")),
        ("9998-12-31", None, instants("9998-12-31T00:00:00", "9998-12-31T23:59:59")),
        ("2024-02-29", "UTC", instants("2024-02-29T00:00:00", "2024-02-29T23:59:59")),
        ("2023-11-17", LOS_ANGELES, instants("2023-11-17T08:00:00", "2023-11-18T07:59:59")),
        ("2023-11", LOS_ANGELES, instants("2023-11-01T07:00:00", "2023-12-01T07:59:59")),
        ("9998", "Etc/GMT+12", instants("9998-01-01T12:00:00", "9999-01-01T11:59:59")),
        ("0002", "Etc/GMT-14", instants("0001-12-31T10:00:00", "0002-12-31T09:59:59")),
    ],
)
def test_a_date_is_the_civil_day_month_or_year_of_its_zone(text: str, tz: str | None, bounds: Bounds) -> None:
    """Both ends are inclusive; without a zone the day is of UTC."""
    assert parse_time(text, tz) == bounds


@pytest.mark.parametrize(
    ("text", "tz", "bounds"),
    [
        ("2018-11-04", "America/Sao_Paulo", instants("2018-11-04T03:00:00", "2018-11-05T01:59:59")),
        ("2018-02-17", "America/Sao_Paulo", instants("2018-02-17T02:00:00", "2018-02-18T02:59:59")),
        ("2011-12", "Pacific/Apia", instants("2011-12-01T10:00:00", "2011-12-31T09:59:59")),
        ("2011-12-29", "Pacific/Apia", instants("2011-12-29T10:00:00", "2011-12-30T09:59:59")),
        ("2011-12-31", "Pacific/Apia", instants("2011-12-30T10:00:00", "2011-12-31T09:59:59")),
    ],
)
def test_a_day_begins_and_ends_when_its_clocks_say_so(text: str, tz: str, bounds: Bounds) -> None:
    """Clocks that change at midnight, or that leave a day out, make the day shorter or longer and leave no gap."""
    assert parse_time(text, tz) == bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2015~", instants("2014-01-01T00:00:00", "2016-12-31T23:59:59")),
        ("2015%", instants("2014-01-01T00:00:00", "2016-12-31T23:59:59")),
        ("2015?", instants("2015-01-01T00:00:00", "2015-12-31T23:59:59")),
        ("2023-01~", instants("2022-12-01T00:00:00", "2023-02-28T23:59:59")),
        ("2023-12%", instants("2023-11-01T00:00:00", "2024-01-31T23:59:59")),
        ("2024-03-01~", instants("2024-02-29T00:00:00", "2024-03-02T23:59:59")),
        ("2023-11-17?", instants("2023-11-17T00:00:00", "2023-11-17T23:59:59")),
    ],
)
def test_approximate_dates_widen_by_one_unit_of_their_own_and_uncertain_ones_stay(text: str, bounds: Bounds) -> None:
    """`~` and `%` widen on each side; `?` moves nothing."""
    assert parse_time(text) == bounds


@pytest.mark.parametrize(
    ("text", "tz", "second"),
    [
        ("2023-11-17T20:00:00Z", None, "2023-11-17T20:00:00"),
        ("2023-11-17t20:00:00z", None, "2023-11-17T20:00:00"),
        ("2023-11-17T20:00Z", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00:00-08:00", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00:00-00:00", None, "2023-11-17T12:00:00"),
        ("2023-11-17T12:00:00-08:00[America/Los_Angeles]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00-08:00[!America/Los_Angeles][u-ca=gregory]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T20:00Z[America/Los_Angeles]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T20:00-00:00[America/Los_Angeles]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00[America/Los_Angeles]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00[America/Los_Angeles]", "Asia/Tokyo", "2023-11-17T20:00:00"),
        ("2023-11-17T12:00[-08:00]", None, "2023-11-17T20:00:00"),
        ("2023-11-17T12:00:30", LOS_ANGELES, "2023-11-17T20:00:30"),
        ("2023-11-05T01:30-07:00[America/Los_Angeles]", None, "2023-11-05T08:30:00"),
        ("2023-11-05T01:30-08:00[America/Los_Angeles]", None, "2023-11-05T09:30:00"),
        ("1850-06-01T12:00-07:53[America/Los_Angeles]", None, "1850-06-01T19:52:58"),
    ],
)
def test_a_clock_time_with_a_zone_is_one_instant(text: str, tz: str | None, second: str) -> None:
    """RFC 3339, RFC 9557 and local time, seconds or none, are exact; the zone in the text goes before the report's."""
    assert parse_time(text, tz) == exactly(second)


def test_fractions_of_a_second_are_kept_to_the_microsecond() -> None:
    """Fewer digits than six mean the same as with zeros after them."""
    assert parse_time("2023-11-17T20:00:00.5Z").earliest == "2023-11-17T20:00:00.500000Z"
    assert parse_time("2023-11-17T20:00:00.000001Z").latest == "2023-11-17T20:00:00.000001Z"


def test_a_local_time_that_occurs_twice_has_both_as_bounds() -> None:
    """Half past one of the night on which clocks go back is an hour wide."""
    both = Bounds("2023-11-05T08:30:00.000000Z", "2023-11-05T09:30:00.000000Z")
    assert parse_time("2023-11-05T01:30", LOS_ANGELES) == both
    assert parse_time("2023-11-05T01:30[America/Los_Angeles]") == both


@pytest.mark.parametrize(
    ("text", "tz", "bounds"),
    [
        ("[2015..2016-03]", None, instants("2015-01-01T00:00:00", "2016-03-31T23:59:59")),
        ("[..2015]", None, Bounds(None, "2015-12-31T23:59:59.999999Z")),
        ("[2015..]", None, Bounds("2015-01-01T00:00:00.000000Z", None)),
        ("[2015~..2016?]", None, instants("2014-01-01T00:00:00", "2016-12-31T23:59:59")),
        (
            "[2020-05-01T12:00..2020-05-01T18:00]",
            "America/New_York",
            Bounds("2020-05-01T16:00:00.000000Z", "2020-05-01T22:00:00.000000Z"),
        ),
        (
            "[2023-11-17T12:00[America/Los_Angeles]..2023-11-18]",
            "Asia/Tokyo",
            Bounds("2023-11-17T20:00:00.000000Z", "2023-11-18T14:59:59.999999Z"),
        ),
        ("[..2023-11-17T12:00:00Z]", None, Bounds(None, "2023-11-17T12:00:00.000000Z")),
        (
            "[2023-11-05T01:30..2023-11-05T01:45]",
            LOS_ANGELES,
            Bounds("2023-11-05T08:30:00.000000Z", "2023-11-05T09:45:00.000000Z"),
        ),
    ],
)
def test_a_set_reaches_from_its_first_end_to_its_last(text: str, tz: str | None, bounds: Bounds) -> None:
    """Its ends are dates or instants; an open end is unbounded."""
    assert parse_time(text, tz) == bounds
