"""`archive dispute`."""

from __future__ import annotations

from typing import Any

import click

import archive
from archive.cli.later import append_and_tell, said_options, saying
from archive.cli.options import Command

EXAMPLE = 'archive --archive openai-2023.db dispute 120 --disputed-by "a spokesman" --reason "denied by mail" --dry-run'


@click.command(cls=Command, example=EXAMPLE)
@click.argument("position", type=click.IntRange(min=1))
@click.option("--disputed-by", metavar="TEXT", help="Who denies it, as the source has it.")
@said_options
@click.pass_obj
def command(where: str, /, *, position: int, disputed_by: str | None, **said: Any) -> None:
    """Note that somebody denies what an earlier entry reports.

    The report stands, and the denial beside it: no state changes. `archive show POSITION` prints both, and the evidence
    of each row that rests on the report has the denial too.
    """
    denial = {} if disputed_by is None else {"disputed_by": disputed_by}
    with archive.Archive.open(where) as opened:
        append_and_tell(opened, [saying("Disputed", position, said, **denial)], said)
