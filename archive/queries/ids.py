"""The ids that an archive has registered: looked up one by one, read whole once many were asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from archive.projections.tables import mentions

if TYPE_CHECKING:
    from archive.intake.kinds import Named
    from archive.intake.mergers import Mergers
    from archive.log.log import Log

SINGLY = 200
"""Look-ups of one id, of a kind; from then on all of them are there."""

REGISTERED = select(mentions.c.id).where(mentions.c.kind == "registration", mentions.c.id == bindparam("id")).limit(1)
ALL = select(mentions.c.id).where(
    mentions.c.kind == "registration", mentions.c.id >= bindparam("first"), mentions.c.id < bindparam("end")
)


class Ids:
    """The keys registered of a kind, for one reading: an answer once given stays."""

    def __init__(self, log: Log, kind: Named, mergers: Mergers) -> None:
        """Look them up in the archive of this log; an office also has the key that its organisation's merger gives."""
        self._log = log
        self._kind = kind
        self._mergers = mergers
        self._asked: dict[object, bool] = {}
        self._looks = 0
        self._all: frozenset[str] | None = None

    def add(self, keys: Iterable[str]) -> None:
        """Count these as registered too."""
        self._asked.update(dict.fromkeys(keys, True))

    def __contains__(self, key: object) -> bool:
        """Whether it is registered."""
        if self._all is None and key not in self._asked:
            self._looks += 1
            if self._looks > SINGLY or self._mergers:
                self._all = self._read()
            else:
                self._asked[key] = self._has(key)
        return self._asked.get(key, self._all is not None and key in self._all)

    def all(self) -> frozenset[str]:
        """All of them."""
        if self._all is None:
            self._all = self._read()
        return self._all | {key for key, there in self._asked.items() if there and isinstance(key, str)}

    def _has(self, key: object) -> bool:
        with self._log.reading() as connection:
            return connection.execute(REGISTERED, {"id": f"{self._kind}/{key}"}).first() is not None

    def _read(self) -> frozenset[str]:
        prefix = f"{self._kind}/"
        with self._log.reading() as connection:
            found = connection.execute(ALL, {"first": prefix, "end": f"{self._kind}0"}).scalars()
            keys = {name.removeprefix(prefix) for name in found}
        return frozenset(keys | {self._mergers.stands_for(self._kind, key) for key in keys} if self._mergers else keys)
