"""What intake asks of an archive whose read model is behind the log: what waits to be folded counts too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, select

from archive.intake.registers import names_of, registers, versions_in
from archive.log import documents
from archive.log.direct import fetch
from archive.log.entries import COLUMNS, Entry
from archive.log.tables import entries
from archive.queries.ids import Ids
from archive.queries.registers import Registers
from events import Event, Registration, types
from events.identity import NameRecorded
from events.later import Merged
from events.names import fold_name

if TYPE_CHECKING:
    from archive.intake.kinds import Named
    from archive.intake.registers import Key
    from archive.log.log import Log

TOLD = (Registration, NameRecorded, Merged)
"""Types that register, name, or make two one."""

TOLD_AFTER = (
    select(*COLUMNS)
    .where(
        entries.c.position > bindparam("after", type_=BigInteger),
        entries.c.type.in_(bindparam("types", expanding=True)),
    )
    .order_by(entries.c.position)
)
"""The entries of some types after a position, in order."""


class Waiting(Registers):
    """The registers of an archive, with those that wait; what waits to amend or retract one of them is not heeded."""

    def __init__(self, log: Log, now: str, mergers: Sequence[tuple[int, Merged]], after: int) -> None:
        """Read what waits after a position, which the read model had reached; ``mergers`` are those that it has."""
        super().__init__(log, now, mergers)
        self._entries: list[tuple[int, Event]] = []
        self._registrations: dict[Key, Event] = {}
        self._waiting_names: dict[Key, list[str]] = {}
        told = [name for name, kind in types().items() if issubclass(kind, TOLD)]
        with log.reading() as connection:
            for row in fetch(connection, TOLD_AFTER, after=after, types=told):
                if (event := (entry := Entry(*row)).event) is not None:
                    self._entries.append((entry.position, event))
        for _, event in self._entries:
            for key in registers(event):
                self._registrations.setdefault(key, event)
            for key, name in names_of(event):
                self._waiting_names.setdefault(key, []).append(name)

    def ids(self, kind: Named) -> Ids:
        """The keys registered of a kind."""
        found = super().ids(kind)
        found.add(key for of, key in self._registrations if of == kind)
        return found

    def called(self, names: Collection[str]) -> Mapping[str, Collection[Key]]:
        """Whom these folded names mean."""
        found = {name: set(keys) for name, keys in super().called(names).items()}
        for key, known in self._waiting_names.items():
            for name in {fold_name(one) for one in known} & set(names):
                found.setdefault(name, set()).add(key)
        return found

    def mergers(self) -> Sequence[tuple[int, Merged]]:
        """The mergers that stand, with their positions, in order."""
        known = dict(super().mergers())
        return sorted({**{at: event for at, event in self._entries if isinstance(event, Merged)}, **known}.items())

    def registrations(self, keys: Collection[Key]) -> Mapping[Key, Event]:
        """The events that registered these keys, as they were appended."""
        waiting = {key: self._registrations[key] for key in keys if key in self._registrations}
        return {**waiting, **super().registrations(keys)}

    def texts(self, source: str) -> Mapping[str, str | None]:
        """The kept text of each version of a source by its digest, the one registered first first."""
        found = dict(super().texts(source))
        new = [digest for _, event in self._entries for of, digest in versions_in(event) if of == source]
        if new := [digest for digest in new if digest not in found]:
            with self._log.reading() as connection:
                kept = documents.texts(connection, new)
            found |= {digest: kept.get(digest) for digest in new}
        return found

    def _named(self, kind: Named) -> dict[tuple[str, str], list[str]]:
        """The names of all of a kind, those that wait last."""
        found = {whose: list(names) for whose, names in super()._named(kind).items()}
        for of, key in self._registrations:
            if of == kind:
                owner, _, id_ = key.rpartition("/")
                known = found.setdefault((owner, id_), [])
                known += [name for name in self._waiting_names.get((of, key), ()) if name not in known]
        return found
