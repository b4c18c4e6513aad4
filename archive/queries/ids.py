"""The ids that an archive has registered, looked up as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, select

from archive.projections.tables import mentions
from archive.queries.question import chunks

if TYPE_CHECKING:
    from archive.intake.kinds import Named
    from archive.intake.mergers import Mergers
    from archive.log.log import Log

REGISTERED = select(mentions.c.id).where(
    mentions.c.kind == "registration", mentions.c.id.in_(bindparam("some", expanding=True, type_=Text))
)
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
        self._all: frozenset[str] | None = None

    def __contains__(self, key: object) -> bool:
        """Whether it is registered."""
        if key not in self._asked:
            self.expect([str(key)])
        return self._asked[key]

    def add(self, keys: Iterable[str]) -> None:
        """Count these as registered too."""
        self._asked.update(dict.fromkeys(keys, True))

    def expect(self, keys: Collection[str]) -> None:
        """Look these up, all at once."""
        new = [key for key in keys if key not in self._asked]
        if not new:
            return
        found = self._read() if self._mergers else self._of(new)
        self._asked.update({key: key in found for key in new})

    def all(self) -> frozenset[str]:
        """All of them."""
        return self._read() | {key for key, there in self._asked.items() if there and isinstance(key, str)}

    def _of(self, keys: Collection[str]) -> set[str]:
        prefix = f"{self._kind}/"
        found: set[str] = set()
        with self._log.reading() as connection:
            for some in chunks(prefix + key for key in keys):
                rows = connection.execute(REGISTERED, {"some": some}).scalars()
                found.update(name.removeprefix(prefix) for name in rows)
        return found

    def _read(self) -> frozenset[str]:
        if self._all is None:
            prefix = f"{self._kind}/"
            with self._log.reading() as connection:
                rows = connection.execute(ALL, {"first": prefix, "end": f"{self._kind}0"}).scalars()
                keys = {name.removeprefix(prefix) for name in rows}
            standing = {self._mergers.stands_for(self._kind, key) for key in keys} if self._mergers else set()
            self._all = frozenset(keys | standing)
        return self._all
