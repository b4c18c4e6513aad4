"""One place prints errors and says with which code the program ends."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import archive
from archive.cli import main
from archive.errors import LockedArchive


def run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Result:
    """Run a command whose archive raises an error."""

    def fails(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(archive.Archive, "open", fails)
    return CliRunner().invoke(main, ["project"])


def test_an_error_of_the_archive_is_its_sentence_its_hint_and_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error, with nothing that a terminal would obey."""
    result = run(monkeypatch, LockedArchive("a\x1b.db"))
    assert result.exit_code == LockedArchive.exit_code
    assert result.stdout == ""
    assert result.stderr == (
        "archive: the archive at a\\x1b.db is in use by another program\nhint: try again; nothing was changed\n"
    )


def test_any_other_error_is_a_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 70, and where it happened only on demand."""
    monkeypatch.delenv("ARCHIVE_DEBUG", raising=False)
    result = run(monkeypatch, ZeroDivisionError("oops"))
    assert result.exit_code == 70
    assert "a bug of ours: ZeroDivisionError: oops" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("ARCHIVE_DEBUG", "1")
    assert "Traceback" in run(monkeypatch, ZeroDivisionError("oops")).stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_a_user_who_breaks_off_gets_130(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """As the shell has it, without a traceback."""
    result = run(monkeypatch, error)
    assert result.exit_code == 130
    assert result.stderr == "archive: broken off\n"


def test_wrong_usage_gets_2() -> None:
    """Click's own words, and where the help is."""
    result = CliRunner().invoke(main, ["projekt"])
    assert result.exit_code == 2
    assert "No such command" in result.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`archive log | head -1` prints one line and nothing else."""
    where = str(tmp_path / "a.db")
    assert CliRunner().invoke(main, ["--archive", where, "demo"]).exit_code == 0
    command = [sys.executable, "-c", "from archive.cli import main; main()", "--archive", where, "log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        os.close(os.dup(process.stdout.fileno()))
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_an_address_serves_as_well_as_a_path(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On either database, by option or by environment."""
    runner = CliRunner()
    assert runner.invoke(main, ["--archive", database_url, "init"]).exit_code == 0
    monkeypatch.setenv("ARCHIVE_URL", database_url)
    added = runner.invoke(main, ["append", "OrganisationRegistered", "organisation=acme", "name=Acme"])
    assert added.stdout == "1 report appended at position 1, 0 already there\n"
    assert "Acme (acme)" in runner.invoke(main, ["project"]).stdout
    assert runner.invoke(main, ["sql", "SELECT organisation, name FROM organisations", "--format", "csv"]).stdout == (
        "organisation,name\nacme,Acme\n"
    )
    assert runner.invoke(main, ["sql", "DELETE FROM spans"]).exit_code == 4


def test_a_full_disk_is_told_as_one() -> None:
    """With the code of other errors."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from archive.cli import main; main(['schema'])"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("archive: the output cannot be written: No space left on device\nhint: ")


def test_a_number_past_what_a_database_counts_is_past_every_log(tmp_path: Path) -> None:
    """And no bug of ours."""
    where, huge = str(tmp_path / "a.db"), str(1 << 70)

    def code(*arguments: str) -> int:
        return CliRunner().invoke(main, ["--archive", where, *arguments]).exit_code

    assert code("init") == 0
    assert code("show", huge) == 22
    assert code("log", "--limit", huge, "--after", huge) == 0
    assert code("sql", "--limit", huge, "SELECT 1") == 0
