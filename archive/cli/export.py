"""`archive export`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

import archive
from archive.cli.errors import say
from archive.cli.exchanged import form_of, log_option
from archive.cli.options import Command
from archive.cli.output import inert
from archive.errors import UsageError


@click.command(cls=Command, example="archive --archive openai-2023.db export --log openai-2023.log.jsonl")
@log_option
@click.argument("file", metavar="[FILE|-]", default="-")
@click.pass_obj
def command(where: str, *, log: bool, file: str) -> None:
    """Write the archive in another form, to a new file or to standard output.

    --log writes all of it: every entry as it is stored, with its salt, and the kept texts. What was exported so can
    be imported into an empty archive on either database, with the same root. Keep the file as you keep the archive.
    """
    form_of(log=log)
    with archive.Archive.open(where) as opened:
        if file == "-":
            for line in opened.export_log():
                click.echo(inert(line.decode()))
            return
        _write(Path(file), opened.export_log())
        say(f"the log is in {file}")


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a new file, which is there only once it is whole and on the disk."""
    if path.exists():
        raise UsageError(f"{path} is there already", hint="name another file, or remove that one")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            for line in lines:
                stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
