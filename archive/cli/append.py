"""`archive append`."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.errors import say
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, printable, write
from archive.errors import ReportFaults, SameIdOtherContent, UsageError

if TYPE_CHECKING:
    from archive.intake import Intake, Known
    from archive.log.log import Appended

LONG = 1 << 20
"""Bytes of input from which on a terminal shows how far it is read."""

PATHS = ("./", "../", "/")
EXAMPLE = """archive --archive openai-2023.db append PersonRegistered person=jane-doe name="Jane Doe" --dry-run"""


@click.command(cls=Command, example=EXAMPLE)
@click.argument("what", metavar="FILE… | - | TYPE field=value…", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Check everything and append nothing.")
@click.option("--who", metavar="NAME", help="Who appends; the user of this machine unless given.")
@click.option("--why", metavar="TEXT", help="Why, for whoever asks later.")
@format_option("text", "json")
@click.pass_obj
def command(where: str, *, what: tuple[str, ...], dry_run: bool, who: str | None, why: str | None, form: str) -> None:
    """Append reports: files of JSON Lines, or one by hand.

    All or nothing: with one fault nothing is appended, and every fault is told with its place and remedy. What is
    there already is not appended twice. An argument with = means a report by hand; a file of that name is ./NAME.
    """
    with archive.Archive.open(where) as opened:
        intake = _read(what, opened.known())
        _refuse(intake.faults)
        if dry_run:
            say(f"{_reports(len(intake.events))} without fault; nothing was appended, as this was a dry run")
            return
        try:
            program = f"archive {archive.__version__}"
            answers = opened.append(intake.events, who=who or _user(), program=program, why=why)
        except SameIdOtherContent as error:
            _refuse(_clashes(error, intake.places))
            raise
    _tell(answers, form)


def _read(what: Sequence[str], known: Known) -> Intake:
    from archive.intake import Append, read_hand, read_lines  # noqa: PLC0415  # slow to import; help needs none of it

    if any("=" in argument and not argument.startswith(PATHS) for argument in what):
        return read_hand(what[0], what[1:], known)
    append = Append(known)
    with ExitStack() as stack:
        streams = [(name, stack.enter_context(_stream(name))) for name in what]
        told = stack.enter_context(progress(what))
        for name, stream in streams:
            read_lines(append, stream, name, told)
    return append.finish()


@contextmanager
def _stream(name: str) -> Iterator[Any]:
    """A file, or standard input for `-`."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - the caller's fault is told here, ours below
    except OSError as error:
        hint = "a report by hand takes field=value arguments after its type" if name.isalpha() else None
        raise UsageError(f"{name} cannot be read: {error.strerror}", hint=hint) from error
    with stream:
        yield stream


@contextmanager
def progress(what: Sequence[str]) -> Iterator[Callable[[int], None] | None]:
    """A bar on standard error, if that is a terminal and the input is long."""
    size = 0 if "-" in what else sum(Path(name).stat().st_size for name in what)
    if size < LONG or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=size, label="reading", file=sys.stderr) as bar:
        yield bar.update


def _refuse(faults: Sequence[object]) -> None:
    """Print every fault; with one, nothing is appended."""
    for fault in faults:
        click.echo(printable(str(fault)), err=True)
    if faults:
        raise ReportFaults(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}, nothing was appended")


def _clashes(error: SameIdOtherContent, places: Sequence[tuple[str, int | None]]) -> list[object]:
    from archive.intake import Fault  # noqa: PLC0415  # as above

    faults: list[object] = []
    for index, position, earlier in error.clashes:
        whose = f"entry {position}" if position is not None else f"report {(earlier or 0) + 1} of this append"
        problem = f"the id of {whose}, which has other content"
        faults.append(Fault(*places[index], "id", problem, "give it an id of its own, or amend that entry"))
    return faults


def _tell(answers: Sequence[Appended], form: str) -> None:
    new = [answer.position for answer in answers if answer.entry is not None]
    old = len(answers) - len(new)
    if form == "json":
        positions = [answer.position for answer in answers]
        write(json_text({"appended": len(new), "already_there": old, "positions": positions}))
        return
    where = f" at position{'s' if len(new) > 1 else ''} {_stretch(new)}" if new else ""
    write(f"{_reports(len(new))} appended{where}, {old} already there")


def _stretch(positions: Sequence[int]) -> str:
    """One append's positions have no gap."""
    return str(positions[0]) if len(positions) == 1 else f"{positions[0]} to {positions[-1]}"


def _reports(number: int) -> str:
    return f"{number} report{'' if number == 1 else 's'}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
