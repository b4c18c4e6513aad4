"""`archive search`."""

from __future__ import annotations

import click

import archive
from archive.cli.behind import told_behind
from archive.cli.options import (
    Command,
    countable,
    format_option,
    instant,
    known_options,
    recorded,
    tz_option,
    zone,
)
from archive.cli.output import json_text, write, write_rows

LIMIT = 20


@click.command(cls=Command, example="archive --archive openai-2023.db search アルトマン --limit 3")
@click.argument("words", nargs=-1, required=True)
@click.option("--organisation", "--organization", "organisation", metavar="ID", help="Only what is said of this one.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    callback=countable,
    default=LIMIT,
    show_default=True,
    metavar="N",
    help="Show at most so many.",
)
@known_options(floor=False)
@tz_option()
@format_option("text", "json", "jsonl", "csv")
@click.pass_obj
def command(
    where: str,
    *,
    words: tuple[str, ...],
    organisation: str | None,
    limit: int,
    as_reported: str | None,
    as_recorded: str | None,
    tz: str,
    form: str,
) -> None:
    """Find words in names, sources, reports and kept texts.

    Every one of the words must stand there, whole; an argument of several words, or "words" in double quotes, is a
    phrase. Letters of any size or width are the same, accents are not; in Japanese, Chinese, Korean and Thai any run
    of characters is found, one character too. Punctuation is passed over and there are no operators. How many were
    found is always told. What was retracted is found too, and marked.
    """
    zone(tz)
    asked = " ".join(f'"{word}"' if len(word.split()) > 1 and '"' not in word else word for word in words)
    known = {"as_reported": instant("--as-reported", as_reported, tz), "as_recorded": recorded(as_recorded, tz)}
    with archive.Archive.open(where) as opened:
        found = opened.search(asked, organisation=organisation, limit=limit, **known)
    told_behind(found["log"].get("behind", 0))
    if form == "json":
        write(json_text(found))
        return
    from archive.cli import hits  # noqa: PLC0415  # JSON needs none of it

    if form == "text":
        for line in hits.told(found, tz):
            write(line)
        return
    if form == "csv":
        write_rows(form, hits.COLUMNS, (hits.row(hit) for hit in found["hits"]))
    else:
        for hit in found["hits"]:
            write(json_text(hit, indent=False))
    if len(found["hits"]) < found["total"]:
        from archive.cli.errors import say  # noqa: PLC0415  # the whole answer needs no word

        say(f"{hits.counted(found)}", "more with --limit")
