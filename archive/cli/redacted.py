"""What is destroyed and what is not, as text of 80 columns and as JSON; and whether it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.output import json_text, wrapped
from archive.errors import UsageError
from archive.log.erasing import UNREACHED

if TYPE_CHECKING:
    from archive.log.entries import Entry
    from archive.queries.redacting import Forgetting, Redacting


@dataclass(frozen=True, slots=True)
class Disk:
    """What became of the files: bytes before and after, what had to be left, and what is never reached."""

    before: int
    after: int
    left: tuple[str, ...]
    dialect: str


def confirmed(lines: Iterable[str], *, yes: bool) -> None:
    """Show what would be destroyed and ask whether that is meant; UsageError unless it is."""
    if yes:
        return
    for line in lines:
        click.echo(line, err=True)
    try:
        meant = click.confirm("Destroy it for good?", err=True)
    except click.Abort:
        click.echo(err=True)
        meant = False
    if not meant:
        raise UsageError("nothing was destroyed", hint="say yes, or --yes; --dry-run shows what would be done")


def planned(plan: Redacting, form: str) -> Iterator[str]:
    """What a redaction would do."""
    if form == "json":
        yield json_text(_plain(plan))
        return
    what = _phrase(plan.target)
    if plan.event is None:
        yield from wrapped(f"{what}: was redacted before{_by(plan.by)}", 0)
    else:
        yield from wrapped(f"{what}: its content would be destroyed", 0)
        yield from _kept(plan, "would be kept", "would count")
    yield from _besides(plan)


def done(made: Redacting, by: int | None, disk: Disk, form: str) -> Iterator[str]:
    """What a redaction did."""
    if form == "json":
        yield json_text({**_plain(made), "by": by, **_plain_disk(disk)})
        return
    what = _phrase(made.target)
    if made.event is None:
        yield from wrapped(f"{what}: was redacted before{_by(by)}", 0)
    else:
        yield from wrapped(f"{what}: its content was destroyed; entry {by} says so", 0)
        yield from _kept(made, f"kept in entry {by}", "counts")
    yield from _besides(made)
    yield from _of_disk(disk)


def to_forget(plan: Forgetting, form: str) -> Iterator[str]:
    """What forgetting texts would do."""
    if form == "json":
        yield json_text(_forgetting(plan))
        return
    yield from _texts(plan, "would be destroyed")


def forgotten(made: Forgetting, disk: Disk, form: str) -> Iterator[str]:
    """What forgetting texts did."""
    if form == "json":
        yield json_text({**_forgetting(made), **_plain_disk(disk)})
        return
    yield from _texts(made, "destroyed")
    yield from _of_disk(disk)


def _plain(plan: Redacting) -> dict[str, Any]:
    entry = plan.target
    return {
        "position": entry.position,
        "type": entry.type,
        "stream": entry.stream,
        "redacted_before": plan.event is None,
        "by": plan.by,
        "kept": [] if plan.event is None else sorted(plan.event.kept),
        "counts": plan.counts,
        "missing": [*plan.missing],
        "repeating": [{"position": one.position, "type": one.type, "stream": one.stream} for one in plan.repeating],
        "kept_texts": [*plan.texts],
    }


def _by(position: int | None) -> str:
    return "" if position is None else f", by entry {position}"


def _kept(plan: Redacting, kept: str, counts: str) -> Iterator[str]:
    event = plan.event
    if event is None or not event.kept:
        return
    yield from wrapped(f"{kept}: {', '.join(sorted(event.kept))}", 2, 4)
    if plan.counts:
        yield from wrapped(f"what is kept {counts} in its place, from this record time on", 2)
    else:
        lacks = f": it lacks {', '.join(plan.missing)}" if plan.missing else ""
        yield from wrapped(f"what is kept is shown and {counts} for nothing{lacks}", 2)


def _besides(plan: Redacting) -> Iterator[str]:
    """What else may say the same, and the command for it."""
    for entry in plan.repeating:
        yield from wrapped(
            f"{_phrase(entry)}, may repeat what it said:"
            f" archive show {entry.position}; archive redact {entry.position}",
            2,
            4,
        )
    for text in plan.texts:
        yield from wrapped(f"a kept text still says it: archive source forget {text}", 2, 4)


def _forgetting(plan: Forgetting) -> dict[str, Any]:
    return {
        "source": plan.source,
        "destroyed": [*plan.kept],
        "not_kept": [*plan.gone],
        "shared_with": [*plan.shared],
        "quoting": [*plan.quoting],
    }


def _texts(plan: Forgetting, verb: str) -> Iterator[str]:
    for digest in plan.kept:
        yield from wrapped(f"{plan.source}: the kept text of {digest[:12]}… {verb}", 0)
    if not plan.kept:
        yield from wrapped(f"{plan.source}: no text is kept", 0)
    if plan.shared:
        yield from wrapped(f"it is also that of {', '.join(plan.shared)}", 2, 4)
    for position in plan.quoting:
        yield from wrapped(f"entry {position} quotes it: archive show {position}; archive redact {position}", 2, 4)


def _plain_disk(disk: Disk) -> dict[str, Any]:
    return {
        "bytes_before": disk.before,
        "bytes_after": disk.after,
        "left": [*disk.left],
        "not_reached": [*UNREACHED[disk.dialect]],
    }


def _of_disk(disk: Disk) -> Iterator[str]:
    if not disk.left:
        where = "file" if disk.dialect == "sqlite" else "tables"
        yield from wrapped(f"no copy is left in the {where}: {disk.before} bytes before, {disk.after} after", 2, 4)
    for one in UNREACHED[disk.dialect]:
        yield from wrapped(f"not reached: {one}", 2, 4)


def erased(opened: archive.Archive, before: int) -> Disk:
    """Erase what was destroyed from the files of an archive that took so many bytes before."""
    left = opened.erase()
    return Disk(before, opened.stored_size(), left, opened.engine.dialect.name)


def _phrase(entry: Entry) -> str:
    return f"entry {entry.position} {entry.type}, {entry.stream} {entry.version}"
