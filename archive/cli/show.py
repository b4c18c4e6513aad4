"""`archive show`."""

from __future__ import annotations

from dataclasses import asdict

import click

import archive
from archive.cli import entries
from archive.cli.behind import told_behind
from archive.cli.options import Command, countable, format_option, tz_option, zone
from archive.cli.output import json_text, write


@click.command(cls=Command, example="archive --archive openai-2023.db show 120")
@click.argument("position", type=click.IntRange(min=1), callback=countable)
@tz_option()
@format_option("text", "json")
@click.pass_obj
def command(where: str, position: int, tz: str, form: str) -> None:
    """Print one entry as it was appended, the append that brought it, and what later entries say of it."""
    from archive.queries.later import said_of  # noqa: PLC0415  # help needs no database
    from archive.queries.redactions import redaction_of  # noqa: PLC0415  # the same

    zone(tz)
    with archive.Archive.open(where) as opened, opened.reading() as connection:
        told_behind(opened.log.projected(connection).behind)
        entry = opened.log.entry(connection, position)
        append = opened.log.append_of(connection, entry.append_id)
        said = said_of(connection, position)
        redacted = redaction_of(connection, position) if entry.payload is None else None
    if form == "json":
        later = [entries.plain(one) for one in said]
        write(json_text({**entries.plain(entry), "append": asdict(append), "later": later, "redacted": redacted}))
        return
    for line in entries.full(entry, append, tz, redacted):
        write(line)
    for line in entries.beside(said, tz):
        write(line)
