"""`archive export`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

import archive
from archive.cli.errors import say
from archive.cli.exchanged import form_of, form_options
from archive.cli.options import Command
from archive.cli.output import csv_lines, inert, json_text
from archive.errors import UsageError

if TYPE_CHECKING:
    from archive.queries.published import Published

FORMS = ("log", "reports", "popolo", "csv", "ftm", "datasette")
FOLDERS = ("reports", "csv")
"""Forms that can be several files."""


@click.command(
    cls=Command,
    example="archive --archive openai-2023.db export --log openai-2023.log.jsonl\n"
    "archive --archive openai-2023.db export --csv --model tenures",
)
@form_options(
    log="The log itself, as JSON Lines.",
    reports="The reports as JSON Lines, to be appended again.",
    popolo="People, organisations, posts, memberships, votes in Popolo (JSON).",
    csv="The read models as CSV: one with --model, all into a folder.",
    ftm="FollowTheMoney entities, one a line.",
    datasette="Metadata with which Datasette shows the read models alone.",
)
@click.argument("file", metavar="[FILE|FOLDER/|-]", default="-")
@click.option("--model", metavar="NAME", help="With --csv: the read model, as tenures.")
@click.option(
    "--ends",
    type=click.Choice(("exclusive", "inclusive")),
    default="exclusive",
    show_default=True,
    help="With --popolo: an end date is the first day after, or the last day.",
)
@click.option("--include-internal", is_flag=True, help="Also what is marked internal.")
@click.pass_obj
def command(where: str, /, *, file: str, model: str | None, ends: str, include_internal: bool, **asked: bool) -> None:
    """Write the archive in another form, to a new file or to standard output.

    --log writes all of it: every entry as it is stored, with its salt, and the kept texts. What was exported so can
    be imported into an empty archive on either database, with the same root. Keep the file as you keep the archive.

    All others leave out what is internal, unless told to include it, and who appended. --reports into a FOLDER/ is a
    file for each append: where reports are about earlier ones, another archive takes them only one after the other.
    """
    form = form_of(dict(asked), FORMS)
    folder = file.endswith("/") or Path(file).is_dir()
    if folder and form not in FOLDERS:
        raise UsageError(f"--{form} is one file", hint="name it, or leave it out for standard output")
    if model is not None and form != "csv":
        raise UsageError("--model goes with --csv alone", hint="leave it out")
    with archive.Archive.open(where) as opened:
        if form == "log":
            _give(file, opened.export_log(), "the log is")
            return
        with opened.published(include_internal=include_internal) as published:
            if form == "csv":
                _csv(published, file, model, folder=folder)
            elif form == "reports":
                _reports(published, file, folder=folder)
            elif form == "datasette":
                _give(file, [_datasette(published, where)], "the metadata are")
            else:
                from archive.exchange.giving import lines  # noqa: PLC0415  # other forms do without

                options = {"ends": ends} if form == "popolo" else {}
                _give(file, lines(form, published, **options), "the export is")
            if published.left_out:
                say(f"{published.left_out} entries or rows are internal and left out (--include-internal)")


def _csv(published: Published, file: str, model: str | None, *, folder: bool) -> None:
    if model is None and not folder:
        raise UsageError("which read model?", hint="name it with --model, as tenures; or a FOLDER/ for all")
    for name in [model] if model is not None else published.models():
        columns = published.columns(name)
        rows = ([row[column] for column in columns] for row in published.rows(name))
        lines = (line.encode() for line in csv_lines(columns, rows))
        _give(str(_new(file) / f"{name}.csv") if folder else file, lines, f"{name} is", end=b"\r\n")


def _reports(published: Published, file: str, *, folder: bool) -> None:
    from archive.exchange.giving import about_others, reports  # noqa: PLC0415  # other forms do without

    if folder:
        for append, lines in groupby(reports(published), key=lambda pair: pair[0]):
            _give(str(_new(file) / f"append-{append:06}.jsonl"), (line for _, line in lines), "")
        say(f"the reports are in {file}, a file for each append")
        return
    _give(file, (line for _, line in reports(published)), "the reports are")
    left_out = published.left_out
    about = about_others(published)
    published.left_out = left_out
    if about:
        say(f"{about} of them are about earlier ones: for another archive, export to a FOLDER/")


def _datasette(published: Published, where: str) -> bytes:
    from archive.exchange.datasette import metadata  # noqa: PLC0415  # other forms do without

    if "://" in where and not where.startswith("sqlite"):
        raise UsageError("Datasette serves SQLite files", hint="move the archive: archive export --log")
    if not published.nothing_internal:
        hint = "serve a folder of CSV instead (archive export --csv FOLDER/), or say --include-internal"
        raise UsageError("the archive has what is internal, and Datasette would show it", hint=hint)
    name = Path(where.partition("?")[0]).stem
    return json_text(metadata(name, published.origin(), published.tables(), published.models())).encode()


def _new(folder: str) -> Path:
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    return path


def _give(file: str, lines: Iterable[bytes], what: str, *, end: bytes = b"\n") -> None:
    """Lines to standard output, or to a new file."""
    if file == "-":
        for line in lines:
            click.echo(inert(line.decode()))
        return
    _write(Path(file), (line + end for line in lines))
    if what:
        say(f"{what} in {file}")


def _write(path: Path, parts: Iterator[bytes]) -> None:
    """Write a new file, which is there only once it is whole and on the disk."""
    if path.exists():
        raise UsageError(f"{path} is there already", hint="name another file, or remove that one")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            for one in parts:
                stream.write(one)
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
