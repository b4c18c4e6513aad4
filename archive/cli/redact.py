"""`archive redact`."""

from __future__ import annotations

import click

import archive
from archive.cli.appending import header
from archive.cli.options import Command, format_option
from archive.cli.output import write
from archive.errors import NotErased, UsageError

EXAMPLE = 'archive --archive openai-2023.db redact 120 --reason "a private person" --keep organisation --dry-run'


@click.command(cls=Command, example=EXAMPLE)
@click.argument("position", type=click.IntRange(min=1))
@click.option("--reason", metavar="TEXT", required=True, help="Why, in the archivist's words; anybody may read it.")
@click.option("--keep", metavar="FIELD", multiple=True, help="A field that may stay, as it is known now.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and destroy nothing.")
@click.option("--who", metavar="NAME", help="Who redacts; the user of this machine unless given.")
@click.option("--why", metavar="TEXT", help="Why, for whoever asks later.")
@format_option("text", "json")
@click.pass_obj
def command(
    where: str,
    /,
    *,
    position: int,
    reason: str,
    keep: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    who: str | None,
    why: str | None,
    form: str,
) -> None:
    """Destroy the content of an earlier entry, for good.

    The entry keeps its place, and every proof made before still verifies. What is kept is appended as a new entry in
    its place; a whole report counts as the old one did, from this record time on. At no record time has the old one
    any effect. No copy stays in the files of the database; what lies elsewhere is named. After a failure give the same
    command again: it finishes.
    """
    from archive.cli.redacted import confirmed, done, erased, planned  # noqa: PLC0415  # help needs none of it

    if not reason.strip():
        raise UsageError("--reason: an empty text", hint="say why; anybody may read it")
    with archive.Archive.open(where) as opened:
        plan = opened.redacting(position, reason, keep)
        if dry_run:
            for line in planned(plan, form):
                write(line)
            return
        if plan.event is not None:
            confirmed(planned(plan, "text"), yes=yes)
        before = opened.stored_size()
        made, by = opened.redact(position, reason, keep, **header(who, why))
        disk = erased(opened, before)
        for line in done(made, by, disk, form):
            write(line)
    if disk.left:
        raise NotErased(disk.left)
