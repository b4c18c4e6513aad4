"""`archive publish`."""

from __future__ import annotations

from pathlib import Path

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.errors import say
from archive.cli.options import Command, instant, tz_option, zone
from archive.cli.output import write

EXAMPLE = "archive --archive openai-2023.db publish openai --output openai-page --tz America/Los_Angeles"


@click.command(cls=Command, example=EXAMPLE)
@click.argument("organisation", metavar="ORGANISATION")
@click.option("--output", required=True, metavar="DIR", help="The folder to make; one that publish made is renewed.")
@click.option("--at", metavar="TIME", help="Where the page begins; a date means its end. Now unless given.")
@click.option("--include-internal", is_flag=True, help="Keep what is marked internal in it: not for publication.")
@tz_option()
@click.pass_obj
def command(where: str, *, organisation: str, output: str, at: str | None, include_internal: bool, tz: str) -> None:
    """Make a page of an organisation that anybody can open.

    A folder of files without network and build: open its index.html, or put it on any web server. Two sliders, what
    happened and what was reported, change who holds what; each fact opens its reports.

    Of kept texts the cited passages are in it. What is marked internal is not, nor who appended.
    """
    zone(tz)
    with archive.Archive.open(where) as opened:
        data = opened.publication(organisation, at=instant("--at", at, tz), include_internal=include_internal)
    told_behind(data["log"].get("behind", 0))
    from archive.pictures.publishing import publish  # noqa: PLC0415  # a page is written once it is known

    publish(data, Path(output), tz=tz)
    write(f"{Path(output) / 'index.html'}")
    if data["left_out"]:
        facts = "fact rests" if data["left_out"] == 1 else "facts rest"
        hint = "an office of which something is left out is never called vacant; --include-internal keeps all"
        say(f"{data['left_out']} {facts} on what is internal and stay out", hint)
    if include_internal:
        say("the page has what is marked internal in it: do not publish it")
