"""Appending and reading: positions, record time, what is there already, snapshots."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text

from archive.errors import ClockBehind, NoSuchEntry, SameIdOtherContent
from archive.log.appending import INSERTED
from archive.log.clock import now
from archive.log.log import Log
from archive.log.merkle import EMPTY_ROOT, root_of
from archive.log.tables import entries
from archive.log.writing import Appended, Writing
from events import When
from events.products import Noted
from tests.log.archives import SetClock, noted


def append(log: Log, *events: Noted, why: str | None = None) -> list[Appended]:
    """Append in one transaction."""
    return log.transact(lambda writing: writing.append(events), who="ann", program="tests", why=why)


def test_an_empty_log_has_size_zero_and_no_record_time(log: Log) -> None:
    """The head is there from the beginning."""
    with log.reading() as connection:
        head = log.head(connection)
        assert (head.size, head.root, head.recorded_at) == (0, EMPTY_ROOT.hex(), None)
        assert list(log.entries(connection)) == []


def test_entries_stand_at_positions_from_one_and_at_versions_of_their_stream(log: Log) -> None:
    """Position counts in the whole log, version in the stream."""
    append(log, noted(1), noted(2, organisation="beta"))
    answers = append(log, noted(3), noted(4))
    assert [answer.position for answer in answers] == [3, 4]
    with log.reading() as connection:
        found = [(entry.position, entry.stream, entry.version) for entry in log.entries(connection)]
    assert found == [
        (1, "organisation/acme", 1),
        (2, "organisation/beta", 1),
        (3, "organisation/acme", 2),
        (4, "organisation/acme", 3),
    ]


def test_an_answer_holds_the_entry_as_it_can_be_read_again(log: Log) -> None:
    """What append returns is what the log has."""
    (answer,) = append(log, noted(1, id="one"))
    with log.reading() as connection:
        entry = log.entry(connection, 1)
    assert answer.entry == entry
    assert entry.event == noted(1, id="one")


def test_the_head_has_the_root_of_all_leaves(log: Log) -> None:
    """Whatever the sizes of the appends."""
    for size in (1, 2, 5):
        append(log, *(noted(number, summary=f"{size}/{number}") for number in range(size)))
    with log.reading() as connection:
        leaves = list(connection.execute(select(entries.c.leaf).order_by(entries.c.position)).scalars())
        assert log.head(connection).root == root_of(leaves).hex()
        assert log.head(connection).size == 8


def test_entries_are_read_forwards_backwards_by_stream_and_in_part(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over more pages than one."""
    monkeypatch.setattr("archive.log.entries.PAGE", 3)
    append(log, *(noted(number, organisation="beta" if number % 2 else "acme") for number in range(1, 11)))
    with log.reading() as connection:

        def positions(**asked: object) -> list[int]:
            return [entry.position for entry in log.entries(connection, **asked)]  # type: ignore[arg-type]  # by name

        assert positions() == list(range(1, 11))
        assert positions(newest_first=True) == list(range(10, 0, -1))
        assert positions(after=2, upto=6) == [3, 4, 5, 6]
        assert positions(after=2, upto=9, newest_first=True, limit=4) == [9, 8, 7, 6]
        assert positions(stream="organisation/beta") == [1, 3, 5, 7, 9]
        assert positions(stream="organisation/beta", newest_first=True, limit=2) == [9, 7]
        assert positions(limit=3) == [1, 2, 3]
        assert positions(limit=0) == []


def test_a_position_that_the_log_does_not_reach_is_an_error_that_says_where_it_ends(log: Log) -> None:
    """Not a crash, and not None."""
    append(log, noted(1))
    with log.reading() as connection, pytest.raises(NoSuchEntry, match="no entry 2; it ends at 1"):
        log.entry(connection, 2)


def test_an_append_tells_who_made_it_and_which_entries_it_brought(log: Log) -> None:
    """Once an append, not once an entry."""
    append(log, noted(1), noted(2), why="first")
    append(log, noted(3))
    with log.reading() as connection:
        first, second = (log.append_of(connection, number) for number in (1, 2))
        assert (first.first, first.last, first.who, first.program, first.why) == (1, 2, "ann", "tests", "first")
        assert (second.first, second.last, second.why) == (3, 3, None)
        assert [entry.append_id for entry in log.entries(connection)] == [1, 1, 2]
        with pytest.raises(NoSuchEntry):
            log.append_of(connection, 3)


def test_an_append_may_add_entries_several_times_and_they_are_one_append(log: Log) -> None:
    """One record time, one header."""

    def work(writing: Writing) -> list[Appended]:
        return writing.append([noted(1)]) + writing.append([noted(2), noted(1)])

    answers = log.transact(work, who="ann", program="tests")
    assert [(answer.position, answer.entry is None) for answer in answers] == [(1, False), (2, False), (1, True)]
    with log.reading() as connection:
        assert len({(entry.append_id, entry.recorded_at) for entry in log.entries(connection)}) == 1


def test_what_fails_after_an_append_leaves_nothing_of_it(log: Log) -> None:
    """All or nothing."""

    def work(writing: Writing) -> None:
        writing.append([noted(1)])
        raise LookupError

    with pytest.raises(LookupError):
        log.transact(work, who="ann", program="tests")
    with log.reading() as connection:
        assert log.head(connection).size == 0
    assert append(log, noted(1))[0].position == 1


# Record time


def test_record_time_is_the_clocks_and_one_value_an_append(log: Log) -> None:
    """Every entry of an append has it."""
    append(log, noted(1), noted(2))
    with log.reading() as connection:
        times = {entry.recorded_at for entry in log.entries(connection)}
        assert times == {"2023-11-20T09:00:00.000000Z"}
        assert log.head(connection).recorded_at == "2023-11-20T09:00:00.000000Z"


def test_record_time_rises_when_the_clock_stands_or_goes_back_a_little(log: Log, clock: SetClock) -> None:
    """By a microsecond, until the clock has caught up."""
    for number, seconds in enumerate((0, 0, -30, -29.9, 100), start=1):
        clock.forward(seconds=seconds)
        append(log, noted(number))
        clock.forward(seconds=0 if number == 5 else -seconds)
    with log.reading() as connection:
        assert [entry.recorded_at[17:] for entry in log.entries(connection)] == [
            "00.000000Z",
            "00.000001Z",
            "00.000002Z",
            "00.000003Z",
            "40.000000Z",
        ]


def test_a_clock_a_minute_behind_refuses_to_append(log: Log, clock: SetClock) -> None:
    """60 s is refused, a microsecond less is not."""
    append(log, noted(1))
    clock.forward(seconds=-60)
    with pytest.raises(ClockBehind, match="last append was recorded at 2023-11-20T09:00:00"):
        append(log, noted(2))
    clock.forward(microseconds=1)
    assert append(log, noted(2))[0].position == 2


def test_a_size_of_the_log_has_a_record_time_and_a_record_time_a_size(log: Log, clock: SetClock) -> None:
    """`@SIZE` and K name the same state."""
    append(log, noted(1), noted(2))
    clock.forward(seconds=1)
    append(log, noted(3))
    with log.reading() as connection:
        assert [log.recorded_at_of(connection, size)[17:19] for size in (1, 2, 3)] == ["00", "00", "01"]
        moments = ("08:59:59.999999", "09:00:00.000000", "09:00:00.999999", "09:00:01.000000")
        assert [log.size_at(connection, f"2023-11-20T{moment}Z") for moment in moments] == [0, 2, 2, 3]


# What is there already


def test_the_size_at_an_instant_is_found_among_any_number_of_appends(log: Log, clock: SetClock) -> None:
    """Before, between, at and after appends of one and of two entries."""
    sizes = [0]
    for number in range(9):
        events = [noted(10 * number), noted(10 * number + 1)][: 1 + number % 2]
        sizes.append(sizes[-1] + len(append(log, *events)))
        clock.forward(seconds=2)
        with log.reading() as connection:
            for place, size in enumerate(sizes):
                if place:
                    assert log.size_at(connection, f"2023-11-20T09:00:{2 * place - 1:02}.000000Z") == size
            assert log.size_at(connection, "2023-11-20T08:59:59.999999Z") == 0
            assert log.size_at(connection, "2023-11-20T09:00:00.000000Z") == 1


def test_the_same_report_again_changes_nothing_and_gives_the_old_position(log: Log, clock: SetClock) -> None:
    """Neither size, nor root, nor record time."""
    append(log, noted(1), noted(2, id="two"))
    with log.reading() as connection:
        before = log.head(connection)
    clock.forward(seconds=5)
    answers = append(log, noted(2, id="two"), noted(1))
    assert answers == [Appended(2, None), Appended(1, None)]
    with log.reading() as connection:
        assert log.head(connection) == before


def test_the_same_report_is_known_under_the_key_that_the_archive_has(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was remembered of another archive, which stood at the same address before, finds nothing."""
    append(log, noted(1))
    monkeypatch.setattr(log, "_secret", bytes(32))
    assert [(answer.position, answer.entry) for answer in append(log, noted(1))] == [(1, None)]


def test_the_same_report_twice_in_one_append_is_appended_once(log: Log) -> None:
    """The second gets the position of the first."""
    answers = append(log, noted(1), noted(2), noted(1), noted(1))
    assert [(answer.position, answer.entry is None) for answer in answers] == [
        (1, False),
        (2, False),
        (1, True),
        (1, True),
    ]


def test_bounds_derived_otherwise_do_not_make_another_report(log: Log) -> None:
    """A later tzdata derives other bounds from the same words: the same report, by its content."""
    append(log, noted(1))
    other = When("2023-11-17", "2023-11-17T01:00:00.000000Z", "2023-11-18T00:59:59.999999Z")
    assert append(log, replace(noted(1), when=other, tzdata="2099z")) == [Appended(1, None)]


def test_every_report_with_the_id_of_another_and_other_content_is_named(log: Log) -> None:
    """Nothing is appended, and no clash hides behind the first."""
    append(log, noted(1, id="a"), noted(2, id="b"))
    with pytest.raises(SameIdOtherContent) as caught:
        append(log, noted(3, id="a"), noted(4), noted(5, id="c"), noted(6, id="c"), noted(2, id="b"), noted(7, id="b"))
    assert caught.value.clashes == ((0, 1, None), (3, None, 2), (5, 2, None))
    with log.reading() as connection:
        assert log.head(connection).size == 2


def test_an_entry_is_written_with_all_its_columns() -> None:
    """None that a migration adds is left out."""
    assert set(INSERTED) == set(entries.columns.keys())


def test_each_entry_has_a_salt_of_its_own(engine: Engine) -> None:
    """Drawn at once, as long as they should be; who gives too few appends nothing."""
    append(Log(engine), *map(noted, range(1, 4)))
    with pytest.raises(ValueError, match="64 bytes of salt were asked for, and 16 given"):
        append(Log(engine, salts=lambda _size: bytes(16)), *map(noted, range(4, 8)))
    with Log(engine).reading() as connection:
        salts = connection.execute(select(entries.c.salt)).scalars().all()
    assert [len(salt) for salt in salts] == [16] * 3
    assert len(set(salts)) == 3


def test_keys_that_collide_do_not_make_two_reports_one(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hit counts only once the stored bytes agree."""
    monkeypatch.setattr("archive.log.dedupe.Keying._key", lambda _keying, _data: 7)
    append(log, noted(1, id="a"), noted(2))
    answers = append(log, noted(3), noted(2), noted(4, id="b"), noted(1, id="a"))
    assert [(answer.position, answer.entry is None) for answer in answers] == [
        (3, False),
        (2, True),
        (4, False),
        (1, True),
    ]


def test_looking_up_what_is_there_uses_the_indexes(log: Log) -> None:
    """No append reads the whole log."""
    append(log, *(noted(number, id=str(number)) for number in range(50)))

    def plan(writing: Writing) -> str:
        connection = writing.connection
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN SELECT position FROM entries WHERE {0} = ANY('{{1,2}}') AND {0} IS NOT NULL"
        else:
            explain = (
                "EXPLAIN QUERY PLAN SELECT position FROM json_each('[1,2]') AS w CROSS JOIN entries AS e"
                " ON e.{0} = w.value"
            )
        rows = [
            row
            for column in ("dedupe_id", "dedupe_content")
            for row in connection.execute(text(explain.format(column)))
        ]
        return "\n".join(str(row) for row in rows)

    shown = log.transact(plan, who="ann", program="tests")
    assert "ix_entries_dedupe_id" in shown
    assert "ix_entries_dedupe_content" in shown


# Snapshots


def test_a_reader_sees_the_archive_as_it_was_at_its_first_question(log: Log) -> None:
    """Appends that commit meanwhile are not seen, nor do they wait."""
    append(log, noted(1))
    with log.reading() as connection:
        assert log.head(connection).size == 1
        append(log, noted(2))
        assert log.head(connection).size == 1
        assert len(list(log.entries(connection))) == 1
    with log.reading() as connection:
        assert log.head(connection).size == 2


def test_the_machines_clock_is_in_utc(log: Log) -> None:
    """The default clock."""
    assert now().utcoffset() is not None
    real: Callable[[Writing], list[Appended]] = lambda writing: writing.append([noted(1)])  # noqa: E731
    (answer,) = Log(log.engine).transact(real, who="ann", program="tests")
    assert answer.entry is not None
    assert answer.entry.recorded_at.endswith("Z")
