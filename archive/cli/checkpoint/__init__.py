"""`archive checkpoint`, and `archive checkpoint keygen`."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

import archive
from archive.cli.errors import say
from archive.cli.example import write_example
from archive.cli.width import Context

COMMANDS = {"keygen": "Make a secret key in the archive's name, and print its public key."}
"""Every command beside `checkpoint` itself; `archive.cli.checkpoint.NAME` has it as `command`."""

EXAMPLE = "archive --archive openai-2023.db checkpoint"


class Commands(click.Group):
    """`checkpoint` itself, and the commands by name."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the help."""
        del ctx
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"archive.cli.checkpoint.{cmd_name}").command
        return found

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End the help with an example that runs."""
        del ctx
        write_example(formatter, EXAMPLE)


@click.group(cls=Commands, invoke_without_command=True, subcommand_metavar="[keygen FILE]")
@click.option("--sign", "key", metavar="KEYFILE", help="Sign it with this key.")
@click.pass_context
def command(ctx: click.Context, key: str | None) -> None:
    """Print how long the log is and what its root is, to be kept elsewhere.

    Who keeps a checkpoint can show later that nothing before it was altered. What was signed last is remembered, in
    the archive and beside the key: a log that does not continue it is not signed.
    """
    if ctx.invoked_subcommand is not None:
        return
    with archive.Archive.open(ctx.obj) as opened:
        made = opened.checkpoint(None if key is None else Path(key))
    click.echo(made.note, nl=False)
    if key is None:
        say("nobody has signed this checkpoint", "sign it with --sign KEYFILE")
