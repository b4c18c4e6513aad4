"""`archive sql`."""

from __future__ import annotations

import click

import archive
from archive.cli.behind import say_behind
from archive.cli.options import Command, countable, format_option
from archive.cli.output import write_rows

EXAMPLE = """archive --archive openai-2023.db sql "SELECT person, basis FROM tenures WHERE office = 'ceo'\""""


@click.command(cls=Command, example=EXAMPLE)
@click.argument("query")
@click.option("--limit", type=click.IntRange(min=0), callback=countable, metavar="N", help="At most so many rows.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    metavar="SECONDS",
    help="How long it may take; a minute unless given.",
)
@format_option("table", "json", "jsonl", "csv")
@click.pass_obj
def command(where: str, query: str, limit: int | None, timeout: float | None, form: str) -> None:
    """Ask one question in SQL, which cannot change anything."""
    with archive.Archive.open(where) as opened:
        say_behind(opened)
        answer = opened.query(query, limit=limit, seconds=timeout)
        write_rows(form, answer.columns, answer.rows)
