"""A picture's places follow time, and its bars say what a snapshot says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from archive.pictures.scale import scale, segments
from archive.times import to_instant

if TYPE_CHECKING:
    from archive import Archive

START = datetime(2000, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 10**9).map(lambda seconds: to_instant(START + timedelta(seconds=seconds)))


def bar(*moments: str | None) -> dict[str, Any]:
    """A tenure with four bounds."""
    first, begun, doubted, gone = moments
    return {
        "kind": "tenure",
        "since": {"earliest": first, "latest": begun},
        "until": {"earliest": doubted, "latest": gone} if doubted or gone else None,
    }


def drawn(*bars: dict[str, Any]) -> dict[str, Any]:
    """A picture of one lane."""
    return {"lanes": [{"bars": list(bars)}], "marks": []}


@given(st.lists(INSTANTS, min_size=4, max_size=4, unique=True).map(sorted), INSTANTS, INSTANTS)
def test_places_grow_with_time(moments: list[str], one: str, other: str) -> None:
    """A later instant never stands before an earlier one, on either scale."""
    for kind in ("time", "changes"):
        on = scale(drawn(bar(*moments)), kind)
        early, late = sorted((one, other))
        assert 0 <= on.place(early) <= on.place(late) <= 1
        assert [on.place(edge) for edge in moments] == sorted({on.place(edge) for edge in moments})


@given(st.lists(INSTANTS, min_size=4, max_size=4, unique=True).map(sorted), INSTANTS)
def test_a_bar_is_certain_where_its_row_is(moments: list[str], at: str) -> None:
    """At every instant the stretch drawn there is what section 1 of the design calls the row."""
    first, begun, doubted, gone = moments
    one = bar(first, begun, doubted, gone)
    on = scale(drawn(one), "changes")
    sure = "certain" if begun <= at < doubted else "possible" if first <= at < gone else None
    place = on.place(at)
    there = [part.sure for part in segments(one, on) if part.begin < place < part.end]
    edges = {on.place(edge) for edge in moments}
    assert place in edges or there == ([sure] if sure else [])


def test_changes_that_crowd_get_the_same_room_each() -> None:
    """Eight years and then four days: the days can be told apart; evenly spread years stay to scale."""
    crowded = [f"{day}T00:00:00.000000Z" for day in ("2015-01-01", "2023-11-17", "2023-11-18", "2023-11-20")]
    assert scale(drawn(*(bar(one, one, next_, next_) for one, next_ in pairwise(crowded)))).kind == "changes"
    even = [f"{year}-01-01T00:00:00.000000Z" for year in (2000, 2004, 2008, 2012)]
    assert scale(drawn(*(bar(one, one, next_, next_) for one, next_ in pairwise(even)))).kind == "time"


def test_the_lanes_of_the_case_say_what_the_snapshot_says(case: Archive) -> None:
    """At noon and midnight of every day of the crisis the bars drawn there are the holders of `project`."""
    picture = case.timeline("openai")
    on = scale(picture, "time", "2023-11-15T00:00:00.000000Z", "2023-11-22T00:00:00.000000Z")
    for hour in range(24, 24 * 6, 12):
        at = to_instant(datetime(2023, 11, 15, 1, 7, tzinfo=UTC) + timedelta(hours=hour))
        state = case.project(at, ["openai"])["organisations"][0]
        held = {
            (office["id"], holder["person"], holder["certainty"])
            for office in state["offices"]
            for holder in office["holders"]
        }
        place = on.place(at)
        shown = {
            (lane["id"], one["person"], part.sure)
            for lane in picture["lanes"]
            for one in lane["bars"]
            if one["kind"] == "tenure"
            for part in segments(one, on)
            if part.begin <= place < part.end
        }
        assert shown == held
