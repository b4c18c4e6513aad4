"""A writer that remembers the timelines it folded writes the rows that one writes who reads them all again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text

from archive import Archive
from archive.intake import read_reports
from archive.log.transactions import write_transaction
from archive.projections import memory, refold
from archive.projections import rows as stored
from archive.projections.anew import OFFICE, fold_anew
from archive.projections.clocks import Row, Standing
from archive.projections.memory import Memory, State
from archive.projections.onward import Grown, Line, fold_on
from archive.projections.tables import FOLDED, effects, spans
from events import Event, Later, build, types
from tests.benchmarks.reports import first, further, histories, lines
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import ticking
from tests.histories import history, when
from tests.log.archives import build_archive, counted_salts

Address = Callable[[], str]


@pytest.fixture
def address(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Address:
    """Makes empty SQLite archives."""
    template = database_template("sqlite", "empty_log", build_archive)
    return lambda: fresh_database("sqlite", template)


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> Counter[bool]:
    """How many timelines that were remembered were folded on, and how many were folded again."""
    found: Counter[bool] = Counter()

    def counted(line: Line, *given: Any) -> Grown | None:
        grown = fold_on(line, *given)
        found[grown is not None] += 1
        return grown

    monkeypatch.setattr(refold, "fold_on", counted)
    return found


def live(seed: int) -> list[list[Event]]:
    """A history that goes on as it is reported, mostly."""
    return history(seed, organisations=1 + seed % 2, reports=60, live=True)


def writer(address: str) -> Archive:
    """An archive whose clock and salts are the same each time."""
    return Archive.open(address, clock=ticking(), salts=counted_salts())


def rows(archive: Archive) -> dict[str, list[str]]:
    """Every row of the read model."""
    with archive.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in FOLDED}


def size(archive: Archive) -> int:
    """How many acts and rows it remembers."""
    return 0 if archive._memory is None else archive._memory.size


def written(address: str, given: Sequence[Sequence[Event]], *, again: bool = False) -> dict[str, list[str]]:
    """The rows that these appends make by one writer; if `again`, by one who remembers nothing."""
    with writer(address) as archive:
        for events in given:
            if again:
                archive._memory = None
            archive.append(events, who="ann", program="tests")
        return rows(archive)


def check(seeds: Iterator[int], address: Address) -> None:
    """Raise unless both write the same rows, ids and evidence included."""
    for seed in seeds:
        given = live(seed)
        assert written(address(), given) == written(address(), given, again=True), seed


def test_what_is_remembered_makes_the_rows_of_what_is_read(address: Address, goes_on: Counter[bool]) -> None:
    """In histories that go on, with late reports and corrections among them; much is folded on."""
    check(iter(range(1, 9)), address)
    assert goes_on[True] > 40, goes_on
    assert goes_on[False] > 20, goes_on


@pytest.mark.parametrize("most", [0, 40])
def test_what_has_no_room_is_forgotten(most: int, address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are the same, however little is remembered."""
    monkeypatch.setattr(memory, "MOST", most)
    with writer(address()) as archive:
        for events in live(1):
            archive.append(events, who="ann", program="tests")
            assert size(archive) <= most
        found = rows(archive)
    assert found == written(address(), live(1), again=True)


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(10))
def test_what_is_remembered_makes_the_rows_of_what_is_read_at_length(tenth: int, address: Address) -> None:
    """The same in many more."""
    check(iter(range(1000 + 40 * tenth, 1040 + 40 * tenth)), address)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_two_writers_in_turn_remember_nothing_that_the_other_changed(
    database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """Each sees by how far the read model goes that somebody else took it further."""
    template = database_template(database_kind, "empty_log", build_archive)
    clock, salts = ticking(), counted_salts()
    where = fresh_database(database_kind, template)
    with (
        Archive.open(where, clock=clock, salts=salts) as one,
        Archive.open(where, clock=clock, salts=salts) as other,
    ):
        for number, events in enumerate(live(3)):
            (one if number % 3 else other).append(events, who="ann", program="tests")
        found = rows(one)
    assert found == written(fresh_database(database_kind, template), live(3), again=True)


class BrokenError(Exception):
    """What goes wrong in the middle of an append."""


def patiently(address: str, given: Sequence[Sequence[Event]]) -> tuple[dict[str, list[str]], int]:
    """The rows of these appends, each made again where it broke, at the same time and with the same salts; how often
    that was."""
    clock, salts, broken = ticking(), counted_salts(), 0
    at: dict[str, Any] = {}
    with Archive.open(address, clock=lambda: at["now"], salts=lambda size: (at["salt"] * size)[:size]) as archive:
        for events in given:
            at["now"], at["salt"] = clock(), salts(32)
            try:
                archive.append(events, who="ann", program="tests")
            except BrokenError:
                broken += 1
                archive.append(events, who="ann", program="tests")
        return rows(archive), broken


def test_an_append_that_fails_leaves_nothing_to_remember(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it folded was rolled back."""
    given = live(2)
    wanted, _ = patiently(address(), given)
    written_so_far = count()
    write = refold.Refold._write

    def breaking(self: Any, result: Any) -> None:
        write(self, result)
        if next(written_so_far) % 3 == 2:
            raise BrokenError

    monkeypatch.setattr(refold.Refold, "_write", breaking)
    found, broken = patiently(address(), given)
    assert broken > 4
    assert found == wanted


def office() -> list[list[Event]]:
    """Somebody comes, is seen three times, and is succeeded: an append each."""
    plain = {"organisation": "acme", "office": "ceo", "source": "gazette"}
    told = (("Appointed", "a", "from"), *[("Attested", "a", "as_of")] * 3, ("Appointed", "b", "from"))
    made = [
        build(types()[kind], {**plain, "person": person, time: to_plain_time(f"2001-01-0{day}")})
        for day, (kind, person, time) in enumerate(told, 1)
    ]
    registered = (
        ("SourceRegistered", {"source": "gazette"}),
        ("OrganisationRegistered", {"organisation": "acme", "name": "Acme"}),
        ("OfficeRegistered", {"organisation": "acme", "office": "ceo", "title": "Chief"}),
        ("PersonRegistered", {"person": "a", "name": "A"}),
        ("PersonRegistered", {"person": "b", "name": "B"}),
    )
    return [[build(types()[kind], fields) for kind, fields in registered], *([event] for event in made)]


def to_plain_time(text: str) -> dict[str, str | None]:
    """A time as it is stored."""
    moment = when(text)
    return {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}


def test_a_timeline_that_loses_a_report_is_folded_again(address: Address) -> None:
    """A retraction by the archive takes it away from all report times."""
    given = office()
    taken_back = {"target": 9, "target_stream": "organisation/acme", "reason": "not so"}
    given.insert(-1, [build(types()["Retracted"], taken_back)])
    assert written(address(), given) == written(address(), given, again=True)


def test_an_office_with_more_seats_is_folded_anew(address: Address) -> None:
    """By an amendment of its registration, which no timeline has as an act."""
    given = office()
    more = {"target": 3, "target_stream": "organisation/acme", "reason": "two", "changes": {"seats": 2}}
    given.insert(-1, [build(types()["Amended"], more)])
    assert written(address(), given) == written(address(), given, again=True)


def test_reports_of_several_bases_tell_the_same(address: Address) -> None:
    """A row at some floors has no part in what is told again at others."""
    given: list[list[Event]] = []
    with Archive.open(address()) as archive:
        for some in ([first(), *histories(1, [0])], *([one] for one in further(1, 1, 60))):
            given.append(list(read_reports(BytesIO(lines(some)), "made", archive.known()).events))
            archive.append(given[-1], who="ann", program="tests")
    assert written(address(), given) == written(address(), given, again=True)


def succession() -> list[list[Event]]:
    """Eight people follow each other in an office, each from an exact time on, and are seen; some sat before."""
    plain = {"organisation": "acme", "office": "ceo", "source": "gazette"}
    told = [
        (kind, person, time, f"2001-01-{day:02}T{hour}:00Z")
        for day, person in enumerate("abacdbeafb", 1)
        for kind, time, hour in (("Appointed", "from", "08"), ("Attested", "as_of", "12"))
    ]
    made = [
        build(types()[kind], {**plain, "person": person, time: to_plain_time(at)}) for kind, person, time, at in told
    ]
    people = [build(types()["PersonRegistered"], {"person": one, "name": one.upper()}) for one in "cdef"]
    return [[*office()[0], *people], *([event] for event in made)]


@pytest.mark.parametrize("again", [False, True], ids=["remembered", "read"])
def test_current_rows_are_those_of_the_whole_fold(address: Address, *, again: bool) -> None:
    """Of offices of one seat, from their acts alone."""
    for given in (succession(), live(1), live(6)):
        url = address()
        written(url, given, again=again)
        with Archive.open(url) as archive, archive.reading() as connection:
            acts: dict[str, list[Standing]] = defaultdict(list)
            for one in connection.execute(select(effects).where(effects.c.recorded_to.is_(None))):
                acts[one.timeline].append(stored.standing(tuple(one)))
            there: dict[str, set[Row]] = defaultdict(set)
            for one in connection.execute(select(spans).where(spans.c.recorded_to.is_(None))):
                there[one.timeline].add(stored.kept(tuple(one)).row)
        offices = [name for name in acts if name.split("\t")[1:3] == ["tenures", "ceo"]]
        assert offices
        for name in offices:
            assert there[name] == fold_anew(OFFICE, acts[name]).rows(())


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_rows_that_were_put_right_are_read_again(
    database_kind: Kind,
    fresh_database: FreshDatabase,
    database_template: DatabaseTemplate,
    goes_on: Counter[bool],
) -> None:
    """Though the read model goes as far as before: whoever remembers what was wrong would write on from there."""
    template = database_template(database_kind, "empty_log", build_archive)
    given = office()
    where = fresh_database(database_kind, template)
    with writer(where) as archive:
        for events in given[:3]:
            archive.append(events, who="ann", program="tests")
        with write_transaction(archive.engine) as connection:
            connection.execute(text("DELETE FROM evidence"))
        archive._memory = None
        for events in given[3:5]:
            archive.append(events, who="ann", program="tests")  # reads what is wrong, and remembers it
        assert goes_on.total() == 2
        with Archive.open(where) as other:
            assert other.rebuild().differences
            assert not other.rebuild().differences
        goes_on.clear()
        for events in given[5:]:
            archive.append(events, who="ann", program="tests")
        assert not goes_on
        found = rows(archive)
    assert found == written(fresh_database(database_kind, template), given, again=True)


def test_after_a_correction_all_is_read_again(address: Address) -> None:
    """It stands beside rows that no change of a timeline reaches."""
    after: dict[bool, list[int]] = {True: [], False: []}
    for seed in range(1, 6):
        with writer(address()) as archive:
            for events in live(seed):
                archive.append(events, who="ann", program="tests")
                after[any(isinstance(event, Later) for event in events)].append(size(archive))
    assert after[True]
    assert not any(after[True])
    assert sum(map(bool, after[False])) > len(after[False]) / 2


def test_a_state_is_that_of_one_log() -> None:
    """Lines are forgotten where the read model goes as far, but in another log, or was put right."""
    line = Line(("seat", "tenures", 1), [])
    for other in (State(7, "t", 0), State(8, "u", 0), State(8, "t", 1)):
        known = Memory()
        known.meet(State(8, "t", 0))
        known.keep("a", line)
        known.meet(State(8, "t", 0))
        assert known.lines(["a"]) == {"a": line}
        known.keep("a", line)
        known.meet(other)
        assert known.lines(["a"]) == {}
