"""FollowTheMoney: people, organisations, positions and who was what in them, as entities.

https://followthemoney.tech/; ids are made of the archive's ids and first positions, so that they stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from archive.exchange.rows import dates_of, details_of, first_of, once

if TYPE_CHECKING:
    from archive.queries.published import Published

Entity = dict[str, Any]

COMPANIES = ("company", "corporation", "firm")
"""What the classification of a company has in it."""


def entities(published: Published) -> Iterator[Entity]:
    """Every entity, those that others refer to first."""
    return _Entities(published).all()


def _entity(id_: str, schema: str, **properties: str | None) -> Entity:
    given = {name.rstrip("_"): [value] for name, value in properties.items() if value}
    return {"id": id_, "schema": schema, "properties": given}


class _Entities:
    """The entities of one archive under way."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._ids: Counter[str] = Counter()
        self._names: dict[str, list[str]] = defaultdict(list)
        self._organisations: set[str] = set()
        self._unregistered: dict[str, Entity] = {}

    def all(self) -> Iterator[Entity]:
        """Every entity."""
        for row in self._published.rows("names"):
            self._names[row["subject"]].append(row["name"])
        for row in self._published.rows("people"):
            yield self._called(f"person.{row['person']}", "Person", row["name"], f"person/{row['person']}")
        for row in self._published.rows("organisations"):
            id_, kind = row["organisation"], details_of(row).get("classification")
            company = kind is not None and any(word in kind.casefold() for word in COMPANIES)
            self._organisations.add(id_)
            schema = "Company" if company else "Organization"
            entity = self._called(f"org.{id_}", schema, row["name"], f"organisation/{id_}")
            if kind:
                entity["properties"]["classification"] = [kind]
            yield entity
        boards, titles = set(), {}
        for row in self._published.rows("offices"):
            key = (row["organisation"], row["office"])
            details = details_of(row)
            titles[key] = row["title"]
            if details.get("on_board"):
                boards.add(key)
            seats = details.get("seats")
            position = _entity(
                _position(row), "Position", name=row["title"], numberOfSeats=None if seats is None else str(seats)
            )
            position["properties"]["organization"] = [f"org.{row['organisation']}"]
            yield position
        for row in self._published.rows("tenures"):
            yield from self._tenure(row, titles, boards)
        yield from self._ties()

    def _called(self, id_: str, schema: str, name: str, subject: str) -> Entity:
        entity = _entity(id_, schema, name=name)
        others = sorted(set(self._names.get(subject, ())) - {name})
        if others:
            entity["properties"]["alias"] = others
        return entity

    def _tenure(
        self, row: Mapping[str, Any], titles: Mapping[tuple[str, str], str], boards: set[tuple[str, str]]
    ) -> Iterator[Entity]:
        key = (row["organisation"], row["office"])
        person, organisation = f"person.{row['person']}", f"org.{row['organisation']}"
        title = titles.get(key)
        own = f"{row['organisation']}.{row['office']}.{row['person']}.{first_of(row)}"
        if title is not None:
            capacity = {"description": row["capacity"]}
            yield self._tie("Occupancy", own, row, holder=person, post=_position(row), **capacity)
        if key in boards:
            yield self._tie("Directorship", own, row, director=person, organization=organisation, role=title)
        elif row["office"] == "member":
            yield self._tie("Membership", own, row, member=person, organization=organisation, role=title)

    def _ties(self) -> Iterator[Entity]:
        """Employments, affiliations, and who owns what."""
        found: list[Entity] = []
        for row in self._published.rows("employees"):
            own = f"{row['organisation']}.{row['person']}.{first_of(row)}"
            ends = {"employee": f"person.{row['person']}", "employer": f"org.{row['organisation']}"}
            found.append(self._tie("Employment", own, row, **ends, role=row["role"]))
        for row in self._published.rows("affiliations"):
            own = f"{row['organisation']}.with.{row['person']}.{first_of(row)}"
            ends = {"member": f"person.{row['person']}", "organization": f"org.{row['organisation']}"}
            found.append(self._tie("Membership", own, row, **ends, role=row["role"]))
        for model, other in (("investors", "investor"), ("subsidiaries", "subsidiary")):
            for row in self._published.rows(model):
                organisation, named = f"org.{row['organisation']}", self._organisation(row[other])
                owner, asset = (named, organisation) if model == "investors" else (organisation, named)
                own = f"{row['organisation']}.{model}.{named.removeprefix('org.')}.{first_of(row)}"
                share = details_of(row).get("share")
                found.append(self._tie("Ownership", own, row, owner=owner, asset=asset, percentage=share))
        yield from self._unregistered.values()
        yield from found

    def _tie(self, schema: str, own: str, row: Mapping[str, Any], **ends: str | None) -> Entity:
        begun, ended = dates_of(row)
        id_ = once(self._ids, f"{schema.lower()}.{own}")
        return _entity(id_, schema, **ends, startDate=begun, endDate=ended)

    def _organisation(self, named: str) -> str:
        """The entity of an organisation, which may be known by its name alone."""
        if named in self._organisations:
            return f"org.{named}"
        id_ = f"org.named.{sha256(named.encode()).hexdigest()[:20]}"
        self._unregistered.setdefault(id_, _entity(id_, "Organization", name=named))
        return id_


def _position(row: Mapping[str, Any]) -> str:
    return f"position.{row['organisation']}.{row['office']}"
