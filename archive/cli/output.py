"""Data on standard output: as a table, JSON, JSON Lines or CSV, with nothing of a source that could do harm."""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import click
import orjson

WIDTH = 80
"""Columns of text that is read on a terminal."""

ACTS = (
    "\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
"""What a terminal would obey, show in another order or not show at all: controls, marks of direction, ends of line,
blanks without width, fillers, tags. Joiners (U+200C, U+200D) are letters of some scripts and stay."""

UNSAFE = re.compile(f"[\x00-\x1f{ACTS}\ud800-\udfff]")

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet calculate; those of East Asia take the wide signs too."""

UNSEEN = " \ufeff\u200b"
"""What a spreadsheet may drop before it looks."""

NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


def printable(text: str) -> str:
    r"""Text with what a terminal would obey written out, as `\x1b`."""
    return UNSAFE.sub(_written_out, text)


def write(line: str = "") -> None:
    """Print a line that is already fit to print."""
    click.echo(line)


def json_text(value: Any, *, indent: bool = True) -> str:
    r"""JSON in which no character does more than stand for itself (`\u009b`)."""
    return inert(orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else None).decode())


def inert(text: str) -> str:
    r"""JSON that means the same, in which no character does more than stand for itself (`\u009b`)."""
    return re.sub(f"[{ACTS}]", _escaped, text)


def write_rows(form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as `table`, `json` (a list of objects), `jsonl` (an object a line) or `csv`."""
    if form == "table":
        lines: Iterable[str] = table(columns, rows)
    elif form == "csv":
        # A file gets what is there; only a terminal would obey it.
        lines = csv_lines(columns, map(_seen, rows) if sys.stdout.isatty() else rows)
    elif form == "jsonl":
        lines = (json_text(dict(zip(columns, row, strict=True)), indent=False) for row in rows)
    else:
        lines = [json_text([dict(zip(columns, row, strict=True)) for row in rows])]
    for line in lines:
        write(line)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a table under its heads, as wide as its widest values: nothing is cut off, numbers stand right."""
    kept = [list(row) for row in rows]
    cells = [[_cell(value) for value in row] for row in kept]
    heads = [printable(column) for column in columns]
    widths = [max(map(width, [head, *(row[place] for row in cells)])) for place, head in enumerate(heads)]
    yield "  ".join(_pad(head, size) for head, size in zip(heads, widths, strict=True)).rstrip()
    yield "  ".join("-" * size for size in widths)
    for values, row in zip(kept, cells, strict=True):
        yield "  ".join(
            _pad(cell, size, right=isinstance(value, int | float))
            for value, cell, size in zip(values, row, widths, strict=True)
        ).rstrip()


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of CSV (RFC 4180); text that a spreadsheet would calculate begins with an apostrophe."""
    for row in chain([columns], rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerow([_neutral(value) for value in row])
        yield buffer.getvalue().removesuffix("\r\n")


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)


def wrapped(text: str, indent: int, hanging: int = 2) -> Iterator[str]:
    """Lines of a text of at most 80 columns, broken at blanks alone: an id is never cut."""
    line, start = "", " " * indent
    for word in printable(text).split(" "):
        longer = f"{line} {word}" if line else start + word
        if line and width(longer) > WIDTH:
            yield line
            longer = " " * (indent + hanging) + word
        line = longer
    yield line


def _written_out(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("utf-16-be").hex(" ", 2).join(("\\u", "")).replace(" ", "\\u")


def _cell(value: Any) -> str:
    return "" if value is None else printable(str(value))


def _pad(cell: str, size: int, *, right: bool = False) -> str:
    blanks = " " * (size - width(cell))
    return blanks + cell if right else cell + blanks


def _seen(row: Sequence[Any]) -> list[Any]:
    return [printable(value) if isinstance(value, str) else value for value in row]


def _neutral(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(UNSEEN).startswith(FORMULA) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
