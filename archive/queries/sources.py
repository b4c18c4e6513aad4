"""The documents: what is registered of each, its versions, and what was taken from its text where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from archive.errors import UsageError
from archive.intake.nearest import nearest_words
from archive.intake.passages import mismatch
from archive.log import documents, tables
from archive.log.entries import Head
from archive.projections.tables import mentions, spans
from archive.queries.internal import Internal
from archive.queries.question import Question
from archive.queries.registers import Registers
from archive.queries.reports import Reports

REGISTRATIONS = ("SourceRegistered", "SourceVersionRegistered")

Source = dict[str, Any]


def sources(connection: Connection, only: str | None = None) -> list[Source]:
    """Each source with its versions, as known now, by id: JSON values."""
    kept = {one.sha256: one for one in documents.kept(connection)}
    rest = _resting(connection, only)
    versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(connection, "source_versions", only):
        held, details = kept.get(row.holder), orjson.loads(row.details or "{}")
        version = {
            "sha256": row.holder,
            "position": min(orjson.loads(row.positions)),
            "title": row.value,
            "url": details.get("url"),
            "published": details.get("published"),
            "retrieved": details.get("retrieved"),
            "kept": None if held is None else held.kept_at,
            "media_type": None if held is None else held.media_type,
            "made_by": None if held is None else held.made_by,
        }
        versions[row.item].append(version)
    internal = Internal(connection)
    found = []
    for row in _rows(connection, "sources", only):
        details = orjson.loads(row.details or "{}")
        found.append(
            {
                "id": row.item,
                "position": min(orjson.loads(row.positions)),
                "title": None if row.value == row.item else row.value,
                **{name: details.get(name) for name in ("author", "publisher", "url", "language", "published")},
                "derived_from": details.get("derived_from", []),
                "access": "internal" if internal.source(row.item) else "public",
                "entries": rest.get(row.item, 0),
                "versions": sorted(versions[row.item], key=lambda version: int(version["position"])),
            }
        )
    return sorted(found, key=lambda source: str(source["id"]))


def source(connection: Connection, head: Head, id_: str) -> Source:
    """One source, with the origins that it goes back to; UsageError where there is none of that id."""
    found = sources(connection, id_)
    if not found:
        near = nearest_words(id_, [one["id"] for one in sources(connection)])
        hint = f"did you mean {' or '.join(near)}?" if near else "register it: archive source add FILE"
        raise UsageError(f"there is no source {id_!r}", hint=hint)
    reports = Reports(connection, Question.settle(connection, head, None, None, "press"))
    return {**found[0], "origins": reports.origins([id_])[id_]}


def passages(
    connection: Connection, head: Head, registers: Registers, id_: str, version: str | None = None
) -> dict[str, Any]:
    """The text of one version of a source, and every passage that entries cite of it, in the order of the text.

    `version` is the beginning of a digest; the version registered first unless given. `matches` is whether a passage
    stands just there, None where no text is kept; `covered` counts code points that a passage takes.
    """
    of_source = source(connection, head, id_)
    sha256 = _version(of_source, version)
    text = None if sha256 is None else documents.texts(connection, [sha256]).get(sha256)
    cited = _cited(connection, registers, of_source, sha256, text)
    size = None if text is None else len(text)
    return {
        "source": id_,
        "version": sha256,
        "characters": size,
        "covered": None if size is None else covered((one for one in cited if one["matches"]), size),
        "passages": cited,
        "text": text,
    }


def _version(of_source: Source, wanted: str | None) -> str | None:
    """The digest of a version."""
    digests = [str(one["sha256"]) for one in of_source["versions"]]
    if wanted is None:
        return digests[0] if digests else None
    found = [digest for digest in digests if digest.startswith(wanted.lower())]
    if len(found) != 1:
        problem = f"{of_source['id']} has {len(found) or 'no'} version{'s' if len(found) > 1 else ''} {wanted!r}"
        raise UsageError(problem, hint=f"it has {', '.join(digests)}" if digests else "it has none with a digest")
    return found[0]


def _cited(
    connection: Connection, registers: Registers, of_source: Source, sha256: str | None, text: str | None
) -> list[dict[str, Any]]:
    first = of_source["versions"][0]["sha256"] if of_source["versions"] else None
    internal = Internal(connection)
    id_ = of_source["id"]
    cites = select(mentions.c.position).where(
        mentions.c.kind == "source", mentions.c.id == id_, mentions.c.field == "source"
    )
    found = []
    for position in sorted(set(connection.execute(cites).scalars())):
        event = registers.entry(position)
        if getattr(event, "source", None) != id_ or (getattr(event, "source_version", None) or first) != sha256:
            continue
        for passage in getattr(event, "passages", ()):
            matches = None if text is None else not mismatch(text, passage.start, passage.end, passage.sha256)
            place = {"start": passage.start, "end": passage.end, "sha256": passage.sha256}
            access = "internal" if internal.report(position) else "public"
            said = {"position": position, "type": type(event).__name__, "access": access, "matches": matches}
            found.append({**place, **said})
    return sorted(found, key=lambda one: (one["start"], one["end"], one["position"]))


def covered(passages: Iterable[dict[str, Any]], size: int) -> int:
    """How many code points of a text of that size the passages take, each once."""
    total = reached = 0
    for one in passages:
        start, end = max(one["start"], reached), min(one["end"], size)
        total += max(0, end - start)
        reached = max(reached, end)
    return total


def _rows(connection: Connection, model: str, only: str | None) -> Sequence[Any]:
    wanted = select(spans.c.item, spans.c.holder, spans.c.value, spans.c.details, spans.c.positions).where(
        spans.c.organisation == "", spans.c.model == model, spans.c.recorded_to.is_(None), spans.c.reported_to.is_(None)
    )
    return connection.execute(wanted if only is None else wanted.where(spans.c.item == only)).all()


def _resting(connection: Connection, only: str | None) -> dict[str, int]:
    """How many entries rest on each source."""
    of_entry = mentions.c.position == tables.entries.c.position
    wanted = select(mentions.c.id, func.count(mentions.c.position.distinct())).join(tables.entries, of_entry)
    wanted = wanted.where(mentions.c.kind == "source", mentions.c.field == "source")
    wanted = wanted.where(tables.entries.c.type.not_in(REGISTRATIONS)).group_by(mentions.c.id)
    rows = connection.execute(wanted if only is None else wanted.where(mentions.c.id == only))
    return {id_: number for id_, number in rows}  # noqa: C416  # dict() takes a result for a mapping
