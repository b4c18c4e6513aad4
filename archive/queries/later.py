"""What later entries say of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from archive.log.entries import Entry, read_entry
from archive.projections.tables import mentions, reports

if TYPE_CHECKING:
    from sqlalchemy import Connection


def said_of(connection: Connection, position: int) -> list[Entry]:
    """The later entries whose target is this one, in order."""
    wanted = select(mentions.c.position).where(mentions.c.kind == "entry", mentions.c.id == str(position))
    positions = connection.execute(wanted.order_by(mentions.c.position)).scalars().all()
    return [read_entry(connection, saying) for saying in positions]


def naming(connection: Connection, kind: str, name: str) -> int:
    """How many entries name a person, an organisation, an office or a source."""
    wanted = select(func.count(mentions.c.position.distinct())).where(mentions.c.kind == kind, mentions.c.id == name)
    number: int = connection.execute(wanted).scalar_one()
    return number


def acts_from(connection: Connection, target: int, saying: int) -> str:
    """The report time from which one entry acts on another: never before that of its target."""
    since = select(reports.c.position, func.min(reports.c.reported_from)).group_by(reports.c.position)
    found = connection.execute(since.where(reports.c.position.in_([target, saying]))).all()
    return max(str(first) for _, first in found)
