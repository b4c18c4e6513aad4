"""A file of more than a page is appended as a short one is: all or nothing, once, with every fault told."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import orjson
import pytest
from sqlalchemy.exc import OperationalError

from archive import Archive, cases, spilling
from archive.errors import ReportFaults, SameIdOtherContent, UnreachableDatabase
from archive.intake import Reading
from archive.log.writing import Counted, Writing
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import ticking
from tests.log.archives import build_archive, counted_salts, noted
from tests.projections.test_pages import tables

Fresh = Callable[[], Archive]


@pytest.fixture
def fresh(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Fresh]:
    """Opens empty archives whose clocks and salts are the same, once on each database."""
    opened: list[Archive] = []

    def make() -> Archive:
        address = fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))
        opened.append(Archive.open(address, clock=ticking(), salts=counted_salts()))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few reports."""
    monkeypatch.setattr(spilling, "PAGE", 5)


def appended(archive: Archive, *wires: dict[str, Any], register: bool = False, data: bytes = b"") -> Counted:
    """Append reports as the command does."""
    data = data or b"\n".join(map(orjson.dumps, wires))
    reading = Reading(archive.known(), [("f", BytesIO(data))], register=register)
    try:
        return archive.append_reading(reading, who="ann", program="tests")
    except ReportFaults as error:
        error.add_note("\n".join(map(str, reading.faults)))
        raise


def size(archive: Archive) -> int:
    """How long the log is."""
    return archive.projected().size


NOTED = {"type": "Noted", "organisation": "Acme", "source": "s", "when": "2020-05-01"}


def reports(count: int, **more: Any) -> list[dict[str, Any]]:
    """Reports that name what is registered behind them."""
    return [
        *({**NOTED, "summary": f"report {number}", **more} for number in range(count)),
        {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
        {"type": "SourceRegistered", "source": "s"},
    ]


def test_the_case_is_the_same_in_pages(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log to the last byte, and every row; the second time there is nothing to append."""
    data, whole, paged = cases.path().read_bytes(), fresh(), fresh()
    one = appended(whole, data=data)
    monkeypatch.setattr(spilling, "PAGE", 30)
    assert appended(paged, data=data) == one
    assert tables(paged) == tables(whole)
    assert list(paged.export_log()) == list(whole.export_log())
    again = appended(paged, data=data)
    assert (again.new, again.positions) == (0, one.positions)


@pytest.mark.usefixtures("short_pages")
def test_a_fault_anywhere_leaves_nothing(fresh: Fresh) -> None:
    """Neither in the log nor in the read model, and every fault is told; put right, the file begins the log."""
    archive = fresh()
    good = reports(20)
    bad = [{**NOTED, "summary": "x", "when": "soon"}, *good, {**NOTED, "summary": "x", "organisation": "nobody"}]
    with pytest.raises(ReportFaults, match="2 faults, nothing was appended") as raised:
        appended(archive, *bad)
    first, last = raised.value.__notes__[0].splitlines()
    assert first.startswith("f:1: when:")
    assert last.startswith("f:24: organisation:")
    assert size(archive) == 0
    assert list(archive.query("SELECT * FROM mentions").rows) == []
    assert appended(archive, *good).positions.tolist() == list(range(1, 23))


@pytest.mark.usefixtures("short_pages")
def test_ids_that_the_log_has_are_told_of_all_pages(fresh: Fresh) -> None:
    """With the places of the reports that carry them; nothing is appended, and what is said again is no clash."""
    archive = fresh()
    appended(archive, *reports(1, id="a"), {**NOTED, "summary": "b", "id": "b"})
    other = [*reports(12), {**NOTED, "summary": "other", "id": "a"}, {**NOTED, "summary": "b", "id": "b"}]
    more = [{**NOTED, "summary": f"more {number}"} for number in range(9)]
    with pytest.raises(ReportFaults, match="2 faults") as raised:
        appended(archive, *other, *more, {**NOTED, "summary": "other", "id": "b"})
    said_of = [line.split(";")[0] for line in raised.value.__notes__[0].splitlines()]
    assert said_of == [
        "f:15: id: the id of entry 1, which has other content",
        "f:26: id: `b` is the id of the report at f:16, which has other content",
    ]
    assert size(archive) == 4


@pytest.mark.usefixtures("short_pages")
def test_a_failure_that_passes_is_repeated_whole(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are read again, and what was registered by the way is registered once more, before the same report."""
    wires = [*reports(3), *({**NOTED, "summary": "x", "organisation": f"Company {number}"} for number in range(9))]
    expected = fresh()
    appended(expected, *wires, register=True)
    calls, append = [], Writing.append

    def failing(writing: Writing, events: Any) -> Any:
        calls.append(len(events))
        if len(calls) == 3:
            raise UnreachableDatabase("there", "gone") from OperationalError("", None, Exception("gone"))
        return append(writing, events)

    monkeypatch.setattr(Writing, "append", failing)
    archive = fresh()
    assert appended(archive, *wires, register=True).new == 3 + 2 + 9 + 9
    assert calls[:3] == calls[3:6]
    assert tables(archive)["mentions"] == tables(expected)["mentions"]


@pytest.mark.usefixtures("short_pages")
def test_events_of_python_are_appended_in_pages_too(fresh: Fresh) -> None:
    """One answer each; what stands twice is appended once, wherever the other stands; clashes count from the first."""
    archive = fresh()
    events = [noted(number) for number in range(12)]
    answers = archive.append([*events, events[2]], who="ann", program="tests")
    assert [answer.position for answer in answers] == [*range(1, 13), 3]
    assert answers[12].entry is None
    clashing = [noted(20, id="x"), *(noted(number) for number in range(30, 40)), noted(21, id="x"), noted(22, id="x")]
    with pytest.raises(SameIdOtherContent) as raised:
        archive.append(clashing, who="ann", program="tests")
    assert raised.value.clashes == ((11, None, 0), (12, None, 0))
    assert size(archive) == 12


@pytest.mark.usefixtures("short_pages")
def test_a_long_append_that_is_deferred_is_folded_to_the_same_rows(fresh: Fresh) -> None:
    """By a follower, and by a rebuild, which read a page of it at a time too."""
    whole, deferred = fresh(), fresh()
    appended(whole, *reports(20))
    reading = Reading(deferred.known(), [("f", BytesIO(b"\n".join(map(orjson.dumps, reports(20)))))])
    deferred.append_reading(reading, who="ann", program="tests", defer=True)
    assert deferred.projected().behind == 22
    deferred.catch_up()
    assert tables(deferred) == tables(whole)
    assert deferred.rebuild().differences == ()
