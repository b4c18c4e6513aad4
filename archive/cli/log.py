"""`archive log`."""

from __future__ import annotations

import click

import archive
from archive.cli import entries
from archive.cli.options import Command, countable, format_option, tz_option, zone
from archive.cli.output import json_text, write, write_rows


@click.command(
    cls=Command, example="archive --archive openai-2023.db log --stream organisation/openai --after 100 --limit 3"
)
@click.option("--stream", metavar="NAME", help="Only this stream: organisation/ID, source/ID or registry.")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    callback=countable,
    default=0,
    metavar="POSITION",
    help="Only later positions.",
)
@click.option("--limit", type=click.IntRange(min=0), callback=countable, metavar="N", help="At most so many entries.")
@tz_option()
@format_option("text", "json", "jsonl", "csv")
@click.pass_obj
def command(where: str, *, stream: str | None, after: int, limit: int | None, tz: str, form: str) -> None:
    """List the entries of the log, in order."""
    zone(tz)
    with archive.Archive.open(where) as opened, opened.reading() as connection:
        found = opened.log.entries(connection, after=after, stream=stream, limit=limit)
        if form == "text":
            for entry in found:
                for line in entries.brief(entry, tz):
                    write(line)
        elif form == "csv":
            write_rows(form, entries.COLUMNS, (entries.row(entry) for entry in found))
        elif form == "jsonl":
            for entry in found:
                write(json_text(entries.plain(entry), indent=False))
        else:
            write(json_text([entries.plain(entry) for entry in found]))
