"""The ids that an archive has registered, looked up as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from archive.log import direct
from archive.projections.tables import mentions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.intake.kinds import Named
    from archive.intake.mergers import Mergers
    from archive.log.log import Log

REGISTERED = {
    "sqlite": """
        SELECT m.id FROM json_each(?) AS k
        CROSS JOIN mentions AS m ON m.kind = 'registration' AND m.id = k.value
    """,
    "postgresql": "SELECT id FROM mentions WHERE kind = 'registration' AND id = ANY(%s)",
}
ALL = select(mentions.c.id).where(
    mentions.c.kind == "registration", mentions.c.id >= bindparam("first"), mentions.c.id < bindparam("end")
)


def registered(connection: Connection, names: Collection[str]) -> set[str]:
    """Which of these are registered, each `KIND/KEY`: in one statement."""
    wanted = (direct.keys(connection, sorted(names)),)
    return {name for (name,) in direct.rows(connection, REGISTERED[connection.dialect.name], wanted)}


class Ids:
    """The keys registered of a kind, for one reading: an answer once given stays."""

    def __init__(self, log: Log, kind: Named, mergers: Mergers) -> None:
        """Look them up in the archive of this log; an office also has the key that its organisation's merger gives."""
        self._log = log
        self._kind = kind
        self._mergers = mergers
        self._asked: dict[object, bool] = {}
        self._added: dict[object, bool] = {}
        self._all: frozenset[str] | None = None

    def __contains__(self, key: object) -> bool:
        """Whether it is registered."""
        if key not in self._asked:
            there = self._log.asked_alone(lambda connection: registered(connection, [f"{self._kind}/{key}"]))
            self.learn([str(key)], [str(key)] if there else [])
        return self._asked[key]

    def unasked(self, keys: Iterable[str]) -> list[str]:
        """Those of some keys that were not looked up yet."""
        return [key for key in keys if key not in self._asked]

    def among(self, keys: Iterable[str]) -> list[str]:
        """Those of some keys, all of which were looked up, that are registered."""
        return [key for key in keys if self._asked[key]]

    def learn(self, keys: Sequence[str], registered: Iterable[str]) -> None:
        """Be told which of some keys are registered as they stand."""
        self._asked.update(dict.fromkeys(keys, False))
        self._asked.update(dict.fromkeys(registered, True))
        if self._mergers:
            self._asked.update(dict.fromkeys(self._read().intersection(keys), True))

    def add(self, keys: Iterable[str]) -> None:
        """Count these as registered too."""
        self._added.update(dict.fromkeys(keys, True))
        self._asked.update(self._added)

    def forget(self) -> None:
        """Let go what was looked up."""
        self._asked = dict(self._added)

    def all(self) -> frozenset[str]:
        """All of them."""
        return self._read() | {key for key, there in self._asked.items() if there and isinstance(key, str)}

    def _read(self) -> frozenset[str]:
        if self._all is None:
            prefix = f"{self._kind}/"
            with self._log.reading() as connection:
                rows = connection.execute(ALL, {"first": prefix, "end": f"{self._kind}0"}).scalars()
                keys = {name.removeprefix(prefix) for name in rows}
            standing = {self._mergers.stands_for(self._kind, key) for key in keys} if self._mergers else set()
            self._all = frozenset(keys | standing)
        return self._all
