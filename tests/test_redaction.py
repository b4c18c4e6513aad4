"""What was redacted or forgotten is in no file of the database any more, in no form in which it stood there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.errors import NoSuchEntry, UsageError
from archive.intake.documents import Document
from archive.log import database, erasing
from archive.log.proving import Inclusion, parse_proof
from archive.log.transactions import write_transaction
from archive.projections.words import lexemes, units
from events import Event, build, types
from tests.databases import FreshDatabase, Kind
from tests.postgresql import Server

WHO: dict[str, Any] = {"who": "ann", "program": "tests"}
DIGEST = "5" * 64


def secret(number: int) -> str:
    """A word that stands nowhere else; as long as fits an index whole."""
    return f"q{number:03}vanish{number * 7919 % 1000:03}"


def told(kind: str, **plain: Any) -> Event:
    """An event of a type."""
    event: Event = build(types()[kind], plain)
    return event


DAY = {"text": "2019-05-01", "earliest": "2019-05-01T00:00:00.000000Z", "latest": "2019-05-01T23:59:59.999999Z"}
REPORT = {"organisation": "acme", "source": "paper"}


def planted() -> list[tuple[Event, list[str]]]:
    """Events of many types with the secrets in their fields; short ones, long ones, and of another script."""
    words = map(secret, range(1, 1000))
    found: list[tuple[Event, list[str]]] = []

    def plant(kind: str, fields: Sequence[str], **plain: Any) -> None:
        mine = [next(words) for _ in fields]
        given: dict[str, Any] = dict(zip(fields, mine, strict=True))
        if "passages" in given:
            given["passages"] = [{"start": 1, "end": 5, "sha256": DIGEST, "quote": given["passages"]}]
        if "stated_times" in given:
            given["stated_times"] = [{"text": given["stated_times"], "zone": "UTC"}]
        found.append((told(kind, **plain, **given), mine))

    everywhere = ("id", "summary", "attribution", "development", "passages", "stated_times")
    plant("PersonRegistered", ["name"], person="bo-ek")
    plant("PersonRegistered", ["person", "name"])
    plant("NameRecorded", ["name", "attribution", "summary"], person="bo-ek", source="paper")
    plant("OfficeRegistered", ["office", "title"], organisation="acme")
    plant("SourceRegistered", ["title", "author", "publisher"], source="leaflet")
    plant("Noted", everywhere, **REPORT, when=DAY)
    plant("Appointed", [*everywhere, "decided_by"], **REPORT, office="ceo", person="bo-ek", **{"from": DAY})
    plant("Appointed", ["person", "summary"], **REPORT, office="chair", **{"from": DAY})
    plant("LeftInDoubt", everywhere, **REPORT, office="ceo", person="bo-ek", when=DAY)
    plant("NegotiationOpened", ["matter", "summary"], **REPORT, when=DAY)
    plant("Amended", ["reason"], target=3, target_stream="organisation/acme", changes={"summary": secret(500)})
    plant("Disputed", ["reason", "disputed_by"], target=3, target_stream="organisation/acme", by="archive")
    plant("Retracted", ["reason", "id"], target=4, target_stream="organisation/acme")
    found[-3][1].append(secret(500))
    long = " ".join(secret(600 + number) for number in range(40)) + " and so on" * 2000
    found.append((told("Noted", **REPORT, when=DAY, summary=long), [secret(600 + number) for number in range(40)]))
    found.append((told("Noted", **REPORT, when=DAY, summary="羅針盤鷲掴喝采"), ["羅針盤鷲掴喝采", "針盤鷲掴"]))
    return found


BEFORE = [
    told("OrganisationRegistered", organisation="acme", name="Acme"),
    told("SourceRegistered", source="paper"),
    told("Noted", **REPORT, when=DAY, summary="a note that stays"),
    told("Noted", **REPORT, when=DAY, summary="another that stays"),
]


def forms(word: str) -> Iterator[bytes]:
    """How a word may stand in a file: as text, and as lexemes of an index, which may share beginnings."""
    yield word.encode()
    yield word.casefold().encode()
    for lexeme in lexemes(units(word)):
        yield lexeme.encode()
        yield lexeme[len(lexeme) // 3 :].encode()


class Files:
    """The files of one database, as bytes."""

    def __init__(self, url: str, server: Server | None) -> None:
        self.url = url
        self.server = server

    def read(self) -> bytes:
        """All of them, one after the other, as they are on the disk once the server has written what it has."""
        if self.server is None:
            path = Path(self.url.removeprefix("sqlite:///"))
            return b"".join(file.read_bytes() for file in (path, Path(f"{path}-wal")) if file.exists())
        with self.server.connect() as connection:
            connection.execute("CHECKPOINT")
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert row is not None
        folder = Path(self.server.folder) / "data" / "base" / str(row[0])
        return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())

    def holding(self, words: Sequence[str]) -> set[str]:
        """Those of the words that stand there in some form."""
        whole = self.read()
        return {word for word in words if any(form in whole for form in forms(word))}


@pytest.fixture
def files(database_kind: Kind, database_url: str, request: pytest.FixtureRequest) -> Files:
    """The files of an archive, once on each database."""
    Archive.make(database_url)
    server = request.getfixturevalue("postgresql_server") if database_kind == "postgresql" else None
    return Files(database_url, server)


def analyze(archive: Archive) -> None:
    """Have the database note values of rows among its statistics, as it does by itself now and then."""
    with write_transaction(archive.engine) as connection:
        connection.execute(text("ANALYZE"))


def test_no_secret_is_left_in_the_files(files: Files) -> None:
    """Each kind of text planted in each kind of event is found before and not afterwards; all else is."""
    secrets = [word for _, words in planted() for word in words]
    with Archive.open(files.url) as archive:
        archive.append(BEFORE, **WHO)
        answers = archive.append([event for event, _ in planted()], **WHO)
        analyze(archive)
        assert files.holding(secrets) == set(secrets)
        for answer in answers:
            archive.redact(answer.position, "asked for", **WHO)
        assert archive.erase() == ()
        assert files.holding(secrets) == set()
        assert files.holding(["stays"]) == {"stays"}
        assert archive.verify().findings.found == []


def test_a_forgotten_text_is_left_in_no_file(files: Files) -> None:
    """With what its index knew of it; the registration stays, and another text."""
    words = [secret(number) for number in range(1, 60)]
    whole = "\n".join(f"{word} stood here, and 羅針盤鷲掴" for word in words) + " and so on" * 3000
    kept = [Document(DIGEST, "text/plain", "tests", whole), Document("6" * 64, "text/plain", "tests", "remainingword")]
    with Archive.open(files.url) as archive:
        sources = [
            told("SourceRegistered", source=name, sha256=one.sha256)
            for name, one in zip(("gone", "there"), kept, strict=True)
        ]
        archive.append([BEFORE[0], *sources], documents=kept, **WHO)
        analyze(archive)
        wanted = [*words[:5], "羅針盤鷲掴"]
        assert files.holding(["remainingword"]) == {"remainingword"}
        # A database compresses a long text: of it the words are looked for in its index.
        assert files.holding(wanted) == set(wanted)
        assert archive.forget("gone").kept == (DIGEST,)
        assert archive.erase() == ()
        assert files.holding([*words, "羅針盤鷲掴"]) == set()
        assert files.holding(["remainingword"]) == {"remainingword"}
        assert [version["kept"] is None for one in archive.sources() for version in one["versions"]] == [True, False]
        assert [hit["position"] for hit in archive.search("remainingword")["hits"]] == [3]
        assert archive.search("羅針盤")["total"] == 0
        assert archive.forget("gone").kept == ()
        assert archive.verify().findings.found == []


DIES = """
import os, signal, sys
from archive.cli import main
import archive.{module} as room

def dies(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

room.{name} = dies
main()
"""
STAGES = {
    "destroyed": ("projections.redaction", "_exchange"),
    "in the read model": ("projections.search_index", "reindex"),
    "committed": ("log.erasing", "erase"),
    "half erased": ("log.erasing", "_rewritten"),
}
"""Where a redaction is killed: the first two before its commit. SQLite erases in two whole statements."""

KILLED = [("sqlite", "in the read model"), ("sqlite", "committed"), ("postgresql", "half erased")]
ALSO_KILLED = [("sqlite", "destroyed"), *(("postgresql", stage) for stage in list(STAGES)[:3])]


@pytest.mark.parametrize(
    ("database_kind", "stage"), [*KILLED, *(pytest.param(*one, marks=pytest.mark.long) for one in ALSO_KILLED)]
)
def test_a_redaction_that_is_killed_is_finished_by_the_same_command(files: Files, stage: str) -> None:
    """Before its commit nothing was done; afterwards what is left is to erase."""
    word = secret(1)
    with Archive.open(files.url) as archive:
        archive.append([*BEFORE, told("Noted", **REPORT, when=DAY, summary=word)], **WHO)
        before = archive.project()
    command = ["--archive", files.url, "redact", "5", "--reason", "asked for", "--yes"]
    module, name = STAGES[stage]
    died = subprocess.run([sys.executable, "-c", DIES.format(module=module, name=name), *command], check=False)
    assert died.returncode == -signal.SIGKILL
    with Archive.open(files.url) as archive, archive.reading() as connection:
        gone = archive.log.entry(connection, 5).payload is None
        assert gone == (stage in ("committed", "half erased"))
        assert gone or archive.project(before["at"]) == before
    again = "from archive.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", again, *command], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("was redacted before, by entry 6" in " ".join(done.stdout.split())) == gone
    assert files.holding([word]) == set()
    with Archive.open(files.url) as archive, archive.reading() as connection:
        assert archive.log.head(connection).size == 6
        assert archive.verify().findings.found == []


def test_what_another_program_still_reads_is_told_and_erased_later(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is destroyed; where copies may be left is named, and the exit code is 7."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    word = secret(1)
    with Archive.open(files.url) as reader, Archive.open(files.url) as archive:
        archive.append([*BEFORE, told("Noted", **REPORT, when=DAY, summary=word)], **WHO)
        with reader.reading() as connection:
            assert reader.log.head(connection).size == 5
            command = ["--archive", files.url, "redact", "5", "--reason", "asked for", "--yes"]
            with monkeypatch.context() as impatient:
                impatient.setattr(erasing, "PAUSES", (0.1,))
                told_first = CliRunner().invoke(main, command)
            assert told_first.exit_code == 7
            assert "copies of what was destroyed may be left in" in told_first.stderr
            assert "its content was destroyed" in told_first.stdout
        done = CliRunner().invoke(main, command)
        assert (done.exit_code, done.stderr) == (0, "")
    assert files.holding([word]) == set()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_rows_that_a_transaction_elsewhere_may_see_are_waited_for(files: Files, fresh_database: FreshDatabase) -> None:
    """It writes to another database of the server for some seconds, as a long append does."""
    word, seconds = secret(1), 6.0
    with (
        Archive.open(files.url) as archive,
        psycopg.connect(fresh_database("postgresql").replace("+psycopg", "")) as other,
    ):
        archive.append([*BEFORE, told("Noted", **REPORT, when=DAY, summary=word)], **WHO)
        other.execute("CREATE TABLE written (number int)")
        waiting = Timer(seconds, other.rollback)
        waiting.start()
        archive.redact(5, "asked for", **WHO)
        assert archive.erase() == ()
        waiting.join()
    assert files.holding([word]) == set()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_rows_that_an_old_transaction_may_see_are_told_and_erased_later(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has read nothing of the archive, and PostgreSQL keeps them for it all the same."""
    word = secret(1)
    with Archive.open(files.url) as archive, psycopg.connect(files.url.replace("+psycopg", "")) as other:
        archive.append([*BEFORE, told("Noted", **REPORT, when=DAY, summary=word)], **WHO)
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1")
        archive.redact(5, "asked for", **WHO)
        with monkeypatch.context() as impatient:
            impatient.setattr(erasing, "PAUSES", (0.1,))
            assert "entries: rows that an open transaction may still see" in archive.erase()
        assert files.holding([word]) == {word}
        other.rollback()
        assert archive.erase() == ()
    assert files.holding([word]) == set()


ONCE = pytest.mark.parametrize("database_kind", ["sqlite"])


@ONCE
def test_the_same_report_again_is_a_new_entry(files: Files) -> None:
    """Nothing is left by which it would be known; its id is free again too."""
    report = told("Noted", **REPORT, when=DAY, summary="said", id="mine")
    with Archive.open(files.url) as archive:
        archive.append([*BEFORE, report], **WHO)
        archive.redact(5, "asked for", **WHO)
        (answer,) = archive.append([report], **WHO)
        assert (answer.position, answer.entry is not None) == (7, True)


@ONCE
def test_what_may_repeat_it_is_named(files: Files) -> None:
    """What speaks of it, what speaks of that, and what records the same name; the text that it cites."""
    name = told("PersonRegistered", person="bo-ek", name="Bo Ek")
    with Archive.open(files.url) as archive:
        cited = told("SourceRegistered", source="cited", sha256=DIGEST)
        archive.append([*BEFORE, cited], documents=[Document(DIGEST, "text/plain", "tests", "Bo Ek")], **WHO)
        archive.append([name, told("NameRecorded", person="bo-ek", source="cited", name="BO  EK")], **WHO)
        passage = {"start": 0, "end": 5, "sha256": DIGEST}
        quoting = told("Noted", organisation="acme", source="cited", when=DAY, summary="x", passages=[passage])
        archive.append([quoting], **WHO)
        about = {"target_stream": "organisation/acme"}
        archive.append([told("Amended", target=8, changes={"summary": "y"}, **about)], **WHO)
        archive.append([told("Disputed", target=9, reason="no", **about)], **WHO)
        named = archive.redacting(6, "asked for")
        assert [one.position for one in named.repeating] == [7]
        quoted = archive.redacting(8, "asked for")
        assert ([one.position for one in quoted.repeating], quoted.texts) == ([9, 10], ("cited",))
        registered = archive.redacting(5, "asked for")
        assert registered.texts == (DIGEST,)
        archive.redact(5, "asked for", **WHO)
        assert archive.forget(DIGEST).kept == (DIGEST,)


@ONCE
def test_proofs_made_before_verify_afterwards(files: Files) -> None:
    """Of the redacted entry, of others, and that the log goes on from what it was."""
    with Archive.open(files.url) as archive:
        archive.append(BEFORE, **WHO)
        old = archive.checkpoint()
        made = [str(archive.prove(position)) for position in range(1, 5)]
        archive.redact(3, "asked for", ["organisation", "summary"], **WHO)
        for position, proof in enumerate(made, 1):
            parsed = parse_proof(proof)
            assert isinstance(parsed, Inclusion)
            assert parsed.check()["position"] == position
            assert str(archive.prove(position, old)) == proof
        assert archive.verify([("old", old)]).findings.found == []
        assert str(archive.prove_consistency(old))
        with pytest.raises(NoSuchEntry, match="entry 3 is redacted"):
            archive.disclosed(3)


@ONCE
def test_nothing_of_what_was_taken_back_is_kept(files: Files) -> None:
    """It would count again under another position."""
    with Archive.open(files.url) as archive:
        archive.append(BEFORE, **WHO)
        archive.append([told("Retracted", target=3, target_stream="organisation/acme")], **WHO)
        with pytest.raises(UsageError, match="entry 3 was taken back"):
            archive.redacting(3, "asked for", ["summary"])
        archive.redact(3, "asked for", **WHO)
        assert archive.project(organisations=["acme"])["organisations"][0]["redacted"][0]["counts"] is False


@ONCE
def test_the_redaction_of_something_internal_is_not_published(files: Files) -> None:
    """Nor that there was one; of what was public it is."""
    internal = told("Noted", **REPORT, when=DAY, summary="said inside", access="internal")
    with Archive.open(files.url) as archive:
        archive.append([*BEFORE, internal], **WHO)
        for position in (3, 5):
            archive.redact(position, "asked for", **WHO)
        listed = archive.project(organisations=["acme"])["organisations"][0]["redacted"]
        assert [(one["position"], one["access"]) for one in listed] == [(3, "public"), (5, "internal")]
        published = archive.publication("acme")
        assert [one["position"] for one in published["redacted"]] == [3]
        whole = archive.publication("acme", include_internal=True)
        assert [one["position"] for one in whole["redacted"]] == [3, 5]
