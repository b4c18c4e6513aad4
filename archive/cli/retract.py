"""`archive retract`."""

from __future__ import annotations

from typing import Any

import click

import archive
from archive.cli.later import append_and_tell, said_options, saying
from archive.cli.options import Command
from archive.errors import UsageError


@click.command(cls=Command, example='archive --archive openai-2023.db retract 120 --reason "imported twice" --dry-run')
@click.argument("position", type=click.IntRange(min=1), required=False)
@click.option(
    "--append", "whole", type=click.IntRange(min=1), metavar="N", help="All entries of the append N, at once."
)
@said_options
@click.pass_obj
def command(where: str, /, *, position: int | None, whole: int | None, **said: Any) -> None:
    """Take back an earlier entry, or a whole append: it no longer counts.

    The archive takes back what it should never have taken in, at every report time, from this record time on; a source
    what it no longer says, from its publication on. Before that the archive still answers as it did. A retraction that
    is retracted itself restores. `archive show POSITION` prints the append of an entry.
    """
    if (position is None) == (whole is None):
        raise UsageError("retract takes one position, or --append and the number of an append")
    with archive.Archive.open(where) as opened:
        targets = [position] if position is not None else _entries(opened, whole or 0)
        append_and_tell(opened, [saying("Retracted", target, said) for target in targets], said)


def _entries(opened: archive.Archive, number: int) -> list[int]:
    """The positions of an append; what was redacted has nothing left to take back."""
    with opened.reading() as connection:
        append = opened.log.append_of(connection, number)
        found = opened.log.entries(connection, after=append.first - 1, upto=append.last)
        return [entry.position for entry in found if entry.payload is not None]
