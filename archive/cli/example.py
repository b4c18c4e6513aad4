"""The example at the end of every help text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def write_example(formatter: click.HelpFormatter, example: str) -> None:
    """End a help text with an example, each of its lines as it is."""
    formatter.write_paragraph()
    with formatter.section("Example"):
        for line in example.splitlines():
            formatter.write(f"  {line}\n")
