"""Events to what the tables keep of them: effects on timelines, mentions, aliases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

import events
from archive.projections.acts import HIGH, LOW, Act
from archive.projections.clocks import FLOORS, Standing
from archive.projections.standing import Version
from events.identity import OrganisationRegistered, PersonRegistered
from events.later import Later, Merged, Redacted
from events.names import fold_name, may_name, names_in
from events.offices import OfficeReport
from events.sources import SourceRegistered, SourceVersionRegistered
from events.stated import KIND as STATED
from events.stated import disagreements
from events.values import OfficeId, OrganisationId, PersonId, Slug, SourceId

REPORT = "report"
"""The model of what one report contradicts in itself."""

SEPARATORS = 3
"""Between the parts of a timeline's name."""

LONGEST_KEY = 200
"""Characters of a folded name by which it is looked up as it is; a database's index takes no text of any length."""

KINDS = {PersonId: "person", OrganisationId: "organisation", SourceId: "source", OfficeId: "office"}
NAMED = {**KINDS, Slug: "slug"}
"""The kinds of mentions: ids that are registered, and the slugs that join reports."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Ids that were given up, with the ids that stand for them."""

    people: Mapping[str, str]
    organisations: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations)

    def of(self, kind: str, name: str) -> str:
        """The id that stands for this one."""
        table = self.people if kind == "person" else self.organisations if kind == "organisation" else {}
        seen = set()
        while name in table and name not in seen:
            seen.add(name)
            name = table[name]
        return name


class Placed(NamedTuple):
    """An effect's standing with the timeline it belongs to and its number in its entry.

    ``loose``: its entry has more effects, which may lie far from it.
    """

    timeline: str
    number: int
    standing: Standing
    loose: bool


def renamed(event: Any, aliases: Aliases) -> Any:
    """The event with every id that was given up replaced."""
    changes = {}
    cls: Any = type(event)
    for shape in events.shapes(cls):
        value = getattr(event, shape.attribute)
        kind = KINDS.get(shape.kind)
        if value is None or isinstance(event, Merged):
            continue
        if kind in ("person", "organisation"):
            new = tuple(aliases.of(kind, one) for one in value) if shape.repeated else aliases.of(kind, value)
        elif shape.repeated and is_dataclass(shape.kind):
            new = tuple(renamed(one, aliases) for one in value)
        else:
            continue
        if new != value:
            changes[shape.attribute] = new
    return replace(event, **changes) if changes else event


def effects_of(
    version: Version, position: int, seats: Mapping[tuple[str, str], int | None], aliases: Aliases
) -> Iterator[Placed]:
    """What one version of an entry does to timelines."""
    event = version.event
    if isinstance(event, (Later, Merged, Redacted)) or version.floor_from > FLOORS[-1]:
        return
    given_up = event
    if aliases:
        event = renamed(event, aliases)
    digest = sha256(orjson.dumps(events.content_identity(event), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    rank = events.rank(getattr(event, "basis", "official"))
    made = (*event.effects(), *_contradictions(event, position))
    ends = any(effect.kind == "end" for effect in made) and any(effect.kind == "begin" for effect in made)
    for number, effect in enumerate(made):
        registers = isinstance(event, (PersonRegistered, OrganisationRegistered)) and effect.kind == "set"
        if registers and event is not given_up:
            continue
        details = orjson.dumps(effect.details, option=orjson.OPT_SORT_KEYS).decode() if effect.details else None
        act = Act(
            effect.kind,
            effect.holder or "",
            effect.when.earliest or LOW,
            effect.when.latest or HIGH,
            effect.value,
            details,
            effect.planned,
            effect.during_absence,
            effect.replaces,
            rank,
            version.reported,
            position,
            f"{digest}.{number:04}",
            getattr(event, "development", None),
        )
        standing = Standing(
            act, version.reported_from, version.reported_to, version.floor_from, min(version.floor_to, FLOORS[-1])
        )
        yield Placed(timeline_of(effect, seats), number, standing, ends)


def _contradictions(event: events.Event, position: int) -> Iterator[events.Effect]:
    """What the report says that cannot all be true, on a timeline of its own."""
    found: list[tuple[str, dict[str, object]]] = [(sentence, {}) for sentence in event.contradictions()]
    found += [(STATED, one.details()) for one in disagreements(event)]
    organisation = getattr(event, "organisation", None) or ""
    when = event.occurred or events.When("", None, None)
    for sentence, details in found:
        yield events.Effect("set", REPORT, organisation, str(position), when=when, value=sentence, details=details)


def timeline_of(effect: events.Effect, seats: Mapping[tuple[str, str], int | None]) -> str:
    """The name of an effect's timeline, with the holder where each has one of his own."""
    engine = events.MODELS.get(effect.model, REPORT)
    own = engine == "holding" or effect.model in ("ballots", "attendance")
    if engine == "seat":
        own = seats.get((effect.organisation, effect.item), 1) is None
    return timeline(effect.organisation, effect.model, effect.item, (effect.holder or "") if own else "")


def timeline(organisation: str, model: str, item: str, owner: str) -> str:
    """The name of a timeline; its parts are escaped where they hold the separator."""
    name = f"{organisation}\t{model}\t{item}\t{owner}"
    if "\\" not in name and name.count("\t") == SEPARATORS:
        return name
    return "\t".join(part.replace("\\", "\\\\").replace("\t", "\\t") for part in (organisation, model, item, owner))


def parts(name: str) -> tuple[str, str, str, str]:
    """The organisation, model, item and owner that a timeline's name says."""
    said = name.split("\t")
    if "\\" in name:
        said = [part.replace("\\t", "\t").replace("\\\\", "\\") for part in said]
    organisation, model, item, owner = said
    return organisation, model, item, owner


def mentions_of(event: Any, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Whom and what an event names: (kind, id, field); of a name that it records (`called`, name, whose it is)."""
    cls: Any = type(event)
    organisation = getattr(event, "organisation", None)
    for shape, kind in _naming(cls):
        value = getattr(event, shape.attribute)
        if value is None or value == ():
            continue
        field = prefix + shape.wire
        if kind is not None:
            for one in value if shape.repeated else (value,):
                yield kind, f"{organisation}/{one}" if kind == "office" else one, field
        else:
            for one in value:
                yield from mentions_of(one, f"{field}.")
    if prefix:
        return
    yield from marks_of(event)


def replaced_by(redaction: Redacted | None) -> Iterator[tuple[str, str, str]]:
    """What a redaction is looked up by: its stream, and each position whose content was destroyed."""
    if redaction is not None:
        yield "redacted", redaction.target_stream, "target_stream"
        for position in (redaction.target, *redaction.stood_for):
            yield "redacted", str(position), "target"


@cache
def _naming(cls: Any) -> tuple[tuple[events.Shape, str | None], ...]:
    """The fields of a type that name somebody or something, with the kind; None: within values of their own."""
    return tuple(
        (shape, NAMED.get(shape.kind))
        for shape in events.shapes(cls)
        if shape.kind in NAMED or (shape.repeated and is_dataclass(shape.kind))
    )


def marks_of(event: events.Event) -> Iterator[tuple[str, str, str]]:
    """What an event is looked up by beside whom it names."""
    if isinstance(event, Later):
        yield "entry", str(event.target), "target"
    if isinstance(event, Merged):
        yield "merged", "all", "person" if event.person else "organisation"
    if isinstance(event, SourceVersionRegistered):
        yield "version", event.source, "sha256"
    elif isinstance(event, events.Registration):
        yield "registration", registered(event), "id"
    if may_name(type(event)):
        yield from _names(event)


def _names(event: events.Event) -> Iterator[tuple[str, str, str]]:
    for kind, key, name in names_in(event):
        if kind != "source" and (folded := fold_name(name)):
            yield "called", called(folded), f"{kind}/{key}"


def called(folded: str) -> str:
    """The key under which a folded name is looked up: itself, or a digest in place of its end where it is long."""
    if len(folded) <= LONGEST_KEY:
        return folded
    return f"{folded[:LONGEST_KEY]}\n{sha256(folded.encode()).hexdigest()}"


def registered(event: events.Event) -> str:
    """What a registration registers: ``person/ID``, ``office/ORGANISATION/ID``, ``source/ID``."""
    if isinstance(event, PersonRegistered):
        return f"person/{event.person}"
    if isinstance(event, SourceRegistered):
        return f"source/{event.source}"
    office = getattr(event, "office", None)
    organisation = getattr(event, "organisation", "")
    return f"office/{organisation}/{office}" if office else f"organisation/{organisation}"


def offices_of(event: events.Event) -> Iterator[tuple[str, str]]:
    """The offices whose number of seats an event's effects depend on."""
    if isinstance(event, OfficeReport):
        yield event.organisation, event.office
        return
    for effect in event.effects():
        if effect.model == "tenures":
            yield effect.organisation, effect.item
