"""Reports at every report time and floor: what each said while it said so, and the words that it cites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.intake.passages import mismatch
from archive.log.documents import texts
from archive.projections.tables import reports, spans
from archive.queries.question import Question, chunks
from archive.queries.reports import Reports, Told
from events import BASES

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

CLOCKS = ("reported_from", "reported_to", "floor_from", "floor_to")
SAID = ("summary", "basis", "attribution", "source", "when", "stated_times", "passages", "development")
LATER = ("by", "changes", "disputed_by")
"""What an entry about another says besides."""


def reports_with_versions(
    connection: Connection, question: Question, positions: Collection[int], withheld: Collection[int] = ()
) -> list[dict[str, Any]]:
    """These reports and whatever is about them, in the order of the log, as JSON values; none of those withheld.

    Each has ``later``, the positions of what is about it, and ``versions``, one for each stretch of report time and
    floors ([from, to) on the report clock; floors as ranks, both inclusive): what it says then, with its passages,
    which have their ``text`` where the source's is kept and they stand there.
    """
    by_position = {}
    waiting = set(positions) - set(withheld)
    asking = Reports(connection, question)
    later: dict[int, list[int]] = {}
    while waiting:
        by_position.update(_rows(connection, question, waiting))
        found = asking.later(waiting)
        later.update({one: sorted(set(found.get(one, ())) - set(withheld)) for one in waiting})
        waiting = {one for some in found.values() for one in some} - set(withheld) - later.keys()
    told = _told(connection, question, by_position)
    quotes = Quotes(connection, [said for of_row in told.values() for said in of_row.values()])
    return [
        {
            "position": position,
            "type": rows[0]["type"],
            "recorded": next(iter(told[position].values())).entry.recorded_at,
            "later": [one for one in later[position] if one in told],
            "versions": [
                {**{name: row[name] for name in CLOCKS}, **_said(told[position][number], quotes)}
                for number, row in enumerate(rows)
                if number in told[position]
            ],
        }
        for position, rows in sorted(by_position.items())
        if told.get(position)
    ]


def _rows(connection: Connection, question: Question, positions: Iterable[int]) -> dict[int, list[RowMapping]]:
    """The rows of reports at every report time and floor, known at the question's record time."""
    row, current = reports.c, question.knows(reports)
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for some in chunks(positions):
        wanted = select(reports).where(row.position.in_(some), current)
        for one in connection.execute(wanted.order_by(row.position, row.reported_from, row.floor_from)).mappings():
            found[one["position"]].append(one)
    return found


def _told(
    connection: Connection, question: Question, rows: Mapping[int, list[RowMapping]]
) -> dict[int, dict[int, Told]]:
    """Each row of each report as the question of its first report time and floor knows it.

    A report of one row that has no end is asked for with the others of its kind: few statements for most archives.
    """
    asked: dict[tuple[str | None, int], list[tuple[int, int]]] = defaultdict(list)
    for position, of_one in rows.items():
        for number, row in enumerate(of_one):
            alone = len(of_one) == 1 and row["reported_to"] is None
            floor = min(row["floor_to"], len(BASES) - 1)
            asked[None if alone else row["reported_from"], floor].append((position, number))
    found: dict[int, dict[int, Told]] = defaultdict(dict)
    for (reported, floor), wanted in asked.items():
        question_then = replace(question, as_reported=reported, basis=BASES[floor - 1])
        told = Reports(connection, question_then).of({position for position, _ in wanted})
        for position, number in wanted:
            if position in told:
                found[position][number] = told[position]
    return found


def _said(told: Told, quotes: Quotes) -> dict[str, Any]:
    plain, event = told.plain(), told.event
    said = {name: plain[name] for name in SAID}
    said["passages"] = [quotes.of(told, passage) for passage in plain["passages"]]
    said["own"] = getattr(event, "by", None) == "archive"
    said |= {name: value for name in LATER if (value := getattr(event, name, None)) is not None}
    return said


class Quotes:
    """The words of passages, from the texts that are kept of their sources."""

    def __init__(self, connection: Connection, told: Iterable[Told]) -> None:
        """Read what is kept of the sources of these reports."""
        by_source: dict[str, str] = {}
        sources = {one.source for one in told if one.source}
        row = spans.c
        for some in chunks(sources):
            wanted = select(row.item, row.holder).where(
                row.organisation == "", row.model == "source_versions", row.item.in_(some), row.recorded_to.is_(None)
            )
            for source, digest in connection.execute(wanted.order_by(row.id)):
                by_source.setdefault(source, digest)
        versions = {getattr(one.event, "source_version", None) for one in told}
        self._first = by_source
        self._texts = texts(connection, sorted({one for one in (*by_source.values(), *versions) if one}))

    def of(self, told: Told, passage: Mapping[str, Any]) -> dict[str, Any]:
        """The passage with its ``text``: as the report quotes it, else as it stands in the kept text, else None."""
        version = getattr(told.event, "source_version", None) or self._first.get(told.source or "")
        text, start, end = self._texts.get(version or ""), passage["start"], passage["end"]
        stands = text is not None and not mismatch(text, start, end, passage["sha256"])
        words = passage.get("quote") or (text[start:end] if text is not None and stands else None)
        return {"start": start, "end": end, "text": words}
