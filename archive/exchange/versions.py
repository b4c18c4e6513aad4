"""The reports of a newer file held against those that the archive has: which are the same, changed, or left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from archive.exchange.listing import Told, Wire
from archive.intake.kinds import LONGEST_ID
from archive.queries.earlier import Before, made_by

COMPARED = ("from", "until", "offices", "on_behalf_of")
"""The fields of a membership that a newer file may change; of the person and the organisation it is another one."""

ENVELOPE = frozenset({"type", "organisation", "development"})
"""What tells a report from others."""

Pairs = list[tuple[Told, Before | None]]


def paired(source: str, told: Sequence[Told], before: Sequence[Before]) -> tuple[Pairs, list[Before]]:
    """Each report of a file with that of the archive that it is a newer version of, and those that left the file.

    Reports with an id of their own are paired by it. Memberships without one: first those that say the same, then
    of one person in one organisation those most alike that share their beginning or their end. The same report twice
    in a file is one.
    """
    by_key = {(one.type, one.organisation, one.development): one for one in before}
    pairs: Pairs = []
    waiting: dict[bytes, Told] = {}
    for one in told:
        if (own := one.wire.get("development")) is not None:
            development = one.wire["development"] = _named(source, own)
            pairs.append((one, by_key.pop((one.wire["type"], one.wire["organisation"], development), None)))
        else:
            waiting.setdefault(_content(one.wire), one)
    left = {_same(one.organisation, one.said): one for one in by_key.values() if one.type == "MembershipReported"}
    others = [one for one in by_key.values() if one not in left.values()]
    changed: list[Told] = []
    for one in waiting.values():
        same = left.pop(_same(one.wire["organisation"], one.wire), None)
        if same is None:
            changed.append(one)
        else:
            pairs.append((one, same))
    more, gone = _alike(changed, list(left.values()))
    pairs += more
    for one, earlier in pairs:
        if "development" not in one.wire:
            own = sha256(_content(one.wire)).hexdigest()[:20]
            one.wire["development"] = _named(source, own) if earlier is None else earlier.development
    return pairs, [*others, *gone]


def changes(wire: Wire, before: Before) -> dict[str, Any]:
    """The fields that a newer version of a report changes, with their new values; a time seen counts only alone."""
    names = (wire.keys() | before.said.keys()) - ENVELOPE - {"as_of"}
    found = {name: wire.get(name) for name in sorted(names) if wire.get(name) != before.said.get(name)}
    dated = {"from", "until"} & wire.keys()
    if "as_of" in before.said and "from" in wire:
        found["as_of"] = None
    elif "as_of" in wire and "as_of" not in before.said and not dated:
        found["as_of"] = wire["as_of"]
    return found


def _alike(changed: Iterable[Told], left: Iterable[Before]) -> tuple[Pairs, list[Before]]:
    mine: dict[tuple[str, str], list[Told]] = defaultdict(list)
    theirs: dict[tuple[str, str], list[Before]] = defaultdict(list)
    for one in changed:
        mine[one.wire["organisation"], one.wire["person"]].append(one)
    for other in left:
        theirs[other.organisation, str(other.said.get("person"))].append(other)
    pairs: Pairs = []
    gone = [one for key, some in theirs.items() if key not in mine for one in some]
    for key, some in mine.items():
        free, others = dict(enumerate(some)), dict(enumerate(theirs.get(key, ())))
        ranked = sorted(
            (-_likeness(one.wire, other.said), number, place)
            for number, one in free.items()
            for place, other in others.items()
        )
        for likeness, number, place in ranked:
            if likeness and number in free and place in others:
                pairs.append((free.pop(number), others.pop(place)))
        pairs += [(one, None) for one in free.values()]
        gone += others.values()
    return pairs, gone


def _likeness(wire: Mapping[str, Any], said: Mapping[str, Any]) -> int:
    """How alike two memberships of one person are; 0 where they share neither beginning nor end."""
    same = [name for name in COMPARED if wire.get(name) == said.get(name)]
    if not {"from", "until"} & set(same):
        return 0
    weight = {"from": 4 if wire.get("from") else 1, "until": 3 if wire.get("until") else 1}
    return sum(weight.get(name, 2) for name in same)


def _named(source: str, own: str) -> str:
    """The development of a report that a file calls so."""
    whole = f"{made_by(source)}{own}"
    return whole if len(whole) <= LONGEST_ID else f"{made_by(source)}{sha256(own.encode()).hexdigest()[:20]}"


def _same(organisation: str, said: Mapping[str, Any]) -> bytes:
    return orjson.dumps([organisation, said.get("person"), *(said.get(name) for name in COMPARED)])


def _content(wire: Wire) -> bytes:
    return orjson.dumps({key: value for key, value in wire.items() if key != "as_of"}, option=orjson.OPT_SORT_KEYS)
