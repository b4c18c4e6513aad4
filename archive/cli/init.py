"""`archive init`."""

from __future__ import annotations

import click

import archive
from archive.cli.errors import say
from archive.cli.options import Command


@click.command(cls=Command, example="archive --archive new.db init --origin example.org/newsroom")
@click.option("--origin", metavar="NAME", help="Name the archive as a log, for ever; a random name unless given.")
@click.option(
    "--roles",
    "prefix",
    metavar="PREFIX",
    help="On PostgreSQL: the roles PREFIX_reader, PREFIX_writer and PREFIX_redactor, made where they are missing and "
    "given what they need and no more.",
)
@click.pass_obj
def command(where: str, origin: str | None, prefix: str | None) -> None:
    """Make the archive, or bring it up to date. No other command makes one."""
    made = archive.Archive.make(where, origin=origin)
    say("the archive is made" if made else "the archive was there, and is up to date")
    if prefix is not None:
        reader, writer, redactor = archive.Archive.grant(where, prefix)
        say(f"{reader} may ask, {writer} append, {redactor} redact; give them out: GRANT {writer} TO …")
