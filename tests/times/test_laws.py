"""Laws of times, over generated texts, instants and zones."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.times import (
    TimeFault,
    check_zone,
    from_instant,
    parse_question,
    parse_time,
    plus_microsecond,
    show_bounds,
    show_instant,
    to_instant,
    tzdata_version,
)

ZONES = (
    "UTC",
    "Africa/Monrovia",
    "America/Havana",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
zones = st.sampled_from(ZONES)
moments = st.one_of(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31, 23, 59, 59, 999999), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.datetimes(datetime(1840, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the same
)
stored = st.datetimes(timezones=st.just(UTC)).map(to_instant)
days = moments.map(lambda moment: moment.date().isoformat())
dates = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))
clocks = moments.map(lambda moment: moment.replace(tzinfo=None).isoformat(timespec="minutes"))
ends = st.one_of(dates, clocks, moments.map(to_instant), st.just(""))
scraps = st.lists(
    st.sampled_from(
        [*"0123456789-:.,/[]{}~%?TtZz+ !=\n\x00", "..", "2023", "-11", "T12:00", "[Asia/Tokyo]", "24:00", "ü", "٣"]
    )
    | st.characters(),
    max_size=40,
).map("".join)
texts = st.one_of(
    scraps,
    st.text(max_size=250),
    ends,
    st.builds("{}{}".format, dates, st.sampled_from("~%?")),
    st.builds("[{}..{}]".format, ends, ends),
    st.builds("{}/{}".format, ends, ends),
    st.builds("{}{}".format, clocks, st.sampled_from([f"[{zone}]" for zone in ZONES] + ["-08:00", "+14:00", "Z"])),
)


@given(moments.map(to_instant), st.none() | zones)
def test_a_canonical_instant_means_itself(instant: str, tz: str | None) -> None:
    """As bounds, as a question, and as a moment and back."""
    bounds = parse_time(instant, tz)
    assert (bounds.earliest, bounds.latest) == (instant, instant)
    assert parse_question(instant, tz or "UTC") == instant
    assert len(instant) == 27
    assert to_instant(from_instant(instant)) == instant


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_the_order_of_texts_is_the_order_of_times(one: datetime, other: datetime) -> None:
    """So a database may compare instants as text."""
    assert (one < other) == (to_instant(one) < to_instant(other))
    assert (one == other) == (to_instant(one) == to_instant(other))


def fault_of(attempt: Callable[[], object]) -> str:
    """Give the sentence of the fault that an attempt ends in, empty if in none; any other exception passes through."""
    try:
        attempt()
    except TimeFault as fault:
        return str(fault)
    return ""


@given(texts, st.none() | zones)
@example("2023-11-17T24:00", "UTC")
@example("9998-12-31T24:00", "UTC")
@example("0002-01-01T00:00", "Pacific/Kiritimati")
@example("9998-12-31T23:59", "Etc/GMT+12")
def test_any_text_is_a_time_or_a_fault(text: str, tz: str | None) -> None:
    """Bounds come in order and can be shown; a fault is a sentence that prints; there is no third way."""
    fault = fault_of(lambda: parse_time(text, tz))
    assert fault.isprintable()
    if not fault:
        bounds = parse_time(text, tz)
        ends = [end for end in (bounds.earliest, bounds.latest) if end is not None]
        assert ends
        assert ends == sorted(ends)
        assert [to_instant(from_instant(end)) for end in ends] == ends
        assert show_bounds(bounds.earliest, bounds.latest, tz or "UTC").isprintable()


@given(texts, zones)
def test_any_text_is_a_question_or_a_fault(text: str, tz: str) -> None:
    """The instant of a question is the last of the bounds that the same text has in a report."""
    fault = fault_of(lambda: parse_question(text, tz))
    assert fault.isprintable()
    if not fault:
        assert parse_question(text, tz) == parse_time(text, tz).latest


@given(st.text(max_size=60))
def test_any_name_is_a_zone_or_a_fault(name: str) -> None:
    """An unknown zone and a strange instant never escape as another exception, whatever they are called."""
    assert fault_of(lambda: check_zone(name)).isprintable()
    assert fault_of(lambda: parse_time("2023-11-17", name)).isprintable()
    assert fault_of(lambda: from_instant(name)).isprintable()


@given(dates, zones, st.sampled_from("~%"))
def test_widening_contains_the_unwidened(text: str, tz: str, qualifier: str) -> None:
    """An approximate date is strictly wider on both sides; a merely uncertain one is as wide as a plain one."""
    fault = fault_of(lambda: (parse_time(text, tz), parse_time(text + qualifier, tz)))
    if fault:
        assert re.search("past the years|never occurs", fault)
        return
    plain, wide = parse_time(text, tz), parse_time(text + qualifier, tz)
    assert (wide.earliest or "") < (plain.earliest or "") < (plain.latest or "") < (wide.latest or "")
    assert parse_time(text + "?", tz) == plain


@given(moments, zones)
def test_a_day_contains_its_clock_times_and_the_next_begins_where_it_ends(moment: datetime, tz: str) -> None:
    """The civil days of a zone cover its time, with neither hole nor shift."""
    local = moment.astimezone(check_zone(tz))
    if not 2 <= local.year <= 9998:
        return
    day = parse_time(local.date().isoformat(), tz)
    assert (day.earliest or "") <= to_instant(moment) <= (day.latest or "")
    assert parse_question(local.date().isoformat(), tz) == day.latest
    assert show_bounds(day.earliest, day.latest, tz) == f"{local.date()} ({tz})"
    after = from_instant(plus_microsecond(day.latest or "")).astimezone(check_zone(tz))
    assert after.date() > local.date()
    if 2 <= after.year <= 9998:
        assert (parse_time(after.date().isoformat(), tz).earliest or "") <= to_instant(after)


@given(moments, zones)
def test_a_local_time_has_the_instant_it_was_made_from_within_its_bounds(moment: datetime, tz: str) -> None:
    """With its offset beside it, it is that instant alone."""
    local = moment.astimezone(check_zone(tz))
    offset = local.utcoffset() or timedelta(0)
    if not 2 <= local.year <= 9998:
        return
    clock = local.replace(tzinfo=None).isoformat(timespec="microseconds")
    bounds = parse_time(clock, tz)
    assert (bounds.earliest or "") <= to_instant(moment) <= (bounds.latest or "")
    if not offset % timedelta(minutes=1):
        stated = local.replace(tzinfo=timezone(offset)).isoformat()
        exact = parse_time(f"{stated}[{tz}]")
        assert (exact.earliest, exact.latest) == (to_instant(moment), to_instant(moment))


@given(stored, st.none() | stored, zones)
def test_showing_never_raises_and_names_the_zone(instant: str, other: str | None, tz: str) -> None:
    """For every instant that can be stored, the first and last of the calendar too."""
    named = re.compile(r"UTC$|\([+-]\d\d:\d\d(:\d\d)?\)$|\(" + re.escape(tz) + r"\)$")
    earliest, latest = min(instant, other or instant), max(instant, other or instant)
    for text in (
        show_instant(instant, tz),
        show_bounds(earliest, latest, tz),
        show_bounds(None, instant, tz),
        show_bounds(instant, None, tz),
    ):
        assert named.search(text)


@given(stored)
def test_the_next_microsecond_is_later_and_nothing_lies_between(instant: str) -> None:
    """It is where a half-open row begins after an inclusive bound."""
    if instant.startswith("9999-12-31T23:59:59.999999"):
        return
    assert from_instant(plus_microsecond(instant)) - from_instant(instant) == timedelta(microseconds=1)


def test_there_is_no_instant_after_the_last() -> None:
    """The calendar ends, and says so."""
    with pytest.raises(TimeFault, match="last instant"):
        plus_microsecond("9999-12-31T23:59:59.999999Z")


def test_a_moment_without_a_zone_is_no_instant() -> None:
    """Nothing is assumed about whose clock it was."""
    with pytest.raises(TimeFault, match="has no zone"):
        to_instant(datetime(2023, 11, 17))  # noqa: DTZ001 - that is what is refused
    with pytest.raises(TimeFault, match="outside the years"):
        to_instant(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))))


def test_every_zone_of_the_database_loads_and_shows() -> None:
    """Rules come from the package whose version is kept beside the bounds, not from the machine."""
    assert re.fullmatch(r"20\d\d[a-z]", tzdata_version())
    names = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    assert len(names) > 500
    for name in names:
        assert check_zone(name).key == name
        assert show_instant("2023-11-17T20:00:00.000000Z", name).startswith("2023-11-1")
