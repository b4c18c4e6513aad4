"""Rows of the read-model tables, to and from what the fold takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

import events
from archive.projections.acts import HIGH, LOW, Act, Span
from archive.projections.clocks import Row, Standing
from archive.projections.derive import Placed, parts
from archive.projections.standing import Known, Version
from archive.projections.tables import effects, spans
from archive.projections.window import is_loose

if TYPE_CHECKING:
    from sqlalchemy import Table

Values = tuple[Any, ...]
Part = Callable[[Values], Values]

SPAN = {column.name: index for index, column in enumerate(spans.columns)}
EFFECT = {column.name: index for index, column in enumerate(effects.columns)}
ENVELOPE = frozenset(
    {"source", "basis", "attribution", "published", "tz", "development", "summary", "access", "organisation", "id"}
    | {"tzdata"}
)
"""Fields that ``details`` of a report leave out: they have columns, or say how the line was read."""


class Key:
    """How rows of a table are told apart, and compared.

    primary: the primary key of a row; content: all of it but its record time
    """

    def __init__(self, table: Table) -> None:
        """Take the primary key and the columns other than record time from the table."""
        names = [column.name for column in table.columns]
        self.table = table
        self.reported_from = names.index("reported_from")
        self.primary: Part = itemgetter(*[names.index(column.name) for column in table.primary_key])
        self.content: Part = itemgetter(*[at for at, name in enumerate(names) if not name.startswith("recorded_")])


class Kept(NamedTuple):
    """A current row of ``spans``."""

    id: int
    timeline: str
    row: Row


def effect(placed: Placed, recorded_at: str) -> Values:
    """The row of an effect."""
    standing, act = placed.standing, placed.standing.act
    return (
        placed.timeline,
        act.position,
        placed.number,
        act.kind,
        act.holder,
        act.earliest or None,
        _open(act.latest),
        act.value,
        act.details,
        int(act.planned),
        int(act.during_absence),
        act.replaces,
        act.rank,
        act.reported,
        act.digest,
        act.development,
        standing.reported_from,
        _open(standing.reported_to),
        standing.floor_from,
        standing.floor_to,
        recorded_at,
        None,
        act.turn,
        int(placed.loose or is_loose(standing)),
    )


def standing(row: Values) -> Standing:
    """The standing that a row of ``effects`` holds."""
    # In the order of the fields: by their names it takes twice the time.
    act = Act(
        row[3],
        row[4],
        row[5] or LOW,
        row[6] or HIGH,
        row[7],
        row[8],
        bool(row[9]),
        bool(row[10]),
        row[11],
        row[12],
        row[13],
        row[1],
        row[14],
        row[15],
    )
    return Standing(act, row[16], row[17] or HIGH, row[18], row[19])


def standing_of(row: Values) -> Standing:
    """The standing that ``Store.standings`` gives, behind the name of its timeline."""
    return Standing(Act._make(row[1:15]), *row[15:])


def span(number: int, timeline: str, row: Row, recorded_at: str) -> Values:
    """The row of a span."""
    organisation, model, item, owner = parts(timeline)
    shown = row.span
    if shown.model == "conflicts":
        item = "/".join(part for part in (model, item, owner) if part)
    return (
        number,
        timeline,
        shown.model,
        organisation,
        item,
        shown.holder,
        shown.value,
        shown.details,
        shown.from_earliest,
        shown.from_latest,
        shown.to_earliest,
        shown.to_latest,
        row.reported_from,
        _open(row.reported_to),
        recorded_at,
        None,
        row.floor_from,
        row.floor_to,
        events.BASES[shown.rank - 1],
        orjson.dumps(shown.positions).decode(),
        shown.positions[0],
    )


def kept(row: Values) -> Kept:
    """The span that a row of ``spans`` holds."""
    # In the order of the fields, as in ``standing``.
    shown = Span._make((row[2], *row[5:12], events.rank(row[18]), tuple(orjson.loads(row[19]))))
    return Kept(row[0], row[1], Row(shown, row[12], row[13] or HIGH, row[16], row[17]))


def reach(row: Values) -> tuple[str, str | None, str | None, str]:
    """Of a row of ``spans`` its model, the bounds of its beginning, and up to when it is what was reported."""
    return row[2], row[8], row[9], row[13] or HIGH


def report(known: Known, version: Version, recorded_at: str) -> Values:
    """The row of one version of an entry."""
    event, redaction = version.event, known.redaction
    occurred = event.occurred
    plain = events.to_plain(redaction or event)
    of_stream = event.stream.partition("organisation/")[2] if redaction else ""
    details = {key: value for key, value in plain.items() if key not in ENVELOPE}
    basis = getattr(event, "basis", None)
    return (
        known.position,
        getattr(event, "organisation", None) or of_stream,
        event.stream,
        type(redaction or event).__name__,
        occurred.earliest if occurred else None,
        occurred.latest if occurred else None,
        version.reported_from,
        _open(version.reported_to),
        recorded_at,
        None,
        version.floor_from,
        version.floor_to,
        basis,
        getattr(event, "source", None),
        getattr(event, "attribution", None),
        getattr(event, "development", None),
        getattr(event, "summary", None) or getattr(redaction or event, "reason", None),
        getattr(redaction or event, "access", "public"),
        orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode(),
    )


def in_order(row: Row) -> tuple[str, ...]:
    """A fixed order of the rows of one timeline, so that ids are the same each time."""
    shown = row.span
    return (
        shown.model,
        shown.holder,
        shown.from_latest or "",
        shown.from_earliest or "",
        shown.to_earliest or "",
        shown.to_latest or "",
        row.reported_from,
        str(row.floor_from),
        shown.value or "",
        shown.details or "",
        str(shown.positions),
    )


def _open(instant: str) -> str | None:
    return None if instant == HIGH else instant
