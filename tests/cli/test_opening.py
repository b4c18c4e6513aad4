"""What stands at the place of an archive and cannot be opened as one: each has its sentence and its code."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli import main
from archive.log import database

COMMANDS = (
    ["project"],
    ["log"],
    ["sql", "SELECT count(*) FROM reports"],
    ["append", "PersonRegistered", "person=ann-lee", "name=Ann Lee"],
)
READING = COMMANDS[:3]


def run(where: Path, *arguments: str) -> Result:
    """Run a command on what stands there."""
    return CliRunner().invoke(main, ["--archive", str(where), *arguments])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive."""
    Archive.make(tmp_path / "a.db")
    return tmp_path / "a.db"


def newer(where: Path) -> None:
    """Say that a later program was here."""
    with closing(sqlite3.connect(where)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def other(where: Path) -> None:
    """Put another program's database there."""
    where.unlink()
    with closing(sqlite3.connect(where)) as connection, connection:
        connection.execute("CREATE TABLE notes (text)")


PUT: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "nothing": (Path.unlink, 30, "no archive at"),
    "a text": (lambda where: where.write_text("Ann Lee leaves Acme.\n" * 99), 31, "is not an archive"),
    "an empty file": (lambda where: where.write_bytes(b""), 30, "no archive at"),
    "another program's database": (other, 31, "is not an archive"),
    "an archive of a later program": (newer, 32, "is of a later version of this program"),
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("what", PUT)
def test_what_is_no_archive_of_ours_is_told_and_left_as_it_is(made: Path, what: str, command: list[str]) -> None:
    """By every command that reads or writes."""
    put, code, said = PUT[what]
    put(made)
    before = made.read_bytes() if made.exists() else None
    result = run(made, *command)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert (made.read_bytes() if made.exists() else None) == before


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    """With a code of the database's."""
    result = run(tmp_path, "project")
    assert 30 <= result.exit_code < 40
    assert result.stderr.startswith("archive: ")


@contextmanager
def locked(where: Path) -> Iterator[None]:
    """Hold the file as a writer does."""
    connection = sqlite3.connect(where, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


def test_while_another_program_writes_readers_read_and_writers_give_up_in_the_end(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the patience that they have; nothing was changed."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with locked(made):
        assert [run(made, *command).exit_code for command in READING] == [0, 0, 0]
        result = run(made, *COMMANDS[3])
    assert result.exit_code == 34
    assert "is in use by another program" in result.stderr
    assert run(made, *COMMANDS[3]).exit_code == 0


def test_an_archive_on_a_sealed_medium_is_read_as_it_lies(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite would make files beside it there, and could not."""
    assert {file.name for file in made.parent.iterdir()} == {"a.db"}
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    with Archive.open(made) as archive, archive.reading():
        assert archive.project()["log"]["size"] == 0
        assert next(archive.query("SELECT count(*) FROM reports").rows) == (0,)
        assert {file.name for file in made.parent.iterdir()} == {"a.db"}
    assert run(made, *COMMANDS[3]).exit_code == 33
