"""Options that several commands share, and what their texts mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archive.cli.example import write_example
from archive.cli.width import Context


class Command(click.Command):
    """A command whose help ends with an example that runs in a folder with the archive of the demo."""

    context_class = Context

    def __init__(self, *args: Any, example: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the example."""
        del ctx
        write_example(formatter, self.example)


FLOORS = ("official", "first_hand", "stated", "press", "rumour")

LARGEST = (1 << 63) - 1
"""The largest number that a database counts to."""


def countable(ctx: click.Context, param: click.Parameter, value: int | None) -> int | None:
    """A number no larger than a database counts to: what lies past that is past every log."""
    del ctx, param
    return None if value is None else min(value, LARGEST)


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def format_option(*forms: str) -> Decorator:
    """`--format`, the first of its forms unless given."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help="How to print it."
    )


def basis_option() -> Decorator:
    """`--basis`: the floor of a question."""
    return click.option(
        "--basis", type=click.Choice(FLOORS), default="press", show_default=True, help="The weakest admitted."
    )


def known_options(*, floor: bool = True) -> Decorator:
    """`--as-reported`, `--as-recorded` and, where the question has a floor, `--basis`: what it may know."""
    options: list[Decorator] = [
        click.option("--as-reported", metavar="TIME", help="Knowing only what was public by then."),
        click.option(
            "--as-recorded", metavar="TIME|@SIZE", help="Knowing only what the archive had by then, or at that size."
        ),
        *([basis_option()] if floor else []),
    ]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def tz_option() -> Decorator:
    """`--tz`: the zone of the times asked for that have none, and of those shown."""
    return click.option(
        "--tz", default="UTC", show_default=True, metavar="ZONE", help="Zone of times without one, and of times shown."
    )


def zone(name: str) -> str:
    """The name of a zone, checked."""
    from archive.errors import UsageError  # noqa: PLC0415  # a help text does without
    from archive.times import TimeFault, check_zone  # noqa: PLC0415  # the same

    try:
        check_zone(name)
    except TimeFault as fault:
        raise UsageError(f"--tz: {fault}") from None
    return name


def recorded(text: str | None, tz: str) -> str | None:
    """What `--as-recorded` means: a canonical instant, or `@SIZE` as it is."""
    return text if text is not None and text.startswith("@") else instant("--as-recorded", text, tz)


def instant(option: str, text: str | None, tz: str) -> str | None:
    """The canonical instant that the text of an option means; None where it is not given."""
    if text is None:
        return None
    from archive.errors import UsageError  # noqa: PLC0415  # a help text does without
    from archive.times import TimeFault, parse_question  # noqa: PLC0415  # the same

    try:
        return parse_question(text, tz)
    except TimeFault as fault:
        raise UsageError(f"{option}: {fault}") from None
