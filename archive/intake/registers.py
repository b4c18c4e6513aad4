"""Which ids an event registers and which names it records, read off its effects: a new type needs nothing here."""

from collections.abc import Iterator
from typing import cast

from archive.intake.kinds import Named
from events import Event, Registration
from events.names import names_in

Key = tuple[Named, str]
"""A kind and a key of it: an id, of an office `organisation/office`."""

_REGISTERS: dict[str, Named] = {
    "people": "person",
    "organisations": "organisation",
    "offices": "office",
    "sources": "source",
}


def registers(event: Event) -> Iterator[Key]:
    """The keys that a registration registers; none of any other event."""
    if not isinstance(event, Registration):
        return
    for effect in event.effects():
        kind = _REGISTERS.get(effect.model) if effect.kind == "set" else None
        if kind == "organisation":
            yield kind, effect.organisation
        elif kind == "office":
            yield kind, f"{effect.organisation}/{effect.item}"
        elif kind is not None:
            yield kind, effect.item


def names_of(event: Event) -> Iterator[tuple[Key, str]]:
    """The names by which an event says that something may be called, the one to show first."""
    for kind, key, name in names_in(event):
        yield (cast("Named", kind), key), name


def versions_in(event: Event) -> Iterator[tuple[str, str]]:
    """The versions of sources that an event registers: the source and the digest."""
    if isinstance(event, Registration):
        for effect in event.effects():
            if effect.model == "source_versions" and effect.holder is not None:
                yield effect.item, effect.holder
