"""`archive append`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.appending import append_all, append_files, as_json, count, made_known, told
from archive.cli.behind import WAITS, say_behind
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, write
from archive.errors import UsageError

if TYPE_CHECKING:
    from archive.intake.register import New
    from archive.log.writing import Counted

LONG = 1 << 20
"""Bytes of input from which on a terminal shows how far it is read."""

PATHS = ("./", "../", "/")
EXAMPLE = """archive --archive openai-2023.db append PersonRegistered person=jane-doe name="Jane Doe" --dry-run"""


@click.command(cls=Command, example=EXAMPLE)
@click.argument("what", metavar="FILE… | - | TYPE field=value…", nargs=-1, required=True)
@click.option("--register", is_flag=True, help="Register people, organisations and offices that nobody knows.")
@click.option("--defer", is_flag=True, help="Leave the read model to `archive follow`.")
@click.option("--dry-run", is_flag=True, help="Check everything and append nothing.")
@click.option("--who", metavar="NAME", help="Who appends; the user of this machine unless given.")
@click.option("--why", metavar="TEXT", help="Why, for whoever asks later.")
@format_option("text", "json")
@click.pass_obj
def command(where: str, /, *, what: tuple[str, ...], register: bool, form: str, **asked: Any) -> None:
    """Append reports: files of JSON Lines, or one by hand.

    All or nothing: with one fault nothing is appended, and every fault is told with its place and remedy. What is
    there already is not appended twice. An argument with = means a report by hand; a file of that name is ./NAME.

    A person, an organisation or an office may be given by its id or by any recorded name. With --register one that
    nobody knows is registered under that name, with an id made of its Latin letters, else of its kind and a digest.

    With --defer the reports are in the log when this ends, and in the answers once `archive follow` has folded them.
    """
    with archive.Archive.open(where) as opened:
        counted, registered = _append(opened, what, register=register, **asked)
        behind = say_behind(opened, WAITS)
    if counted is not None and form == "json":
        more = {"registered": made_known(registered)} if register else {}
        write(json_text({**as_json(counted), **more, **({"behind": behind} if behind else {})}))
    elif counted is not None:
        write(told(counted))


def _append(
    opened: archive.Archive, what: Sequence[str], *, register: bool, **asked: Any
) -> tuple[Counted | None, Sequence[New]]:
    """What became of the reports, None after a dry run, and what was registered with them."""
    from archive.intake import Reading, read_hand  # noqa: PLC0415  # slow to import; help needs none of it

    known = opened.known()
    if any("=" in argument and not argument.startswith(PATHS) for argument in what):
        intake = read_hand(what[0], what[1:], known, register=register)
        answers = append_all(opened, intake, **asked)
        return None if answers is None else count(answers), intake.registered
    with ExitStack() as stack:
        streams = [(name, stack.enter_context(opened_input(name))) for name in what]
        reading = Reading(known, streams, register=register, progress=stack.enter_context(progress(what)))
        counted = append_files(opened, reading, **asked)
    return counted, reading.registered


@contextmanager
def opened_input(name: str) -> Iterator[Any]:
    """A file, or standard input for `-`."""
    if name == "-":
        if sys.stdin is None:
            raise UsageError("- cannot be read: standard input is closed", hint="name a file, or pipe reports in")
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - the caller's fault is told here, ours below
    except OSError as error:
        hint = (
            "a report by hand takes field=value arguments after its type"
            if name.isalpha() and not Path(name).exists()
            else None
        )
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
