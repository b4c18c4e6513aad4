"""Whatever is asked and whatever sources say: no bug of ours, and nothing in the output that acts."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.cli import COMMANDS, main
from archive.cli.errors import BUG
from archive.cli.output import UNSAFE
from archive.errors import SameIdOtherContent
from archive.intake import MemoryKnown, read_reports
from tests.intake.test_laws import REGISTERED, REPORTS, TEXTS, Wire

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J",
    "\u202etxt.exe",
    "\u200bAnn\U000e0041",
    "=HYPERLINK(1)",
    "@SUM(A1)",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE spans; --",
    "%s%n{0}\\u0000",
    "line\nbreak\r\tand more",
    "\u0628\u200d\u0629\u0301" * 5,
    "x" * 3000,
)
"""What a source may say: escape sequences, marks of direction, what cannot be seen, formulas, markup, statements."""

QUESTIONS = (
    ["project"],
    ["project", "--format", "json"],
    ["log"],
    ["log", "--format", "csv"],
    ["log", "--format", "jsonl"],
    ["explain", "acme", "ceo", "--basis", "rumour"],
    ["explain", "acme", "ceo", "--format", "json"],
    ["conflicts"],
    ["conflicts", "--format", "json"],
    ["diff", "--at", "2019", "--at", "2024"],
    ["search", "Ann"],
    ["search", "Ann", "--format", "json"],
    ["timeline", "acme"],
    ["source", "list"],
    ["source", "show", "release", "--passages"],
    ["sql", "SELECT * FROM reports"],
    ["sql", "SELECT * FROM names", "--format", "csv"],
    ["sql", "SELECT * FROM reports", "--format", "json"],
)


QUICK: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}
"""To shrink a case takes minutes here, and says little."""


def run(where: Path, *arguments: str, given: bytes | None = None) -> Result:
    """Run a command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(where), *arguments], input=given)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which every text is hostile."""
    where = tmp_path_factory.mktemp("hostile") / "a.db"
    assert run(where, "init").exit_code == 0
    lines: list[Wire] = [
        {"type": "OrganisationRegistered", "organisation": "acme", "name": f"Acme {HOSTILE[0]}"},
        {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": f"Chief {HOSTILE[1]}"},
        {"type": "SourceRegistered", "source": "release", "title": HOSTILE[5], "publisher": HOSTILE[0]},
    ]
    for place, text in enumerate(HOSTILE):
        told = {"source": "release", "summary": text, "attribution": text, "stated_times": [{"text": text[:99]}]}
        lines += [
            {"type": "PersonRegistered", "person": f"p{place}", "name": f"Ann {text[:200]}", "names": [text[:200]]},
            {
                "type": "Appointed",
                "organisation": "acme",
                "office": "ceo",
                "person": f"p{place}",
                "from": "2020",
                **told,
            },
            {
                "type": "Dismissed",
                "organisation": "acme",
                "office": "ceo",
                "person": f"p{place}",
                "when": "2021",
                **told,
            },
            {"type": "Noted", "organisation": "acme", "when": "2020", **told, "people": [f"p{place}"]},
            {
                "type": "AttributeReported",
                "organisation": "acme",
                "attribute": "motto",
                "value": text,
                "when": "2020",
                **told,
            },
        ]
    answer = run(where, "append", "-", given=b"\n".join(map(orjson.dumps, lines)))
    assert answer.exit_code == 0, answer.output
    assert not UNSAFE.search(answer.output.replace("\n", ""))
    return where


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_no_output_has_what_a_terminal_obeys_or_hides(hostile: Path, question: list[str]) -> None:
    """Whatever the names, summaries and times of sources are."""
    answer = run(hostile, *question)
    assert answer.exit_code == 0, answer.output
    # A file of CSV has what is there, quoted; on a terminal it is written out.
    if "csv" not in question:
        assert not UNSAFE.search(answer.output.replace("\n", ""))
    if "json" in question:
        json.loads(answer.stdout)


def test_no_cell_of_csv_calculates(hostile: Path) -> None:
    """Names that are formulas come with an apostrophe."""
    answer = run(hostile, "sql", "SELECT name FROM names", "--format", "csv")
    assert "'=HYPERLINK(1)" in answer.stdout
    assert not any(line.startswith(("=", "@", "+", "-")) for line in answer.stdout.splitlines())


def test_a_picture_is_well_formed_and_runs_nothing(hostile: Path, tmp_path: Path) -> None:
    """Names are text in it."""
    picture = tmp_path / "a.svg"
    assert run(hostile, "timeline", "acme", "--output", str(picture)).exit_code == 0
    parsed = ET.fromstring(picture.read_bytes())  # noqa: S314  # our own output
    kinds = {element.tag.rpartition("}")[2] for element in parsed.iter()}
    assert not kinds & {"script", "img", "foreignObject", "a", "image", "use"}
    assert not [name for element in parsed.iter() for name in element.attrib if name.lower().startswith("on")]


SPOILED = st.sampled_from((*HOSTILE, "2020", "[2020..", "@0", "@99999999999999999999", "-1", "", "acme", "ceo", "1"))
ANYTHING = SPOILED | st.text(max_size=30)
OPTIONS = (
    *("--at", "--as-reported", "--as-recorded", "--basis", "--tz", "--organisation", "--format", "--limit", "--after"),
    *("--office", "--from", "--to", "--width", "--model", "--source", "--reason", "--why", "--timeout", "--passages"),
    *("--dry-run", "--ascii", "--scale", "--version", "--append", "--help"),
)
SAFE = sorted(COMMANDS.keys() - {"init", "demo", "export", "append", "follow", "rebuild", "publish", "checkpoint"})
"""Commands that write no file and wait for nothing, whatever their arguments."""


def ask_anything(where: Path, name: str, arguments: list[str]) -> None:
    """A random command ends with an answer or an error that says what to do."""
    answer = run(where, name, *arguments, given=b"")
    assert answer.exit_code != BUG, (name, arguments, answer.output)
    assert answer.exit_code == 0 or answer.stderr, (name, arguments)
    assert not UNSAFE.search(answer.stderr.replace("\n", "")) or answer.exit_code == 2  # click prints what was typed


COMMAND_LINES = st.lists(st.sampled_from(OPTIONS) | ANYTHING, max_size=6).filter(lambda some: "--output" not in some)


@pytest.fixture(scope="module")
def scratch(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that commands may append to."""
    where = tmp_path_factory.mktemp("scratch") / "a.db"
    shutil.copy(hostile, where)
    return where


@settings(max_examples=120, **QUICK)
@given(name=st.sampled_from(SAFE), arguments=COMMAND_LINES)
def test_no_command_line_is_a_bug_of_ours(scratch: Path, name: str, arguments: list[str]) -> None:
    """Any options, with any text in any place."""
    ask_anything(scratch, name, arguments)


@pytest.mark.long
@settings(max_examples=5_000, **QUICK)
@given(name=st.sampled_from(SAFE), arguments=COMMAND_LINES)
def test_none_of_five_thousand_command_lines_is_a_bug_of_ours(scratch: Path, name: str, arguments: list[str]) -> None:
    """The same, many times."""
    ask_anything(scratch, name, arguments)


WORDS = st.sampled_from(
    (
        *("SELECT", "*", "FROM", "tenures", "reports", "(", ")", ",", "WHERE", "person", "=", "'a'", "1", "WITH", "AS"),
        *(
            "json_each",
            "UNION",
            "ALL",
            "PRAGMA",
            "table_info",
            "EXPLAIN",
            ";",
            "--",
            "/*",
            "*/",
            "\x00",
            "x'",
            '"',
            "?1",
        ),
        *(
            "zeroblob(1e9)",
            "randomblob(-1)",
            "hex(",
            "ATTACH",
            "printf('%*c', 999999999, 'x')",
            "LIMIT",
            ":a",
            "\\",
            "\u202e",
        ),
    )
)


@settings(max_examples=200, **QUICK)
@given(words=st.lists(WORDS | st.text(max_size=5), max_size=14))
def test_no_statement_is_a_bug_of_ours(hostile: Path, words: list[str]) -> None:
    """Read, or refused, or not understood, or too slow."""
    answer = run(hostile, "sql", "--timeout", "1", "--", " ".join(words))
    assert answer.exit_code in {0, 2, 4, 5, 6}, (words, answer.output)


RETRACTED = (2, 3)
"""What is told of somebody or something whose registration was taken back."""


def fill(where: Path, wires: list[Wire]) -> int:
    """Append what intake accepts of these, in one append after another; how many."""
    taken = 0
    with Archive.open(where) as archive:
        for wire in wires:
            intake = read_reports(BytesIO(orjson.dumps(wire)), "f", archive.known())
            if not intake.faults:
                with suppress(SameIdOtherContent):
                    archive.append(intake.events, who="a test", program="tests")
                    taken += 1
    return taken


def ask_everything(wires: list[Wire], folder: Path) -> None:
    """Append what is accepted, then ask every question of it."""
    where = folder / "a.db"
    shutil.copy(folder / "registered.db", where)
    fill(where, wires)
    for question in QUESTIONS:
        answer = run(where, *question)
        assert answer.exit_code in {0, *RETRACTED}, (question, answer.output)
        if "csv" not in question:
            assert not UNSAFE.search(answer.output.replace("\n", "")), question


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive in which there are people, offices and a source to speak of."""
    folder = tmp_path_factory.mktemp("registered")
    with Archive.create(folder / "registered.db") as archive:
        events = read_reports(BytesIO(b"\n".join(map(orjson.dumps, REGISTERED))), "f", MemoryKnown()).events
        archive.append(events, who="a test", program="tests")
    return folder


@settings(max_examples=8, **QUICK)
@given(wires=st.lists(REPORTS, min_size=3, max_size=12))
def test_every_question_is_answered_whatever_was_reported(registered: Path, wires: list[Wire]) -> None:
    """Reports of any types with any values that intake accepts."""
    ask_everything(wires, registered)


@pytest.mark.long
@settings(max_examples=400, **QUICK)
@given(wires=st.lists(REPORTS, min_size=3, max_size=25))
def test_every_question_is_answered_whatever_was_reported_in_hundreds_of_archives(
    registered: Path, wires: list[Wire]
) -> None:
    """The same, many times."""
    ask_everything(wires, registered)


def spoil(data: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """Lines of a file with bytes put in the place of others."""
    for place, put in cuts:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + len(put) :]
    return data


@settings(max_examples=60, **QUICK)
@given(
    wires=st.lists(REPORTS, min_size=1, max_size=4),
    cuts=st.lists(st.tuples(st.integers(0, 5_000), st.binary(max_size=6) | TEXTS.map(str.encode)), max_size=4),
)
def test_a_spoiled_file_is_taken_or_has_faults(scratch: Path, wires: list[Wire], cuts: list[tuple[int, bytes]]) -> None:
    """Every fault with its place; nothing in between."""
    data = spoil(b"\n".join(map(orjson.dumps, wires)), cuts)
    answer = run(scratch, "append", "--dry-run", "-", given=data)
    assert answer.exit_code in {0, 10, 11}, (data, answer.output)
    if answer.exit_code == 10:
        assert "-:1: " in answer.stderr or "-:" in answer.stderr
