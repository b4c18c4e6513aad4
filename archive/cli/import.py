"""`archive import`."""

from __future__ import annotations

import click

import archive
from archive.cli.append import opened_input, progress
from archive.cli.errors import say
from archive.cli.exchanged import form_of, log_option
from archive.cli.options import Command


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db export --log case.jsonl\n"
    "archive --archive copy.db init\n"
    "archive --archive copy.db import --log case.jsonl",
)
@log_option
@click.argument("file", metavar="FILE|-")
@click.pass_obj
def command(where: str, *, log: bool, file: str) -> None:
    """Take in what another program or archive wrote; all or nothing.

    --log takes over the whole log of another archive, into one that is empty: with its origin, its record times and
    its root. A file that is cut off, was altered or has another root is refused.
    """
    form_of(log=log)
    with archive.Archive.open(where) as opened, opened_input(file) as stream, progress([file]) as advance:
        size = opened.import_log(stream, file, advance)
    say(f"{size} {'entry' if size == 1 else 'entries'} imported, with the root of the log that they are of")
