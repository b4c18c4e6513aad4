"""Turn the versions of the list of presidents and vice-presidents of the United States into reports.

Each version is a source, published when the version was. A term that is added is an appointment
with its end; a change of its start or end is an amendment by the source; a removal a retraction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.archive import Archive
from archive.times import parse_question, parse_time
from events import Event, When, types
from events.identity import OfficeRegistered, OrganisationRegistered, PersonRegistered
from events.sources import SourceRegistered
from events.values import OfficeId, OrganisationId, PersonId, SourceId

FILE = Path(__file__).parents[3] / "shared" / "data" / "us-executive" / "executive-history.jsonl"
OFFICES = {"prez": "president", "viceprez": "vice-president"}


@dataclass(frozen=True)
class Term:
    """One term of the file: who, in which office, from start up to but without end."""

    person: str
    name: str
    office: str
    start: str
    end: str


def slug(text: str) -> str:
    """An id out of a key of the file."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def versions() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Each version: when it was published, as a canonical instant, and its changes."""
    for line in FILE.read_text().splitlines():
        row = json.loads(line)
        bounds = parse_time(row["recorded_at"])
        assert bounds.latest is not None
        yield bounds.latest, row["changes"]


def terms_at_each_version() -> list[tuple[str, dict[str, Term]]]:
    """The file's terms as of each version, straight from the file."""
    terms: dict[str, Term] = {}
    found = []
    for published, changes in versions():
        for change in changes:
            key = str(change["key"])
            if change["op"] == "remove":
                del terms[key]
                continue
            if change["op"] == "add":
                given = change["term"]
                assert isinstance(given, dict)
                terms[key] = Term(
                    slug(given["bioguide"]), given["name"], OFFICES[given["type"]], given["start"], given["end"]
                )
                continue
            fields = change["fields"]
            assert isinstance(fields, dict)
            old = terms[key]
            start = fields["start"][1] if "start" in fields else old.start
            end = fields["end"][1] if "end" in fields else old.end
            terms[key] = Term(old.person, old.name, old.office, start, end)
        found.append((published, dict(terms)))
    return found


def load(archive: Archive) -> None:
    """Append the reports of every version, one append a version."""
    people: set[str] = set()
    positions: dict[str, int] = {}
    before: dict[str, Term] = {}
    registered: list[Event] = [
        OrganisationRegistered(organisation=OrganisationId("us"), name="United States"),
        OfficeRegistered(organisation=OrganisationId("us"), office=OfficeId("president"), title="President"),
        OfficeRegistered(organisation=OrganisationId("us"), office=OfficeId("vice-president"), title="Vice-President"),
    ]
    append(archive, registered)
    for number, (published, terms) in enumerate(terms_at_each_version(), 1):
        source = f"version-{number}"
        new: list[Event] = [
            SourceRegistered(source=SourceId(source), title=f"Version {number}", published=when(published))
        ]
        keys: list[str | None] = [None]
        for key, term in terms.items():
            if term.person not in people:
                people.add(term.person)
                new.append(PersonRegistered(person=PersonId(term.person), name=term.name))
                keys.append(None)
            if key not in before:
                new.append(appointed(term, source))
                keys.append(key)
            elif term != before[key]:
                new.append(later("Amended", positions[key], source, changes=changed(before[key], term)))
                keys.append(None)
        for key in before.keys() - terms.keys():
            new.append(later("Retracted", positions[key], source))
            keys.append(None)
        positions |= {key: answer for key, answer in zip(keys, append(archive, new), strict=True) if key is not None}
        before = terms


def append(archive: Archive, events: list[Event]) -> list[int]:
    """Append events and return their positions."""
    return [answer.position for answer in archive.append(events, who="tests", program="tests")]


def appointed(term: Term, source: str) -> Event:
    """The report of a term."""
    return types()["Appointed"](
        organisation="us",
        office=term.office,
        person=term.person,
        from_=when(term.start),
        until=when(term.end),
        source=source,
    )  # type: ignore[call-arg]  # the constructor of the type of that name


def later(name: str, target: int, source: str, **more: object) -> Event:
    """What a later version says of an earlier report."""
    given = {"target": target, "target_stream": "organisation/us", "by": "source", "source": source, **more}
    return types()[name](**given)  # type: ignore[arg-type]  # the same


def changed(old: Term, new: Term) -> dict[str, object]:
    """The fields of the appointment that changed, in stored form."""
    pairs = (("from", old.start, new.start), ("until", old.end, new.end))
    moments = {field: when(after) for field, before, after in pairs if before != after}
    return {
        field: {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}
        for field, moment in moments.items()
    }


def when(text: str) -> When:
    """A time with its bounds."""
    bounds = parse_time(text)
    return When(text, bounds.earliest, bounds.latest)


def day_over(date: str) -> str:
    """The last microsecond of a day."""
    return parse_question(date)
