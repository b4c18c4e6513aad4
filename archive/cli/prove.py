"""`archive prove`."""

from __future__ import annotations

import click

import archive
from archive.cli.errors import say
from archive.cli.noted import checkpoint_in, write_new
from archive.cli.options import Command, countable
from archive.errors import UsageError


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db prove 120\narchive --archive openai-2023.db prove --consistency 100",
)
@click.argument("position", type=click.IntRange(min=1), callback=countable, required=False)
@click.option("--consistency", "old", metavar="SIZE|FILE", help="Prove that the log continues this size or checkpoint.")
@click.option("--checkpoint", "under", metavar="FILE", help="Prove it to who has this checkpoint of the log.")
@click.option("--entry", metavar="FILE", help="Write the entry itself to a new file, for who is to know what it says.")
@click.pass_obj
def command(where: str, *, position: int | None, old: str | None, under: str | None, entry: str | None) -> None:
    """Print the proof that an entry is in the log, or that the log continues an earlier one.

    It proves that to who has no archive: archive verify --proof FILE. It is under the checkpoint given, else the last
    one that was signed and reaches it, else one that nobody signed. It tells of the entry its stream, type, times and
    digests; what the entry says stands in the file that --entry writes.
    """
    if (position is None) == (old is None):
        raise UsageError("prove what?", hint="say a position, or --consistency and an old size or checkpoint")
    if entry is not None and position is None:
        raise UsageError("--entry goes with a position")
    given = None if under is None else checkpoint_in(under)
    with archive.Archive.open(where) as opened:
        if position is not None:
            text, checkpoint = str(proof := opened.prove(position, given)), proof.checkpoint
            if entry is not None:
                write_new(entry, f"{opened.disclosed(position)}\n")
        else:
            said = str(old)
            of = min(int(said), (1 << 63) - 1) if said.isascii() and said.isdigit() else checkpoint_in(said)
            text, checkpoint = str(shown := opened.prove_consistency(of, given)), shown.checkpoint
    click.echo(text, nl=False)
    if checkpoint.note == checkpoint.unsigned:
        say("nobody has signed the checkpoint of this proof", "sign one first: archive checkpoint --sign KEYFILE")
