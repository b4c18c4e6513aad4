"""What the commands of later knowledge share: who says it, its append, and what it changes for the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli import entries
from archive.cli.appending import append_all, as_json, count, told
from archive.cli.options import Decorator, format_option, tz_option, zone
from archive.cli.output import json_text, wrapped, write
from archive.times import show_instant
from events import Later, to_plain, values
from events.later import Amended, Disputed, Merged

if TYPE_CHECKING:
    from archive.log.entries import Entry
    from archive.log.writing import Appended

Report = dict[str, Any]
"""A report on the wire."""

FILE = "command line"
SAYS = ("by", "source", "basis", "attribution", "published", "reason", "access")
"""Options that are fields of the report, as they are given."""


def said_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Who says it, on what evidence, and since when."""
    options: Sequence[Decorator] = (
        click.option(
            "--by", type=click.Choice(("source", "archive")), help="Who says so; the source where one is given."
        ),
        click.option("--source", metavar="ID", help="The document that says so."),
        click.option("--basis", type=click.Choice(values.BASES), help="How near the deed the source is."),
        click.option("--attribution", metavar="TEXT", help="Who says so, as the source has it."),
        click.option("--published", metavar="TIME", help="When it was first public, if not when the source was."),
        click.option("--reason", metavar="TEXT", help="Why, in the archivist's words."),
        click.option("--access", type=click.Choice(("public", "internal")), help="`internal` is never published."),
    )
    return reduce(lambda made, option: option(made), reversed(options), appends(function))


def appends(function: Callable[..., Any]) -> Callable[..., Any]:
    """Who appends and why, in earnest or not, and how the answer is printed."""
    options: Sequence[Decorator] = (
        click.option("--dry-run", is_flag=True, help="Check everything and append nothing."),
        click.option("--who", metavar="NAME", help="Who appends; the user of this machine unless given."),
        click.option("--why", metavar="TEXT", help="Why, for whoever asks later."),
        tz_option(),
        format_option("text", "json"),
    )
    return reduce(lambda made, option: option(made), reversed(options), function)


def saying(kind: str, target: int, said: dict[str, Any], **fields: Any) -> Report:
    """A report about an earlier entry, from the options that say whose word it is."""
    report = {"type": kind, "target": target, **fields, **{name: said[name] for name in SAYS if said[name] is not None}}
    if said["source"] is not None:
        report.setdefault("by", "source")
    if said["published"] is not None and said["tz"] != "UTC":
        report["tz"] = said["tz"]
    return report


def append_and_tell(
    opened: archive.Archive, reports: Sequence[Report], asked: dict[str, Any], *, wrongs: Sequence[Any] = ()
) -> None:
    """Append reports of later knowledge, all or nothing, and print what each changes for the reader.

    ``wrongs`` are faults found before there was a report.
    """
    from archive.intake import Append  # noqa: PLC0415  # slow to import; help needs none of it

    zone(asked["tz"])
    known = opened.known()
    append = Append(known)
    for wrong in wrongs:
        append.refuse(FILE, None, wrong)
    for report in reports:
        append.add(FILE, None, report)
    before = {report["target"]: known.entry(report["target"]) for report in reports if report["type"] == "Amended"}
    answers = append_all(opened, append.finish(), dry_run=asked["dry_run"], who=asked["who"], why=asked["why"])
    if answers is None:
        return
    if asked["form"] == "json":
        write(json_text({**as_json(count(answers)), "changes": list(_changed(opened, answers))}))
        return
    write(told(count(answers)))
    for line in _lines(opened, answers, before, asked["tz"]):
        write(line)


def _changed(opened: archive.Archive, answers: Sequence[Appended]) -> Iterator[dict[str, Any]]:
    with opened.reading() as connection:
        for answer in answers:
            entry = opened.log.entry(connection, answer.position)
            target = entry.event.target if isinstance(entry.event, Later) else None
            about = None if target is None else entries.plain(opened.log.entry(connection, target))
            yield {**entries.plain(entry), "about": about}


def _lines(opened: archive.Archive, answers: Sequence[Appended], before: dict[int, Any], tz: str) -> Iterator[str]:
    from archive.queries import later  # noqa: PLC0415  # only what was appended needs it

    with opened.reading() as connection:
        for answer in answers:
            entry = opened.log.entry(connection, answer.position)
            event = entry.event
            yield from wrapped(f"{entry.position} {entry.type}, {entry.stream} {entry.version}", 0)
            if isinstance(event, Later):
                for line in entries.brief(opened.log.entry(connection, event.target), tz):
                    yield from wrapped(line.strip(), 2 if line[0] != " " else 4)
                yield from _fields(entry, before.get(event.target) if answer.entry else None)
                since = later.acts_from(connection, event.target, entry.position) if event.by == "source" else None
                yield from wrapped(_effect(event, since, tz), 2)
            elif isinstance(event, Merged):
                kind = "person" if event.person else "organisation"
                old, new = event.person or event.organisation, event.into_person or event.into_organisation
                named = later.naming(connection, kind, str(old)) - 1
                yield from wrapped(
                    f"{kind} {old} is {new} at every report time, from this record time on;"
                    f" {named} earlier entr{'y names' if named == 1 else 'ies name'} {old}",
                    2,
                )


def _fields(entry: Entry, before: Any) -> Iterator[str]:
    """Each amended field as it was and as it is."""
    if isinstance(entry.event, Amended) and before is not None:
        old = to_plain(before)
        for name, value in entry.event.changes.items():
            yield from wrapped(f"{name}: {_shown(old.get(name))}, now {_shown(value)}", 2, 4)


def _shown(value: Any) -> str:
    if isinstance(value, dict) and "text" in value:
        return str(value["text"])
    if value is None or isinstance(value, str):
        return value or "nothing"
    return json_text(value, indent=False)


def _effect(event: Later, since: str | None, tz: str) -> str:
    """What it changes, and on which clock."""
    clock = (
        "at every report time, from this record time on"
        if since is None
        else f"as reported {show_instant(since, tz)} or later"
    )
    if isinstance(event, Disputed):
        return f"entry {event.target} stands, and this denial beside it, {clock}"
    does = "counts as amended" if isinstance(event, Amended) else "no longer counts"
    return f"entry {event.target} {does}, {clock}"
