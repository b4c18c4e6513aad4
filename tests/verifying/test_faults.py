"""Every fault that is injected is found, by its name, with its position and exit code."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from archive import Archive
from archive.cli import main
from archive.errors import DamagedLog, Forked
from archive.log.checkpoints import Checkpoint
from archive.log.findings import KINDS, Findings
from archive.log.merkle import EMPTY_ROOT
from archive.log.transactions import write_transaction
from archive.verifying import Verified
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.log.archives import build_archive, noted
from tests.verifying.archives import build, sql
from tests.verifying.faults import LOG, READ_MODEL, WHOLE, Fault

OFTEN = {"content", "stream", "tail deleted", "who appended", "kept text", "stale", "words of an entry"}
"""Those that are tried on PostgreSQL each time; all of them in the long run."""


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, database_template: DatabaseTemplate, fresh_database: FreshDatabase
) -> Iterator[Archive]:
    """An archive with a history, once on each database."""
    kind: Kind = request.param
    with Archive.open(fresh_database(kind, database_template(kind, "verifying", build))) as found:
        yield found


def each(faults: list[Fault]) -> pytest.MarkDecorator:
    """Run a test with each fault, on SQLite always."""
    return pytest.mark.parametrize(
        ("opened", "fault"),
        [
            pytest.param(
                kind,
                fault,
                id=f"{kind}-{fault.name}",
                marks=[pytest.mark.long] if kind == "postgresql" and fault.name not in OFTEN else [],
            )
            for kind in ("sqlite", "postgresql")
            for fault in faults
        ],
        indirect=["opened"],
    )


def found(done: Verified, fault: Fault) -> bool:
    """Whether a check says what it must."""
    return any(
        one.kind == fault.kind and fault.said in one.said and (fault.position is None or one.position == fault.position)
        for one in done.findings.found
    )


def test_an_archive_that_nobody_touched_verifies(opened: Archive) -> None:
    """On both databases, with the checkpoints that were kept of it."""
    kept = opened.checkpoint()
    done = opened.verify([("kept", kept), ("empty", Checkpoint(kept.origin, 0, EMPTY_ROOT))])
    assert done.findings.found == []
    assert done.findings.error() is None
    assert (done.log.size, done.log.root, done.texts.kept, done.read_model) == (74, kept.root, 1, True)


@each(LOG)
def test_what_was_done_to_the_log_is_found(opened: Archive, fault: Fault) -> None:
    """Without any checkpoint: by what the archive itself says."""
    fault.tamper(opened.engine)
    done = opened.verify(log_alone=True)
    assert found(done, fault), done.findings.found
    error = done.findings.error()
    assert error is not None
    assert 20 <= error.exit_code <= 29
    assert KINDS[fault.kind].exit_code >= error.exit_code or isinstance(error, DamagedLog | Forked)


@each(WHOLE)
def test_what_was_made_to_fit_in_full_is_found_by_a_checkpoint_kept_elsewhere(opened: Archive, fault: Fault) -> None:
    """And by nothing else: that is what checkpoints are for."""
    kept = opened.checkpoint()
    fault.tamper(opened.engine)
    assert opened.verify().findings.found == []
    done = opened.verify([("the kept one", kept)])
    assert found(done, fault), done.findings.found
    assert isinstance(done.findings.error(), Forked)


@each(READ_MODEL)
def test_what_was_done_to_the_read_model_is_found_and_a_rebuild_puts_it_right(opened: Archive, fault: Fault) -> None:
    """The log is whole: another exit code."""
    fault.tamper(opened.engine)
    done = opened.verify()
    assert found(done, fault), done.findings.found
    error = done.findings.error()
    assert error is not None
    assert error.exit_code == 27
    opened.rebuild()
    assert opened.verify().findings.found == []


def test_a_log_with_the_same_origin_and_size_is_another(fresh_database: FreshDatabase) -> None:
    """A fork that was never this archive, of the same name and length."""
    archives = []
    for name in ("one", "other"):
        url = fresh_database("sqlite")
        build_archive(url)
        with Archive.open(url) as made:
            made.append([noted(number, summary=f"{name} {number}") for number in range(9)], who="ann", program="tests")
            archives.append((url, made.checkpoint()))
    with Archive.open(archives[0][0]) as one:
        done = one.verify([("theirs", archives[1][1])])
    assert [(found.kind, found.position) for found in done.findings.found] == [("forked", None)]
    assert "entries 1 to 9" in done.findings.found[0].said


def test_what_differs_lies_after_the_last_checkpoint_that_agrees(fresh_database: FreshDatabase) -> None:
    """Several kept checkpoints say where the log was rewritten."""
    url = fresh_database("sqlite")
    build_archive(url)
    kept = []
    with Archive.open(url) as made:
        for number in range(6):
            made.append([noted(2 * number), noted(2 * number + 1)], who="ann", program="tests")
            kept.append((f"checkpoint {number}", made.checkpoint()))
        kept[3:] = [(name, Checkpoint(one.origin, one.size, bytes(32))) for name, one in kept[3:]]
        said = [one.said for one in made.verify(kept).findings.found]
    assert len(said) == 3
    assert all("is in entries 7 to" in one for one in said)


def test_a_file_that_was_rolled_back_to_an_older_one_is_found(fresh_database: FreshDatabase) -> None:
    """By a checkpoint kept since."""
    path = Path(fresh_database("sqlite").removeprefix("sqlite:///"))
    build_archive(str(path))
    with Archive.open(path) as made:
        made.append([noted(1)], who="ann", program="tests")
    shutil.copy(path, path.with_name("older.db"))
    with Archive.open(path) as made:
        made.append([noted(2), noted(3)], who="ann", program="tests")
        kept = made.checkpoint()
    with Archive.open(path.with_name("older.db")) as older:
        assert older.verify().findings.found == []
        done = older.verify([("kept.txt", kept)])
    (one,) = done.findings.found
    assert (one.kind, one.position) == ("rolled back", 1)
    assert one.said.startswith("the log has 1 entries, kept.txt 3: it was rolled back to an older file")


def test_a_file_that_was_cut_off_is_found(
    tmp_path: Path, database_template: DatabaseTemplate, fresh_database: FreshDatabase
) -> None:
    """Wherever it ends: at opening, or by the check."""
    whole = Path(fresh_database("sqlite", database_template("sqlite", "verifying", build)).removeprefix("sqlite:///"))
    data = whole.read_bytes()
    for part in (0.05, 0.5, 0.99):
        cut_off = tmp_path / f"{part}.db"
        cut_off.write_bytes(data[: int(len(data) * part)])
        result = CliRunner().invoke(main, ["--archive", str(cut_off), "verify"])
        assert result.exit_code in {20, 30, 31, 39}, result.output
        assert "a bug of ours" not in result.output


def test_the_command_says_where_and_exits_with_the_gravest(
    opened: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As text and as JSON."""
    kept = tmp_path / "kept"
    kept.write_text(opened.checkpoint().note)
    place = opened.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ARCHIVE_URL", place)
    whole = CliRunner().invoke(main, ["verify", "--checkpoint", str(kept)])
    assert (whole.exit_code, "continues 1 checkpoint" in whole.stdout) == (0, True)
    sql("UPDATE reports_history SET summary = 'x' WHERE position = 9")(opened.engine)
    assert CliRunner().invoke(main, ["verify"]).exit_code == 27
    assert CliRunner().invoke(main, ["verify", "--log-only"]).exit_code == 0
    sql("UPDATE entries SET stream = 'elsewhere' WHERE position = 5", "DELETE FROM entries WHERE position > 70")(
        opened.engine
    )
    result = CliRunner().invoke(main, ["verify", "--checkpoint", str(kept), "--format", "json"])
    assert result.exit_code == 20
    told = json.loads(result.stdout)
    assert told["verified"] is False
    assert {("moved", 5), ("cut off", 71), ("rolled back", 70)} <= {
        (one["kind"], one["position"]) for one in told["findings"]
    }
    said = CliRunner().invoke(main, ["verify"])
    assert "moved: entry 5 stands in the stream elsewhere" in said.stdout
    assert "cut off: entries 71 to 74 are missing" in said.stdout
    assert "not looked at: the read model" in said.stdout
    assert "restore the archive from a copy" in said.stderr


def test_a_guard_that_was_dropped_is_found(opened: Archive) -> None:
    """With an exit code of its own, for the log is whole."""
    of = "" if opened.engine.dialect.name == "sqlite" else " ON entries"
    with write_transaction(opened.engine) as connection:
        connection.execute(text(f"DROP TRIGGER entries_refuse_delete{of}"))
    done = opened.verify()
    assert [one.said for one in done.findings.found] == ["the trigger entries_refuse_delete is missing"]
    error = done.findings.error()
    assert error is not None
    assert error.exit_code == 28


def test_of_many_findings_of_one_kind_the_first_are_told_and_all_are_counted() -> None:
    """A log that is altered throughout fills no memory."""
    findings = Findings()
    for position in range(250):
        findings.add("edited", f"entry {position}", position)
    assert len(findings.found) == 100
    assert findings.total == 250
    assert findings.counts == Counter(edited=250)


def test_every_kind_of_finding_is_injected() -> None:
    """No kind is there that no fault shows."""
    shown = {fault.kind for fault in (*LOG, *WHOLE, *READ_MODEL)}
    assert set(KINDS) - shown == {"guard", "damaged", "not redacted"}
