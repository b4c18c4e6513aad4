"""A snapshot as a table of 80 columns: who or what, since, until, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from archive.cli.output import WIDTH, printable, wrapped
from archive.cli.telling import OTHERS, SECTIONS, header
from archive.times import brief_bounds

if TYPE_CHECKING:
    from rich.console import RenderableType

Item = Mapping[str, Any]

WIDTHS = (32, 17, 17, 11)
"""Columns of a terminal; with a blank between them they make 80."""


def table(snapshot: Item, tz: str, *, styled: bool) -> Iterator[str]:
    """Lines, fit to print: what the answer stands for, then each organisation under the same heads.

    The zone of every time is named once, above. ``styled`` makes titles bold.
    """
    yield from header(snapshot, tz)
    yield f"  times in {tz}; 24:00 is the end of a day"
    if not snapshot["organisations"]:
        yield "no organisation is registered"
    console = Console(
        file=StringIO(),
        width=WIDTH,
        highlight=False,
        force_terminal=styled,
        color_system="standard" if styled else None,
    )
    for organisation in snapshot["organisations"]:
        with console.capture() as captured:
            for part in _parts(organisation, tz):
                console.print(part)
        yield from (line.rstrip() for line in captured.get().splitlines())


def _parts(organisation: Item, tz: str) -> Iterator[RenderableType]:
    exists = {"possible": ", perhaps", "gone": ", dissolved", "not_yet": ", not yet founded"}
    yield Text("")
    yield from _title(f"{organisation['name']} ({organisation['id']}){exists.get(organisation['exists'], '')}")
    heads = _grid()
    heads.add_row("", "since", "until", "basis")
    yield heads
    yield Text("-" * WIDTH)
    for office in organisation["offices"]:
        yield from _title(f"{office['title'] or office['id']} ({office['id']}): {office['status']}")
        yield _facts(((OTHERS["tenures"](holder), holder, 2) for holder in office["holders"]), tz)
    for section, say in SECTIONS.items():
        if organisation[section]:
            yield from _title(section.capitalize())
            yield _facts(_told(organisation[section], say), tz)


def _title(text: str) -> Iterator[Text]:
    for line in wrapped(text, 0):
        yield Text(line, style="bold")


def _told(items: Iterable[Item], say: Callable[[Item], str]) -> Iterator[tuple[str, Item, int]]:
    """Each item in words with its indent; below a letter its counts and signatories."""
    for item in items:
        yield say(item), item, 2
        yield from ((OTHERS["counts"](count), count, 4) for count in item.get("counts", ()))
        yield from ((f"signed by {OTHERS['signatures'](one)}", one, 4) for one in item.get("signatories", ()))


def _facts(told: Iterable[tuple[str, Item, int]], tz: str) -> Table:
    grid = _grid()
    for said, item, indent in told:
        sure = "" if item["certainty"] == "certain" else "possibly "
        rests = f"{item['basis']} {_listed(item['positions'])}"
        denied = f" disputed {_listed(item['disputed'])}" if item["disputed"] else ""
        name = Padding(Text(printable(sure + said)), (0, 0, 0, indent))
        grid.add_row(name, Text(_since(item["since"], tz)), Text(_until(item["until"], tz)), Text(rests + denied))
    return grid


def _grid() -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for width in WIDTHS:
        grid.add_column(width=width, overflow="fold")
    return grid


def _since(since: Item | None, tz: str) -> str:
    if since is None:
        return ""
    shown = brief_bounds(since["earliest"], since["latest"], tz)
    return f"{shown.removeprefix('by ')} or earlier" if since["earliest"] is None else shown.removeprefix("since ")


def _until(until: Item | None, tz: str) -> str:
    if until is None:
        return ""
    shown = brief_bounds(until["earliest"], until["latest"], tz)
    return f"in doubt {shown}" if until["latest"] is None else shown


def _listed(positions: Iterable[int]) -> str:
    return f"[{', '.join(map(str, positions))}]"
