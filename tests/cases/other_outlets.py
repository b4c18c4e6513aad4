"""What invented outlets report of the same events: dates of three zones or of none, counts, slips, hires told as done.

Each outlet's article is a source of its own, `OUTLET-N`, with the time at which it was public.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

INDIA, JAPAN, EASTERN, PACIFIC = "Asia/Kolkata", "Asia/Tokyo", "America/New_York", "America/Los_Angeles"
Line = dict[str, Any]

LETTER = {"type": "SignaturesCounted", "letter": "open-letter"}
BOTH = ["sam-altman", "greg-brockman"]
LAB = "to lead a new AI research lab"


def lines() -> list[Line]:
    """The registrations, then the reports, in no order that matters."""
    return [*registrations(), *reports()]


def registrations() -> Iterator[Line]:
    """People, an office and the sources."""
    yield {"type": "PersonRegistered", "person": "bret-taylor", "name": "Bret Taylor"}
    yield {"type": "PersonRegistered", "person": "larry-summers", "name": "Larry Summers"}
    yield {"type": "OfficeRegistered", "organisation": "microsoft", "office": "ai-lab-head", "title": "Head of AI lab"}
    for source, published in sorted({(line["source"], PUBLISHED[line["source"]]) for line in reports()}):
        yield {"type": "SourceRegistered", "source": source, "title": source, "published": published}


PUBLISHED = {
    "wire-1": "2023-11-17T15:40-05:00",
    "mumbai-1": "2023-11-18T03:15+05:30",
    "tokyo-1": "2023-11-18T08:30+09:00",
    "plain-1": "2023-11-17T22:00Z",
    "plain-2": "2023-11-18T09:00Z",
    "herald-1": "2023-11-17T18:05-05:00",
    "blog-1": "2023-11-18T01:00-08:00",
    "monthly-1": "2023-12-01T08:00Z",
    "wire-2": "2023-11-18T11:00-05:00",
    "mumbai-2": "2023-11-19T10:00+05:30",
    "wire-3": "2023-11-20T00:40-05:00",
    "tokyo-2": "2023-11-20T17:20+09:00",
    "mumbai-3": "2023-11-20T13:50+05:30",
    "wire-4": "2023-11-20T03:05-05:00",
    "plain-3": "2023-11-20T10:00Z",
    "valley-1": "2023-11-20T05:40-08:00",
    "valley-2": "2023-11-20T06:10-08:00",
    "wire-5": "2023-11-20T09:30-05:00",
    "herald-2": "2023-11-20T12:30-05:00",
    "valley-3": "2023-11-20T15:00-08:00",
    "tokyo-3": "2023-11-21T12:00+09:00",
    "wire-6": "2023-11-21T09:00-05:00",
    "mumbai-4": "2023-11-21T21:00+05:30",
    "openai-post": "2023-11-21T22:00-08:00",
    "wire-7": "2023-11-22T01:20-05:00",
    "tokyo-4": "2023-11-22T16:00+09:00",
    "mumbai-5": "2023-11-22T13:00+05:30",
    "plain-4": "2023-11-22T12:00Z",
    "herald-3": "2023-11-22T09:00-05:00",
}


def reports() -> list[Line]:
    """The reports, without the registrations."""
    return [*dismissal(), *interim(), *successor(), *hires(), *letter(), *comeback()]


def dismissal() -> Iterator[Line]:
    """One dismissal, dated by where the outlet is; one slip of a day, one exact time, one month."""
    out = {"type": "Dismissed", "office": "ceo", "person": "sam-altman"}
    yield of("wire-1", out, when="2023-11-17", tz=EASTERN)
    yield of("mumbai-1", out, when="2023-11-18", tz=INDIA)
    yield of("tokyo-1", out, when="2023-11-18", tz=JAPAN)
    yield of("plain-1", out, when="2023-11-17")
    yield of("plain-2", out, when="2023-11-18")
    yield of("herald-1", out, when="2023-11-17T15:28", tz=EASTERN, basis="press")
    yield of("blog-1", out, when="2023-11-16", tz=PACIFIC, basis="rumour")
    yield of("mumbai-2", out, when="2023-11-19", tz=INDIA, basis="press")
    yield of("monthly-1", out, when="2023-11")
    yield of("wire-1", {"type": "Attested", "office": "ceo", "person": "sam-altman"}, as_of="2023-11-17", tz=EASTERN)
    yield of(
        "wire-1", {"type": "Resigned", "office": "chair", "person": "greg-brockman"}, when="2023-11-17", tz=EASTERN
    )
    yield of(
        "tokyo-1", {"type": "TermEnded", "office": "chair", "person": "greg-brockman"}, when="2023-11-18", tz=JAPAN
    )
    gone = {"type": "Resigned", "office": "president", "person": "greg-brockman"}
    yield of("herald-1", gone, when="2023-11-17", tz=EASTERN)
    yield of("mumbai-1", gone, when="2023-11-18", tz=INDIA)


def interim() -> Iterator[Line]:
    """Murati, interim or with no word of it."""
    new = {"type": "Appointed", "office": "ceo", "person": "mira-murati"}
    yield of("wire-1", new, **{"from": "2023-11-17"}, capacity="interim", tz=EASTERN)
    yield of("mumbai-1", new, **{"from": "2023-11-18"}, capacity="interim", tz=INDIA)
    yield of("tokyo-1", new, **{"from": "2023-11-18"}, tz=JAPAN)
    yield of("plain-2", new, **{"from": "2023-11-18"}, capacity="interim")
    seen = {"type": "Attested", "office": "ceo", "person": "mira-murati", "capacity": "interim"}
    yield of("wire-2", seen, as_of="2023-11-18", tz=EASTERN)
    yield of("mumbai-2", seen, as_of="2023-11-19", tz=INDIA)


def successor() -> Iterator[Line]:
    """Shear, at different hours of two dates."""
    new = {"type": "Appointed", "office": "ceo", "person": "emmett-shear", "capacity": "interim"}
    yield of("wire-3", new, **{"from": "[2023-11-20T00:00..2023-11-20T00:40]"}, tz=EASTERN, basis="press")
    yield of("tokyo-2", new, **{"from": "2023-11-20"}, tz=JAPAN)
    yield of("mumbai-3", new, **{"from": "2023-11-20"}, tz=INDIA)
    yield of("plain-3", new, **{"from": "2023-11-20"})
    yield of("wire-4", new, **{"from": "2023-11-19T22:00-08:00"}, basis="press")
    named = {"type": "AppointmentAnnounced", "office": "ceo", "person": "emmett-shear"}
    yield of("wire-3", named, when="2023-11-20", announced_by="Ilya Sutskever", tz=EASTERN, basis="press")
    seen = {"type": "Attested", "office": "ceo", "person": "emmett-shear"}
    yield of("wire-6", seen, as_of="2023-11-21", tz=EASTERN)


def hires() -> Iterator[Line]:
    """What Nadella announced, told by others as announced, as done, and as an appointment."""
    told = {"type": "HireAnnounced", "people": BOTH, "organisation": "microsoft"}
    yield of("wire-4", told, when="2023-11-20", announced_by="Satya Nadella", role=LAB, tz=EASTERN)
    yield of("mumbai-3", told, when="2023-11-20", role="to join Microsoft", tz=INDIA)
    yield of("tokyo-2", told, when="2023-11-20T16:53", announced_by="Satya Nadella", tz=JAPAN)
    done = {"type": "Joined", "organisation": "microsoft"}
    yield of("tokyo-2", done, people=BOTH, **{"from": "2023-11-20"}, tz=JAPAN)
    yield of("mumbai-3", done, people=["sam-altman"], **{"from": "2023-11-20"}, role="chief of AI", tz=INDIA)
    yield of("plain-3", done, people=BOTH, **{"from": "2023-11-20"}, role=LAB, basis="press")
    yield of("wire-4", done, people=["sam-altman"], **{"from": "2023-11-20T07:53Z"})
    head = {"organisation": "microsoft", "office": "ai-lab-head", "person": "sam-altman"}
    yield of("herald-2", {"type": "AppointmentAnnounced", **head}, when="2023-11-20", tz=EASTERN)
    stays = {"type": "HireWithdrawn", "organisation": "microsoft", "people": BOTH, "declined": True}
    yield of("herald-3", stays, when="2023-11-22", tz=EASTERN)


def letter() -> Iterator[Line]:
    """Counts as each outlet had them; one falls, one has another total, one exceeds it."""
    yield of("valley-1", {"type": "OpenLetterPublished", "letter": "open-letter"}, when="2023-11-20", tz=PACIFIC)
    yield of("valley-1", LETTER, as_of="2023-11-20T05:30", signed=490, of=770, tz=PACIFIC)
    yield of("valley-2", LETTER, as_of="2023-11-20T06:00", signed=505, of=770, tz=PACIFIC)
    yield of("wire-5", LETTER, as_of="2023-11-20T09:20", signed=650, of=770, tz=EASTERN)
    yield of("herald-2", LETTER, as_of="2023-11-20T12:20", signed=700, of=770, tz=EASTERN)
    yield of("valley-3", LETTER, as_of="2023-11-20T14:45", signed=738, of=770, tz=PACIFIC)
    yield of("tokyo-3", LETTER, as_of="2023-11-21T11:30", signed=743, of=778, tz=JAPAN)
    yield of("wire-6", LETTER, as_of="2023-11-21T08:30", signed=747, of=770, tz=EASTERN)
    yield of("mumbai-4", LETTER, as_of="2023-11-21T20:30", signed=700, of=770, tz=INDIA, basis="press")
    yield of("plain-4", LETTER, as_of="2023-11-22T11:00Z", signed=778, of=770, basis="press")
    signed = {"type": "LetterSigned", "letter": "open-letter", "people": ["ilya-sutskever", "mira-murati"]}
    yield of("valley-1", signed, when="2023-11-20", tz=PACIFIC)


def comeback() -> Iterator[Line]:
    """Altman's return and the new board, on the 21st in California and the 22nd elsewhere."""
    back = {"type": "Appointed", "office": "ceo", "person": "sam-altman"}
    agreed = {"type": "AppointmentAnnounced", "office": "ceo", "person": "sam-altman"}
    yield of("openai-post", agreed, when="2023-11-21T22:00", announced_by="OpenAI", tz=PACIFIC, basis="official")
    yield of("wire-7", back, **{"from": "2023-11-22"}, tz=EASTERN)
    yield of("tokyo-4", back, **{"from": "2023-11-22"}, tz=JAPAN)
    yield of("mumbai-5", back, **{"from": "2023-11-22"}, tz=INDIA)
    yield of("herald-3", back, **{"from": "2023-11-21"}, tz=PACIFIC)
    yield of("plain-4", back, **{"from": "2023-11-22"}, basis="press")
    yield of("wire-7", {"type": "TermEnded", "office": "ceo", "person": "emmett-shear"}, when="2023-11-22", tz=EASTERN)
    for person in ("bret-taylor", "larry-summers"):
        new = {"type": "Appointed", "office": "director", "person": person}
        yield of("wire-7", new, **{"from": "2023-11-22"}, tz=EASTERN)
        yield of("tokyo-4", new, **{"from": "2023-11-22"}, tz=JAPAN)
    for person in ("helen-toner", "tasha-mccauley", "ilya-sutskever"):
        gone = {"type": "TermEnded", "office": "director", "person": person}
        yield of("wire-7", gone, when="2023-11-22", tz=EASTERN)


def of(source: str, report: Line, **more: Any) -> Line:
    """A report of an outlet's article, on OpenAI unless it says otherwise."""
    return {"organisation": "openai", **report, **more, "source": source}
