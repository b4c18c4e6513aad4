"""Tenures as bars on a terminal: 80 columns, told apart by their signs, in colour only as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from archive.pictures.scale import Scale, segments
from archive.pictures.words import LETTERS, bar_label, cut, known, lane_title, mark_label, moment

SIGNS = {"certain": "█", "possible": "░", "announced": "┄", "mark": "◆", "open": "▶", "before": "◂"}
ASCII = {"certain": "=", "possible": "-", "announced": "~", "mark": "*", "open": ">", "before": "<"}
STYLES = {"certain": "bold blue", "possible": "cyan", "announced": "magenta", "mark": "yellow"}
LABEL = 24
"""Columns of names."""


def draw(drawn: Mapping[str, Any], on: Scale, *, tz: str, width: int = 80, plain: bool = False) -> Iterator[Text]:
    """Lines of a picture of lanes, at most ``width`` columns wide (40 at least); ``plain`` uses ASCII alone.

    Strings in ``drawn`` must be fit to print.
    """
    signs = ASCII if plain else SIGNS
    room = max(width, 40) - LABEL - 1
    whose = drawn["organisation"]
    yield Text(cut(whose["name"], f" ({whose['id']})", width, ".."), style="bold", no_wrap=True)
    for line in known(drawn, tz):
        yield Text(line)
    if on.kind == "changes":
        yield Text("not to scale: every change has the same room")
    letters = _letters(on, room) if on.kind == "changes" else []
    yield _line(("", ""), _calendar(on, tz, room) if on.kind == "time" else _ruler(letters, room))
    for lane in drawn["lanes"]:
        yield Text(cut(*lane_title(lane), width, ".."), style="bold")
        if not lane["bars"]:
            yield Text("  nobody reported", style="dim")
        for bar in on.within(lane["bars"]):
            yield _line(bar_label(bar), _bar(bar, on, room, signs))
    if marks := on.within(drawn["marks"]):
        yield Text("Also", style="bold")
        for mark in marks:
            yield _line(mark_label(mark), _mark(mark, on, room, signs))
    yield Text("")
    yield from _legend(signs, width)
    yield from _key(letters, tz)


def _line(label: tuple[str, str], cells: Sequence[tuple[str, str]]) -> Text:
    """A name cut to its column, and the cells beside it."""
    shown = cut(*label, LABEL - 2, "..")
    line = Text(set_cell_size(f"  {shown}", LABEL) + " ", no_wrap=True)
    for sign, style in cells:
        line.append(sign, style=style)
    line.rstrip()
    return line


def _bar(bar: Mapping[str, Any], on: Scale, room: int, signs: Mapping[str, str]) -> list[tuple[str, str]]:
    cells = [(" ", "")] * room
    parts = sorted(segments(bar, on), key=lambda part: part.sure == "certain")
    for part in parts:
        first = min(int(part.begin * room), room - 1)
        last = max(first + 1, min(round(part.end * room), room))
        cells[first:last] = [(signs[part.sure], STYLES[part.sure])] * (last - first)
    begun = next((column for column, (sign, _) in enumerate(cells) if sign != " "), 0)
    if begun > 0 and (bar["since"] is None or bar["since"]["earliest"] is None):
        cells[begun - 1] = (signs["before"], cells[begun][1])
    if bar["until"] is None or bar["until"]["latest"] is None:
        cells[-1] = (signs["open"] if bar["until"] is None else "?", cells[-1][1])
    return cells


def _mark(mark: Mapping[str, Any], on: Scale, room: int, signs: Mapping[str, str]) -> list[tuple[str, str]]:
    cells = [(" ", "")] * room
    when = mark["when"]
    first = min(int(on.place(when["earliest"] or when["latest"]) * room), room - 1)
    last = min(int(on.place(when["latest"]) * room), room - 1)
    cells[first : last + 1] = [(signs["possible"], STYLES["possible"])] * (last + 1 - first)
    cells[last] = (signs["mark"], STYLES["mark"])
    return cells


def _letters(on: Scale, room: int) -> list[tuple[str, int, str]]:
    """A letter, its column and its instant, for as many changes as have a column of their own."""
    taken: dict[int, str] = {}
    for edge in on.edges:
        taken.setdefault(min(int(on.place(edge) * room), room - 1), edge)
    step = -(-len(taken) // len(LETTERS)) if taken else 1
    kept = sorted(taken.items())[::step]
    return [(letter, column, edge) for letter, (column, edge) in zip(LETTERS, kept, strict=False)]


def _ruler(letters: Sequence[tuple[str, int, str]], room: int) -> list[tuple[str, str]]:
    cells = [(" ", "")] * room
    for letter, column, _ in letters:
        cells[column] = (letter, "bold")
    return cells


def _calendar(on: Scale, tz: str, room: int) -> list[tuple[str, str]]:
    """Names of the calendar, each beginning at its column unless it would leave the picture."""
    cells = [(" ", "")] * room
    for tick in on.calendar(tz, room):
        column = min(int(on.place(tick.instant) * room), room - len(tick.label))
        cells[column : column + len(tick.label)] = [(sign, "bold") for sign in tick.label]
    return cells


def _legend(signs: Mapping[str, str], width: int) -> Iterator[Text]:
    says = {"certain": "certain", "possible": "possible", "announced": "announced", "mark": "event"}
    says |= {"before": "or earlier", "open": "goes on"}
    line = ""
    for told in (*(f"{signs[sign]} {word}" for sign, word in says.items()), "? in doubt"):
        if line and cell_len(line) + 2 + cell_len(told) > width:
            yield Text(line)
            line = ""
        line += f"  {told}" if line else told
    yield Text(line)


def _key(letters: Sequence[tuple[str, int, str]], tz: str) -> Iterator[Text]:
    for letter, _, edge in letters:
        yield Text(f"{letter} {moment(edge, tz)}")
