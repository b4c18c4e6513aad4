"""Reports as a question knows them: what they say, where, on whose word, and what was said of them later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from sqlalchemy import BindParameter, Connection, Select, bindparam, select

import events
from archive.log.direct import Rows, fetch
from archive.log.entries import Entry, entries_at
from archive.log.tables import Instant
from archive.projections.standing import amended_by
from archive.projections.tables import mentions, reports, spans
from archive.queries.question import Question, chunks
from archive.queries.snapshot import seen_by
from archive.queries.standing import bounds
from events.later import Amended, standing_for

SOME: BindParameter[Any] = bindparam("some", expanding=True)
NAMES = [column.name for column in reports.c]
LATER = select(mentions.c.id, mentions.c.position).where(mentions.c.kind == "entry", mentions.c.id.in_(SOME))


@cache
def _of(reported: bool) -> Select[Any]:
    """The rows of `:some` reports that count."""
    return select(reports).where(reports.c.position.in_(SOME), seen_by(reported, reports))


LAST = (
    select(reports)
    .where(reports.c.position.in_(SOME), reports.c.recorded_from <= bindparam("instant", type_=Instant))
    .order_by(reports.c.recorded_from, reports.c.reported_from, reports.c.floor_from)
)
"""The rows that `:some` reports ever had, the latest last."""


@cache
def _sources(reported: bool) -> Select[Any]:
    """What `:some` sources say of themselves."""
    row = spans.c
    wanted = select(row.item, row.details).where(row.organisation == "", row.model == "sources", row.item.in_(SOME))
    return wanted.where(seen_by(reported)).order_by(row.id)


@dataclass(frozen=True, slots=True)
class Told:
    """One report with what later entries, in force for the question, say of it.

    `event` is the content with their amendments, of a redaction what was kept, None once it is redacted. `stands` is
    whether the report counts for the question; one that does not is shown as it was last.
    """

    row: Mapping[str, Any]
    entry: Entry
    event: events.Event | None
    later: tuple[Told, ...]
    stands: bool

    @property
    def position(self) -> int:
        """Its position in the log."""
        return self.entry.position

    @property
    def source(self) -> str | None:
        """The id of the source that says so."""
        source: str | None = self.row["source"]
        return source

    def brief(self) -> dict[str, Any]:
        """What identifies it to a reader; the archive's own word has no basis."""
        row = self.row
        own = getattr(self.entry.event, "by", None) == "archive"
        return {
            "position": self.position,
            "type": row["type"],
            "summary": row["summary"],
            "basis": None if own else row["basis"],
            "attribution": row["attribution"],
            "source": self.source,
            "stands": self.stands,
        }

    def plain(self) -> dict[str, Any]:
        """All that an explanation shows of it."""
        said = {} if self.event is None else events.to_plain(self.event)
        when = None if self.event is None else self.event.occurred
        timing = None if when is None else {"text": when.text, **(bounds(when.earliest, when.latest) or {})}
        return {
            **self.brief(),
            "when": timing,
            "stated_times": said.get("stated_times", []),
            "passages": said.get("passages", []),
            "development": self.row["development"],
            "reported": self.row["reported_from"],
            "recorded": self.entry.recorded_at,
            "access": self.row["access"],
            "amendments": [one.amendment() for one in self.later],
        }

    def amendment(self) -> dict[str, Any]:
        """A later entry as what it says of its target."""
        shown = {name: getattr(self.event, name, None) for name in ("by", "changes", "disputed_by")}
        return {**self.brief(), **shown, "reported": self.row["reported_from"], "recorded": self.entry.recorded_at}


class Reports:
    """The reports of one question; each call is a few statements, however many positions it asks for."""

    def __init__(self, connection: Connection, question: Question) -> None:
        """Read on this connection."""
        self._connection = connection
        self._question = question

    def of(self, positions: Collection[int], *, fallen: bool = False) -> dict[int, Told]:
        """Those that count for the question, by position; with `fallen` the others too, as they were last."""
        rows = self._rows(positions)
        lost = self._last(set(positions) - rows.keys()) if fallen else {}
        if not rows and not lost:
            return {}
        later = self.later([*rows, *lost])
        said = self.of({position for found in later.values() for position in found})
        entries = {one.position: one for one in entries_at(self._connection, [*rows, *lost])}
        found = {}
        for position, row in {**rows, **lost}.items():
            told = [said[one] for one in later.get(position, ()) if one in said]
            told.sort(key=lambda one: (one.row["reported_from"], one.position))
            event = entries[position].event
            event = None if event is None else standing_for(event)
            for one in told:
                if event is not None and isinstance(one.event, Amended):
                    event = amended_by(event, one.event)
            found[position] = Told(row, entries[position], event, tuple(told), position in rows)
        return found

    def later(self, positions: Iterable[int]) -> dict[int, list[int]]:
        """Positions of entries about these, by target, whether they count or not."""
        found: dict[int, list[int]] = defaultdict(list)
        for some in chunks(str(position) for position in positions):
            for target, position in fetch(self._connection, LATER, some=some):
                found[int(target)].append(position)
        return found

    def origins(self, sources: Iterable[str]) -> dict[str, list[str]]:
        """What each source goes back to: itself, or the first of those that it copies, translates or quotes.

        Sources that derive from each other in a circle count as one, the first of them by id.
        """
        wanted = set(sources)
        derived: dict[str, list[str]] = {}
        waiting = set(wanted)
        while waiting:
            derived.update({source: [] for source in waiting})
            for some in chunks(waiting):
                asked = self._question.seen().parameters(some=some)
                for source, details in fetch(self._connection, _sources(self._reported), **asked):
                    derived[source] = (orjson.loads(details) if details else {}).get("derived_from", [])
            waiting = {one for many in derived.values() for one in many} - derived.keys()
        return {source: _roots(source, derived) for source in wanted}

    @property
    def _reported(self) -> bool:
        return self._question.as_reported is not None

    def _rows(self, positions: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        found: dict[int, Mapping[str, Any]] = {}
        for some in chunks(positions):
            asked = self._question.seen().parameters(some=some)
            found.update(_by_position(fetch(self._connection, _of(self._reported), **asked)))
        return found

    def _last(self, positions: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        found: dict[int, Mapping[str, Any]] = {}
        for some in chunks(positions):
            rows = fetch(self._connection, LAST, some=some, instant=self._question.recorded.instant)
            found.update(_by_position(rows))
        return found


def _by_position(rows: Rows) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for row in rows:
        named = dict(zip(NAMES, row, strict=True))
        yield named["position"], named


def _roots(source: str, derived: Mapping[str, list[str]]) -> list[str]:
    reached: set[str] = set()
    waiting = [source]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += derived.get(one, [])
    return sorted(one for one in reached if not derived.get(one)) or [min(reached)]
