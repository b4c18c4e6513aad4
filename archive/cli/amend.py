"""`archive amend`."""

from __future__ import annotations

from typing import Any

import click

import archive
from archive.cli.later import append_and_tell, said_options, saying
from archive.cli.options import Command

EXAMPLE = 'archive --archive openai-2023.db amend 120 "summary=A clearer sentence" --reason "misread" --dry-run'


@click.command(cls=Command, example=EXAMPLE)
@click.argument("position", type=click.IntRange(min=1))
@click.argument("fields", metavar="FIELD=VALUE…", nargs=-1, required=True)
@said_options
@click.pass_obj
def command(where: str, /, *, position: int, fields: tuple[str, ...], **said: Any) -> None:
    """Correct named fields of an earlier entry: they were never so.

    The archive corrects its own mistakes (it misread, it mistyped) at every report time, from this record time on. A
    source corrects itself, or another, from its publication on. Before that the archive still answers as it did. The
    entry stays as it was appended; its type and stream never change.
    """
    from archive.intake.faults import Wrong  # noqa: PLC0415  # help needs none of it
    from archive.intake.hand import to_object  # noqa: PLC0415  # the same

    changes: dict[str, Any] = {}
    wrongs = []
    with archive.Archive.open(where) as opened:
        target = opened.known().entry(position)
        if target is not None:
            try:
                changes = to_object(type(target).__name__, [field for field in fields if not field.startswith("type=")])
            except Wrong as wrong:
                wrongs.append(wrong)
            # What is refused as a change is refused by intake, which knows why.
            changes.pop("type", None)
            changes |= dict(field.split("=", 1) for field in fields if field.startswith("type="))
        reports = [] if wrongs else [saying("Amended", position, said, changes=changes)]
        append_and_tell(opened, reports, said, wrongs=wrongs)
