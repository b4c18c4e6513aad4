"""What a page or a picture may show: all, or what is not internal nor amended by what is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.projections.tables import mentions
from archive.queries.internal import Internal
from archive.queries.question import chunks
from events.later import Amended

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Shown:
    """Asked row by row, on one connection, for one answer."""

    def __init__(self, connection: Connection, *, include_internal: bool) -> None:
        self.internal = Internal(connection)
        self._all = include_internal
        hidden = frozenset() if include_internal else self.internal.positions
        self.withheld = hidden | set(_amended(connection, hidden))
        self._identity = cache(self.internal.identity)

    def position(self, position: int | None) -> bool:
        """Whether an entry may be shown."""
        return position not in self.withheld

    def row(self, row: Mapping[str, Any], roles: Mapping[int, Iterable[str]]) -> bool:
        """Whether nothing that decides a row, amends what it rests on or is named in it is to stay out."""
        if self._all:
            return True
        amending = {position for position, does in roles.items() if "amends" in does}
        if not self.withheld.isdisjoint([*row["positions"], *amending]):
            return False
        holder, office = row["holder"], f"{row['organisation']}/{row['item']}"
        if row["model"] in ("offices", "tenures", "announced") and row["item"] and self._identity("office", office):
            return False
        return not holder or not any(self._identity(kind, holder) for kind in ("person", "organisation"))

    def roles(self, roles: Mapping[int, Iterable[str]]) -> dict[str, list[str]]:
        """The evidence for a row, of entries that may be shown."""
        return {str(one): sorted(does) for one, does in sorted(roles.items()) if self.position(one)}

    def redaction(self, told: Mapping[str, Any]) -> bool:
        """Whether a redaction may be told, and that there was something to redact."""
        own = self._all or told["access"] != "internal"
        return own and self.position(told["position"]) and self.position(told["by"])

    def name(self, subject: str, name: str) -> bool:
        """Whether one name of somebody may be."""
        return self._all or not self.internal.name(subject, name)

    def source(self, source: str) -> bool:
        """Whether a source may be."""
        return self._all or not self.internal.source(source)


def _amended(connection: Connection, positions: Iterable[int]) -> Iterator[int]:
    """The entries that these amend, not those that they only deny."""
    from archive.log.entries import read_entry  # noqa: PLC0415  # few archives have internal entries

    for some in chunks(positions):
        wanted = select(mentions.c.id, mentions.c.position).where(
            mentions.c.kind == "entry", mentions.c.position.in_(some)
        )
        for target, position in connection.execute(wanted).all():
            if isinstance(read_entry(connection, position).event, Amended):
                yield int(target)
