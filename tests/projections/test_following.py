"""What is appended with its projections deferred: answers say so, and a follower folds each append once, in order."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.errors import NotProjected
from archive.intake import Append
from archive.intake.documents import Document
from archive.intake.registers import Key
from archive.log.entries import Entry
from archive.log.leases import Lease
from archive.log.tables import READ_MODEL
from archive.log.transactions import write_transaction
from archive.projections import reach
from archive.projections.projector import Projection
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import appends, said, ticking
from tests.log.archives import build_archive, counted_salts, noted

WRITERS = 8
EACH = 6
SOON = 60.0

New = Callable[[], str]


@pytest.fixture
def new(database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> New:
    """Make an empty archive and give its address, once on each database."""
    return lambda: fresh_database(database_kind, database_template(database_kind, "empty_log", build_archive))


@pytest.fixture
def opened(new: New) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(new()) as archive:
        yield archive


def append(archive: Archive, *numbers: int, defer: bool = True) -> None:
    """Append notes, in one append."""
    archive.append([noted(number) for number in numbers], who="ann", program="tests", defer=defer)


def address(archive: Archive) -> str:
    """Where it is."""
    return archive.engine.url.render_as_string(hide_password=False)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait, and fail where it takes too long."""
    deadline = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def following(url: str) -> Iterator[tuple[list[str], threading.Event]]:
    """A follower in a thread of its own: what it tells, and its end."""
    told: list[str] = []
    stop = threading.Event()
    with Archive.open(url) as own, ThreadPoolExecutor(1) as pool:
        work = pool.submit(own.follow, stop, told.append)
        try:
            yield told, stop
        finally:
            stop.set()
            work.result(timeout=SOON)


def test_an_answer_stands_for_what_is_folded_and_says_what_the_log_has_more(opened: Archive) -> None:
    """Size, root and record time are those of the part that it was made from."""
    append(opened, 1, 2, defer=False)
    before = opened.project()
    append(opened, 3)
    append(opened, 4, 5)
    answer = opened.project(before["at"])
    assert answer == {**before, "log": {**before["log"], "behind": 3}}
    assert opened.project(before["at"], as_recorded="@2") == before
    assert opened.project(before["at"], as_recorded=before["as_recorded"]) == before
    for size in (3, 5):
        with pytest.raises(NotProjected, match="has 2 of the 5"):
            opened.project(as_recorded=f"@{size}")
    assert opened.search("note")["total"] == 2
    assert opened.catch_up() == 5
    assert "behind" not in opened.project()["log"]
    assert opened.search("note")["total"] == 5


def test_before_anything_is_folded_the_answer_is_that_of_an_empty_log(opened: Archive) -> None:
    """And says what waits."""
    empty = opened.project()
    append(opened, 1)
    assert opened.project(empty["at"]) == {**empty, "log": {**empty["log"], "behind": 1}}


def test_deferred_or_not_the_rows_come_out_the_same(new: New) -> None:
    """With some appends deferred, some not, and caught up now and then."""
    with (
        Archive.open(new(), clock=ticking(), salts=counted_salts()) as one,
        Archive.open(new(), clock=ticking(), salts=counted_salts()) as other,
    ):
        for number, events in enumerate(appends("7")):
            one.append(events, who="ann", program="tests")
            other.append(events, who="ann", program="tests", defer=number % 5 != 0)
            if number % 7 == 0:
                other.catch_up()
        for archive in (one, other):
            append(archive, 1, defer=archive is other)
        assert other.projected().behind > 0
        assert other.catch_up() == one.catch_up()
        assert said(one) == said(other)
        assert other.rebuild().differences == ()


def test_an_append_folds_what_waits_before_its_own(opened: Archive) -> None:
    """So that who does not defer finds what he appended."""
    append(opened, 1)
    append(opened, 2, defer=False)
    assert opened.search("note")["total"] == 2
    assert opened.rebuild().differences == ()


def test_where_too_much_waits_an_append_waits_too(opened: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """It must not hold the log for as long as that takes."""
    monkeypatch.setattr(reach, "BACKLOG", 2)
    append(opened, 1, 2, 3)
    append(opened, 4, defer=False)
    assert opened.projected().behind == 4
    opened.catch_up()
    append(opened, 5, defer=False)
    assert opened.projected().behind == 0
    assert opened.rebuild().differences == ()


def test_a_rebuild_folds_what_waits_too(opened: Archive) -> None:
    """Afterwards the read model has the whole log."""
    append(opened, 1, defer=False)
    append(opened, 2)
    with write_transaction(opened.engine) as connection:
        connection.execute(text("DELETE FROM reports_history"))
    assert [(one.table, one.lacking) for one in opened.rebuild().differences] == [("reports_history", 1)]
    assert opened.projected().size == 2
    assert opened.rebuild().differences == ()


def test_a_redaction_folds_what_waits_first(opened: Archive) -> None:
    """Its own rows rest on all that was said before; the entry redacted may be one that waits."""
    append(opened, 1, defer=False)
    append(opened, 2)
    append(opened, 3)
    opened.redact(2, "a test", who="ann", program="tests")
    assert opened.projected().behind == 0
    append(opened, 4, defer=False)
    assert opened.search("note")["total"] == 3
    assert opened.rebuild().differences == ()


def test_intake_knows_what_waits(opened: Archive) -> None:
    """Registrations, names, mergers and texts of sources, so that reports can follow at once."""
    digest, text_of_it = "ab" * 32, "Ann Lee leaves."
    waiting = [
        {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"},
        {"type": "PersonRegistered", "person": "a-lee", "name": "A. Lee"},
        {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
        {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": "Chief"},
        {"type": "SourceRegistered", "source": "gazette", "title": "The Gazette", "sha256": digest},
        {"type": "NameRecorded", "person": "ann-lee", "name": "アン・リー", "source": "gazette"},
        {"type": "Merged", "person": "a-lee", "into_person": "ann-lee", "reason": "one and the same"},
    ]
    for report in waiting:
        intake = Append(opened.known())
        intake.add("a file", 1, dict(report))
        read = intake.finish()
        assert read.faults == []
        kept = [Document(digest, "text/plain", "tests", text_of_it)] if "sha256" in report else []
        opened.append(read.events, who="ann", program="tests", documents=kept, defer=True)
    known = opened.known()
    assert ("person", "ann-lee") in known.registrations([("person", "ann-lee")])
    assert str(known.nearest("person", "Ann Le")[0]) == "`ann-lee` (Ann Lee)"
    assert known.texts("gazette") == {digest: text_of_it}
    intake = Append(known)
    appointed = {"type": "Appointed", "organisation": "ACME", "office": "chief", "person": "アン リー", "from": "2019"}
    intake.add("a file", 1, {**appointed, "source": "gazette"})
    read = intake.finish()
    assert read.faults == []
    opened.append(read.events, who="ann", program="tests")
    assert opened.projected().behind == 0
    later = opened.known()
    for kind in ("person", "organisation", "office", "source"):
        keys = {"person": ["ann-lee", "a-lee"], "organisation": ["acme"], "office": ["acme/ceo"], "source": ["gazette"]}
        for key in keys[kind]:
            assert (key in later.ids(kind), key in known.ids(kind)) == (True, True)
            assert (f"{key}x" in later.ids(kind), f"{key}x" in known.ids(kind)) == (False, False)
    assert list(later.mergers()) == list(known.mergers())


LISTED = text("SELECT kind, id, position, field FROM waiting")


def listed(archive: Archive) -> set[tuple[Any, ...]]:
    """What is listed of the entries that wait."""
    with archive.reading() as connection:
        return {tuple(row) for row in connection.execute(LISTED)}


def take(archive: Archive, *reports: dict[str, Any], defer: bool = True) -> None:
    """Append reports one by one, as the command does."""
    for report in reports:
        intake = Append(archive.known())
        intake.add("a file", 1, report)
        read = intake.finish()
        assert read.faults == []
        archive.append(read.events, who="ann", program="tests", defer=defer)


ANN = {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"}
BOB = {"type": "PersonRegistered", "person": "bob-fox", "name": "Bob Fox"}
OF_ANN = {("registration", "person/ann-lee", 2, "id"), ("called", "ann lee", 2, "person/ann-lee")}
OF_BOB = {("registration", "person/bob-fox", 3, "id"), ("called", "bob fox", 3, "person/bob-fox")}


def test_what_waits_is_listed_until_it_is_folded(opened: Archive) -> None:
    """By whoever folds it: a follower, or the next append. A note brings nothing that is looked up."""
    append(opened, 1)
    take(opened, ANN, BOB)
    assert listed(opened) == OF_ANN | OF_BOB
    assert opened.verify().findings.found == []
    opened.catch_up()
    assert listed(opened) == set()
    take(opened, {**ANN, "person": "cat"})
    take(opened, {**ANN, "person": "dan"}, defer=False)
    assert listed(opened) == set()
    assert opened.verify().findings.found == []


def test_a_list_that_is_wrong_is_found_and_put_right(opened: Archive) -> None:
    """It says who is known: somebody could be let in whom nobody registered, or kept out."""
    append(opened, 1)
    take(opened, ANN, BOB)
    with write_transaction(opened.engine) as connection:
        connection.execute(text("DELETE FROM waiting WHERE position = 2"))
        connection.execute(text("UPDATE waiting SET id = 'person/eve' WHERE position = 3 AND kind = 'registration'"))
    (found,) = opened.verify().findings.found
    said = "waiting is not what the log gives: 1 too many, 3 too few; too many: kind registration, id person/eve"
    assert (found.kind, found.said[: len(said)]) == ("read model", said)
    assert [(one.table, one.surplus, one.lacking) for one in opened.rebuild().differences] == [("waiting", 1, 3)]
    assert opened.verify().findings.found == []


def test_what_waited_before_there_was_a_list_is_listed_by_init(opened: Archive) -> None:
    """As in an archive of an earlier version."""
    append(opened, 1)
    take(opened, ANN, BOB)
    with write_transaction(opened.engine) as connection:
        connection.execute(text("DELETE FROM waiting"))
    assert "ann-lee" not in opened.known().ids("person")
    Archive.make(address(opened))
    assert listed(opened) == OF_ANN | OF_BOB
    assert "ann-lee" in opened.known().ids("person")


def test_an_office_is_that_of_who_stands_for_its_organisation(opened: Archive) -> None:
    """Whether the merger is folded or waits; and nobody else's."""
    reason = "one and the same"
    take(
        opened,
        *(
            {"type": "OrganisationRegistered", "organisation": name, "name": name}
            for name in ("old", "older", "new", "a")
        ),
        {"type": "OfficeRegistered", "organisation": "older", "office": "ceo", "title": "Chief"},
        {"type": "Merged", "organisation": "older", "into_organisation": "old", "reason": reason},
        {"type": "Merged", "organisation": "old", "into_organisation": "new", "reason": reason},
    )
    for _ in range(2):
        known = opened.known()
        offices: list[Key] = [("office", f"{name}/ceo") for name in ("older", "old", "new", "a")]
        assert list(known.expect([*offices, ("office", "new/chair")])) == [offices[0], offices[2]]
        assert "new/ceo" in known.ids("office")
        opened.catch_up()


def test_a_follower_of_eight_writers_misses_nothing_and_meets_nothing_twice(
    opened: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Single appends and batches, deferred and not; each entry is folded once, in order."""
    folded: list[int] = []

    take_in = Projection.take_in

    def noting(projection: Projection, entries: Sequence[Entry]) -> None:
        take_in(projection, entries)
        folded.extend(entry.position for entry in entries)

    monkeypatch.setattr(Projection, "take_in", noting)

    def write(writer: int) -> None:
        with Archive.open(address(opened)) as own:
            for number in range(EACH):
                first = (writer * EACH + number) * 10
                append(own, *range(first, first + (1 if number % 2 else 4)), defer=number % 3 != 0)

    with following(address(opened)), ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
        with opened.reading() as connection:
            size = opened.log.head(connection).size
        wait_until(lambda: opened.projected().behind == 0)
    assert size == WRITERS * (3 * 4 + 3)
    assert folded == list(range(1, size + 1))
    assert opened.rebuild().differences == ()


def test_two_at_work_at_once_fold_each_append_once(opened: Archive) -> None:
    """The lease spares work; that each append is folded once rests on the transaction alone."""
    for number in range(40):
        append(opened, number)

    def work(_: int) -> int:
        with Archive.open(address(opened)) as own:
            return own.catch_up()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(work, range(3))) == [40, 40, 40]
    assert opened.rebuild().differences == ()


def test_a_second_follower_is_the_stand_in_of_the_first(opened: Archive) -> None:
    """It takes over as soon as the first ends."""
    with following(address(opened)) as (first, stop):
        wait_until(lambda: bool(first))
        with following(address(opened)) as (second, _):
            wait_until(lambda: bool(second))
            assert (first, second) == (
                ["following the log"],
                ["another follower is at work; waiting as its stand-in"],
            )
            append(opened, 1)
            wait_until(lambda: opened.projected().behind == 0)
            stop.set()
            wait_until(lambda: second[-1] == "following the log")
            append(opened, 2)
            wait_until(lambda: opened.projected().behind == 0)


def test_a_lease_is_taken_from_one_who_shows_no_life(opened: Archive) -> None:
    """Not before its count has stood still for five seconds, by the clock of who waits."""
    seconds = 0.0
    dead, heir = (Lease(opened.engine, READ_MODEL, monotonic=lambda: seconds) for _ in range(2))
    assert dead.take()
    assert not heir.take()
    seconds = 4.0
    assert dead.due
    with write_transaction(opened.engine) as connection:
        assert dead.beat(connection)
    assert not heir.take()
    seconds = 8.9
    assert not heir.take()
    seconds = 9.1
    assert heir.take()
    with write_transaction(opened.engine) as connection:
        assert not dead.beat(connection)
    dead.give_up()
    with write_transaction(opened.engine) as connection:
        assert heir.beat(connection)
    heir.give_up()
    assert dead.take()


DIES = """
import os, signal
import archive.projections.reach as room

real, room.note = room.note, lambda *given: (real(*given), os.kill(os.getpid(), signal.SIGKILL))
"""
RUN = "from archive.cli import main; main()"


def program(url: str, *arguments: str, before: str = "") -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    command = [sys.executable, "-c", before + RUN, "--archive", url, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_a_follower_that_is_killed_leaves_all_to_its_stand_in(opened: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything written but the commit: nothing is folded twice, nothing is left out."""
    monkeypatch.setattr("archive.log.leases.DEAD_SECONDS", 0.5)
    for number in range(5):
        append(opened, number)
    first = program(address(opened), "follow", before=DIES)
    first.communicate(timeout=SOON)
    assert first.returncode == -signal.SIGKILL
    assert opened.projected().behind == 5
    with following(address(opened)) as (told, _):
        append(opened, 5)
        wait_until(lambda: opened.projected().behind == 0)
    assert told == ["another follower is at work; waiting as its stand-in", "following the log"]
    assert opened.rebuild().differences == ()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_follower_in_order(opened: Archive, number: signal.Signals) -> None:
    """With exit code 0 and how far it came; the lease is free at once."""
    append(opened, 1)
    process = program(address(opened), "follow")
    wait_until(lambda: opened.projected().behind == 0)
    process.send_signal(number)
    _, errors = process.communicate(timeout=SOON)
    assert errors == "archive: following the log\narchive: the read model goes up to entry 1\n"
    assert process.returncode == 0
    assert Lease(opened.engine, READ_MODEL).take()


def test_a_follower_lives_through_the_loss_of_its_connections(
    fresh_database: FreshDatabase, database_template: DatabaseTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a failover: it goes on with others."""
    monkeypatch.setattr("archive.log.leases.DEAD_SECONDS", 0.5)
    url = fresh_database("postgresql", database_template("postgresql", "empty_log", build_archive))
    others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
    with Archive.open(url) as archive, following(url) as (told, _):
        wait_until(lambda: bool(told))
        for number in range(3):
            with write_transaction(archive.engine) as connection:
                connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))  # ours
            append(archive, number)
            wait_until(lambda: archive.projected().behind == 0)


def test_the_commands_say_what_waits(opened: Archive) -> None:
    """On standard error, whatever is asked, and in JSON."""
    append(opened, 1, defer=False)
    append(opened, 2)
    url = address(opened)
    lacks = "archive: the answer is without 1 entry that the log has and the read model has not yet\n"
    for arguments in (["project"], ["sql", "SELECT 1"], ["conflicts"], ["search", "note"], ["show", "1"]):
        answer = CliRunner().invoke(main, ["--archive", url, *arguments])
        assert answer.exit_code == 0, answer.stderr
        assert answer.stderr.startswith(lacks), arguments
    told = CliRunner().invoke(main, ["--archive", url, "follow", "--once"])
    assert (told.exit_code, told.stderr) == (0, "archive: the read model goes up to entry 2\n")
    assert CliRunner().invoke(main, ["--archive", url, "project"]).stderr == ""


def test_a_follower_waits_for_who_holds_the_file(
    fresh_database: FreshDatabase, database_template: DatabaseTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long: it has nothing better to do."""
    monkeypatch.setattr("archive.log.database.BUSY_SECONDS", 0.05)
    url = fresh_database("sqlite", database_template("sqlite", "empty_log", build_archive))
    with Archive.open(url) as archive:
        append(archive, 1)
        with following(url) as (told, _):
            with write_transaction(archive.engine):
                time.sleep(0.5)
            wait_until(lambda: archive.projected().behind == 0)
        assert told == ["following the log"]
