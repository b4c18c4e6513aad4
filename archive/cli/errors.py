"""The one place that prints errors and turns them into exit codes.

0 done, 2 usage, 10-39 as `archive.errors` says, 70 a bug of ours, 130 broken off, 141 the reader went away.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

UNWRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a full or broken disk says; the database's own errors come in its words."""

BUG = 70
BROKEN_OFF = 130
READER_GONE = 141
DEBUG = "ARCHIVE_DEBUG"


@contextmanager
def leaving() -> Iterator[None]:
    """Leave quietly when the reader of our output goes away, and at once when the user breaks off."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(READER_GONE) from None
    except OSError as error:
        if error.errno not in UNWRITTEN:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        from archive.errors import ArchiveError  # noqa: PLC0415  # a help text does without

        raise ArchiveError(
            f"the output cannot be written: {error.strerror}", hint="make room, or write it elsewhere"
        ) from error
    except KeyboardInterrupt:
        say("broken off")
        raise click.exceptions.Exit(BROKEN_OFF) from None


def exit_code_of(call: Callable[[], object]) -> int:
    """Call, print on standard error what went wrong, and give the code to exit with."""
    try:
        answer = call()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        say("broken off")
        return BROKEN_OFF
    except Exception as error:  # noqa: BLE001 - whatever else there is, is a bug of ours, and is told as one
        return _told(error)
    return answer if isinstance(answer, int) else 0


def _told(error: Exception) -> int:
    from archive.errors import ArchiveError  # noqa: PLC0415  # a help text does without

    if not isinstance(error, ArchiveError):
        _tell_bug(error)
        return BUG
    say(error.message, error.hint)
    return error.exit_code


def say(message: str, hint: str | None = None) -> None:
    """Print a sentence about the program's doing on standard error."""
    from archive.cli.output import printable  # noqa: PLC0415  # most commands have nothing to say here

    click.echo(f"archive: {printable(message)}", err=True)
    if hint:
        click.echo(f"hint: {printable(hint)}", err=True)


def _tell_bug(error: Exception) -> None:
    say(f"a bug of ours: {type(error).__name__}: {error}", f"the same with {DEBUG}=1 shows where; please report it")
    if os.environ.get(DEBUG):
        import traceback  # noqa: PLC0415  # slow to import, seldom needed

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
