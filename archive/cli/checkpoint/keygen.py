"""`archive checkpoint keygen`."""

from __future__ import annotations

from pathlib import Path

import click

import archive
from archive.cli.errors import say
from archive.cli.options import Command
from archive.cli.output import printable, write


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db checkpoint keygen newsroom.key\n"
    "archive --archive openai-2023.db checkpoint --sign newsroom.key",
)
@click.argument("file", metavar="FILE")
@click.pass_obj
def command(where: str, file: str) -> None:
    """Make a secret key in the archive's name, and print its public key.

    The file is readable by its owner alone, and never written over. The public key is for everybody: who has it can
    check what the secret key signed.
    """
    with archive.Archive.open(where) as opened:
        public = opened.new_key(Path(file))
    write(printable(str(public)))
    say(f"the secret key is in {file}: keep it apart from the archive, and give it to nobody")
