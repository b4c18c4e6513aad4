"""What `import` and `export` share: in which form."""

from __future__ import annotations

import click

from archive.errors import UsageError

log_option = click.option("--log", is_flag=True, help="The log itself, as JSON Lines.")


def form_of(*, log: bool) -> str:
    """The form asked for; UsageError where none is."""
    if not log:
        raise UsageError("in which form?", hint="say --log")
    return "log"
