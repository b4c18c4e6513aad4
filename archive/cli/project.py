"""`archive project`."""

from __future__ import annotations

import click

import archive
from archive.cli.options import Command, format_option, instant, tz_option, zone
from archive.cli.output import json_text, write

FLOORS = ("official", "first_hand", "stated", "press", "rumour")
EXAMPLE = "archive --archive openai-2023.db project --organisation openai --at 2023-11-18T12:00-08:00"


@click.command(cls=Command, example=EXAMPLE)
@click.option("--at", metavar="TIME", help="The state at this time; a date means its end. Now unless given.")
@click.option(
    "--organisation", "--organization", "organisations", metavar="ID", multiple=True, help="Only of these; repeat it."
)
@click.option("--as-reported", metavar="TIME", help="Knowing only what was public by then.")
@click.option("--as-recorded", metavar="TIME|@SIZE", help="Knowing only what the archive had by then, or at that size.")
@click.option("--basis", type=click.Choice(FLOORS), default="press", show_default=True, help="The weakest admitted.")
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    *,
    at: str | None,
    organisations: tuple[str, ...],
    as_reported: str | None,
    as_recorded: str | None,
    basis: str,
    tz: str,
    form: str,
) -> None:
    """Print the state of organisations at an instant.

    Who held what, how surely, and on which entries it rests: numbers in brackets are positions in the log, of which
    `archive show` prints the entry.
    """
    zone(tz)
    by_size = as_recorded is not None and as_recorded.startswith("@")
    question = {
        "at": instant("--at", at, tz),
        "as_reported": instant("--as-reported", as_reported, tz),
        "as_recorded": as_recorded if by_size else instant("--as-recorded", as_recorded, tz),
    }
    with archive.Archive.open(where) as opened:
        snapshot = opened.project(organisations=organisations, basis=basis, **question)
    if form == "json":
        write(json_text(snapshot))
        return
    from archive.cli.telling import told  # noqa: PLC0415  # only text needs it

    for line in told(snapshot, tz):
        write(line)
