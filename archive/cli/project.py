"""`archive project`."""

from __future__ import annotations

import sys

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import Command, format_option, instant, known_options, recorded, tz_option, zone
from archive.cli.output import json_text, write

EXAMPLE = "archive --archive openai-2023.db project --organisation openai --at 2023-11-18T12:00-08:00"


@click.command(cls=Command, example=EXAMPLE)
@click.option("--at", metavar="TIME", help="The state at this time; a date means its end. Now unless given.")
@click.option(
    "--organisation", "--organization", "organisations", metavar="ID", multiple=True, help="Only of these; repeat it."
)
@known_options()
@tz_option()
@format_option("text", "table", "json")
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
    question = {
        "at": instant("--at", at, tz),
        "as_reported": instant("--as-reported", as_reported, tz),
        "as_recorded": recorded(as_recorded, tz),
    }
    with archive.Archive.open(where) as opened:
        snapshot = opened.project(organisations=organisations, basis=basis, **question)
    told_behind(snapshot["log"].get("behind", 0))
    if form == "json":
        write(json_text(snapshot))
        return
    if form == "table":
        from archive.cli.tabling import table  # noqa: PLC0415  # only a table needs it

        for line in table(snapshot, tz, styled=sys.stdout.isatty()):
            write(line)
        return
    from archive.cli.telling import told  # noqa: PLC0415  # only text needs it

    for line in told(snapshot, tz):
        write(line)
