"""An archive moved from one database to another is the same archive, and says the same."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from archive import Archive
from archive.cli import main
from archive.errors import FaultyExport, NotEmpty, SameIdOtherContent
from archive.log import tables
from archive.log.merkle import EMPTY_ROOT
from archive.log.schema import origin_of
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import PAIRS, filled, said, views
from tests.log.archives import ORIGIN, build_archive, noted

HISTORIES = ("case", "7", pytest.param("long", marks=pytest.mark.long))
New = Callable[[Kind], str]
Full = Callable[[Kind, str], Archive]


@pytest.fixture
def new(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> New:
    """Make an empty archive and give its address."""
    return lambda kind: fresh_database(kind, database_template(kind, "empty_log", build_archive))


@pytest.fixture
def full(shared_database: DatabaseTemplate) -> Full:
    """Open an archive that is filled with one of the histories, for reading."""

    def opened(kind: Kind, which: str) -> Archive:
        def build(url: str) -> None:
            build_archive(url)
            with filled(url, which):
                pass

        return Archive.open(shared_database(kind, f"moved_{which}", build))

    return opened


@pytest.fixture
def archive_url(database_kind: Kind, new: New) -> str:
    """The address of an empty archive, once on each database."""
    return new(database_kind)


def exported(opened: Archive) -> bytes:
    """The log as a file has it."""
    return b"".join(line + b"\n" for line in opened.export_log())


def put(opened: Archive, log: bytes) -> int:
    """Import it."""
    return opened.import_log(io.BytesIO(log), "log.jsonl")


@pytest.mark.parametrize("which", HISTORIES)
def test_the_same_appends_say_the_same_on_both_databases(which: str, full: Full) -> None:
    """Payload bytes, roots, every table and view, snapshots, and the export to the last byte."""
    with full("sqlite", which) as one, full("postgresql", which) as other:
        assert len(views(one)) > 40
        assert said(one) == said(other)
        assert exported(one) == exported(other)


@pytest.mark.parametrize("which", HISTORIES)
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_an_archive_that_was_moved_is_the_same(which: str, source: Kind, target: Kind, new: New, full: Full) -> None:
    """Root, origin, record times, texts, every row of the read model; and it goes on as the old one would."""
    with full(source, which) as old, Archive.open(new(target)) as moved:
        log = exported(old).replace(ORIGIN.encode(), b"tests.example/moved", 1)
        with old.reading() as connection:
            at = old.log.head(connection)
        assert put(moved, log) == at.size
        assert said(moved) == said(old)
        assert exported(moved) == log
        with moved.reading() as connection:
            assert origin_of(connection) == "tests.example/moved"
        (answer,) = moved.append([noted(1)], who="ben", program="tests")
        assert answer.position == at.size + 1


def test_what_is_there_already_is_known_after_a_move(new: New) -> None:
    """By content and by id, under the new archive's own key."""
    with Archive.open(new("sqlite")) as old, Archive.create(f"{new('sqlite')}.own") as moved:
        old.append([noted(1, id="one"), noted(2)], who="ann", program="tests")
        put(moved, exported(old))
        again = moved.append([noted(2), noted(1, id="one")], who="ann", program="tests")
        assert [(answer.position, answer.entry) for answer in again] == [(2, None), (1, None)]
        with pytest.raises(SameIdOtherContent):
            moved.append([noted(3, id="one")], who="ann", program="tests")


@pytest.fixture
def log(new: New) -> list[dict[str, Any]]:
    """The lines of a small log of three appends and a text: 0 first; 1, 4, 6 appends; 2, 3, 5, 7 entries; 8 text."""
    with Archive.open(new("sqlite")) as opened:
        opened.append([noted(1), noted(2)], who="ann", program="tests")
        opened.append([noted(3)], who="ann", program="tests")
        opened.append([noted(4, organisation="other")], who="ann", program="tests")
        lines = [orjson.loads(line) for line in opened.export_log()]
    lines[0]["texts"] = 1
    text = {"text": "kept", "media_type": "text/plain", "made_by": "tests", "kept_at": "2026-01-01T00:00:00.000000Z"}
    return [*lines, {**text, "of": "ab" * 32}]


def as_file(lines: list[dict[str, Any]]) -> bytes:
    """Lines as a file."""
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


@pytest.fixture
def empty(archive_url: str) -> Iterator[Archive]:
    """An empty archive, once on each database, that is still empty and usable when the test ends."""
    with Archive.open(archive_url) as opened:
        yield opened
        with opened.reading() as connection:
            assert opened.log.head(connection).size == 0
            assert origin_of(connection) == ORIGIN
            assert connection.execute(select(tables.documents)).all() == []
        assert opened.append([noted(1)], who="ann", program="tests")[0].position == 1


def test_the_log_of_these_tests_is_one(log: list[dict[str, Any]], archive_url: str) -> None:
    """What the next tests break is whole."""
    with Archive.open(archive_url) as opened:
        assert put(opened, as_file(log)) == 4


def test_a_log_of_no_entries_is_one(log: list[dict[str, Any]], empty: Archive) -> None:
    """Of an archive to which nothing was appended."""
    none = dict(log[0], size=0, root=EMPTY_ROOT.hex(), texts=0, origin=ORIGIN)
    assert put(empty, as_file([none])) == 0


Break = Callable[[list[dict[str, Any]]], object]
BREAKS: dict[str, tuple[Break, str]] = {
    "payload": (
        lambda log: log[3].update(payload=log[3]["payload"].replace("note 2", "note X")),
        "entry 2 is not what",
    ),
    "salt": (lambda log: log[5].update(salt="00" * 16), "entry 3 is not what"),
    "stream": (lambda log: log[7].update(stream="organisation/acme"), "entry 4 is not what"),
    "type": (lambda log: log[2].update(type="OpenLetterPublished"), "entry 1 is not what"),
    "version": (lambda log: log[3].update(version=9), "entry 2 is not what"),
    "position": (lambda log: log[3].update(entry=3), "entry 3 stands where 2 should"),
    "digest": (lambda log: log[3].update(digest="00" * 32), "entry 2 is not what"),
    "leaf": (lambda log: log[3].update(leaf="00" * 32), "entry 2 is not what"),
    "record time": (lambda log: log[4].update(recorded_at="2026-01-01T00:00:00.000000Z"), "append 2 was not recorded"),
    "header": (lambda log: log[4].update(header='{"who":"eve"}'), "the header of append 2"),
    "half redacted": (lambda log: log[3].update(payload=None), "entry 2 is not what"),
    "root": (lambda log: log[0].update(root="00" * 32), "the root of the log is"),
    "size": (lambda log: log[0].update(size=3), "there are 4 entries, and there should be 3"),
    "texts": (lambda log: log[0].update(texts=2), "there are 1 texts"),
    "an entry gone": (lambda log: log.pop(3), "there are 1|append 2 does not begin"),
    "the last gone": (lambda log: (log.pop(), log.pop()), "append 3 has no entries"),
    "entries exchanged": (lambda log: log.insert(2, log.pop(3)), "entry 2 stands where 1 should"),
    "an append gone": (lambda log: log.pop(4), "append 3 does not follow|entry 3 is not what"),
    "an append twice": (lambda log: log.insert(4, dict(log[1])), "append 1 does not follow"),
    "no append": (lambda log: log.pop(1), "before the first append"),
    "a field too many": (lambda log: log[3].update(more=1), "log.jsonl:4: more: the field"),
    "a field too few": (lambda log: log[3].pop("leaf"), "log.jsonl:4: leaf: the field"),
    "a number as text": (lambda log: log[3].update(version="2"), "log.jsonl:4: version: the field"),
    "a number past all": (lambda log: log[3].update(version=1 << 63), "log.jsonl:4: version: the field"),
    "truth as a number": (lambda log: log[3].update(version=True), "log.jsonl:4: version: the field"),
    "no hexadecimal": (lambda log: log[3].update(salt="zz" * 16), "log.jsonl:4: salt: the field"),
    "another time": (lambda log: log[1].update(recorded_at="yesterday"), "log.jsonl:2: recorded_at: the field"),
    "a NUL": (lambda log: log[3].update(stream="a\0"), "log.jsonl:4: stream: the field"),
    "a later format": (lambda log: log[0].update(format_version=2), "does not know"),
    "something else": (lambda log: log[0].update(format="other"), "no export of a log"),
    "nothing": (lambda log: log.clear(), "no export of a log"),
}


def test_an_altered_log_is_refused_whole(log: list[dict[str, Any]], empty: Archive) -> None:
    """The error names the position, the append or the line; the archive is as empty as before."""
    log[0]["origin"] = "tests.example/altered"
    for change, told in BREAKS.values():
        altered = deepcopy(log)
        change(altered)
        with pytest.raises(FaultyExport, match=told):
            put(empty, as_file(altered))


def test_a_log_that_is_cut_off_anywhere_is_refused_whole(log: list[dict[str, Any]], empty: Archive) -> None:
    """In the middle of a line, and after each line."""
    whole = as_file(log)
    ends = [place for place, byte in enumerate(whole, 1) if byte == ord("\n")]
    for cut in sorted({*ends[:-1], *range(1, len(whole), 611), len(whole) - 1}):
        with pytest.raises(FaultyExport):
            put(empty, whole[:cut])


def test_every_byte_of_an_entry_counts(log: list[dict[str, Any]], new: New) -> None:
    """Whichever one is flipped, the log is refused or is the same."""
    whole = as_file(log)
    start = whole.index(b'{"entry":2')
    with Archive.open(new("sqlite")) as opened:
        for place in range(start, whole.index(b"\n", start) + 1):
            with pytest.raises(FaultyExport):
                put(opened, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])


def test_an_archive_with_entries_takes_no_log(log: list[dict[str, Any]], archive_url: str) -> None:
    """It stays as it is."""
    with Archive.open(archive_url) as opened:
        opened.append([noted(9)], who="ann", program="tests")
        before = said(opened)
        with pytest.raises(NotEmpty, match="1 entries already; make an empty one"):
            put(opened, as_file(log))
        assert said(opened) == before


def test_what_was_redacted_travels_as_redacted(log: list[dict[str, Any]], archive_url: str) -> None:
    """Its digest keeps its place in the root; its bytes are gone, those of its append's header too."""
    log[3].update(payload=None, salt=None)
    log[6].update(header=None, salt=None)
    with Archive.open(archive_url) as opened:
        assert put(opened, as_file(log)) == 4
        assert exported(opened) == as_file(log)
        with opened.reading() as connection:
            assert opened.log.entry(connection, 2).payload is None
            assert opened.log.head(connection).root == log[0]["root"]
            columns = (tables.entries.c.dedupe_id, tables.entries.c.dedupe_content)
            assert connection.execute(select(*columns).where(tables.entries.c.position == 2)).one() == (None, None)
        assert list(opened.query("SELECT position FROM reports ORDER BY 1").rows) == [(1,), (3,), (4,)]


IMPORT = "import sys, archive.cli; archive.cli.main(['--archive', sys.argv[1], 'import', '--log', '-'])"


@pytest.mark.usefixtures("empty")
def test_an_import_that_is_killed_leaves_an_empty_archive(log: list[dict[str, Any]], archive_url: str) -> None:
    """With half of the log taken in."""
    process = subprocess.Popen([sys.executable, "-c", IMPORT, archive_url], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(as_file(log[:5]))
    process.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.5)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_log_goes_through_a_file_and_through_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the commands; the file is new, and nothing on the way is obeyed by a terminal."""
    monkeypatch.chdir(tmp_path)
    Archive.make("old.db")
    with filled("sqlite:///old.db", "1"):
        pass

    def run(*arguments: str, given: bytes | None = None) -> Any:
        return CliRunner().invoke(main, arguments, input=given)

    assert run("--archive", "old.db", "export", "--log", "log.jsonl").exit_code == 0
    again = run("--archive", "old.db", "export", "--log", "log.jsonl")
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert sorted(path.name for path in tmp_path.glob("*.jsonl*")) == ["log.jsonl"]
    piped = run("--archive", "old.db", "export", "--log")
    assert "\u009b" not in piped.stdout
    assert [orjson.loads(line) for line in piped.stdout.splitlines()] == [
        orjson.loads(line) for line in (tmp_path / "log.jsonl").read_bytes().splitlines()
    ]
    for name, given in (("a.db", None), ("b.db", piped.stdout.encode())):
        assert run("--archive", name, "init").exit_code == 0
        done = run("--archive", name, "import", "--log", "-" if given else "log.jsonl", given=given)
        assert done.exit_code == 0, done.stderr
        assert run("--archive", name, "export", "--log").stdout == piped.stdout
