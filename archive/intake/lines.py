"""Reports as JSON Lines: every line read, every fault found, in memory that no line can exhaust."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol

import orjson

from archive.garbage import collecting_seldom
from archive.intake.append import Append, Intake
from archive.intake.duplicates import check_object
from archive.intake.faults import Wrong
from archive.intake.known import Known

LONGEST_LINE = 1 << 20
LONGEST_SKIPPED = 1 << 30
"""A longer line is no line: what it is of is no file of reports, and may have no end."""

_CHUNK = 1 << 16
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ONE_OBJECT = "write one whole JSON object on each line"
_NEVER = {
    b"\0": ("the character U+0000", "leave it out"),
    b"\r": ("a carriage return", "end lines with LF or CRLF, not with CR alone"),
}

Progress = Callable[[int], None]
"""Told from time to time how many more bytes were read."""


class Lines(Protocol):
    """What lines are read from."""

    def readline(self, most: int, /) -> bytes:
        """The next line, or as many bytes of it; nothing at the end."""
        ...


def read_reports(stream: BinaryIO, name: str, known: Known, progress: Progress | None = None) -> Intake:
    """Read one file of reports to its end. For several files of one append, `read_lines` each into one `Append`."""
    with collecting_seldom():
        append = Append(known)
        read_lines(append, stream, name, progress)
        return append.finish()


def read_lines(append: Append, stream: BinaryIO, name: str, progress: Progress | None = None) -> None:
    """Add every line of a file to an append. Blank lines, a byte-order mark and CRLF are nothing to remark on."""
    for number, wire in wires(stream, progress):
        if isinstance(wire, Wrong):
            append.refuse(name, number, wire)
        else:
            append.add(name, number, wire)


def wires(stream: Lines, progress: Progress | None = None) -> Iterator[tuple[int, Any]]:
    """The JSON value of each line with its number, from 1; a Wrong in the place of what is none."""
    unsaid = 0
    for number, (line, size, ended) in enumerate(_lines(stream), 1):
        unsaid += size
        if progress is not None and unsaid >= _CHUNK:
            progress(unsaid)
            unsaid = 0
        if line is None:
            yield number, _too_long(size)
            continue
        if number == 1:
            line = line.removeprefix(_BOM)  # noqa: PLW2901 - the mark is no part of the line
        if not line or line.isspace():
            continue
        try:
            wire = _parse(line, ended=ended, first=number == 1)
        except Wrong as wrong:
            wire = wrong
        yield number, wire
    if progress is not None and unsaid:
        progress(unsaid)


def _lines(stream: Lines) -> Iterator[tuple[bytes | None, int, bool]]:
    """Give each line with its size in bytes and whether a line end follows; of one too long the size alone."""
    while line := stream.readline(LONGEST_LINE + 2):
        size, ended = len(line), line.endswith(b"\n")
        if ended or size < LONGEST_LINE + 2:
            text = line.rstrip(b"\r\n")
            yield (text if len(text) <= LONGEST_LINE else None), size, ended
            continue
        while not ended and size < LONGEST_SKIPPED and (more := stream.readline(_CHUNK)):
            size, ended = size + len(more), more.endswith(b"\n")
        yield None, size, ended
        if size >= LONGEST_SKIPPED:
            return


def _too_long(size: int) -> Wrong:
    if size >= LONGEST_SKIPPED:
        return Wrong(f"the line has {size:,} bytes and was not read further", "is it a file of reports?")
    return Wrong(f"the line has {size:,} bytes", f"a report has {LONGEST_LINE:,} at most; split it")


def _parse(line: bytes, *, ended: bool, first: bool) -> Any:
    try:
        wire = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _no_json(line, error, ended=ended, first=first) from None
    check_object(wire, line)
    return wire


def _no_json(line: bytes, error: orjson.JSONDecodeError, *, ended: bool, first: bool) -> Wrong:
    if first and line.startswith(_UTF_16):
        return Wrong("the file is UTF-16", "save it as UTF-8")
    for byte, (name, remedy) in _NEVER.items():
        if byte in line:
            return Wrong(f"{name} at byte {line.index(byte) + 1} of the line", remedy)
    if not ended:
        return Wrong("the file ends in the middle of a line", "it was cut off; take the whole file")
    try:
        line.decode()
    except UnicodeDecodeError as wrong:
        return Wrong(f"invalid UTF-8 at byte {wrong.start + 1} of the line", "save the file as UTF-8")
    if error.msg == "depth limit exceeded":
        return Wrong("the line is nested too deeply", "no report needs more than a few levels")
    return Wrong(f"not JSON at column {error.colno}: {error.msg}", _ONE_OBJECT)
