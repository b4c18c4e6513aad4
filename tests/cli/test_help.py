"""Help texts are checked in, and their examples run."""

import importlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click import HelpFormatter
from click.testing import CliRunner

from archive.cli import COMMANDS, main
from archive.cli.checkpoint import COMMANDS as CHECKPOINT_COMMANDS
from archive.cli.source import COMMANDS as SOURCE_COMMANDS
from archive.cli.width import Formatter
from tests.cli.transcripts import check

ALL = [
    *COMMANDS,
    *(f"source {command}" for command in SOURCE_COMMANDS),
    *(f"checkpoint {command}" for command in CHECKPOINT_COMMANDS),
]
"""Every command, those of a group after the others."""

HELP = Path(__file__).with_name("help.txt")


def help_of(*arguments: str) -> str:
    """The help of a command, 80 columns wide."""
    result = CliRunner().invoke(main, [*arguments, "--help"], prog_name="archive", terminal_width=80)
    assert result.exit_code == 0
    return result.stdout


def examples_of(command: str) -> list[tuple[str | None, list[str]]]:
    """The example with which a help text ends: what each line pipes in, and the arguments."""
    found = []
    for line in help_of(*command.split()).rpartition("Example:\n")[2].splitlines():
        piped, _, called = line.rpartition(" | ")
        program, *arguments = shlex.split(called)
        assert program == "archive"
        found.append((f"{shlex.split(piped)[1]}\n" if piped else None, arguments))
    return found


def example_of(command: str) -> list[str]:
    """The arguments of an example of one line."""
    ((_, arguments),) = examples_of(command)
    return arguments


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was run."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("ARCHIVE_URL", raising=False)
        result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 0, result.output
    return folder


def test_the_help_texts_are_those_checked_in() -> None:
    """One file shows a reviewer what changes for users."""
    told = [f"$ archive {command} --help\n{help_of(*command.split())}" for command in ALL]
    told.insert(0, f"$ archive --help\n{help_of()}")
    check(HELP, "\n".join(told))


@pytest.mark.parametrize("command", [command for command in ALL if command != "demo"])
def test_the_example_of_a_command_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """In the folder of the demo, as it stands in the help."""
    monkeypatch.chdir(folder)
    for piped, arguments in examples_of(command):
        result = CliRunner().invoke(main, arguments, input=piped)
        assert result.exit_code == 0, result.output
        assert result.output


def test_the_examples_of_the_whole_and_of_the_demo_run_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the newcomer's first commands; a second run overwrites nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHIVE_URL", raising=False)
    for command in ("", "demo"):
        assert CliRunner().invoke(main, example_of(command)).exit_code == 0
        again = CliRunner().invoke(main, example_of(command))
        assert again.exit_code == 2
        assert "is there already" in again.stderr
    assert sorted(file.name for file in tmp_path.glob("*.db")) == ["demo.db", "openai-2023.db"]


def test_the_demo_prints_the_commands_that_it_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each can be typed, and prints the same, record times of a second append aside."""
    monkeypatch.chdir(folder)
    (folder / "openai-2023.db").rename(folder / "kept.db")
    told = CliRunner().invoke(main, ["demo"]).stdout
    (folder / "openai-2023.db").rename(folder / "again.db")
    (folder / "kept.db").rename(folder / "openai-2023.db")
    typed = [line.removeprefix("$ ") for line in told.splitlines() if line.startswith("$ ")]
    assert [shlex.split(line)[3] for line in typed] == ["init", "append", "project", "project", "project", "sql"]
    answers = [CliRunner().invoke(main, shlex.split(line)[1:]) for line in typed]
    assert [answer.exit_code for answer in answers] == [0] * len(typed)
    assert answers[-1].stdout in told


def test_help_imports_no_database() -> None:
    """Help is there at once: SQLAlchemy, eventsourcing and Alembic are imported by what uses them."""
    said = "import sys, archive.cli\ntry: archive.cli.main(['--help'])\nexcept SystemExit: pass\n"
    said += "print({'sqlalchemy', 'eventsourcing', 'alembic', 'rich'} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert "demo" in done.stdout
    assert done.stderr == "set()\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(command: str) -> None:
    """The sentence in the list is the first of the command's own help."""
    described = importlib.import_module(f"archive.cli.{command}").command.get_short_help_str(limit=1000)
    assert COMMANDS[command] == described


def test_the_list_of_commands_needs_click_alone() -> None:
    """A help text is there at once: nothing slow is imported for it."""
    program = (
        "import sys, click; before = set(sys.modules);"
        "from archive.cli import main; main(['--help'], standalone_mode=False);"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    brought = set(done.stderr.split())
    assert brought - {"archive", "click"} <= set(sys.stdlib_module_names)
    assert brought.isdisjoint({"asyncio", "csv", "dataclasses", "shutil", "sqlite3", "traceback", "zoneinfo"})


@pytest.mark.parametrize("columns", ["40", "60", "78", "80", "200", "", "0", "many"])
def test_a_help_text_is_as_wide_as_click_would_have_it(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """Of a terminal as wide as COLUMNS says, or of none."""
    monkeypatch.setenv("COLUMNS", columns)
    assert Formatter().width == HelpFormatter().width
    assert Formatter(width=33).width == 33
    assert Formatter(max_width=100).width == HelpFormatter(max_width=100).width


def test_a_help_text_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where COLUMNS says nothing; 80 columns where the terminal says none."""
    monkeypatch.delenv("COLUMNS", raising=False)
    for there, width in ((60, 58), (300, 78), (20, 50), (0, 78)):
        monkeypatch.setattr(os, "get_terminal_size", lambda _, there=there: os.terminal_size((there, 24)))
        assert Formatter().width == HelpFormatter().width == width
