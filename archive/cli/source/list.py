"""`archive source list`."""

from __future__ import annotations

import click

import archive
from archive.cli.behind import say_behind
from archive.cli.options import Command, format_option, tz_option, zone
from archive.cli.output import json_text, wrapped, write, write_rows
from archive.cli.source.telling import brief

COLUMNS = (
    "id", "title", "publisher", "published", "url", "language", "access", "derived_from", "versions", "kept", "entries"
)  # fmt: skip


@click.command(cls=Command, example="archive --archive openai-2023.db source list")
@tz_option()
@format_option("text", "json", "jsonl", "csv")
@click.pass_obj
def command(where: str, *, tz: str, form: str) -> None:
    """List the documents, their versions, and how many entries rest on them."""
    zone(tz)
    with archive.Archive.open(where) as opened:
        say_behind(opened)
        sources = opened.sources()
    if form == "json":
        write(json_text(sources))
        return
    if form != "text":
        rows = []
        for one in sources:
            kept = sum(version["kept"] is not None for version in one["versions"])
            counted = {"derived_from": " ".join(one["derived_from"]), "versions": len(one["versions"]), "kept": kept}
            rows.append([{**one, **counted}[column] for column in COLUMNS])
        write_rows(form, COLUMNS, rows)
        return
    for one in sources:
        for line in brief(one, tz):
            write(line)
    if not sources:
        for line in wrapped("no source is registered", 0):
            write(line)
