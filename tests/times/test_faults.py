"""A text that is no time is answered with what is wrong and what would be right."""

import time

import pytest

from archive.times import TimeFault, check_zone, parse_question, parse_time

LOS_ANGELES = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("2015/2016", "[2015..2016]"),
        ("2015/..", "[2015..]"),
        ("../2016", "[..2016]"),
        ("2023-11-17T12:00[Asia/Tokyo]/2023-11-18", "[2023-11-17T12:00[Asia/Tokyo]..2023-11-18]"),
        ("2015..2016", "[2015..2016]"),
        ("[2016..2015]", "[2015..2016]"),
        ("[2015 .. 2016]", "[2015..2016]"),
        ("[2015]", "2015"),
        ("[2015, 2017,2018]", "[2015..2018]"),
        ("{2015,2016}", "[2015..2016]"),
        ("2023-11-17T24:00:00Z", "2023-11-18T00:00:00Z"),
        ("2023-12-31T24:00[Asia/Tokyo]", "2024-01-01T00:00[Asia/Tokyo]"),
        ("2023-11-17 12:00", "2023-11-17T12:00"),
        ("2023-11-17T12:00-0800", "2023-11-17T12:00-08:00"),
        ("2023-11-17T12:00-08", "2023-11-17T12:00-08:00"),
        ("2023-11-17T12Z", "2023-11-17T12:00Z"),
        ("2023-11-17[Asia/Tokyo]", "2023-11-17"),
        ("20231117", "2023-11-17"),
        ("2023/11/7", "2023-11-07"),
        ("2023-1", "2023-01"),
        (" 2023 ", "2023"),
        ("~2015", "2015~"),
        ("201X", "[2010..2019]"),
        ("2010s", "[2010..2019]"),
        ("19XX", "[1900..1999]"),
    ],
)
def test_a_usual_misspelling_is_answered_with_its_right_spelling(text: str, proposal: str) -> None:
    """The sentence ends with the proposal, and the proposal is accepted."""
    with pytest.raises(TimeFault) as caught:
        parse_time(text, LOS_ANGELES)
    assert caught.value.proposal == proposal
    assert str(caught.value).endswith(f"write `{proposal}`")
    assert parse_time(proposal, LOS_ANGELES).earliest or proposal.startswith("[..")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("now", "not understood"),
        ("17/11/2023", "for example 2023"),
        ("2023-02-29", "2023-02 has the days 01 to 28"),
        ("2023-13", "months run from 01 to 12"),
        ("2023-21", "season"),
        ("0001", "years run from 0002 to 9998"),
        ("9999-12-31T23:59:59.999999Z", "years run from 0002 to 9998"),
        ("0002~", "past the years"),
        ("9998-12-31%", "past the years"),
        ("-0044", "years run from 0002 to 9998"),
        ("[..]", "without an end"),
        ("[]", "without an end"),
        ("[2015...2016]", "not understood"),
        ("[2015..20x6]", "`20x6`"),
        ("2023-11-17T12:00", "end it with Z"),
        ("2023-11-17T24:01Z", "hours run from 00 to 23"),
        ("2023-11-17T25:00Z", "hours run from 00 to 23"),
        ("2023-11-17T12:60Z", "minutes run from 00 to 59"),
        ("2023-11-17T12:00:61Z", "seconds run from 00 to 59"),
        ("2016-12-31T23:59:60Z", "leap second"),
        ("2023-11-17T12:00:00.1234567Z", "more than six digits"),
        ("2023-11-17T12:00Z~", "only dates"),
        ("2023-11-17T12:00+24:00", "offsets run from"),
        ("2023-11-17T12:00 PST", "abbreviation"),
        ("2023-11-17T12:00[Los Angeles]", "did you mean America/Los_Angeles?"),
        ("2023-11-17T12:00[../../etc/passwd]", "no time zone"),
        ("2023-11-17T12:00[]", "no time zone"),
        ("2023-11-17T12:00Z[Asia/Tokyo][Asia/Tokyo]", "one zone is enough"),
        ("2023-11-17T12:00Z[!u-ca=hebrew]", "must be understood"),
        ("2023-11-17T12:00Z[U=]", "no tag"),
        ("2023-11-17T12:00-05:00[America/Los_Angeles]", "America/Los_Angeles had -08:00 then"),
        ("2023-11-05T01:30-05:00[America/Los_Angeles]", "had -07:00 or -08:00 then"),
        ("2023-11-17T12:00+00:00[Asia/Tokyo]", "Asia/Tokyo had +09:00 then"),
        ("2023-03-12T02:30[America/Los_Angeles]", "from 02:00:00 on 12 March to 03:00:00 on 12 March"),
        ("2023-03-12T02:30-08:00[America/Los_Angeles]", "never occurs"),
        ("２０１５", "its digits are 0 to 9"),
        ("2023-11-1\u0667", "its digits are 0 to 9"),
        ("2015\x00", "`2015\\x00`"),
        ("\ud800", "\\ud800"),
        ("2015\n", "does not print"),
        ("1" * 201, "201 characters"),
    ],
)
def test_any_other_text_is_a_fault_that_says_why(text: str, says: str) -> None:
    """What is wrong is shown, with what does not print escaped."""
    with pytest.raises(TimeFault) as caught:
        parse_time(text)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_day_that_a_zone_never_had_is_a_fault() -> None:
    """Samoa went from the 29th to the 31st of December 2011."""
    with pytest.raises(TimeFault, match="never occurs in Pacific/Apia"):
        parse_time("2011-12-30", "Pacific/Apia")
    with pytest.raises(TimeFault, match="from 00:00:00 on 30 December to 00:00:00 on 31 December"):
        parse_time("2011-12-30T12:00", "Pacific/Apia")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("PST", "America/Los_Angeles"),
        ("CST", "America/Chicago or Asia/Shanghai"),
        ("america/new_york", "America/New_York"),
        ("tokyo", "Asia/Tokyo"),
        ("Europe/Berlim", "Europe/Berlin"),
        ("utc", "UTC"),
        ("", "UTC"),
        ("x" * 100_000, "write a name such as"),
    ],
)
def test_an_unknown_zone_is_a_fault_that_names_its_neighbours(name: str, near: str) -> None:
    """Abbreviations, cities, capitals and slips of the pen lead to the zone that was meant."""
    with pytest.raises(TimeFault, match="there is no time zone") as caught:
        check_zone(name)
    assert near in str(caught.value)


def test_the_zone_of_a_report_is_checked_even_where_its_time_needs_none() -> None:
    """A wrong `tz` is found with the first time beside it."""
    with pytest.raises(TimeFault, match="no time zone"):
        parse_time("2023-11-17T20:00:00.000000Z", "Mars/Olympus")
    with pytest.raises(TimeFault, match="no time zone"):
        parse_question("2023-11-17T20:00:00.000000Z", "Mars/Olympus")


@pytest.mark.parametrize(
    "unit", ["[", "]", "[[]", "[a,", " ", "2015..", "9", "[=]", "2023-11-17T", "/", "{0,", ".", "~"]
)
def test_a_hostile_text_is_refused_at_once(unit: str) -> None:
    """No text makes the reading of it slow: neither the longest admitted nor one of ten megabytes."""
    start = time.perf_counter()
    for text in ((unit * 200)[:200], unit * (10_000_000 // len(unit))):
        with pytest.raises(TimeFault):
            parse_time(text)
    assert time.perf_counter() - start < 1
