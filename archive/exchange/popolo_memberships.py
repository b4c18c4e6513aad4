"""Memberships of a Popolo file: who, where, from when to when, on whose behalf, for which area."""

from __future__ import annotations

from collections.abc import Mapping

from archive.exchange import dates
from archive.exchange.conventions import Conventions
from archive.exchange.ids import Ids, slug
from archive.exchange.listing import MEMBER, Listing, Told, Wire
from archive.exchange.popolo_objects import Obj, Placed, id_of, sources_of, text_of
from archive.intake.faults import Wrong, quoted

_PERIOD = "legislative_period_id"


class Memberships:
    """Takes memberships in, with the posts, areas and periods that they name."""

    def __init__(  # noqa: PLR0917 - the parts of one file
        self,
        listing: Listing,
        ids: Ids,
        conventions: Conventions,
        by_id: Mapping[str, Mapping[str, Placed]],
        redirects: Mapping[str, str],
        as_of: str,
    ) -> None:
        self._listing = listing
        self._ids = ids
        self._conventions = conventions
        self._by_id = by_id
        self._redirects = redirects
        self._as_of = as_of
        self._seen: dict[str, tuple[str, Obj]] = {}

    def take(self, place: str, one: Obj, implied: Mapping[str, str]) -> None:
        """Take one in; `implied` has the id of what it stands within. Raises Wrong."""
        if "redirect" in one:
            self._listing.note("memberships that are only a redirect to another")
            return
        own = id_of(one, "id")
        if own is not None:
            first, other = self._seen.setdefault(own, (place, one))
            if other is not one:
                if other != one:
                    raise Wrong(
                        f"{quoted(own)} is the id of {first.rpartition(': ')[2]} too, which differs", field="id"
                    )
                return
        post = self._named(one, "posts", "post_id", implied) or {}
        organisation = self._organisation(one, post, implied)
        wire: Wire = {"type": "MembershipReported", "organisation": organisation, "person": self._person(one, implied)}
        wire["offices"] = self._offices(place, one, post, organisation)
        behalf = id_of(one, "on_behalf_of_id")
        if behalf is not None:
            wire["on_behalf_of"] = self._ids.of("organisation", behalf)
        wire.update(self._times(one))
        if (said := sources_of(one)) is not None:
            wire["attribution"] = said
        if own is not None:
            wire["development"] = slug(own)
        self._listing.told.append(Told(place if own is None else f"{place} ({own})", wire))

    def _named(self, one: Obj, kind: str, field: str, implied: Mapping[str, str]) -> Obj | None:
        """What an object of the file refers to."""
        id_ = id_of(one, field) or implied.get(field)
        if id_ is None:
            return None
        found = self._by_id[kind].get(id_)
        if found is None:
            raise Wrong(f"{quoted(id_)} is none of the {kind} of the file", "take the whole file", field=field)
        return found[1]

    def _person(self, one: Obj, implied: Mapping[str, str]) -> str:
        value = one.get("person_id")
        if isinstance(value, list):
            several = list(dict.fromkeys(map(str, value)))
            if len(several) != 1:
                problem = f"a list of {len(several)} people" if several else "an empty list"
                raise Wrong(problem, "a membership is one person's", field="person_id")
            one = {**one, "person_id": several[0]}
        id_, inside = id_of(one, "person_id"), implied.get("person_id")
        if id_ is not None and inside is not None and id_ != inside:
            raise Wrong(f"{quoted(id_)} contradicts the person it stands within, {quoted(inside)}", field="person_id")
        id_ = id_ or inside
        if id_ is None:
            raise Wrong("is missing", "say who it is", field="person_id")
        seen = {id_}
        while id_ in self._redirects and self._redirects[id_] not in seen:
            id_ = self._redirects[id_]
            seen.add(id_)
        return self._ids.of("person", id_)

    def _organisation(self, one: Obj, post: Obj, implied: Mapping[str, str]) -> str:
        said = (id_of(one, "organization_id"), implied.get("organization_id"), id_of(post, "organization_id"))
        given = list(dict.fromkeys(id_ for id_ in said if id_ is not None))
        if not given:
            raise Wrong("is missing, and no post says it", "say where", field="organization_id")
        if len(given) > 1:
            raise Wrong(
                f"{' and '.join(map(quoted, given))} contradict each other", "keep one", field="organization_id"
            )
        return self._ids.of("organisation", given[0])

    def _offices(self, place: str, one: Obj, post: Obj, organisation: str) -> list[str]:
        """The office of every member; with another role, and for an area, one more."""
        offices = [self._listing.office(place, organisation, MEMBER, "Member")]
        area = self._area(one) or self._area(post)
        title = text_of(one, "role") or text_of(post, "role") or (None if area else text_of(post, "label"))
        if title is not None and slug(title) != MEMBER:
            offices.append(self._listing.office(place, organisation, slug(title)[:100].rstrip("-"), title))
        if area is not None:
            key, name = area
            office = f"for-{slug(key)}"[:100].rstrip("-")
            label = text_of(post, "label") or f"Member for {name}"
            offices.append(self._listing.office(place, organisation, office, label))
        return list(dict.fromkeys(offices))

    def _area(self, one: Obj) -> tuple[str, str] | None:
        """The area of a membership or a post: its id, and its name where the file has it."""
        inside = one.get("area")
        id_ = id_of(one, "area_id")
        if isinstance(inside, dict):
            name = text_of(inside, "name")
            id_ = id_ or id_of(inside, "id") or name
            return None if id_ is None else (id_, name or id_)
        if id_ is None:
            return None
        found = self._by_id["areas"].get(id_)
        return id_, (text_of(found[1], "name") if found else None) or id_

    def _times(self, one: Obj) -> Wire:
        """From when to when, as far as the membership says, else as wide as its period."""
        ends, tz = self._conventions["ends"], self._conventions["tz"]
        start, end = (dates.given(one.get(field), field) for field in ("start_date", "end_date"))
        if start and end and len(start) == len(end) and end < start:
            raise Wrong(f"ends on {quoted(end)}, before it starts on {quoted(start)}", "mend one", field="end_date")
        period = self._named(one, "events", _PERIOD, {}) if start is None or end is None else None
        first, last = (dates.given((period or {}).get(field), field) for field in ("start_date", "end_date"))
        if first and last and len(first) == len(last) and last < first:
            raise Wrong("names a period that ends before it starts", "mend the period", field=_PERIOD)
        if start and last and len(start) == len(last) and last < start:
            problem = f"names a period that ended on {quoted(last)}, before the membership starts on {quoted(start)}"
            raise Wrong(problem, "mend one", field=_PERIOD)
        if self._conventions["undated"] == "period":
            start, end, first, last = start or first, end or last, None, None
        until = dates.ended(end, ends, tz, "end_date") if end else None
        if until is None and last is not None:
            until = dates.within(start or first, _latest(dates.ended(last, ends, tz, "end_date")))
        begun = dates.begun(start, tz, "start_date") if start else None
        if begun is None and (first is not None or last is not None):
            begun = dates.within(first, _latest(until) if until else None)
            self._listing.note("memberships without a start: some time in their period (--undated)")
        if begun is None and until is None:
            self._listing.note("memberships without any date: held when the file was published")
            return {"as_of": self._as_of}
        found = {"from": begun, "until": until}
        return {field: expression for field, expression in found.items() if expression is not None}


def _latest(expression: str) -> str:
    """The latest end of a time expression."""
    return expression[1:-1].partition("..")[2] if expression.startswith("[") else expression
