"""Objects of a Popolo file: lists of them, their ids, their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archive.exchange.listing import Listing
from archive.intake.faults import Wrong, quoted
from archive.intake.kinds import shown

Obj = dict[str, Any]
Placed = tuple[str, Obj]
"""An object with its place in the file, as `members.json: memberships[12]`."""


def objects(listing: Listing, place: str, value: object) -> Iterator[Placed]:
    """The objects of a list with their places; what is no object is wrong."""
    if value is None:
        return
    with listing.at(place):
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is no list", "write it in brackets")
        for number, one in enumerate(value):
            inner = f"{place}[{number}]"
            if isinstance(one, dict):
                yield inner, one
            else:
                listing.wrongs.append((inner, Wrong(f"{shown(one)} is no object", "write it as an object")))


def of_one(listing: Listing, found: Sequence[Placed]) -> dict[str, Placed]:
    """The objects by their ids; the same one twice is one, two of one id that differ contradict each other: a fault."""
    by_id: dict[str, Placed] = {}
    for place, one in found:
        with listing.at(place):
            id_ = id_of(one, "id")
            if id_ is None:
                raise Wrong("is missing", "nothing can refer to it", field="id")
            first, other = by_id.setdefault(id_, (place, one))
            if other is not one and other != one:
                at = first.rpartition(": ")[2]
                raise Wrong(f"{quoted(id_)} is the id of {at} too, which differs", "give it its own", field="id")
    return by_id


def id_of(one: Obj, field: str) -> str | None:
    """An id as text, also where it is a number; raises Wrong for what is neither."""
    value = one.get(field)
    if value is None or value == "":
        return None
    if type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no id", "write one text", field=field)
    return value


def text_of(one: Obj, field: str) -> str | None:
    """A text, None where there is none; raises Wrong for what is no text."""
    value = one.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no text", "write it in quotes", field=field)
    return value


def named_as(one: Obj) -> str | None:
    """The name that an object has, whole or in parts (a lord's too); None without any."""
    whole = text_of(one, "name")
    if whole is not None:
        return whole
    if "lordname" in one or "lordofname" in one:
        of = text_of(one, "lordofname")
        parts = [text_of(one, "honorific_prefix"), text_of(one, "lordname"), f"of {of}" if of else None]
    else:
        parts = [text_of(one, "given_name"), text_of(one, "family_name")]
    return " ".join(part for part in parts if part) or None


def name_of(one: Obj) -> str:
    """The name of a person that answers show: its own, else that of its other names noted as main which lasts longest.

    Raises Wrong without any.
    """
    name = named_as(one)
    if name is not None:
        return name
    others = [other for other in one.get("other_names") or () if isinstance(other, dict) and named_as(other)]
    main = [other for other in others if other.get("note") == "Main"] or others
    if not main:
        raise Wrong("is missing", "give `name`, or its parts", field="name")
    last = max(main, key=lambda other: (str(other.get("end_date") or "9999"), str(other.get("start_date") or "")))
    return str(named_as(last))


def sources_of(one: Obj) -> str | None:
    """What an object names as its sources, in one line."""
    listed = [
        text_of(each, "url") or text_of(each, "note") for each in one.get("sources") or () if isinstance(each, dict)
    ]
    single = one.get("source")
    found = [text for text in (single if isinstance(single, str) else None, *listed) if text]
    return "; ".join(dict.fromkeys(found)) or None
