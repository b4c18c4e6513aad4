"""The command line: one file a command, each imported when it is asked for."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from archive import __version__
from archive.cli.example import write_example
from archive.cli.width import Context
from archive.garbage import SELDOM

COMMANDS = {
    "init": "Make the archive, or bring it up to date.",
    "append": "Append reports: files of JSON Lines, or one by hand.",
    "project": "Print the state of organisations at an instant.",
    "explain": "Say why the archive holds somebody in an office.",
    "diff": "Say what changed between two instants, and by which entries.",
    "conflicts": "List what cannot all be true.",
    "search": "Find words in names, sources, reports and kept texts.",
    "sql": "Ask one question in SQL, which cannot change anything.",
    "timeline": "Draw who held which office when, with what is uncertain as such.",
    "publish": "Make a page of an organisation that anybody can open.",
    "log": "List the entries of the log, in order.",
    "show": "Print one entry as it was appended, the append that brought it, and what later entries say of it.",
    "schema": "List the types of report, or print the JSON Schema of one.",
    "source": "Register documents, keep their texts, and show what was taken from where.",
    "amend": "Correct named fields of an earlier entry: they were never so.",
    "retract": "Take back an earlier entry, or a whole append: it no longer counts.",
    "dispute": "Note that somebody denies what an earlier entry reports.",
    "redact": "Destroy the content of an earlier entry, for good.",
    "merge": "Say that two identities are one: OLD is given up for NEW.",
    "checkpoint": "Print how long the log is and what its root is, to be kept elsewhere.",
    "prove": "Print the proof that an entry is in the log, or that the log continues an earlier one.",
    "verify": "Check that the archive is what it was, or that a proof holds.",
    "follow": "Fold what is appended with --defer, as it comes, until it is stopped.",
    "rebuild": "Make the read model anew from the log, while the archive is in use.",
    "import": "Take in what another program or archive wrote; all or nothing.",
    "export": "Write the archive in another form, to a new file or to standard output.",
    "demo": "Make an archive of the OpenAI case and ask it.",
}
"""Every command, in the order in which a newcomer meets them, and the first sentence of its help.

`archive.cli.NAME` has it as `command`; the list of commands is printed without importing any.
"""


class Commands(click.Group):
    """The commands by name, and the one way out for whatever one of them raises."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its file imports click alone until it runs."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"archive.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that went away or a user who broke off is no error to tell at length."""
        from archive.cli.errors import leaving  # noqa: PLC0415  # a help text does without

        with leaving():
            return super().invoke(ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run with arguments and exit, unless `standalone_mode` is false."""
        from archive.cli.errors import exit_code_of  # noqa: PLC0415  # who imports the command need not leave by it

        run: Callable[..., Any] = super().main
        gc.set_threshold(SELDOM)  # what is imported stays, and would be searched again and again
        if not extra.pop("standalone_mode", True):
            return run(*args, standalone_mode=False, **extra)
        return sys.exit(exit_code_of(lambda: run(*args, standalone_mode=False, **extra)))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End the help with an example that runs."""
        del ctx
        write_example(formatter, "archive demo")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--archive",
    "where",
    envvar="ARCHIVE_URL",
    default="archive.db",
    show_default=True,
    metavar="PATH-or-URL",
    help="A SQLite file, or postgresql://HOST/DATABASE?archive=NAME; else ARCHIVE_URL says.",
)
@click.version_option(__version__, message="archive %(version)s")
@click.pass_context
def main(ctx: click.Context, where: str) -> None:
    """Keep what was reported about organisations, and ask for their state at any instant."""
    ctx.obj = where


__all__ = ["COMMANDS", "main"]
