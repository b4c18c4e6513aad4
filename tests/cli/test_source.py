"""Documents at the command line, hostile ones too."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.cli.output import UNSAFE, width

WIRE = "Ann Lee leaves Acme.\n"
HOSTILE = "one\x1b[31m \u202e two\x9b1m\r\nthree\n" + "日本語の長い行です。" * 12

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a new archive with Acme and its chief, and with text on standard input."""
    monkeypatch.setenv("ARCHIVE_URL", str(tmp_path / "archive.db"))

    def running(*arguments: str, text: str | bytes = "", code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments, input=text)
        assert result.exit_code == code, result.output
        return result

    running("init")
    reports = [
        {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
        {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": "Chief"},
        {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"},
    ]
    running("append", "-", text="\n".join(map(json.dumps, reports)))
    return running


def test_ten_outlets_that_copy_one_wire_are_one_origin(run: Run) -> None:
    """Word for word the same, and each a source of its own; the eleventh that copies nobody is another."""
    fields = ("organisation=acme", "office=ceo", "person=ann-lee", "when=2020-05-04", "quote=Ann Lee leaves")
    run("append", "Attested", *fields[:3], "as_of=2020-05-01", "source=wire", code=10)
    run("source", "add", "-", "--id", "wire", text=WIRE)
    run("append", "Appointed", *fields[:3], "from=2019", "source=wire")
    for number in range(10):
        run("source", "add", "-", "--id", f"outlet-{number}", "--derived-from", "wire", text=WIRE)
        run("append", "Resigned", *fields, f"source=outlet-{number}")
    asked = ("explain", "acme", "ceo", "--at", "2021", "--format", "json")
    (row,) = json.loads(run(*asked).stdout)["rows"]
    assert len([one for one in row["reports"] if one["type"] == "Resigned"]) == 10
    assert row["origins"]["ends"] == ["wire"]
    run("source", "add", "-", "--id", "witness", text="I saw that Ann Lee leaves.\n")
    run("append", "Resigned", *fields, "source=witness")
    (row,) = json.loads(run(*asked).stdout)["rows"]
    assert row["origins"]["ends"] == ["wire", "witness"]


def test_a_source_that_derives_from_an_unknown_one_is_a_fault(run: Run) -> None:
    """Nothing is registered, no text is kept."""
    refused = run("source", "add", "-", "--id", "outlet", "--derived-from", "wyre", text=WIRE, code=10)
    assert "derived_from[0]: there is no source `wyre`" in refused.stderr
    assert run("source", "list").stdout == "no source is registered\n"
    assert json.loads(run("sql", "SELECT * FROM documents", "--format", "json").stdout) == []


@pytest.mark.parametrize("columns", [20, 40, 200])
def test_a_text_is_shown_whole_harmless_and_no_wider_than_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """What a terminal would obey is written out; lines break in any script; 80 columns are the most."""
    run("source", "add", "-", "--id", "odd", text=HOSTILE.encode())
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = run("source", "show", "odd", "--passages").stdout.partition("\n\n")[2].splitlines()
    assert not any(UNSAFE.search(line) for line in shown)
    assert max(width(line) for line in shown) <= min(columns, 80)
    together = "".join(line.strip() for line in shown)
    assert "日本語の長い行です。" * 12 in together
    assert "\\x1b[31m" in together


def test_lists_for_programs_neutralise_what_a_spreadsheet_would_calculate(run: Run) -> None:
    """CSV with a formula as title; JSON Lines has it as it is."""
    run("source", "add", "-", "--id", "odd", "--title", "=1+1", "--access", "internal", text=WIRE)
    (row,) = csv.DictReader(StringIO(run("source", "list", "--format", "csv").stdout))
    assert (row["title"], row["access"], row["versions"], row["kept"]) == ("'=1+1", "internal", "1", "1")
    assert json.loads(run("source", "list", "--format", "jsonl").stdout)["title"] == "=1+1"
    assert "odd, internal: =1+1" in run("source", "list").stdout


def test_what_internal_entries_cite_is_marked(run: Run) -> None:
    """Beside what public ones do."""
    run("source", "add", "-", "--id", "wire", text=WIRE)
    fields = ("organisation=acme", "when=2020", "source=wire")
    run("append", "Noted", *fields, "summary=a", "quote=Ann Lee")
    run("append", "Noted", *fields, "summary=b", "quote=Lee leaves", "access=internal")
    shown = run("source", "show", "wire", "--passages").stdout
    assert "4-7 5 Noted, 6 Noted (internal)\n" in shown
    assert "2 passages; 14 of 21 characters, 66.7 %" in shown


def test_adding_as_json_says_what_was_done(run: Run) -> None:
    """First registered and kept, then there, then another version without its text."""
    keys = ("source", "registered", "position", "text", "characters")
    done = [
        json.loads(run("source", "add", "-", "--id", "wire", *more, "--format", "json", text=text).stdout)
        for text, more in ((WIRE, ()), (WIRE, ()), ("other", ("--detached",)))
    ]
    assert [tuple(one[key] for key in keys) for one in done] == [
        ("wire", "SourceRegistered", 4, "kept", 21),
        ("wire", None, None, "there", 21),
        ("wire", "SourceVersionRegistered", 5, "detached", None),
    ]


@pytest.mark.parametrize(
    ("arguments", "text", "code", "said"),
    [
        (("add", "-"), "", 2, "- is empty"),
        (("add", "missing.txt"), "", 2, "missing.txt cannot be read"),
        (("add", "-"), b"\x00\x01", 12, "--detached"),
        (("attach", "nobody", "-"), "x", 2, "there is no source 'nobody'"),
        (("show", "nobody"), "", 2, "register it: archive source add FILE"),
        (("add", "-", "--id", "No Slug"), "x", 10, "source: `No Slug` is no id"),
        (("add", "-", "--published", "2020-13"), "x", 10, "published: `2020-13` has the month 13"),
    ],
)
def test_what_cannot_be_is_told_with_its_exit_code(
    run: Run, arguments: tuple[str, ...], text: str | bytes, code: int, said: str
) -> None:
    """And with the way out."""
    assert said in run("source", *arguments, text=text, code=code).stderr
