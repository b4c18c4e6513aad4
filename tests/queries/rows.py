"""Rows of the read model written by hand, so that what a question answers can be told from what the fold made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, inspect

from archive.log.database import open_engine
from archive.log.entries import Head
from archive.log.merkle import Frontier, leaf_hash
from archive.log.tables import READ_MODEL, appends, archive, entries, metadata, tracking
from archive.log.tables import head as heads
from archive.log.transactions import read_connection, write_transaction
from archive.projections.tables import spans
from archive.queries.snapshot import project

MADE = "2024-01-01T00:00:00.000000Z"
FIRST = "0001-01-01T00:00:00.000000Z"


def day(number: int, *, end: bool = False) -> str:
    """The first instant of a day of November 2023, or its last."""
    return f"2023-11-{number:02}T{'23:59:59.999999' if end else '00:00:00.000000'}Z"


def span(model: str, item: str = "", holder: str = "", value: str | None = None, **more: Any) -> dict[str, Any]:
    """A row of OpenAI's, known always and at every floor unless `more` says otherwise."""
    row = {
        "model": model,
        "organisation": "openai",
        "item": item,
        "holder": holder,
        "value": value,
        "details": None,
        "valid_from_earliest": None,
        "valid_from_latest": FIRST,
        "valid_to_earliest": None,
        "valid_to_latest": None,
        "reported_from": FIRST,
        "reported_to": None,
        "recorded_from": MADE,
        "recorded_to": None,
        "floor_from": 1,
        "floor_to": 5,
        "basis": "stated",
        "positions": [1],
        **more,
    }
    row["timeline"] = f"{model}/{row['organisation']}/{item}/{holder}"
    row["decider"] = row["positions"][0]
    row["positions"] = json.dumps(row["positions"])
    row["details"] = row["details"] and json.dumps(row["details"])
    return row


def began(earliest: str | None, latest: str | None) -> dict[str, Any]:
    """The bounds of a beginning."""
    return {"valid_from_earliest": earliest, "valid_from_latest": latest}


def ended(earliest: str | None, latest: str | None) -> dict[str, Any]:
    """The bounds of an end."""
    return {"valid_to_earliest": earliest, "valid_to_latest": latest}


REGISTERED = [span("organisations", value="OpenAI"), span("offices", "ceo", value="Chief", details={"seats": 1})]


def fill(url: str, rows: Sequence[dict[str, Any]], *, records: Sequence[str] = (MADE,)) -> Head:
    """Make a database with these rows, and a log of one entry for each record time; its head.

    The tables are made unless they are there.
    """
    engine = open_engine(url, create=True)
    with write_transaction(engine) as connection:
        if not inspect(connection).has_table(archive.name):
            make_tables(connection)
        head = _log(connection, records)
        if rows:
            connection.execute(insert(spans), [{"id": number, **row} for number, row in enumerate(rows, 1)])
    engine.dispose()
    return head


def make_tables(connection: Connection) -> None:
    """Make the tables, and the row without which nothing is an archive."""
    metadata.create_all(connection)
    connection.execute(insert(archive).values(id=1, origin="test", dedupe_key=b"", created_at=FIRST))


def _log(connection: Connection, records: Sequence[str]) -> Head:
    """One entry for each record time; those of one time are of one append."""
    frontier = Frontier()
    numbers = {instant: number for number, instant in enumerate(dict.fromkeys(records), 1)}
    for instant, number in numbers.items():
        first = records.index(instant) + 1
        made = insert(appends).values(id=number, first_position=first, recorded_at=instant, digest=b"")
        connection.execute(made)
    for position, instant in enumerate(records, 1):
        leaf = leaf_hash(str(position).encode())
        frontier.extend([leaf])
        connection.execute(
            insert(entries).values(
                position=position,
                stream="organisation/openai",
                version=position,
                type="Noted",
                type_version=1,
                append_id=numbers[instant],
                recorded_at=instant,
                digest=b"",
                leaf=leaf,
            )
        )
    root, last = frontier.root(), records[-1] if records else None
    connection.execute(insert(tracking).values(application_name=READ_MODEL, notification_id=len(records)))
    row = insert(heads).values(id=1, size=len(records), frontier=bytes(frontier), root=root, recorded_at=last)
    connection.execute(row)
    return Head(len(records), root.hex(), last)


def ask(url: str, head: Head, at: str, **more: Any) -> dict[str, Any]:
    """The snapshot."""
    engine = open_engine(url, create=True)
    try:
        with read_connection(engine) as connection:
            return project(connection, head=head, at=at, **more)
    finally:
        engine.dispose()
