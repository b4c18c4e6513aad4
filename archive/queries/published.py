"""What an archive has to give away: entries and rows of the read models, without what is internal unless asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import inspect, select, text

from archive.errors import UsageError
from archive.intake.nearest import nearest_words
from archive.log import tables
from archive.log.entries import read_entries
from archive.projections.tables import mentions
from archive.queries.internal import Internal
from archive.queries.question import chunks
from archive.queries.values import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from events import Event

Row = dict[str, Any]

IDS = {
    "person": ("person",),
    "organisation": ("organisation", "investor", "subsidiary"),
    "source": ("source",),
}
"""The columns of the read models that name somebody or something."""


class Published:
    """The entries and rows of one archive on one connection; what is internal is left out, and counted."""

    def __init__(self, connection: Connection, *, include_internal: bool) -> None:
        """Ask on this connection, which sees one state of the archive."""
        self._connection = connection
        self._internal = None if include_internal else Internal(connection)
        self.left_out = 0

    @property
    def nothing_internal(self) -> bool:
        """Whether all of the archive may be given away."""
        return self._internal is None or not (self._internal.positions or self._internal.sources)

    def models(self) -> list[str]:
        """The names of the read models, without those of all clocks."""
        return sorted(name for name in inspect(self._connection).get_view_names() if not name.endswith("_history"))

    def tables(self) -> list[str]:
        """Everything else in the database that has a name of a table."""
        found = inspect(self._connection)
        return sorted({*found.get_table_names(), *found.get_view_names()} - set(self.models()))

    def origin(self) -> str:
        """The archive's name as a log."""
        return str(self._connection.execute(select(tables.archive.c.origin)).scalar_one())

    def columns(self, model: str) -> list[str]:
        """The columns of a read model. UsageError where there is none of that name."""
        if model not in self.models():
            near = " or ".join(nearest_words(model, self.models())) or ", ".join(self.models())
            raise UsageError(f"there is no read model {model!r}", hint=f"there is {near}")
        return [str(column["name"]) for column in inspect(self._connection).get_columns(model)]

    def rows(self, model: str) -> Iterator[Row]:
        """The rows of a read model as JSON values, in an order that is always the same."""
        columns = self.columns(model)
        ordered = ", ".join(str(place + 1) for place in range(len(columns)))
        asked = text(f"SELECT {', '.join(columns)} FROM {model} ORDER BY {ordered}")  # noqa: S608  # names of ours
        for values in self._connection.execute(asked):
            row = {name: plain(value) for name, value in zip(columns, values, strict=True)}
            if self._hidden(model, row):
                self.left_out += 1
            else:
                yield row

    def entries(self) -> Iterator[tuple[int, int, Event]]:
        """Every entry that was not redacted: the append that brought it, its position, and the event."""
        for entry in read_entries(self._connection):
            position, append, event = entry.position, entry.append_id, entry.event
            if event is None:
                continue
            hidden = self._internal is not None and (
                self._internal.report(position) or getattr(event, "source", None) in self._internal.sources
            )
            if hidden or (not self.nothing_internal and position in self._gone_positions):
                self.left_out += 1
            else:
                yield append, position, event

    def _hidden(self, model: str, row: Mapping[str, Any]) -> bool:
        internal = self._internal
        if internal is None or self.nothing_internal:
            return False
        if any(row.get(column) in self._gone[kind] for kind, columns in IDS.items() for column in columns):
            return True
        if (str(row.get("organisation")), str(row.get("office"))) in self._gone_offices:
            return True
        positions = [*orjson.loads(row.get("positions") or "[]"), *([row["position"]] if "position" in row else [])]
        if not self._gone_positions.isdisjoint(positions):
            return True
        if model == "names":
            subject = str(row["subject"])
            kind, _, key = subject.partition("/")
            return key in self._gone.get(kind, ()) or (internal.row(positions) and internal.name(subject, row["name"]))
        return internal.row(positions) or not positions

    @cached_property
    def _gone_positions(self) -> frozenset[int]:
        """The registrations of those whom internal reports alone name."""
        if self._internal is None:
            return frozenset()
        keys = {f"{kind}/{key}" for kind in ("person", "organisation") for key in self._gone[kind]}
        keys |= {f"office/{'/'.join(key)}" for key in self._gone_offices}
        found: set[int] = set()
        for some in chunks(keys):
            wanted = select(mentions.c.position).where(mentions.c.kind == "registration", mentions.c.id.in_(some))
            found |= set(self._connection.execute(wanted).scalars())
        return frozenset(found)

    @cached_property
    def _gone(self) -> dict[str, frozenset[str]]:
        """The ids that are internal themselves, by kind."""
        internal = self._internal
        assert internal is not None  # noqa: S101  # asked only then
        found = {
            kind: frozenset(key for key in self._named(kind) if internal.identity(kind, key))
            for kind in ("person", "organisation")
        }
        return {**found, "source": internal.sources}

    @cached_property
    def _gone_offices(self) -> frozenset[tuple[str, ...]]:
        internal = self._internal
        if internal is None:
            return frozenset()
        return frozenset(tuple(key.split("/", 1)) for key in self._named("office") if internal.identity("office", key))

    def _named(self, kind: str) -> set[str]:
        """Whom or what internal entries name: nobody else can be internal."""
        found: set[str] = set()
        for some in chunks(self._internal.positions if self._internal else ()):
            wanted = select(mentions.c.id).where(mentions.c.kind == kind, mentions.c.position.in_(some))
            found |= set(self._connection.execute(wanted).scalars())
        return found
