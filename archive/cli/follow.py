"""`archive follow`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import click

import archive
from archive.cli.errors import say
from archive.cli.options import Command
from archive.cli.working import working

ENDING = (signal.SIGINT, signal.SIGTERM)


@click.command(cls=Command, example="archive --archive openai-2023.db follow --once")
@click.option("--once", is_flag=True, help="Fold all that waits, and end.")
@click.pass_obj
def command(where: str, *, once: bool) -> None:
    """Fold what is appended with --defer, as it comes, until it is stopped.

    Each append is folded once and in order; killed at any moment, the next one goes on from there. While one follower
    is at work a second one waits, and takes over when the first ends or dies. Ctrl-C and SIGTERM end it in order.
    """
    with archive.Archive.open(where) as opened:
        if once:
            with working("folding") as progress:
                size = opened.catch_up(progress)
        else:
            with _stop() as stop:
                opened.follow(stop, say)
            size = opened.projected().size
    say(f"the read model goes up to entry {size}")


@contextmanager
def _stop() -> Iterator[Event]:
    """Set by the first signal to end; the second one breaks off."""
    stop = Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = [signal.signal(number, end) for number in ENDING]
    try:
        yield stop
    finally:
        for number, handler in zip(ENDING, before, strict=True):
            signal.signal(number, handler)
