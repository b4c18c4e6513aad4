"""Lines: every bad one is reported, and none keeps the next from being read."""

import json
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake import Append, MemoryKnown, read_lines, read_reports
from archive.intake.faults import Wrong
from archive.intake.lines import LONGEST_LINE, wires
from tests.intake.conftest import Reading, dismissed

GOOD = orjson.dumps(dismissed())
LONG = b'{"type":"' + b"x" * LONGEST_LINE + b'"}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nonsense", "not JSON at column 1"),
        (b'{"type": "Dismissed",, }', "not JSON at column 22"),
        (GOOD + GOOD, "not JSON at column"),
        (b'{"type": NaN}', "not JSON at column"),
        (b"[]", "a list is no report"),
        (b"3", "3 is no report"),
        (b"null", "null is no report"),
        (b'"Dismissed"', "`Dismissed` is no report"),
        (b'{"type": "Dismiss\xc3"}', "invalid UTF-8 at byte 18 of the line"),
        (b'{"type": "\\ud800"}', "not JSON at column"),
        (b'{"type": "a\0b"}', "the character U+0000 at byte 12 of the line; leave it out"),
        (GOOD + b"\r" + GOOD, "a carriage return at byte"),
        (b"[" * 10_000, "nested too deeply"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
        (b"[" * 100 + b"]" * 100, "nested too deeply"),
        (b'{"type":' + b"[" * 40 + b"]" * 40 + b"}", "nested too deeply"),
        (LONG, "the line has 1,048,588 bytes; a report has 1,048,576 at most"),
    ],
)
def test_a_bad_line_is_a_fault_and_the_next_is_read(read: Reading, line: bytes, said: str) -> None:
    """A line that is no report is reported with its number, between two that are read."""
    intake = read(GOOD, line, GOOD)
    assert len(intake.events) == 2
    assert [(fault.file, fault.line) for fault in intake.faults] == [("f.jsonl", 2)]
    assert said in str(intake.faults[0])


class Counting(BytesIO):
    """A stream that remembers how much was asked of it at once."""

    most = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line, noting the size of what is given."""
        line = super().readline(size)
        self.most = max(self.most, len(line))
        return line


def test_a_line_of_50_megabytes_is_never_held_whole(known: MemoryKnown) -> None:
    """No read takes more than the longest line."""
    stream = Counting(GOOD + b"\n" + b"x" * 50_000_000 + b"\n" + GOOD)
    intake = read_reports(stream, "f.jsonl", known)
    assert [str(fault).split(";")[0] for fault in intake.faults] == ["f.jsonl:2: the line has 50,000,001 bytes"]
    assert len(intake.events) == 2
    assert stream.most <= LONGEST_LINE + 2


def test_a_line_without_end_is_left_unread(known: MemoryKnown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as that of a device."""
    monkeypatch.setattr("archive.intake.lines.LONGEST_SKIPPED", 3_000_000)
    stream = Counting(GOOD + b"\n" + b"\0" * 9_000_000)
    intake = read_reports(stream, "f.jsonl", known)
    (fault,) = intake.faults
    assert "was not read further" in str(fault)
    assert stream.tell() < 4_000_000


def test_a_line_of_exactly_the_limit_is_read(read: Reading) -> None:
    """The limit is the longest line that is read, with either line end."""
    line = GOOD + b" " * (LONGEST_LINE - len(GOOD))
    assert len(read(line, line + b"\r").events) == 2


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf" + GOOD, GOOD + b"\r\n" + GOOD + b"\r\n", b"\n \n\r\n\t\n" + GOOD, GOOD, b"", b"\xef\xbb\xbf"],
)
def test_a_mark_crlf_blank_lines_and_a_missing_last_line_end_are_accepted(known: MemoryKnown, data: bytes) -> None:
    """What editors leave behind is nothing to remark on."""
    intake = read_reports(BytesIO(data), "f.jsonl", known)
    assert intake.faults == []
    assert len(intake.events) == data.count(GOOD)


@pytest.mark.parametrize("cut", [1, 40, len(GOOD) - 1])
def test_a_file_that_ends_in_the_middle_of_a_line_says_so(known: MemoryKnown, cut: int) -> None:
    """The last line, cut off, is a fault of its own kind."""
    intake = read_reports(BytesIO(GOOD + b"\n" + GOOD[:cut]), "f.jsonl", known)
    assert [str(fault) for fault in intake.faults] == [
        "f.jsonl:2: the file ends in the middle of a line; it was cut off; take the whole file"
    ]


def test_a_file_of_utf_16_is_told_so(known: MemoryKnown) -> None:
    """Text saved as UTF-16 is recognised by its mark."""
    intake = read_reports(BytesIO('{"type": 1}\n'.encode("utf-16")), "f.jsonl", known)
    assert str(intake.faults[0]) == "f.jsonl:1: the file is UTF-16; save it as UTF-8"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b'{"type": "Dismissed", "type": "Resigned"}', "type"),
        (b'{"type": "VoteHeld", "ballots": [{"person": "a", "person" : "b"}]}', "person"),
        (b'{"a": 1, "\\u0061": 2}', "a"),
    ],
)
def test_a_name_given_twice_in_one_object_is_a_fault(read: Reading, line: bytes, field: str) -> None:
    """The parser would keep the last one, silently."""
    fault = read(line).faults[0]
    assert (fault.field, fault.problem) == (field, "is given twice")


def test_quotes_and_colons_in_a_text_are_no_names(read: Reading) -> None:
    """A text that looks like names of fields is a text."""
    assert read(dismissed(summary='"when": "when" : {"when": 1}')).faults == []


def test_faults_stand_in_the_order_of_the_lines_of_all_files(known: MemoryKnown) -> None:
    """Several files of one append are read into one; what one registers, the others may use."""
    append = Append(known)
    person: dict[str, Any] = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz"}
    read_lines(append, BytesIO(orjson.dumps(dismissed(person="cy-oz")) + b"\nx\n"), "a.jsonl")
    read_lines(append, BytesIO(b"x\n" + orjson.dumps(person)), "b.jsonl")
    intake = append.finish()
    assert [(fault.file, fault.line) for fault in intake.faults] == [("a.jsonl", 2), ("b.jsonl", 1)]
    assert intake.places == [("a.jsonl", 1), ("b.jsonl", 2)]


def test_progress_adds_up_to_the_size_of_the_file(known: MemoryKnown) -> None:
    """Every byte is told once."""
    told: list[int] = []
    data = (GOOD + b"\n") * 2_000 + LONG
    read_reports(BytesIO(data), "f.jsonl", known, told.append)
    assert sum(told) == len(data)
    assert len(told) > 2


NAMES = st.sampled_from(["a", "b", 'say: "c"', "{[", ":"])
BLANKS = st.sampled_from(["", " ", "\t "])
TOLD = st.recursive(
    st.sampled_from(["1", "null", '"x"', '"\\": {["', '"12:00"', '"\\" :"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(NAMES.map(json.dumps), BLANKS, inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f"{name}{blank}:{value}" for name, blank, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)


@given(TOLD)
def test_a_name_given_twice_is_found_wherever_it_stands(line: str) -> None:
    """And nothing else is taken for one: not what stands in a text, at whatever depth."""
    twice = False

    def once(pairs: list[tuple[str, Any]]) -> None:
        nonlocal twice
        twice = twice or len(dict(pairs)) < len(pairs)

    json.loads(line, object_pairs_hook=once)
    ((_, read),) = wires(BytesIO(line.encode()))
    assert isinstance(read, Wrong) == twice
