"""What is internal: the one place that decides what stays out of what is published.

An export or a picture asks here about all that it shows, unless it was told to include the internal:

    internal = Internal(connection)
    internal.source("leaked-memo")              # a document
    internal.report(74)                         # an entry, its passages, its summary: all that it says
    internal.row([74, 81])                      # a row of a read model, by its `positions`
    internal.identity("person", "ann-lee")      # a person, an organisation, an office (`organisation/office`)
    internal.name("person/ann-lee", "Annie")    # one name, by `subject` and `name` of the table `names`

Who appended, with what and why (the header of an append) is always internal; `APPENDS` says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import orjson
from sqlalchemy import Connection, or_, select

from archive.projections.tables import evidence, mentions, reports, spans
from archive.queries.question import chunks

APPENDS = True
"""Headers of appends are internal."""

INTERNAL = "internal"


class Internal:
    """What is internal as the archive knows it now; on one connection, for one answer.

    A source is internal by its registration as amended. An entry is by its own `access`, by that of its source, or
    because it is about an internal entry; one that was retracted stays what it was last. Where access differs between
    report times, internal holds. A row is internal if any entry that decides it is. A person, an organisation or an
    office is internal if other entries than its registration name it, and all of those are; a name, if all entries
    that give it are.
    """

    def __init__(self, connection: Connection) -> None:
        """Ask on this connection, which sees one state of the archive."""
        self._connection = connection

    def source(self, source: str) -> bool:
        """Whether a source is."""
        return source in self.sources

    def report(self, position: int) -> bool:
        """Whether an entry is, with all that it says and cites."""
        return position in self.positions

    def row(self, positions: Iterable[int]) -> bool:
        """Whether a row that these entries decide is."""
        return not self.positions.isdisjoint(positions)

    def identity(self, kind: str, key: str) -> bool:
        """Whether a `person`, an `organisation` or an `office` is."""
        naming = self._naming(kind, key)
        return bool(naming) and naming <= self.positions

    def name(self, subject: str, name: str) -> bool:
        """Whether a name of somebody or something is: `subject` as in the table `names`, `person/ID` and so on."""
        kind, _, key = subject.partition("/")
        rows = select(evidence.c.position).join(spans, spans.c.id == evidence.c.row)
        given = rows.where(spans.c.model == "names", spans.c.item == subject, spans.c.holder == name)
        found = set(self._connection.execute(given.where(spans.c.recorded_to.is_(None))).scalars())
        reported = found - self._registrations(kind, key)
        if not reported <= self.positions:
            return False
        return bool(reported) if reported == found else self.identity(kind, key)

    @cached_property
    def sources(self) -> frozenset[str]:
        """The ids of the internal sources."""
        wanted = select(spans.c.item, spans.c.details).where(
            spans.c.organisation == "", spans.c.model == "sources", spans.c.recorded_to.is_(None)
        )
        rows = self._connection.execute(wanted)
        return frozenset(item for item, details in rows if orjson.loads(details or "{}").get("access") == INTERNAL)

    @cached_property
    def positions(self) -> frozenset[int]:
        """The positions of the internal entries."""
        found: set[int] = set()
        for some in (*chunks(self.sources), []):
            marked = or_(reports.c.access == INTERNAL, reports.c.source.in_(some))
            rows = self._connection.execute(select(reports.c.position, reports.c.recorded_to).where(marked)).all()
            found |= {row.position for row in rows if row.recorded_to is None}
            found |= self._retracted({row.position for row in rows} - found)
        waiting = set(found)
        while waiting:
            about: set[int] = set()
            for some in chunks(str(one) for one in waiting):
                later = select(mentions.c.position).where(mentions.c.kind == "entry", mentions.c.id.in_(some))
                about |= set(self._connection.execute(later).scalars())
            waiting = about - found
            found |= about
        return frozenset(found)

    def _retracted(self, positions: Iterable[int]) -> set[int]:
        """Those of which nothing is known now."""
        gone = set(positions)
        for some in chunks(sorted(gone)):
            there = select(reports.c.position).where(reports.c.position.in_(some), reports.c.recorded_to.is_(None))
            gone -= set(self._connection.execute(there).scalars())
        return gone

    def _registrations(self, kind: str, key: str) -> set[int]:
        wanted = (mentions.c.kind == "registration", mentions.c.id == f"{kind}/{key}")
        return set(self._connection.execute(select(mentions.c.position).where(*wanted)).scalars())

    def _naming(self, kind: str, key: str) -> set[int]:
        """The entries that name an identity, its registration apart."""
        wanted = (mentions.c.kind == kind, mentions.c.id == key)
        naming = set(self._connection.execute(select(mentions.c.position).where(*wanted)).scalars())
        return naming - self._registrations(kind, key)
