"""What intake asks of an archive: registered ids, names, and entries as they are known now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

import events
from archive.intake.nearest import Near, nearest_of
from archive.log import documents
from archive.log.entries import read_entry
from archive.projections.standing import Known as Standing
from archive.projections.standing import Standings
from archive.projections.tables import mentions, spans

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.intake.kinds import Named
    from archive.log.log import Log

MODELS = {"person": "people", "organisation": "organisations", "office": "offices", "source": "sources"}


class Registers:
    """The registers of one archive; implements ``archive.intake.known.Known``.

    Each question is one look at the archive as it is then; answers are kept for the reading.
    """

    def __init__(self, log: Log, now: str) -> None:
        """Ask the archive of this log; ``now`` is a canonical instant."""
        self._log = log
        self.now = now
        self._ids: dict[str, frozenset[str]] = {}
        self._texts: dict[str, Mapping[str, str | None]] = {}

    def ids(self, kind: Named) -> frozenset[str]:
        """The keys registered of a kind; of an office ``organisation/office``."""
        if kind not in self._ids:
            prefix = f"{kind}/"
            wanted = select(mentions.c.id).where(
                mentions.c.kind == "registration", mentions.c.id >= prefix, mentions.c.id < f"{kind}0"
            )
            with self._log.reading() as connection:
                found = connection.execute(wanted).scalars()
                self._ids[kind] = frozenset(name.removeprefix(prefix) for name in found)
        return self._ids[kind]

    def nearest(self, kind: Named, text: str, organisation: str | None = None) -> Sequence[Near]:
        """Up to three of a kind whose id or recorded name is like ``text``, the likest first."""
        names: dict[str, list[str]] = {}
        current = spans.c.recorded_to.is_(None)
        with self._log.reading() as connection:
            shown = select(spans.c.organisation, spans.c.item, spans.c.value).where(
                spans.c.model == MODELS[kind], current
            )
            for owner, item, value in connection.execute(shown):
                if kind != "office" or organisation in (None, owner):
                    names.setdefault(owner if kind == "organisation" else item, []).append(value)
            called = select(spans.c.item, spans.c.holder).where(spans.c.model == "names", current)
            for item, name in connection.execute(called.where(spans.c.item.startswith(f"{kind}/"))):
                owner, _, bare = item.removeprefix(f"{kind}/").rpartition("/")
                key = bare if kind == "office" else item.removeprefix(f"{kind}/")
                if key in names and (kind != "office" or organisation in (None, owner)):
                    names[key].append(name)
        return nearest_of(text, names)

    def registration(self, kind: Named, key: str) -> events.Event | None:
        """The event that registered a key, as it was appended."""
        wanted = select(mentions.c.position).where(mentions.c.kind == "registration", mentions.c.id == f"{kind}/{key}")
        with self._log.reading() as connection:
            position = connection.execute(wanted.order_by(mentions.c.position)).scalars().first()
            return None if position is None else read_entry(connection, position).event

    def entry(self, position: int) -> events.Event | None:
        """The event at a position, with the amendments known now; None past the end."""
        with self._log.reading() as connection:
            if not 1 <= position <= self._log.head(connection).size:
                return None
            later: dict[int, list[Standing]] = {}
            target = _standing(connection, position)
            if target is None:
                return None
            _gather(connection, position, later)
            return Standings(later, {}, {position: target}).latest(target) or target.event

    def texts(self, source: str) -> Mapping[str, str | None]:
        """The kept text of each version of a source by its digest, the one registered first first."""
        if source not in self._texts:
            versions = select(spans.c.holder, spans.c.positions).where(
                spans.c.organisation == "",
                spans.c.model == "source_versions",
                spans.c.item == source,
                spans.c.recorded_to.is_(None),
            )
            with self._log.reading() as connection:
                found = connection.execute(versions).all()
                digests = [row.holder for row in sorted(found, key=lambda row: min(orjson.loads(row.positions)))]
                kept = documents.texts(connection, digests)
            self._texts[source] = {digest: kept.get(digest) for digest in digests}
        return self._texts[source]

    def with_ids(self, ids: Collection[str]) -> Mapping[str, events.Event]:
        """None: the log itself compares an id with what has it, inside the append."""
        del ids
        return {}


def _standing(connection: Connection, position: int) -> Standing | None:
    entry = read_entry(connection, position)
    return None if entry.event is None else Standing(position, entry.recorded_at, entry.event)


def _gather(connection: Connection, position: int, later: dict[int, list[Standing]]) -> None:
    wanted = select(mentions.c.position).where(mentions.c.kind == "entry", mentions.c.id == str(position))
    for saying in connection.execute(wanted.order_by(mentions.c.position)).scalars().all():
        said = _standing(connection, saying)
        if said is not None:
            later.setdefault(position, []).append(said)
            _gather(connection, saying, later)
