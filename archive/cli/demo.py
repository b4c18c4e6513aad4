"""`archive demo`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

import archive
from archive.cli.errors import say
from archive.cli.options import Command
from archive.cli.output import write
from archive.errors import UsageError

DEFAULT = "openai-2023.db"
ZONE = ("--tz", "America/Los_Angeles")

QUERY = (
    "SELECT person, capacity, valid_from_latest AS certain_from, positions FROM tenures"
    " WHERE organisation = 'openai' AND office = 'ceo' ORDER BY valid_from_latest"
)
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Before the crisis", ("project", "--organisation", "openai", "--at", "2023-11-16", *ZONE)),
    ("The day after the dismissal", ("project", "--organisation", "openai", "--at", "2023-11-18T12:00", *ZONE)),
    ("When the article ends", ("project", "--organisation", "openai", "--at", "2023-11-20", *ZONE)),
    ("Who was chief executive, in SQL", ("sql", QUERY)),
)
"""What the demo asks of the case, each with what it shows."""


@click.command(cls=Command, example="archive --archive demo.db demo")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Make an archive of the OpenAI case and ask it.

    Each command that it runs is shown, as one would type it: the reports of November 2023 are appended, the state
    before, during and after the crisis is projected, and SQL answers a question.

    The archive is openai-2023.db in this folder, unless --archive says another place. Nothing is overwritten.
    """
    root = ctx.find_root()
    given = root.get_parameter_source("where") is not ParameterSource.DEFAULT
    where = str(ctx.obj) if given else DEFAULT
    from archive import cases  # noqa: PLC0415  # only this command needs it

    _refuse_existing(where)
    _run(root, where, "A new archive", ("init",))
    _run(root, where, "The reports of the case", ("append", str(cases.path())))
    for title, arguments in STEPS:
        _run(root, where, title, arguments)
    say(f"the archive stays: {where}", 'ask it more, or see "archive --help"')


def _refuse_existing(where: str) -> None:
    if "://" not in where and Path(where).exists():
        raise UsageError(f"{where} is there already", hint="remove it, or name another place: archive --archive … demo")
    if "://" in where and not archive.Archive.make(where):
        raise UsageError("an archive is there already", hint="name another place: archive --archive … demo")


def _run(root: click.Context, where: str, title: str, arguments: tuple[str, ...]) -> Any:
    """Show a command and run it."""
    whole = ("--archive", where, *arguments)
    write(f"# {title}")
    write("$ archive " + " ".join(map(_quoted, whole)))
    root.command.main(list(whole), prog_name="archive", standalone_mode=False)
    write()


def _quoted(word: str) -> str:
    """A word as a shell takes it; SQL is easier to read in double quotes."""
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)
