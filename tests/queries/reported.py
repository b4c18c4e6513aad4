"""A small archive filled from reports as one would type them, a clock ticking once a minute."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from archive import Archive
from archive.intake import read_reports
from archive.times import to_instant

ACME = {"organisation": "acme"}
SEAT = {**ACME, "office": "ceo"}
REGISTRATIONS: list[dict[str, Any]] = [
    {"type": "OrganisationRegistered", **ACME, "name": "Acme"},
    {"type": "OfficeRegistered", **SEAT, "title": "Chief", "seats": 1},
    {"type": "PersonRegistered", "person": "ann", "name": "Ann"},
    {"type": "PersonRegistered", "person": "bob", "name": "Bob"},
    {"type": "SourceRegistered", "source": "wire", "published": "2020-01-01"},
    *(
        {"type": "SourceRegistered", "source": f"copy-{number}", "published": "2020-02-01", "derived_from": ["wire"]}
        for number in range(10)
    ),
    {"type": "SourceRegistered", "source": "copy-of-copy", "published": "2020-02-01", "derived_from": ["copy-3"]},
    {"type": "SourceRegistered", "source": "gazette", "published": "2020-03-01"},
]
"""Positions 1 to 17."""


@contextmanager
def opened(url: str) -> Iterator[Archive]:
    """The archive of the registrations; they are made unless they are there."""
    minutes = count()

    def clock() -> datetime:
        return datetime(2040, 1, 1, tzinfo=UTC) + timedelta(minutes=next(minutes))

    with Archive.create(url, clock=clock) as archive:
        if last := archive.projected().recorded_at:
            while to_instant(clock()) < last:
                pass
        else:
            take(archive, *REGISTRATIONS)
        yield archive


def take(archive: Archive, *reports: dict[str, Any]) -> list[int]:
    """Append reports together; their positions."""
    lines = "".join(json.dumps(report) + "\n" for report in reports).encode()
    taken = read_reports(BytesIO(lines), "reports", archive.known())
    assert taken.faults == []
    return [one.position for one in archive.append(taken.events, who="tests", program="tests")]


def held(kind: str, person: str, time: str, source: str = "wire", **more: Any) -> dict[str, Any]:
    """A report on the seat: `Appointed` from, `Attested` as of, anything else when."""
    name = {"Appointed": "from", "Attested": "as_of"}.get(kind, "when")
    return {"type": kind, **SEAT, "person": person, name: time, "source": source, **more}
