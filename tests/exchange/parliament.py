"""A small parliament as Popolo, its members over time counted straight from the file, and imports into an archive."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import orjson

from archive import Archive
from archive.exchange.importing import Given
from archive.exchange.taking import Taken

Popolo = dict[str, Any]
DAY = timedelta(days=1)


def popolo(memberships: list[Popolo], **more: Any) -> Popolo:
    """A file with these memberships, the people and organisations they name, and whatever is given."""
    people = dict.fromkeys(str(one["person_id"]) for one in memberships if isinstance(one.get("person_id"), str))
    parties = dict.fromkeys(one["on_behalf_of_id"] for one in memberships if "on_behalf_of_id" in one)
    return {
        "persons": [{"id": id_, "name": f"Name of {id_}"} for id_ in people],
        "organizations": [
            {"id": "house", "name": "The House", "classification": "legislature"},
            *({"id": id_, "name": f"Party {id_}", "classification": "party"} for id_ in parties),
        ],
        "memberships": memberships,
        **more,
    }


def member(person: str, start: str | None = None, end: str | None = None, **more: Any) -> Popolo:
    """A membership of the house."""
    dated = {"start_date": start, "end_date": end}
    given = {field: day for field, day in dated.items() if day is not None}
    return {"person_id": person, "organization_id": "house", "role": "member", **given, **more}


def take(archive: Archive, file: Popolo, source: str = "list", **given: Any) -> Taken:
    """Import a file as Popolo."""
    taken = archive.importing("popolo", orjson.dumps(file), "house.json", Given(source=source, **given))
    if not taken.intake.faults:
        archive.append(taken.intake.events, who="ann", program="tests")
    return taken


def sitting(
    archive: Archive, day: str, office: str = "member", organisation: str = "list-house", **known: Any
) -> set[str]:
    """Who certainly holds an office when a day is over, by the snapshot."""
    answer = archive.project(f"{day}T23:59:59.999999Z", [organisation], **known)
    return {
        holder["person"].removeprefix("list-")
        for one in answer["organisations"]
        for found in one["offices"]
        if found["id"] == office
        for holder in found["holders"]
        if holder["certainty"] == "certain"
    }


def counted(file: Popolo, day: str, ends: str = "exclusive") -> set[str]:
    """The same straight from the file."""
    return {
        one["person_id"]
        for one in file["memberships"]
        if one["start_date"] <= day
        and ("end_date" not in one or (day <= one["end_date"] if ends == "inclusive" else day < one["end_date"]))
    }


def boundaries(file: Popolo) -> list[str]:
    """Every day at which somebody comes or goes, with the days around it."""
    days = {
        date.fromisoformat(one[field])
        for one in file["memberships"]
        for field in ("start_date", "end_date")
        if field in one
    }
    return sorted({(day + step * DAY).isoformat() for day in days for step in (-1, 0, 1)})


def growing(seed: int, versions: int) -> list[Popolo]:
    """Versions of a file: members come, get an end, are corrected, change party; some get lost. No membership has an
    id, and seats are handed over on the day itself."""
    random = Random(seed)
    start = date(2000, 1, 1)
    now: list[Popolo] = []
    made = []
    for version in range(versions):
        day = start + timedelta(days=365 * version)
        for number in range(random.randint(2, 5)):
            open_ones = [one for one in now if "end_date" not in one]
            change = (day + timedelta(days=random.randint(0, 300))).isoformat()
            if open_ones and random.random() < 0.6:
                leaving = random.choice(open_ones)
                if leaving["start_date"] < change:
                    leaving["end_date"] = change
                    if random.random() < 0.5:
                        now.append(member(leaving["person_id"], change, on_behalf_of_id=random.choice("xy")))
            now.append(member(f"p{version}-{number}", change, on_behalf_of_id=random.choice("xyz")))
        if random.random() < 0.4:
            corrected = random.choice(now)
            moved = (date.fromisoformat(corrected["start_date"]) - 3 * DAY).isoformat()
            corrected["start_date"] = moved
        if len(now) > 6 and random.random() < 0.3:
            now.remove(random.choice(now))
        made.append(popolo([dict(one) for one in random.sample(now, len(now))]))
    return made
