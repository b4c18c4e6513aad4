"""`archive timeline`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import Command, instant, known_options, recorded, tz_option, zone
from archive.cli.output import json_text, printable, write
from archive.errors import ArchiveError, UsageError

EXAMPLE = "archive --archive openai-2023.db timeline openai --office ceo --tz America/Los_Angeles"
NARROWEST = 40


@click.command(cls=Command, example=EXAMPLE)
@click.argument("organisation", metavar="ORGANISATION")
@click.option("--office", "offices", multiple=True, metavar="OFFICE", help="Only this office; repeat it.")
@click.option("--from", "first", metavar="TIME", help="Begin the picture here; at the first change unless given.")
@click.option("--to", "last", metavar="TIME", help="End it here; after the last change unless given.")
@click.option(
    "--scale",
    "kind",
    type=click.Choice(("auto", "time", "changes")),
    default="auto",
    show_default=True,
    help="A length is a duration, or every change has the same room; auto takes time unless changes crowd.",
)
@known_options()
@tz_option()
@click.option("--output", metavar="FILE.svg", help="Write an SVG picture to this file instead.")
@click.option("--include-internal", is_flag=True, help="Draw also in the file what is marked internal.")
@click.option("--width", type=click.IntRange(NARROWEST, 1000), metavar="COLUMNS", help="80 unless given.")
@click.option("--ascii", "plain", is_flag=True, help="Draw with ASCII signs alone.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def command(
    where: str,
    *,
    organisation: str,
    offices: tuple[str, ...],
    first: str | None,
    last: str | None,
    kind: Any,
    as_reported: str | None,
    as_recorded: str | None,
    basis: str,
    tz: str,
    output: str | None,
    include_internal: bool,
    width: int | None,
    plain: bool,
    form: str,
) -> None:
    """Draw who held which office when, with what is uncertain as such.

    A file leaves out the rows that an internal entry decides, unless told otherwise.
    """
    zone(tz)
    begin, end = instant("--from", first, tz), instant("--to", last, tz)
    if begin is not None and end is not None and begin >= end:
        raise UsageError("--from is not before --to", hint="a date means its end; give a time, as 2023-11-17T00:00")
    if output is not None and not output.endswith(".svg"):
        raise UsageError(f"{output} is no name of an SVG picture", hint="end it in .svg")
    known = {
        "as_reported": instant("--as-reported", as_reported, tz),
        "as_recorded": recorded(as_recorded, tz),
        "basis": basis,
    }
    with archive.Archive.open(where) as opened:
        drawn = opened.timeline(organisation, offices, include_internal=include_internal or output is None, **known)
    told_behind(drawn["log"].get("behind", 0))
    if form == "json":
        write(json_text(drawn))
        return
    drawn = _fit(drawn)
    from archive.pictures.scale import scale  # noqa: PLC0415  # only a picture needs it

    on = scale(drawn, kind, begin, end)
    if output is not None:
        from archive.pictures.svg import draw as picture  # noqa: PLC0415  # only this needs it

        try:
            Path(output).write_text(picture(drawn, on, tz=tz), encoding="utf-8")
        except OSError as error:
            raise ArchiveError(f"{output} cannot be written: {error.strerror}", hint="choose another place") from error
        click.echo(f"archive: {output} is written", err=True)
        if drawn["left_out"]:
            click.echo(f"archive: {drawn['left_out']} internal rows are left out (--include-internal)", err=True)
        return
    from rich.console import Console  # noqa: PLC0415  # only this needs it

    from archive.pictures.terminal import draw  # noqa: PLC0415  # only this needs it

    console = Console(width=width or 80, highlight=False, soft_wrap=True)
    for line in draw(drawn, on, tz=tz, width=width or 80, plain=plain or not _unicode()):
        console.print(line)


def _unicode() -> bool:
    return (sys.stdout.encoding or "ascii").lower().replace("-", "").startswith("utf")


def _fit(value: Any) -> Any:
    """The same with every text fit to print."""
    if isinstance(value, Mapping):
        return {key: _fit(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return printable(value) if isinstance(value, str) else value
