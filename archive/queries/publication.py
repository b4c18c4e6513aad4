"""All that a page of one organisation can be asked: its rows with their clocks, and the reports behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from archive.errors import UsageError
from archive.projections.tables import evidence, reports, spans
from archive.queries.conflicts import stated_of
from archive.queries.explanation import SLUGS, naming
from archive.queries.question import Question, chunks
from archive.queries.shown import Shown
from archive.queries.snapshot import SHOWN, project, unknown_organisation
from archive.queries.versions import reports_with_versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from archive.log.entries import Head

CLOCKS = ("reported_from", "reported_to", "floor_from", "floor_to")
BOUNDS = ("valid_from_earliest", "valid_from_latest", "valid_to_earliest", "valid_to_latest")
REGISTERED = ("people", "organisations")
"""Models of whoever rows name."""


def publication(
    connection: Connection, *, head: Head, organisation: str, at: str, include_internal: bool = False
) -> dict[str, Any]:
    """What the archive knows now of an organisation at every instant, report time and floor, as JSON values.

    ``rows`` are those of the read models of a snapshot and of conflicts, each with its bounds, report times, floors,
    deciding ``positions``, evidence (``roles`` by position) and ``besides``, what only speaks of it; ``people``,
    ``organisations`` and ``names`` are rows of whoever they name. ``reports`` have a version for each stretch of report
    time and floors. A snapshot follows from the rows by the rules of ``standing.py`` alone.

    Without ``include_internal`` nothing of what is internal is in it, nor what an internal entry amended, and
    ``partly`` names the offices of which something was left out: a page must not call them vacant. ``left_out``
    counts the rows. Raises UnknownOrganisation, and UsageError for an organisation that is internal itself.
    """
    question = Question.settle(connection, head, None, None, "rumour")
    shown = Shown(connection, include_internal=include_internal)
    if include_internal is False and shown.internal.identity("organisation", organisation):
        raise UsageError(f"{organisation} is internal", hint="say --include-internal to publish what is")
    found = [_row(row) for row in _fetch(connection, question, organisation, (*SHOWN, "conflicts"))]
    if not any(row["model"] == "organisations" for row in found):
        raise unknown_organisation(connection, question.sees(spans), organisation)
    roles = _roles(connection, [row["id"] for row in found])
    rows = [{**row, "roles": shown.roles(roles[row["id"]])} for row in found if shown.row(row, roles[row["id"]])]
    kept = {row["id"] for row in rows}
    partly = {row["item"] for row in found if row["model"] == "tenures" and row["id"] not in kept}
    for row in rows:
        del row["id"]
    people = {row["holder"] for row in rows if row["holder"]}
    people |= {one for row in rows for one in row["details"].get("holders", ())}
    _add_besides(connection, question, organisation, rows, shown)
    positions = {one for row in rows for one in (*row["positions"], *row["besides"], *map(int, row["roles"]))}
    told = reports_with_versions(connection, question, positions, shown.withheld)
    snapshot = project(connection, head=head, at=at, organisations=[organisation], basis="rumour")
    [state] = snapshot["organisations"]
    return {
        "organisation": organisation,
        "at": at,
        "as_recorded": snapshot["as_recorded"],
        "log": snapshot["log"],
        "access": "internal" if include_internal else "public",
        "rows": rows,
        "partly": sorted(partly & {row["item"] for row in rows if row["model"] == "offices"}),
        "left_out": len(found) - len(rows),
        **{model: list(_registered(connection, question, shown, model, people)) for model in REGISTERED},
        "names": list(_names(connection, question, shown, organisation, people)),
        "reports": told,
        "sources": list(_sources(connection, shown, told)),
        "redacted": [one for one in state["redacted"] if shown.redaction(one)],
    }


def _fetch(
    connection: Connection, question: Question, organisation: str, models: Sequence[str]
) -> Iterator[RowMapping]:
    """The rows of these models at every report time and floor, known at the question's record time."""
    row = spans.c
    wanted = select(spans).where(row.organisation == organisation, row.model.in_(models), question.knows(spans))
    yield from connection.execute(wanted.order_by(row.model, row.item, row.id)).mappings()


def _row(row: RowMapping) -> dict[str, Any]:
    details = orjson.loads(row["details"]) if row["details"] else {}
    if row["model"] == "conflicts" and (stated := stated_of(details)):
        details = {**details, "stated": stated}
    named = {name: row[name] for name in ("id", "model", "organisation", "item", "holder", "value")}
    timed = {name: row[name] for name in (*BOUNDS, *CLOCKS)}
    return {**named, **timed, "details": details, "basis": row["basis"], "positions": orjson.loads(row["positions"])}


def _roles(connection: Connection, rows: Iterable[int]) -> dict[int, dict[int, set[str]]]:
    """For each row the positions that are evidence for it, with their roles; not those that took others back."""
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for some in chunks(rows):
        wanted = select(evidence).where(evidence.c.row.in_(some), evidence.c.role != "retracts")
        for row, position, role in connection.execute(wanted):
            found[row][position].add(role)
    return found


def _add_besides(
    connection: Connection, question: Question, organisation: str, rows: Sequence[dict[str, Any]], shown: Shown
) -> None:
    """Give each row its ``besides``: reports that name its matter, letter or vote, or a development of its reports."""
    row, current = reports.c, question.knows(reports)
    developments: dict[int, set[str]] = defaultdict(set)
    for some in chunks(int(one) for of_row in rows for one in of_row["roles"]):
        wanted = select(row.position, row.development).where(row.position.in_(some), row.development != "", current)
        for position, development in connection.execute(wanted):
            developments[position].add(development)
    slugs = [
        {slug for one in of_row["roles"] for slug in developments[int(one)]}
        | ({of_row["item"]} if of_row["model"] in SLUGS else set())
        for of_row in rows
    ]
    named_by = naming(connection, {slug for some in slugs for slug in some})
    found = {one for some in named_by.values() for one in some}
    own: set[int] = set()
    for some in chunks(found):
        wanted = select(row.position).where(row.position.in_(some), row.organisation == organisation, current)
        own |= {one for one in connection.execute(wanted).scalars() if shown.position(one)}
    for of_row, some_slugs in zip(rows, slugs, strict=True):
        speaking = {one for slug in some_slugs for one in named_by.get(slug, ())} & own
        of_row["besides"] = sorted(speaking - set(map(int, of_row["roles"])))


def _registered(
    connection: Connection, question: Question, shown: Shown, model: str, ids: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The rows that give people or organisations the name they are shown by."""
    row = spans.c
    whose = row.item if model == "people" else row.organisation
    for some in chunks(ids):
        wanted = select(spans).where(row.model == model, whose.in_(some), question.knows(spans))
        for found in connection.execute(wanted.order_by(row.id)).mappings():
            key = found["item"] or found["organisation"]
            if shown.position(min(orjson.loads(found["positions"]), default=None)):
                timed = {name: found[name] for name in ("valid_from_latest", *CLOCKS)}
                yield {"id": key, "name": found["value"], **timed}


def _names(
    connection: Connection, question: Question, shown: Shown, organisation: str, people: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """What else those whom the rows name are called, the organisation too, with the language where it is known."""
    subjects = {f"{kind}/{one}" for one in people for kind in ("person", "organisation")}
    row = spans.c
    for some in chunks(subjects | {f"organisation/{organisation}"}):
        wanted = select(spans).where(row.model == "names", row.item.in_(some), question.knows(spans))
        for found in connection.execute(wanted.order_by(row.item, row.id)).mappings():
            if shown.name(found["item"], found["holder"]):
                language = orjson.loads(found["details"] or "{}").get("language")
                clocks = {name: found[name] for name in CLOCKS}
                positions = orjson.loads(found["positions"])
                yield {"subject": found["item"], "name": found["holder"], "language": language, **clocks} | {
                    "positions": [one for one in positions if shown.position(one)]
                }


def _sources(connection: Connection, shown: Shown, told: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The documents that the reports cite, with what they derive from."""
    from archive.queries.sources import sources  # noqa: PLC0415  # asked once, and a heavy import

    known = {one["id"]: one for one in sources(connection)}
    waiting = {version["source"] for one in told for version in one["versions"] if version["source"]}
    cited: set[str] = set()
    while waiting:
        cited |= waiting
        derived = {one for name in waiting if name in known for one in known[name]["derived_from"]}
        waiting = derived - cited
    for name in sorted(cited & known.keys()):
        if shown.source(name):
            one = known[name]
            of_one = {key: one[key] for key in ("id", "title", "author", "publisher", "url", "language", "published")}
            yield {**of_one, "derived_from": [other for other in one["derived_from"] if shown.source(other)]}
