"""What intake asks of an archive: registered ids, names, and entries as they are known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, func, select

import events
from archive.intake.known import own_times
from archive.intake.mergers import Mergers
from archive.intake.nearest import Near, nearest_of
from archive.intake.registers import names_of, registers
from archive.log import documents
from archive.log.entries import entries_at
from archive.projections.tables import mentions, spans
from archive.queries.ids import Ids, registered
from archive.queries.latest import amended, mergers
from archive.queries.names import meanings
from archive.queries.question import chunks
from archive.queries.waiting import called_waiting, first_waiting, named_waiting, versions_waiting
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

SOURCES = select(spans.c.item, spans.c.details).where(
    spans.c.organisation == "",
    spans.c.model == "sources",
    spans.c.item.in_(bindparam("sources", expanding=True)),
    spans.c.reported_to.is_(None),
    spans.c.recorded_to.is_(None),
)
"""What is shown of these sources, as known now."""

MODELS = {"person": "people", "organisation": "organisations", "office": "offices", "source": "sources"}


class Registers:
    """The registers of one archive; implements ``archive.intake.known.Known``.

    Each question is one look at the archive as it is then; answers are kept for the reading.
    """

    def __init__(self, log: Log, now: str) -> None:
        """Ask the archive of this log; ``now`` is a canonical instant."""
        self._log = log
        self.now = now
        self._asked: dict[Key, bool] = {}
        self._mergers: Sequence[tuple[int, Merged]] | None = None
        self._texts: dict[str, Mapping[str, str | None]] = {}
        self._names: dict[str, dict[tuple[str, str], list[str]]] = {}

    def ids(self, kind: Named) -> Ids:
        """The keys registered of a kind; of an office ``organisation/office``."""
        return Ids(kind, self.expect)

    def expect(self, keys: Collection[Key]) -> Collection[Key]:
        """Look these keys up, all at once."""
        if new := [key for key in keys if key not in self._asked]:
            found = self._registered(new)
            self._asked.update((key, key in found) for key in new)
            if offices := [key for kind, key in new if kind == "office" and ("office", key) not in found]:
                self._asked.update((("office", key), True) for key in self._stand(offices))
        return [key for key in keys if self._asked[key]]

    def _registered(self, keys: Collection[Key]) -> set[Key]:
        """Those of some keys that are registered as they are."""
        names = {"/".join(key): key for key in keys}
        found, merged = self._log.asked_alone(lambda connection: registered(connection, names))
        if not merged and self._mergers is None:
            self._mergers = ()
        return {names[name] for name in found}

    def _stand(self, offices: Iterable[str]) -> list[str]:
        """Those of some offices that an organisation has by way of another that was given up for it."""
        given_up = Mergers(self.mergers()).given_up("organisation")
        there: dict[Key, str] = {}
        for key in offices:
            owner, _, id_ = key.partition("/")
            there.update({("office", f"{old}/{id_}"): key for old in given_up.get(owner, ())})
        return [there[key] for key in self._registered(there)] if there else []

    def forget(self) -> None:
        """Let go what was looked up for a part of a reading; names, which proposals are made of, stay."""
        self._asked.clear()
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
            for name, key in called_waiting(connection, names):
                found.setdefault(name, set()).add(key)
        return found

    def mergers(self) -> Sequence[tuple[int, Merged]]:
        """The mergers that stand, with their positions, in order: read once, the first time that they matter."""
        if self._mergers is None:
            with self._log.reading() as connection:
                self._mergers = mergers(connection)
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
                for event in named_waiting(connection):
                    for of, key_ in registers(event):
                        if of == kind:
                            owner, _, id_ = key_.rpartition("/")
                            names.setdefault((owner, id_), [])
                    for (of, whose), name in names_of(event):
                        owner, _, id_ = whose.rpartition("/")
                        if of == kind and name not in names.get((owner, id_), (name,)):
                            names[owner, id_].append(name)
        return self._names[kind]

    def registrations(self, keys: Collection[Key]) -> Mapping[Key, events.Event]:
        """The events that registered these keys, as they were appended."""
        wanted = {f"{kind}/{key}": (kind, key) for kind, key in keys}
        found: dict[Key, events.Event] = {}
        with self._log.reading() as connection:
            for some in chunks(wanted):
                folded = {row.id: row.position for row in connection.execute(FIRST, {"ids": some})}
                first = {**first_waiting(connection, some), **folded}
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

    def published(self, sources: Collection[str]) -> Mapping[str, str]:
        """The own time of each, as amended; of those that wait as they are."""
        found: dict[str, str] = {}
        with self._log.reading() as connection:
            for some in chunks(sources):
                known = connection.execute(SOURCES, {"sources": some}).all()
                found |= {row.item: own for row in known if (own := orjson.loads(row.details or "{}").get("published"))}
                if left := set(some) - {row.item for row in known}:
                    waiting = first_waiting(connection, [f"source/{source}" for source in sorted(left)])
                    there = entries_at(connection, waiting.values())
                    found |= own_times(entry.event for entry in there if entry.event is not None)
        return found

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
                folded = [row.holder for row in sorted(found, key=lambda row: min(orjson.loads(row.positions)))]
                digests = list(dict.fromkeys([*folded, *versions_waiting(connection, source)]))
                kept = documents.texts(connection, digests)
            self._texts[source] = {digest: kept.get(digest) for digest in digests}
        return self._texts[source]

    def with_ids(self, ids: Collection[str]) -> Mapping[str, events.Event]:
        """None: the log itself compares an id with what has it, inside the append."""
        del ids
        return {}
