"""What a redaction would destroy and keep, and what else may say the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

import events
from archive.errors import UsageError
from archive.log import documents
from archive.log.entries import Entry, read_entry
from archive.projections.derive import called
from archive.projections.tables import mentions, reports, spans
from archive.queries.internal import Internal
from archive.queries.latest import amended
from archive.queries.redactions import redaction_of
from events import Event, When
from events.later import Redacted, standing_for
from events.names import fold_name, may_name, names_in
from events.sources import SourceRegistered, SourceVersionRegistered
from events.values import FIRST, Position


@dataclass(frozen=True, slots=True)
class Redacting:
    """A redaction before it is made.

    target: the entry as it is; event: what stands in its place, None where it was redacted before, by the entry `by`
    counts: whether what is kept counts in its place; missing: the fields that it would need for that
    repeating: later entries that speak of it or record the same name, and may repeat what it says
    texts: kept texts that have a passage of it, or that it registers, as `forget` takes them
    """

    target: Entry
    event: Redacted | None
    by: int | None = None
    counts: bool = False
    missing: tuple[str, ...] = ()
    repeating: tuple[Entry, ...] = ()
    texts: tuple[str, ...] = ()


def redacting(connection: Connection, position: int, reason: str, keep: Sequence[str] = ()) -> Redacting:
    """What redacting a position would do. NoSuchEntry, or UsageError where a field cannot be kept."""
    target = read_entry(connection, position)
    said = _repeating(connection, target)
    if target.payload is None:
        told = redaction_of(connection, position)
        return Redacting(target, None, by=None if told is None else told["by"], repeating=said)
    event = target.event
    if event is None:
        raise AssertionError("an entry with a payload is an event")
    made = _of_redaction(event, position, reason, keep) if isinstance(event, Redacted) else None
    made = made or _of_report(connection, target, reason, keep)
    standing = standing_for(made)
    cls: Any = events.types().get(made.target_type)
    needed = () if cls is None else tuple(shape.wire for shape in events.shapes(cls) if shape.required)
    return Redacting(
        target,
        made,
        counts=standing is not made,
        missing=tuple(name for name in needed if made.kept and name not in made.kept),
        repeating=said,
        texts=_texts(connection, standing_for(event)),
    )


def _of_report(connection: Connection, target: Entry, reason: str, keep: Sequence[str]) -> Redacted:
    """The redaction of an entry of any other type: its fields as they are known now."""
    position = target.position
    event = amended(connection, position)
    if event is None:
        raise AssertionError("an entry that is there has an event")
    row = reports.c
    current = select(row.position).where(row.position == position, row.recorded_to.is_(None), row.reported_to.is_(None))
    if keep and connection.execute(current.limit(1)).first() is None:
        raise UsageError(f"entry {position} was taken back: nothing of it counts", hint="redact it without --keep")
    since = select(func.min(row.reported_from)).where(row.position == position)
    first = connection.execute(since.where(row.recorded_to.is_(None))).scalar_one()
    first = first or connection.execute(since).scalar_one()
    kept = _kept(position, events.to_plain(event), keep)
    return Redacted(
        target=Position(position),
        target_stream=target.stream,
        target_type=target.type,
        target_type_version=event.VERSION,
        reported=None if first in (None, FIRST) else When(first, first, first),
        reason=reason,
        kept=kept,
        access="internal" if Internal(connection).report(position) else "public",
        tzdata=event.tzdata if any(isinstance(one, dict) and "latest" in one for one in kept.values()) else None,
    )


def _of_redaction(event: Redacted, position: int, reason: str, keep: Sequence[str]) -> Redacted:
    """The redaction of what a redaction had kept."""
    return Redacted(
        target=Position(position),
        target_stream=event.target_stream,
        target_type=event.target_type,
        target_type_version=event.target_type_version,
        stood_for=(event.target, *event.stood_for),
        reported=event.reported,
        reason=reason,
        kept=_kept(position, event.kept, keep),
        access=event.access,
        tzdata=event.tzdata,
    )


def _kept(position: int, fields: Any, keep: Collection[str]) -> dict[str, Any]:
    unknown = next((name for name in keep if name not in fields), None)
    if unknown is not None:
        has = ", ".join(fields) or "none that could be kept"
        raise UsageError(f"--keep: entry {position} has no field {unknown!r}", hint=f"it has {has}")
    if keep and set(keep) >= fields.keys():
        raise UsageError(f"every field of entry {position} would be kept", hint="leave out what is to be destroyed")
    return {name: value for name, value in fields.items() if name in keep}


def _repeating(connection: Connection, target: Entry) -> tuple[Entry, ...]:
    """Entries that speak of it, and so on, and others that record a name which it records."""
    found: set[int] = set()
    waiting = {target.position}
    while waiting:
        wanted = select(mentions.c.position).where(
            mentions.c.kind == "entry", mentions.c.id.in_([str(position) for position in waiting])
        )
        waiting = set(connection.execute(wanted).scalars()) - found
        found |= waiting
    event = target.event
    if event is not None and may_name(type(event)):
        names = [called(folded) for _, _, name in names_in(event) if (folded := fold_name(name))]
        wanted = select(mentions.c.position).where(mentions.c.kind == "called", mentions.c.id.in_(names))
        found |= set(connection.execute(wanted).scalars())
    return tuple(
        entry
        for position in sorted(found - {target.position})
        if (entry := read_entry(connection, position)).payload is not None
    )


def _texts(connection: Connection, event: Event) -> tuple[str, ...]:
    """The source of its passages, if a text of it is kept; the digest of what it registers, likewise."""
    source = getattr(event, "source", None)
    if isinstance(event, (SourceRegistered, SourceVersionRegistered)):
        digests = () if event.sha256 is None else (event.sha256,)
        return tuple(documents.texts(connection, digests))
    if source is None or not getattr(event, "passages", ()):
        return ()
    versions = select(spans.c.holder).where(
        spans.c.organisation == "", spans.c.model == "source_versions", spans.c.item == source
    )
    return (source,) if documents.texts(connection, connection.execute(versions).scalars().all()) else ()


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The kept texts of a source that are to go, by digest.

    kept: the digests of those that are kept; gone: those of its versions of which no text is kept
    shared: other sources of the same documents, which lose their text too
    quoting: entries that quote passages of them in their own words' stead
    """

    source: str
    kept: tuple[str, ...]
    gone: tuple[str, ...]
    shared: tuple[str, ...]
    quoting: tuple[int, ...]


def forgetting(connection: Connection, source: str, version: str | None = None) -> Forgetting:
    """What forgetting the texts of a source would do, of all versions or of the one whose digest begins so.

    ``source`` may be the digest of a kept text itself, whose source may be gone.
    """
    wanted = select(spans.c.item, spans.c.holder).where(spans.c.organisation == "", spans.c.model == "source_versions")
    of_digest: dict[str, set[str]] = {}
    for item, digest in connection.execute(wanted):
        of_digest.setdefault(digest, set()).add(item)
    own = sorted(digest for digest, items in of_digest.items() if source in items)
    if not own and documents.texts(connection, [source]):
        own, of_digest = [source], {source: {source}, **of_digest}
    if not own:
        raise UsageError(f"there is no source {source!r} with a document", hint="see: archive source list")
    if version is not None:
        found = [digest for digest in own if digest.startswith(version.lower())]
        if len(found) != 1:
            raise UsageError(f"--version: {len(found) or 'no'} digests of {source} begin so", hint=", ".join(own))
        own = found
    kept = documents.texts(connection, own).keys()
    return Forgetting(
        source,
        kept=tuple(digest for digest in own if digest in kept),
        gone=tuple(digest for digest in own if digest not in kept),
        shared=tuple(sorted({item for digest in own for item in of_digest[digest]} - {source})),
        quoting=_quoting(connection, source),
    )


def _quoting(connection: Connection, source: str) -> tuple[int, ...]:
    """The entries that cite a source and hold the words of a passage themselves."""
    cites = select(mentions.c.position).where(
        mentions.c.kind == "source", mentions.c.id == source, mentions.c.field == "source"
    )
    found = []
    for position in sorted(set(connection.execute(cites).scalars())):
        event = amended(connection, position)
        if any(passage.quote for passage in getattr(event, "passages", ())):
            found.append(position)
    return tuple(found)
