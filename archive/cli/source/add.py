"""`archive source add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.appending import append_all
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, printable, write
from archive.cli.source.files import checked, read_bytes, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.intake.documents import Document

EXAMPLE = """echo "Acme has a new chief." | archive --archive openai-2023.db source add - --id acme-note"""
FILE = "command line"


@click.command(cls=Command, example=EXAMPLE)
@click.argument("file", metavar="FILE|-")
@click.option("--id", "source", metavar="ID", help="Its id; made of publisher and title unless given.")
@click.option("--title", metavar="TEXT", help="Its title as printed.")
@click.option("--author", metavar="TEXT", help="Who wrote it, as printed.")
@click.option("--publisher", metavar="TEXT", help="Who published it.")
@click.option("--url", metavar="URL", help="Where it was found; another file from there is another version.")
@click.option("--language", metavar="TAG", help="Its language, a BCP 47 tag.")
@click.option("--published", metavar="TIME", help="When it was first public.")
@click.option("--retrieved", metavar="TIME", help="When you took it.")
@click.option("--tz", metavar="ZONE", help="Zone of these times where they have none; UTC unless given.")
@click.option("--derived-from", metavar="ID", multiple=True, help="A source that it copies, translates or quotes.")
@click.option("--machine-translated", is_flag=True, help="Its text is a machine's translation.")
@click.option("--access", type=click.Choice(("public", "internal")), help="`internal` is never published.")
@click.option("--detached", is_flag=True, help="Do not keep its text: a passage is then taken unchecked.")
@click.option("--encoding", metavar="NAME", help="Encoding of a text that is not UTF-8.")
@click.option("--who", metavar="NAME", help="Who appends; the user of this machine unless given.")
@click.option("--why", metavar="TEXT", help="Why, for whoever asks later.")
@format_option("text", "json")
@click.pass_obj
def command(  # an option a field
    where: str,
    /,
    *,
    file: str,
    detached: bool,
    encoding: str | None,
    who: str | None,
    why: str | None,
    form: str,
    **fields: Any,
) -> None:
    """Register a document by its digest, and keep its text.

    Plain text is kept as it is, HTML reduced to its text. The same file again changes nothing; another file of the
    same --url or --id is registered as another version of that source.
    """
    from archive.intake import Append  # noqa: PLC0415  # slow to import; help needs none of it
    from archive.intake.adding import adding  # noqa: PLC0415  # the same
    from archive.intake.documents import digest_of, read_document  # noqa: PLC0415  # the same
    from archive.intake.faults import Wrong  # noqa: PLC0415  # the same

    data = read_bytes(file)
    digest = digest_of(data)
    document = None if detached else read_document(data, file, encoding)
    given = {name: list(value) if name == "derived_from" else value for name, value in fields.items() if value}
    with archive.Archive.open(where) as opened:
        known = opened.known()
        append = Append(known)
        source, wire = "", None
        try:
            found = adding(given, digest, file, opened.sources(), known.entry)
            source, wire = found.source, found.wire
        except Wrong as wrong:
            append.refuse(FILE, None, wrong)
        if wire is not None:
            append.add(FILE, None, wire)
        before = known.texts(source).get(digest)
        documents = [] if document is None else [document]
        answers = append_all(opened, append.finish(), dry_run=False, who=who, why=why, documents=documents) or []
        cited = opened.passages(source, digest)
    new = next((answer.position for answer in answers if answer.entry is not None), None)
    done = {
        "source": source,
        "version": digest,
        "registered": None if wire is None or new is None else wire["type"],
        "position": new,
        "text": "detached" if cited["text"] is None else "there" if before is not None else "kept",
        "characters": cited["characters"],
        "passages": checked(cited),
    }
    if form == "json":
        write(json_text(done))
        return
    for line in _told(done, document):
        write(printable(line))


def _told(done: Mapping[str, Any], document: Document | None) -> list[str]:
    """What was registered and kept, and how passages that are cited already fit."""
    names = {
        "SourceRegistered": f"source {done['source']} registered at position {done['position']}",
        "SourceVersionRegistered": f"another version of {done['source']} registered at position {done['position']}",
        None: f"source {done['source']} is there already, with this version",
    }
    size = f"{done['characters']} characters"
    kept = {"kept": f"text kept, {size}", "there": f"text kept before, {size}", "detached": "text not kept"}
    kind = f" of {document.media_type}" if document is not None and done["text"] == "kept" else ""
    return [f"{names[done['registered']]}; {kept[done['text']]}{kind}", *told(done["passages"])]
