"""How wide a help text is: as click has it, without the libraries that click would ask."""

from __future__ import annotations

import os
import sys

import click
from click import formatting

LIMITS = 50, 80
"""The narrowest and the widest, as click has them."""


class Formatter(click.HelpFormatter):
    """As wide as the terminal within limits, less a margin. Click asks `shutil`, which brings three of compression."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        least, most = LIMITS
        if width is None and formatting.FORCED_WIDTH is None:
            width = max(min(columns(), max_width or most) - 2, least)
        super().__init__(indent_increment, width, max_width)


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


def columns() -> int:
    """The columns of the terminal: COLUMNS says, else the terminal itself, else they are 80."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or LIMITS[1]
    except (OSError, ValueError):
        return LIMITS[1]
