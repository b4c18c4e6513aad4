"""`archive source attach`."""

from __future__ import annotations

import click

import archive
from archive.cli.appending import append_all
from archive.cli.options import Command, format_option
from archive.cli.output import json_text, printable, write
from archive.cli.source.files import checked, read_bytes, told
from archive.errors import OtherDocument

EXAMPLE = """\
echo "Acme has a new chief." | archive --archive openai-2023.db source add - --id acme-news --detached
echo "Acme has a new chief." | archive --archive openai-2023.db source attach acme-news -"""


@click.command(cls=Command, example=EXAMPLE)
@click.argument("source", metavar="SOURCE")
@click.argument("file", metavar="FILE|-")
@click.option("--encoding", metavar="NAME", help="Encoding of a text that is not UTF-8.")
@format_option("text", "json")
@click.pass_obj
def command(where: str, *, source: str, file: str, encoding: str | None, form: str) -> None:
    """Keep the text of a source that is registered.

    The file must have the digest of one of its versions. Passages that are cited of it already are checked.
    """
    from archive.intake import Append  # noqa: PLC0415  # slow to import; help needs none of it
    from archive.intake.documents import digest_of, read_document  # noqa: PLC0415  # the same

    data = read_bytes(file)
    digest = digest_of(data)
    with archive.Archive.open(where) as opened:
        versions = opened.source(source)["versions"]
        version = next((one for one in versions if one["sha256"] == digest), None)
        if version is None:
            registered = ", ".join(one["sha256"] for one in versions) or "no digest"
            problem = (
                f"{file} is not the document registered as {source}: its digest is {digest}, registered {registered}"
            )
            raise OtherDocument(problem, hint=f"register another version: archive source add FILE --id {source}")
        document = read_document(data, file, encoding)
        known = opened.known()
        append_all(opened, Append(known).finish(), dry_run=False, who=None, why=None, documents=[document])
        cited = opened.passages(source, digest)
    done = {
        "source": source,
        "version": digest,
        "text": "kept" if version["kept"] is None else "there",
        "characters": cited["characters"],
        "passages": checked(cited),
    }
    if form == "json":
        write(json_text(done))
        return
    state = "text kept" if version["kept"] is None else "text kept before"
    for line in (f"{source}: {state}, {cited['characters']} characters", *told(done["passages"])):
        write(printable(line))
