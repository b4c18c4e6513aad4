"""What intake asks of an archive: registered ids, names, and entries as they are known now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, func, select

import events
from archive.intake.mergers import Mergers
from archive.intake.nearest import Near, nearest_of
from archive.log import documents
from archive.log.entries import entries_at
from archive.projections.tables import mentions, spans
from archive.queries.ids import Ids, registered
from archive.queries.latest import amended
from archive.queries.names import meanings
from archive.queries.question import chunks
from events.later import standing_for
from events.names import fold_name, names_in

if TYPE_CHECKING:
    from archive.intake.kinds import Named
    from archive.intake.registers import Key
    from archive.log.log import Log
    from events.later import Merged

FIRST = (
    select(mentions.c.id, func.min(mentions.c.position).label("position"))
    .where(mentions.c.kind == "registration", mentions.c.id.in_(bindparam("ids", expanding=True)))
    .group_by(mentions.c.id)
)
"""The first entry that registers each of these."""

MODELS = {"person": "people", "organisation": "organisations", "office": "offices", "source": "sources"}


class Registers:
    """The registers of one archive; implements ``archive.intake.known.Known``.

    Each question is one look at the archive as it is then; answers are kept for the reading.
    """

    def __init__(self, log: Log, now: str, mergers: Sequence[tuple[int, Merged]]) -> None:
        """Ask the archive of this log; ``now`` is a canonical instant, ``mergers`` are those that stand."""
        self._log = log
        self._mergers = mergers
        self.now = now
        self._ids: dict[str, Ids] = {}
        self._texts: dict[str, Mapping[str, str | None]] = {}
        self._names: dict[str, dict[tuple[str, str], list[str]]] = {}

    def ids(self, kind: Named) -> Ids:
        """The keys registered of a kind; of an office ``organisation/office``."""
        if kind not in self._ids:
            self._ids[kind] = Ids(self._log, kind, Mergers(self.mergers() if kind == "office" else ()))
        return self._ids[kind]

    def expect(self, keys: Collection[Key]) -> Collection[Key]:
        """Look these keys up, all at once."""
        by_kind: dict[Named, list[str]] = {}
        for kind, key in keys:
            by_kind.setdefault(kind, []).append(key)
        new = {kind: self.ids(kind).unasked(some) for kind, some in by_kind.items()}
        names = [f"{kind}/{key}" for kind, some in new.items() for key in some]
        if names:
            found = self._log.asked_alone(lambda connection: registered(connection, names))
            for kind, some in new.items():
                self.ids(kind).learn(some, [key for key in some if f"{kind}/{key}" in found])
        return [(kind, key) for kind, some in by_kind.items() for key in self.ids(kind).among(some)]

    def forget(self) -> None:
        """Let go what was looked up for a part of a reading; names, which proposals are made of, stay."""
        for ids in self._ids.values():
            ids.forget()
        self._texts.clear()

    def called(self, names: Collection[str]) -> Mapping[str, Collection[Key]]:
        """Whom these folded names mean, as (kind, key): under the id for which each was recorded."""
        merged = Mergers(self.mergers())
        found: dict[str, set[Any]] = {}
        with self._log.reading() as connection:
            for one in meanings(connection, names):
                whose = {key for key in one.recorded if (key[0], merged.stands_for(*key)) == one.standing}
                if not whose and (event := amended(connection, one.position)) is not None:
                    # Amended more than once: only the whole entry has the name and whose it is together.
                    whose = {(kind, key) for kind, key, name in names_in(event) if fold_name(name) == one.folded}
                found.setdefault(one.folded, set()).update(whose)
        return found

    def mergers(self) -> Sequence[tuple[int, Merged]]:
        """The mergers that stand now, with their positions, in order."""
        return self._mergers

    def nearest(self, kind: Named, text: str, organisation: str | None = None) -> Sequence[Near]:
        """Up to three of a kind whose id or recorded name is like ``text``, the likest first."""
        names: dict[str, list[str]] = {}
        for (owner, id_), known in self._named(kind).items():
            if kind != "office" or organisation in (None, owner):
                names.setdefault(id_, []).extend(known)
        return nearest_of(text, names)

    def _named(self, kind: Named) -> dict[tuple[str, str], list[str]]:
        """The names of all of a kind, the one shown first, by (organisation of an office or nothing, id)."""
        if kind not in self._names:
            names = self._names[kind] = {}
            current = spans.c.recorded_to.is_(None)
            shown = select(spans.c.organisation, spans.c.item, spans.c.value)
            called = select(spans.c.item, spans.c.holder).where(spans.c.item.startswith(f"{kind}/"))
            with self._log.reading() as connection:
                for owner, item, value in connection.execute(shown.where(spans.c.model == MODELS[kind], current)):
                    key = ("", owner) if kind == "organisation" else (owner, item)
                    names.setdefault(key, []).append(value)
                for item, name in connection.execute(called.where(spans.c.model == "names", current)):
                    owner, _, id_ = item.removeprefix(f"{kind}/").rpartition("/")
                    if (owner, id_) in names:
                        names[owner, id_].append(name)
        return self._names[kind]

    def registrations(self, keys: Collection[Key]) -> Mapping[Key, events.Event]:
        """The events that registered these keys, as they were appended."""
        wanted = {f"{kind}/{key}": (kind, key) for kind, key in keys}
        found: dict[Key, events.Event] = {}
        with self._log.reading() as connection:
            for some in chunks(wanted):
                first = {row.id: row.position for row in connection.execute(FIRST, {"ids": some})}
                there = {entry.position: entry for entry in entries_at(connection, first.values())}
                for id_, position in first.items():
                    if (event := there[position].event) is not None:
                        found[wanted[id_]] = standing_for(event)
        return found

    def entry(self, position: int) -> events.Event | None:
        """The event at a position, with the amendments known now; None past the end."""
        with self._log.reading() as connection:
            if not 1 <= position <= self._log.head(connection).size:
                return None
            return amended(connection, position)

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
