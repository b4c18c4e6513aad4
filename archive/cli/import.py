"""`archive import`."""

from __future__ import annotations

from typing import Any

import click

import archive
from archive.cli.append import opened_input, progress
from archive.cli.errors import say
from archive.cli.exchanged import form_of, form_options, spreadsheet_options, spreadsheet_settings
from archive.cli.importing import SETTINGS, import_data
from archive.cli.options import Command, format_option
from archive.errors import UsageError


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db export --log case.jsonl\n"
    "archive --archive copy.db init\n"
    "archive --archive copy.db import --log case.jsonl",
)
@form_options(
    log="The log of another archive, whole, into an empty one.",
    popolo="People, organisations, memberships, votes in Popolo (JSON).",
    csv="A spreadsheet of who held what, from when to when.",
)
@click.argument("file", metavar="FILE|-")
@click.option("--source", metavar="ID", help="The id of the file as a source; the same for each newer version of it.")
@click.option("--published", metavar="TIME", help="When this version was first public; not known unless given.")
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--publisher", metavar="TEXT", help="Who published it.")
@click.option("--url", metavar="URL", help="Where it was found.")
@click.option("--retrieved", metavar="TIME", help="When you took it.")
@click.option("--access", type=click.Choice(("public", "internal")), help="`internal` is never published.")
@click.option(
    "--basis",
    type=click.Choice(("official", "first_hand", "stated", "press", "rumour", "opinion")),
    default="stated",
    show_default=True,
    help="How far the file is from the deeds that it lists.",
)
@click.option("--tz", metavar="ZONE", help="Zone of its dates; UTC unless given.")
@click.option(
    "--ends",
    type=click.Choice(("exclusive", "inclusive")),
    help="An end date is the first day after (unless given), or the last day.",
)
@click.option(
    "--undated",
    type=click.Choice(("bounds", "period")),
    help="What the period of a membership says where it has no date of its own: it began and ended some time in it "
    "(unless given), or with it.",
)
@click.option("--prefix", metavar="WORD", help="What stands before the ids of the file; the source unless given.")
@click.option(
    "--absent-means",
    type=click.Choice(("nothing", "retracted")),
    default="nothing",
    show_default=True,
    help="What it means that a newer version leaves out what an earlier one had.",
)
@spreadsheet_options
@click.option(
    "--without-faulty", is_flag=True, help="Leave out what has a fault, and say so; else nothing is imported."
)
@click.option("--dry-run", is_flag=True, help="Check everything and import nothing.")
@click.option("--who", metavar="NAME", help="Who imports; the user of this machine unless given.")
@click.option("--why", metavar="TEXT", help="Why, for whoever asks later.")
@format_option("text", "json")
@click.pass_obj
def command(where: str, /, *, file: str, form: str, **asked: Any) -> None:
    """Take in what another program or archive wrote; all or nothing.

    --log takes over the whole log of another archive, into one that is empty: with its origin, its record times and
    its root. A file that is cut off, was altered or has another root is refused.

    --popolo and --csv take a file as a source with its digest. How its end dates, its undated memberships and its
    columns are read is said with the first version and kept. A newer version of the same --source adds what is new,
    amends what changed, and takes back what left only with --absent-means retracted.
    """
    kind = form_of(asked, ("log", "popolo", "csv"))
    of_rows = spreadsheet_settings(asked)
    said = [name for name in (*SETTINGS, "source", "published", "url") if asked[name]] if kind == "log" else []
    said += [] if kind == "csv" else [name.partition(".")[2] or name for name in of_rows]
    if said:
        raise UsageError(f"what was said with --{said[0]} says nothing of --{kind}", hint="leave it out")
    if kind != "log":
        import_data(where, kind, file, form, {**asked, "of_rows": of_rows})
        return
    with archive.Archive.open(where) as opened, opened_input(file) as stream, progress([file]) as advance:
        size = opened.import_log(stream, file, advance)
    say(f"{size} {'entry' if size == 1 else 'entries'} imported, with the root of the log that they are of")
