"""Appending from files, from standard input and by hand, all or nothing."""

import json
import os
import pty
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import append, main
from archive.errors import UsageError

ANN = {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee", "id": "a1"}
BO = {"type": "PersonRegistered", "person": "bo-ek", "name": "Bo Ek"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty archive."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHIVE_URL", raising=False)
    assert run("init").exit_code == 0
    return tmp_path


def run(*arguments: str, given: str = "") -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments), input=given)


def lines(*reports: Mapping[str, object]) -> str:
    """Reports as JSON Lines."""
    return "".join(f"{json.dumps(report)}\n" for report in reports)


def size() -> str:
    """How many entries the log has."""
    return run("sql", "SELECT count(*) AS n FROM entries", "--format", "csv").stdout.split()[1]


def test_files_and_standard_input_make_one_append(folder: Path) -> None:
    """In the order in which they are named; what is there already is counted apart."""
    (folder / "a.jsonl").write_text(lines(ANN))
    assert (
        run("append", "a.jsonl", "-", given=lines(BO)).stdout
        == "2 reports appended at positions 1 to 2, 0 already there\n"
    )
    assert run("append", "a.jsonl").stdout == "0 reports appended, 1 already there\n"
    assert json.loads(run("append", "a.jsonl", "--format", "json").stdout) == {
        "appended": 0,
        "already_there": 1,
        "positions": [1],
    }


def test_one_fault_in_one_file_keeps_all_out(folder: Path) -> None:
    """Each fault is told with its file and line; the code is 10."""
    (folder / "a.jsonl").write_text(lines(ANN))
    (folder / "b.jsonl").write_text(lines(BO) + "{}\n[]\n")
    result = run("append", "a.jsonl", "b.jsonl")
    assert result.exit_code == 10
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == ["b.jsonl:2:", "b.jsonl:3:", "archive:"]
    assert size() == "0"


def test_an_id_with_other_content_is_told_with_its_line(folder: Path) -> None:
    """Though only the log can find it."""
    (folder / "a.jsonl").write_text(lines(ANN))
    (folder / "b.jsonl").write_text(lines(BO, {**ANN, "person": "cy-oh"}))
    assert run("append", "a.jsonl").exit_code == 0
    result = run("append", "b.jsonl")
    assert result.exit_code == 10
    assert result.stderr.startswith("b.jsonl:2: id: ")
    assert size() == "1"


def test_a_file_with_an_equals_sign_in_its_name_is_named_by_its_path(folder: Path) -> None:
    """An argument with one is otherwise a field of a report by hand."""
    (folder / "a=b.jsonl").write_text(lines(ANN))
    assert run("append", "./a=b.jsonl").exit_code == 0
    assert run("append", str(folder / "a=b.jsonl")).stdout == "0 reports appended, 1 already there\n"
    assert run("append", "a=b.jsonl").exit_code == 10


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    """A type without its fields looks like one, and is told how reports are written by hand."""
    result = run("append", "Dismissed")
    assert result.exit_code == 2
    assert "by hand" in result.stderr


def test_a_dry_run_appends_nothing(folder: Path) -> None:
    """But finds every fault."""
    (folder / "a.jsonl").write_text(lines(ANN))
    assert run("append", "--dry-run", "a.jsonl").exit_code == 0
    assert size() == "0"
    assert run("append", "--dry-run", "-", given="{}\n").exit_code == 10


def test_a_long_file_shows_how_far_it_is_read_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error alone; without a terminal nothing is shown."""
    (folder / "a.jsonl").write_text(lines(ANN))
    monkeypatch.setattr(append, "LONG", 1)
    assert run("append", "a.jsonl").stderr == ""
    keeper, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with append.progress(["a.jsonl"]) as told:
            assert told is not None
            told(len(lines(ANN)))
    shown = b""
    while b"100%" not in shown:  # a terminal gives what was written in pieces
        shown += os.read(keeper, 10_000)
    os.close(keeper)


def test_a_dry_run_finds_an_id_that_the_log_has(folder: Path) -> None:
    """What an append would refuse, a dry run refuses."""
    (folder / "a.jsonl").write_text(lines(ANN))
    assert run("append", "a.jsonl").exit_code == 0
    result = run("append", "--dry-run", "-", given=lines({**ANN, "person": "cy-oh"}))
    assert result.exit_code == 10
    assert result.stderr.startswith("-:1: id: ")


def test_standard_input_that_is_closed_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no bug of ours."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="standard input is closed"), append.opened_input("-"):
        pass


def test_a_folder_is_no_report_by_hand(folder: Path) -> None:
    """So the hint is not given."""
    (folder / "reports").mkdir()
    result = run("append", "reports")
    assert result.exit_code == 2
    assert result.stderr == "archive: reports cannot be read: Is a directory\n"


def test_of_many_faults_the_first_are_told_with_how_many_more_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are counted; so are warnings, of which none is a fault."""
    monkeypatch.setattr("archive.intake.reading.MOST_TOLD", 2)
    (folder / "a.jsonl").write_text("no report\n" * 5)
    done = run("append", "a.jsonl")
    assert done.exit_code == 10
    *told, more, last = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in told] == ["a.jsonl:1", "a.jsonl:2"]
    assert more == "and 3 more faults"
    assert last == "archive: 5 faults, nothing was appended"
    source = {"type": "SourceRegistered", "source": "s"}
    acme = {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"}
    noted = {"type": "Noted", "organisation": "acme", "source": "s", "when": "2020-05-01"}
    noon = {"stated_times": [{"text": "noon", "zone": "ET"}, {"text": "5 pm", "zone": "PT"}]}
    given = lines(source, acme, *({**noted, **noon, "summary": str(number)} for number in range(4)))
    *told, more = run("append", "-", given=given).stderr.splitlines()
    assert len(told) == 2
    assert more == "and 2 more warnings"
