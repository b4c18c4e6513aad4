"""Popolo, as parliaments publish it, to what it lists: people, organisations, posts, memberships, votes.

https://www.popoloproject.com/specs/ and what real files have beside it: EveryPolitician's legislative periods as
events, parlparse's names in parts and redirects, lists of objects of one kind, memberships within their person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from archive.exchange import dates
from archive.exchange.conventions import Conventions
from archive.exchange.ids import Ids, slug
from archive.exchange.listing import Listing, Named, Told
from archive.exchange.popolo_memberships import Memberships
from archive.exchange.popolo_objects import Obj, name_of, named_as, objects, of_one, text_of
from archive.exchange.popolo_votes import Votes
from archive.intake.faults import Wrong, quoted

KINDS = ("persons", "organizations", "posts", "memberships", "events", "areas", "motions", "vote_events")
_MARKS = {
    "vote_events": "motions",
    "votes": "vote_events",
    "person_id": "memberships",
    "classification": "organizations",
    "family_name": "persons",
}
"""By which field of its objects a bare list is known."""


def read_popolo(data: bytes, name: str, conventions: Conventions, as_of: str) -> Listing:
    """What a file of Popolo lists; nothing that is in it raises.

    `as_of` is the time at which a membership is seen of which the file says no date at all.
    """
    listing = Listing()
    with listing.at(name):
        top = _parsed(data)
        _Reading(listing, name, conventions).read(top, as_of)
    return listing


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        top = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Wrong(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}", "take the file again"
        ) from None
    if isinstance(top, dict):
        if not top.keys() & set(KINDS):
            raise Wrong("no Popolo", f"it has none of the lists {', '.join(KINDS)}")
        return top
    fields = {key for one in top if isinstance(one, dict) for key in one} if isinstance(top, list) else set()
    kind = next((kind for mark, kind in _MARKS.items() if mark in fields), None)
    if kind is None:
        raise Wrong("no Popolo", "it is an object with lists such as `persons`, or one such list")
    return {kind: top}


class _Reading:
    """One file under way."""

    def __init__(self, listing: Listing, name: str, conventions: Conventions) -> None:
        self._listing = listing
        self._name = name
        self._conventions = conventions
        self._ids = Ids(conventions["prefix"])
        self._redirects: dict[str, str] = {}

    def read(self, top: Mapping[str, Any], as_of: str) -> None:
        """Take everything in: first what is named, then what is said of it."""
        found = {kind: list(objects(self._listing, f"{self._name}: {kind}", top.get(kind))) for kind in KINDS}
        by_id = {
            kind: of_one(self._listing, found[kind])
            for kind in ("persons", "organizations", "posts", "events", "areas")
        }
        nested: list[tuple[str, Obj, dict[str, str]]] = []
        for kind, owner in (("persons", "person_id"), ("organizations", "organization_id"), ("posts", "post_id")):
            for id_, (place, one) in by_id[kind].items():
                for inner, part in objects(self._listing, f"{place} memberships", one.get("memberships")):
                    nested.append((inner, part, {owner: id_}))
                if kind == "organizations":
                    for inner, post in objects(self._listing, f"{place} posts", one.get("posts")):
                        post.setdefault("organization_id", id_)
                        found["posts"].append((inner, post))
        by_id["posts"] = of_one(self._listing, found["posts"])
        for id_, (place, one) in by_id["persons"].items():
            with self._listing.at(place):
                self._person(place, id_, one)
        for id_, (place, one) in by_id["organizations"].items():
            with self._listing.at(place):
                self._organisation(place, id_, one)
        for id_, (place, one) in by_id["events"].items():
            with self._listing.at(place):
                self._event(place, id_, one)
        memberships = Memberships(self._listing, self._ids, self._conventions, by_id, self._redirects, as_of)
        flat: list[tuple[str, Obj, dict[str, str]]] = [(place, one, {}) for place, one in found["memberships"]]
        for place, one, implied in (*flat, *nested):
            with self._listing.at(place):
                memberships.take(place, one, implied)
        votes = Votes(self._listing, self._ids, self._conventions, self._redirects)
        for place, one in found["motions"]:
            votes.motion(place, one)
        for place, one in found["vote_events"]:
            with self._listing.at(place):
                votes.vote_event(place, one, {})

    def _person(self, place: str, id_: str, one: Obj) -> None:
        if (other := text_of(one, "redirect")) is not None:
            self._redirects[id_] = other
            self._listing.note("people that are only a redirect to another")
            return
        person = self._ids.of("person", id_)
        wire = {"type": "PersonRegistered", "person": person, "name": name_of(one)}
        self._listing.people[person] = Named(place, wire, list(self._names(place, one)))

    def _organisation(self, place: str, id_: str, one: Obj) -> None:
        organisation = self._ids.of("organisation", id_)
        wire = {"type": "OrganisationRegistered", "organisation": organisation, "name": text_of(one, "name") or id_}
        if (classification := text_of(one, "classification")) is not None:
            wire["classification"] = classification
        self._listing.organisations[organisation] = Named(place, wire, list(self._names(place, one)))
        for field, type_name in (("founding_date", "Founded"), ("dissolution_date", "Dissolved")):
            day = dates.given(one.get(field), field)
            if day is not None:
                self._tell(place, type_name, organisation, dates.begun(day, self._conventions["tz"], field), slug(id_))

    def _event(self, place: str, id_: str, one: Obj) -> None:
        """Note an event of an organisation, such as a legislative period; those of none are left out."""
        owner = text_of(one, "organization_id")
        begun, ended = (dates.given(one.get(field), field) for field in ("start_date", "end_date"))
        if begun and ended and len(begun) == len(ended) and ended < begun:
            raise Wrong(f"ends on {quoted(ended)}, before it starts", "mend one of the two", field="end_date")
        if owner is None or begun is None:
            self._listing.note("events without an organisation or a start")
            return
        name = ": ".join(part for part in (text_of(one, "classification"), text_of(one, "name") or id_) if part)
        summary = f"{name}, from {begun}" + (f" to {ended}" if ended else "")
        when = dates.begun(begun, self._conventions["tz"], "start_date")
        self._tell(place, "Noted", self._ids.of("organisation", owner), when, slug(id_), summary=summary)

    def _tell(self, place: str, type_name: str, organisation: str, when: str, key: str, **more: str) -> None:
        development = f"{type_name.lower()}-{key}"
        wire = {"type": type_name, "organisation": organisation, "when": when, "development": development, **more}
        self._listing.told.append(Told(place, wire))

    def _names(self, place: str, one: Obj) -> Iterator[tuple[str, str | None]]:
        for inner, other in objects(self._listing, f"{place} other_names", one.get("other_names")):
            name = named_as(other)
            if name is not None:
                language = text_of(other, "lang")
                yield name, language
            elif other.keys() - {"note", "start_date", "end_date"}:
                self._listing.note(f"other names without a name, as {inner.rpartition(': ')[2]}")
