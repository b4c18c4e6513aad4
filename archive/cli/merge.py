"""`archive merge`."""

from __future__ import annotations

from typing import Any

import click

import archive
from archive.cli.later import append_and_tell, appends
from archive.cli.options import Command

EXAMPLE = 'archive --archive openai-2023.db merge person adam-dangelo sam-altman --reason "an example" --dry-run'


@click.command(cls=Command, example=EXAMPLE)
@click.argument("kind", type=click.Choice(("person", "organisation", "organization")))
@click.argument("old")
@click.argument("new")
@click.option("--reason", metavar="TEXT", help="Why, in the archivist's words.")
@appends
@click.pass_obj
def command(where: str, /, *, kind: str, old: str, new: str, reason: str | None, **asked: Any) -> None:
    """Say that two identities are one: OLD is given up for NEW.

    It is the archive's own finding, so it holds at every report time, from this record time on; as recorded before,
    both are still there. No entry is changed.
    """
    field = "person" if kind == "person" else "organisation"
    report = {"type": "Merged", field: old, f"into_{field}": new}
    with archive.Archive.open(where) as opened:
        append_and_tell(opened, [report if reason is None else {**report, "reason": reason}], asked)
