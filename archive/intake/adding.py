"""A file and what is known of it, to the registration of a source or of another version of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from archive.intake.faults import Wrong
from archive.intake.kinds import shown
from archive.intake.wire import to_wire
from events import Event

OF_VERSION = frozenset({"title", "url", "published", "retrieved", "tz"})
"""What each version of a source has of its own."""

_LONGEST_SLUG = 60
_STDIN = "-"

Source = Mapping[str, Any]
"""A registered source: `id`, `position`, `url`, and `versions` with `sha256`, `position` and `url`."""


@dataclass(frozen=True, slots=True)
class Adding:
    """What adding a file comes to: the report to append, None where that version is registered already."""

    source: str
    wire: dict[str, Any] | None


def adding(
    given: Mapping[str, Any], digest: str, file: str, sources: Sequence[Source], entry: Callable[[int], Event | None]
) -> Adding:
    """Decide which source is meant and what of it is new; raises Wrong.

    `given` has fields of SourceRegistered as a report does, `source` where the id was chosen; `entry` gives the event
    at a position. The same address, or without one the same digest, is the same source.
    """
    source = _meant(given, digest, sources)
    if source is None:
        id_ = given.get("source") or _slug(given, file, digest, {one["id"] for one in sources})
        return Adding(id_, {"type": "SourceRegistered", **given, "source": id_, "sha256": digest})
    known = next((one for one in source["versions"] if one["sha256"] == digest), None)
    _agree(given.keys() - OF_VERSION - {"source"}, given, source["position"], entry)
    own = given.keys() & OF_VERSION - {"tz"}
    if known is not None:
        _agree(own - {"url"} if given.get("url") == source["url"] else own, given, known["position"], entry)
        return Adding(source["id"], None)
    wire = {key: given[key] for key in own if key != "url" or given["url"] != source["url"]}
    zone = {"tz": given["tz"]} if "tz" in given else {}
    return Adding(
        source["id"], {"type": "SourceVersionRegistered", "source": source["id"], "sha256": digest, **wire, **zone}
    )


def _meant(given: Mapping[str, Any], digest: str, sources: Sequence[Source]) -> Source | None:
    """The registered source that a file belongs to."""
    url, id_ = given.get("url"), given.get("source")
    there = [one for one in sources if url and url in (one["url"], *(version["url"] for version in one["versions"]))]
    same = [one for one in sources if any(version["sha256"] == digest for version in one["versions"])]
    same.sort(key=lambda one: one["position"])
    if id_ is not None:
        named = next((one for one in sources if one["id"] == id_), None)
        if named is None and there:
            raise Wrong(f"is that of the source {shown(there[0]['id'])}", "leave out --id", field="url")
        if named is not None and url and named["url"] and named not in there:
            problem = f"is not that of the source {shown(id_)}, {shown(named['url'])}"
            raise Wrong(problem, "leave out --id, or give an id of its own", field="url")
        return named
    if there:
        return next((one for one in there if one in same), there[0])
    return next((one for one in same if not url or not one["url"]), None)


def _agree(names: set[str], given: Mapping[str, Any], position: int, entry: Callable[[int], Event | None]) -> None:
    """Raise Wrong for the first field that is given otherwise than it is registered."""
    event = entry(position)
    registered = {} if event is None else to_wire(event)
    for name in sorted(names):
        if given[name] != registered.get(name):
            was = f"registered as {_said(registered[name])}" if name in registered else "not registered"
            remedy = f"amend it: archive amend {position} …; another document takes an --id of its own"
            raise Wrong(f"{_said(given[name])} is {was}", remedy, field=name)


def _said(value: Any) -> str:
    return ", ".join(map(shown, value)) if isinstance(value, list) else shown(value)


def _slug(given: Mapping[str, Any], file: str, digest: str, taken: set[str]) -> str:
    """An id of publisher and title, else of the file's name, else of the digest, that no source has."""
    named = [_latin(given.get(name) or "") for name in ("publisher", "title")]
    stem = "" if file == _STDIN else _latin(PurePath(file).stem)
    slug = "-".join(part for part in named if part) or stem or f"source-{digest[:8]}"
    cut = slug[: _LONGEST_SLUG + 1].rpartition("-")[0] if len(slug) > _LONGEST_SLUG else slug
    base = cut or slug[:_LONGEST_SLUG]
    number, chosen = 1, base
    while chosen in taken:
        number += 1
        chosen = f"{base}-{number}"
    return chosen


def _latin(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
