"""The time of a question is one instant: of a date, its last microsecond."""

import pytest

from archive.times import TimeFault, parse_question


@pytest.mark.parametrize(
    ("text", "tz", "instant"),
    [
        ("2019-01-03", "UTC", "2019-01-03T23:59:59.999999Z"),
        ("2019-02", "UTC", "2019-02-28T23:59:59.999999Z"),
        ("2019", "UTC", "2019-12-31T23:59:59.999999Z"),
        ("2023-11-17", "America/Los_Angeles", "2023-11-18T07:59:59.999999Z"),
        ("2023-11-17T20:00:00.000000Z", "Asia/Tokyo", "2023-11-17T20:00:00.000000Z"),
        ("2023-11-17T12:00-08:00", "UTC", "2023-11-17T20:00:00.000000Z"),
        ("2023-11-17T12:00", "America/Los_Angeles", "2023-11-17T20:00:00.000000Z"),
        ("2023-11-17T12:00", "UTC", "2023-11-17T12:00:00.000000Z"),
        ("2023-11-17T12:00[Asia/Tokyo]", "UTC", "2023-11-17T03:00:00.000000Z"),
    ],
)
def test_a_question_about_a_date_is_asked_when_it_is_over(text: str, tz: str, instant: str) -> None:
    """So the incoming holder answers and not the outgoing one; an instant is itself."""
    assert parse_question(text, tz) == instant


@pytest.mark.parametrize("text", ["[2015..2016]", "[2015..]", "2015/2016", "2015..2016", "201X"])
def test_a_stretch_of_time_is_no_question(text: str) -> None:
    """The answer would depend on where in it one looks."""
    with pytest.raises(TimeFault, match="a question asks at one instant"):
        parse_question(text)


def test_an_approximate_date_is_no_question() -> None:
    """The date without its qualifier is proposed."""
    with pytest.raises(TimeFault, match="write `2015`"):
        parse_question("2015~")


def test_a_local_time_that_occurred_twice_is_asked_back() -> None:
    """Both instants are named, to choose from."""
    with pytest.raises(TimeFault) as caught:
        parse_question("2023-11-05T01:30", "America/Los_Angeles")
    assert str(caught.value).endswith("write `2023-11-05T08:30:00.000000Z` or `2023-11-05T09:30:00.000000Z`")


def test_a_text_that_is_no_time_is_a_fault_in_a_question_too() -> None:
    """`now` is for the caller, who has a clock."""
    with pytest.raises(TimeFault, match="not understood"):
        parse_question("now")
    with pytest.raises(TimeFault, match="write `2023-11-17`"):
        parse_question("20231117")
