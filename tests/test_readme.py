"""What README.md shows is what the commands print and the databases answer.

A ```console block holds commands with what they print: `$ archive …` is run, `$ cat FILE` makes the file of what
stands below it, `$ echo $?` is the last exit code. A ```sql block is asked of the OpenAI case on both databases, and
the ```text block after it is the answer. With REWRITE=1 what differs is written into README.md, to be read before it
is committed; record times, roots and versions are not compared.
"""

import os
import re
import shlex
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cases import path as case
from archive.cli import main
from archive.cli.output import table
from archive.intake import read_reports
from tests.cli.transcripts import masked
from tests.databases import DatabaseTemplate, FreshDatabase, Kind

README = Path(__file__).parents[1] / "README.md"
CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
SQL = re.compile(r"(?<=^```sql\n)(?P<query>.*?)^```\n```text\n(?P<answer>.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
MODEL = re.compile(r"^\| `(?P<view>\w+)` \| (?P<columns>[^|]*) \|", re.MULTILINE)
COMMON = {"id", "organisation", "details", "basis", "positions"} | {
    f"valid_{side}_{bound}" for side in ("from", "to") for bound in ("earliest", "latest")
}


class Session:
    """Runs the commands of console blocks, in order, in the current folder."""

    def __init__(self) -> None:
        self.code = 0

    def replayed(self, block: str) -> str:
        """The block as it is when its commands are run now."""
        return "".join(self._run(command, said) for command, said in commands(block))

    def _run(self, command: str, said: str) -> str:
        program, *arguments = shlex.split(command.removeprefix("$ ").replace("\\\n", ""))
        if program == "cat":
            Path(*arguments).write_text(said, encoding="utf-8")
            return command + said
        if program == "echo":
            assert arguments == ["$?"]
            return f"{command}{self.code}\n"
        assert program == "archive"
        result = CliRunner().invoke(main, arguments, prog_name="archive")
        self.code = result.exit_code
        return command + result.output


def commands(block: str) -> Iterator[tuple[str, str]]:
    r"""Each command with its line end (a `\` continues it), and what stands below it."""
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if part:
            match = re.match(r"(?:.*\\\n)*.*\n", part)
            assert match is not None
            yield match[0], part[match.end() :]


def compare(shown: str, now: str) -> None:
    """Compare what README shows with what is so now; with REWRITE=1 write it there."""
    if masked(shown) == masked(now):
        return
    if os.environ.get("REWRITE") == "1":
        README.write_text(now, encoding="utf-8")
        return
    assert masked(now) == masked(shown)


def fill(where: str) -> None:
    """Make an archive with the case."""
    with Archive.create(where) as archive:
        taken = read_reports(BytesIO(case().read_bytes()), "openai-2023.jsonl", archive.known())
        archive.append(taken.events, who="a test", program="tests")


@pytest.fixture
def archive(
    database_kind: Kind, database_template: DatabaseTemplate, fresh_database: FreshDatabase
) -> Iterator[Archive]:
    """The archive that `archive demo` leaves, on each database."""
    with Archive.open(fresh_database(database_kind, database_template(database_kind, "readme", fill))) as opened:
        yield opened


def test_the_session_is_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, block by block, command by command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARCHIVE_URL", raising=False)
    session = Session()
    text = README.read_text(encoding="utf-8")
    now = CONSOLE.sub(lambda block: session.replayed(block[1]), text)
    assert now.count("$ archive ") >= 10
    compare(text, now)


def test_every_answer_in_sql_is_what_the_databases_say(archive: Archive) -> None:
    """The three clocks and the ten questions, the same on SQLite and PostgreSQL."""
    text = README.read_text(encoding="utf-8")

    def asked(block: re.Match[str]) -> str:
        rows = archive.query(block["query"])
        answer = [list(row) for row in rows.rows]
        assert answer, f"no answer to {block['query']}"
        lines = "\n".join(table(rows.columns, answer))
        return f"{block['query']}```\n```text\n{lines}\n"

    assert len(SQL.findall(text)) == text.count("```sql") == 11
    compare(text, SQL.sub(asked, text))


def test_the_table_of_views_is_what_the_database_has(archive: Archive) -> None:
    """Every read model with its own columns; those that all have, and those of the three tables, stand below."""
    section = README.read_text(encoding="utf-8").partition("\n## Questions in SQL")[2].partition("\n### ")[0]
    tables = (found for found in MODEL.finditer(section) if found["view"] not in COMMON)
    named = {found["view"]: set(re.findall(r"`(\w+)`", found["columns"])) for found in tables}
    models = {row[0] for row in archive.query("SELECT DISTINCT model FROM spans").rows}
    assert models <= set(named)
    for view, own in named.items():
        found = set(archive.query(f"SELECT * FROM {view}", limit=0).columns)  # noqa: S608  # names that README prints
        assert found == (own if view in {"reports", "evidence", "mentions"} else own | COMMON), view


def test_an_answer_that_differs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: in what is printed and in the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REWRITE", raising=False)
    lie = "$ archive --version\narchive of somebody else\n$ echo $?\n7\n"
    now = Session().replayed(lie)
    assert now.endswith("$ echo $?\n0\n")
    with pytest.raises(AssertionError):
        compare(lie, now)
