"""`archive rebuild`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

import archive
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, write
from archive.cli.working import working

if TYPE_CHECKING:
    from archive.projections.rebuild import Rebuilt


@click.command(cls=Command, example="archive --archive openai-2023.db rebuild")
@format_option("text", "json")
@click.pass_obj
def command(where: str, form: str) -> None:
    """Make the read model anew from the log, while the archive is in use.

    It is folded from the first entry on in temporary tables, held against the one that is asked, and what differs is
    put right in one transaction. Questions and appends go on meanwhile; broken off, it has changed nothing.
    """
    with archive.Archive.open(where) as opened, working("folding") as progress:
        rebuilt = opened.rebuild(progress)
    if form == "json":
        write(json_text({"size": rebuilt.size, "differences": [asdict(one) for one in rebuilt.differences]}))
    else:
        write(_told(rebuilt))


def _told(rebuilt: Rebuilt) -> str:
    entries = f"{rebuilt.size} entr{'y' if rebuilt.size == 1 else 'ies'}"
    if not rebuilt.differences:
        return f"the read model of {entries} made anew: the old one was the same"
    wrong = ", ".join(f"{one.table} ({one.surplus} wrong, {one.lacking} lacking)" for one in rebuilt.differences)
    return f"the read model of {entries} made anew: the old one differed in {wrong}"
