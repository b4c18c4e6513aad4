"""`archive schema`."""

from __future__ import annotations

import click

from archive.cli.options import Command, format_option
from archive.cli.output import json_text, wrapped, write


@click.command(cls=Command, example="archive schema Dismissed")
@click.argument("name", metavar="[TYPE]", required=False)
@format_option("text", "json")
def command(name: str | None, form: str) -> None:
    """List the types of report, or print the JSON Schema of one."""
    from archive.intake.docs import promise  # noqa: PLC0415  # help needs none of it
    from archive.intake.schema import json_schema  # noqa: PLC0415  # the same
    from events import subjects, types  # noqa: PLC0415  # the same

    if name is not None:
        write(json_text(json_schema(name)))
        return
    order = [subject.__name__.rpartition(".")[2] for subject in subjects()]
    listed = [{"type": kind, "subject": cls.SUBJECT, "says": promise(cls)} for kind, cls in types().items()]
    listed.sort(key=lambda item: order.index(item["subject"]) if item["subject"] in order else len(order))
    if form == "json":
        write(json_text(listed))
        return
    subject = ""
    for item in listed:
        if item["subject"] != subject:
            subject = item["subject"]
            write(subject)
        for line in wrapped(f"{item['type']}: {item['says']}", 2, 4):
            write(line)
