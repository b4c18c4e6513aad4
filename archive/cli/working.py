"""A bar for work that takes its time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def working(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Something to tell how much is done, and of how much: a bar on standard error, if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # only a bar needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def working_on() -> Iterator[Callable[[str, int, int], None] | None]:
    """The same for work in parts, one after another: told too which one it is."""
    with ExitStack() as parts:
        told: dict[str, Callable[[int, int], None] | None] = {}

        def tell(what: str, done: int, of: int) -> None:
            if what not in told:
                parts.close()
                told[what] = parts.enter_context(working(what))
            if (bar := told[what]) is not None:
                bar(done, of)

        yield tell
