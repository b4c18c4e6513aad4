"""The command line: one file a command, each imported when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from archive import __version__
from archive.cli import errors
from archive.cli.options import write_example

COMMANDS = (
    "init",
    "append",
    "project",
    "explain",
    "diff",
    "conflicts",
    "sql",
    "log",
    "show",
    "schema",
    "amend",
    "retract",
    "dispute",
    "merge",
    "demo",
)
"""Every command, in the order in which a newcomer meets them; `archive.cli.NAME` has it as `command`."""


class Commands(click.Group):
    """The commands by name, and the one way out for whatever one of them raises."""

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

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that went away or a user who broke off is no error to tell at length."""
        with errors.leaving():
            return super().invoke(ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run with arguments and exit, unless `standalone_mode` is false."""
        run: Callable[..., Any] = super().main
        if not extra.pop("standalone_mode", True):
            return run(*args, standalone_mode=False, **extra)
        return sys.exit(errors.exit_code_of(lambda: run(*args, standalone_mode=False, **extra)))

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
