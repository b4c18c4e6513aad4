"""A file of data imported: what was said of it, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.appending import append_all, as_json, count, told
from archive.cli.errors import say
from archive.cli.options import zone
from archive.cli.output import json_text, printable, write
from archive.cli.source.files import read_bytes
from archive.errors import ReportFaults, UsageError

if TYPE_CHECKING:
    from archive.exchange.taking import Taken

SETTINGS = ("ends", "undated", "prefix", "tz")
"""Options that say how a file is read, and are kept with its source."""

REGISTRATION = ("title", "publisher", "url", "published", "retrieved", "access", "tz")


def import_data(where: str, kind: str, file: str, form: str, asked: dict[str, Any]) -> None:
    """Import one file and say what it came to. Raises ReportFaults once each fault is told."""
    from archive.exchange.importing import Given  # noqa: PLC0415  # slow to import; help needs none of it

    if asked["source"] is None:
        raise UsageError("which source is the file?", hint="give it an id: --source uk-commons; the same next time")
    if asked["tz"] is not None:
        zone(asked["tz"])
    data = read_bytes(file)
    given = Given(
        source=asked["source"],
        registration={name: asked[name] for name in REGISTRATION if asked[name]},
        settings={name: asked[name] for name in SETTINGS if asked[name] is not None} | asked["of_rows"],
        basis=asked["basis"],
        retract=asked["absent_means"] == "retracted",
        without_faulty=asked["without_faulty"],
    )
    with archive.Archive.open(where) as opened:
        taken = opened.importing(kind, data, file, given)
        for place in taken.left_out:
            click.echo(f"left out: {printable(place)}", err=True)
        try:
            answers = append_all(opened, taken.intake, **{name: asked[name] for name in ("dry_run", "who", "why")})
        except ReportFaults as error:
            if taken.counts:
                error.hint = error.hint or "what is without fault can be imported alone: --without-faulty"
            raise
    for what, number in sorted(taken.notes.items()):
        say(f"{number} {what}")
    if answers is None:
        return
    if form == "json":
        counts = {**taken.counts, "left_out": len(taken.left_out)}
        write(json_text({**as_json(count(answers)), **counts, "notes": dict(taken.notes)}))
    else:
        write(told(count(answers)))
        write(_told(taken))


def _told(taken: Taken) -> str:
    counts = taken.counts
    gone = counts["gone"]
    left = f"{gone} no longer in the file" + (
        ", retracted" if counts["retracted"] else ", left as they are" if gone else ""
    )
    return f"of the file: {counts['new']} new, {counts['changed']} changed, {counts['same']} the same; {left}"
