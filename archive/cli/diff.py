"""`archive diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import Command, basis_option, format_option, instant, recorded, tz_option, zone
from archive.cli.output import json_text, write
from archive.errors import UsageError

if TYPE_CHECKING:
    from archive.queries.differences import Clock

CLOCKS: tuple[Clock, ...] = ("at", "as_reported", "as_recorded")
EXAMPLE = "archive --archive openai-2023.db diff --organisation openai --at 2023-11-16 --at 2023-11-18"


@click.command(cls=Command, example=EXAMPLE)
@click.option("--at", metavar="TIME", multiple=True, help="The state at this time; given twice, compare.")
@click.option("--as-reported", metavar="TIME", multiple=True, help="What was public by then; given twice, compare.")
@click.option(
    "--as-recorded", metavar="TIME|@SIZE", multiple=True, help="What the archive had by then; given twice, compare."
)
@click.option(
    "--organisation", "--organization", "organisations", metavar="ID", multiple=True, help="Only of these; repeat it."
)
@basis_option()
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    *,
    at: tuple[str, ...],
    as_reported: tuple[str, ...],
    as_recorded: tuple[str, ...],
    organisations: tuple[str, ...],
    basis: str,
    tz: str,
    form: str,
) -> None:
    """Say what changed between two instants, and by which entries.

    One of the three clocks is given twice, the others once or not at all: what came (+), what went (-), what changed
    (~), and the positions of the entries that changed it.
    """
    zone(tz)
    asked: dict[Clock, tuple[str | None, ...]] = {
        "at": tuple(instant("--at", text, tz) for text in at),
        "as_reported": tuple(instant("--as-reported", text, tz) for text in as_reported),
        "as_recorded": tuple(recorded(text, tz) for text in as_recorded),
    }
    varied = [clock for clock in CLOCKS if len(asked[clock]) > 1]
    if len(varied) != 1 or len(asked[varied[0]]) > 2:  # noqa: PLR2004  # two sides
        raise UsageError("one clock must have two instants", hint="say --at, --as-reported or --as-recorded twice")
    clock = varied[0]
    between: Any = asked.pop(clock)
    fixed: dict[str, Any] = {name: given[0] if given else None for name, given in asked.items()}
    with archive.Archive.open(where) as opened:
        found = opened.diff(clock, between, organisations=organisations, basis=basis, **fixed)
    told_behind(found["log"].get("behind", 0))
    if form == "json":
        write(json_text(found))
        return
    from archive.cli.changes import told  # noqa: PLC0415  # only text needs it

    for line in told(found, tz):
        write(line)
