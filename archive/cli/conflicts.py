"""`archive conflicts`."""

from __future__ import annotations

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import Command, format_option, instant, known_options, recorded, tz_option, zone
from archive.cli.output import json_text, write


@click.command(cls=Command, example="archive --archive openai-2023.db conflicts --organisation openai --basis rumour")
@click.option("--organisation", "--organization", "organisation", metavar="ID", help="Only of this one.")
@known_options()
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    *,
    organisation: str | None,
    as_reported: str | None,
    as_recorded: str | None,
    basis: str,
    tz: str,
    form: str,
) -> None:
    """List what cannot all be true.

    Which reports contradict each other, about what, since when that is known, and which entries settled it. A
    conflict that is open stands; the archive keeps every report and decides nothing.
    """
    zone(tz)
    known = {
        "as_reported": instant("--as-reported", as_reported, tz),
        "as_recorded": recorded(as_recorded, tz),
        "basis": basis,
    }
    with archive.Archive.open(where) as opened:
        found = opened.conflicts(organisation, **known)
    told_behind(found["log"].get("behind", 0))
    if form == "json":
        write(json_text(found))
        return
    from archive.cli.reasons import told_conflicts  # noqa: PLC0415  # only text needs it

    for line in told_conflicts(found, tz):
        write(line)
