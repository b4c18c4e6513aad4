"""`archive explain`."""

from __future__ import annotations

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import Command, format_option, instant, known_options, recorded, tz_option, zone
from archive.cli.output import json_text, write

EXAMPLE = "archive --archive openai-2023.db explain openai ceo --at 2023-11-18T12:00-08:00"


@click.command(cls=Command, example=EXAMPLE)
@click.argument("organisation")
@click.argument("item", metavar="OFFICE|ITEM")
@click.option("--model", metavar="NAME", default="tenures", show_default=True, help="The read model of an ITEM.")
@click.option("--at", metavar="TIME", help="What is so at this time; a date means its end. Now unless given.")
@known_options()
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    *,
    organisation: str,
    item: str,
    model: str,
    at: str | None,
    as_reported: str | None,
    as_recorded: str | None,
    basis: str,
    tz: str,
    form: str,
) -> None:
    """Say why the archive holds somebody in an office.

    Each row that is certain or possible then (where there is none, what was over last), with the reports that begin,
    support, doubt and end it: on what basis, in whose words, where in which source, with the times as printed, what
    was said of them later, and from how many independent origins. A star marks the reports that decide the row. What
    speaks of the same development, matter, letter or vote and decides nothing (a motive, an offer) stands besides. With
    --model an attribute, a matter, a letter or anything else of a snapshot is explained: its ITEM, or the person whom
    it is about.
    """
    zone(tz)
    known = {
        "at": instant("--at", at, tz),
        "as_reported": instant("--as-reported", as_reported, tz),
        "as_recorded": recorded(as_recorded, tz),
        "basis": basis,
    }
    with archive.Archive.open(where) as opened:
        found = opened.explain(organisation, item, model=model, **known)
    told_behind(found["log"].get("behind", 0))
    if form == "json":
        write(json_text(found))
        return
    from archive.cli.reasons import told_explanation  # noqa: PLC0415  # only text needs it

    for line in told_explanation(found, tz):
        write(line)
