"""`archive source forget`."""

from __future__ import annotations

import click

import archive
from archive.cli.options import Command, format_option
from archive.cli.output import write
from archive.errors import NotErased

EXAMPLE = "archive --archive openai-2023.db source forget hedgehog-article --dry-run"


@click.command(cls=Command, example=EXAMPLE)
@click.argument("source", metavar="SOURCE|DIGEST")
@click.option("--version", metavar="DIGEST", help="Only this version, by the beginning of its digest.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and destroy nothing.")
@format_option("text", "json")
@click.pass_obj
def command(where: str, *, source: str, version: str | None, yes: bool, dry_run: bool, form: str) -> None:
    """Destroy the kept text of a document, for good.

    Its registration stays, its digest too, and what was cited of it; passages can no longer be checked against it. No
    copy stays in the files of the database; what lies elsewhere is named. After a failure give the same command again:
    it finishes.
    """
    from archive.cli.redacted import confirmed, erased, forgotten, to_forget  # noqa: PLC0415  # help needs none of it

    with archive.Archive.open(where) as opened:
        plan = opened.forgetting(source, version)
        if dry_run:
            for line in to_forget(plan, form):
                write(line)
            return
        if plan.kept:
            confirmed(to_forget(plan, "text"), yes=yes)
        before = opened.stored_size()
        made = opened.forget(source, version)
        disk = erased(opened, before)
        for line in forgotten(made, disk, form):
            write(line)
    if disk.left:
        raise NotErased(disk.left)
