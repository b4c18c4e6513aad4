"""`archive source show`."""

from __future__ import annotations

import shutil

import click

import archive
from archive.cli.behind import say_behind
from archive.cli.options import Command, format_option, tz_option, zone
from archive.cli.output import WIDTH, json_text, write
from archive.cli.source.telling import full, taken


@click.command(cls=Command, example="archive --archive openai-2023.db source show hedgehog-article")
@click.argument("source", metavar="SOURCE")
@click.option("--passages", "with_passages", is_flag=True, help="Show its text with what was taken from where.")
@click.option("--version", metavar="DIGEST", help="Of this version, by the beginning of its digest; else the first.")
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(where: str, *, source: str, with_passages: bool, version: str | None, tz: str, form: str) -> None:
    """Show one document: its registration, its versions, what rests on it."""
    zone(tz)
    with archive.Archive.open(where) as opened:
        say_behind(opened)
        found = opened.source(source)
        cited = opened.passages(source, version) if with_passages or version is not None else None
    if form == "json":
        write(json_text(found if cited is None else {**found, "cited": cited}))
        return
    for line in full(found, tz):
        write(line)
    if cited is not None:
        columns = min(WIDTH, max(20, shutil.get_terminal_size((WIDTH, 24)).columns))
        for line in taken(cited, columns):
            write(line)
