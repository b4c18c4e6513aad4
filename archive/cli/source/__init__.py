"""`archive source`: one file a command, each imported when it is asked for."""

from __future__ import annotations

import importlib

import click

from archive.cli.example import write_example
from archive.cli.width import Context

COMMANDS = {
    "add": "Register a document by its digest, and keep its text.",
    "attach": "Keep the text of a source that is registered.",
    "list": "List the documents, their versions, and how many entries rest on them.",
    "forget": "Destroy the kept text of a document, for good.",
    "show": "Show one document: its registration, its versions, what rests on it.",
}
"""Every command on sources and the first sentence of its help; `archive.cli.source.NAME` has it as `command`."""

EXAMPLE = "archive --archive openai-2023.db source list"


class Commands(click.Group):
    """The commands by name."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the help."""
        del ctx
        return [*COMMANDS]  # `list` is a module of this package once it is imported

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"archive.cli.source.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End the help with an example that runs."""
        del ctx
        write_example(formatter, EXAMPLE)


@click.group(cls=Commands)
def command() -> None:
    """Register documents, keep their texts, and show what was taken from where."""
