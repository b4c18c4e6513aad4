"""The ids that an archive has registered, looked up as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from archive.log import direct

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.intake.kinds import Named
    from archive.intake.registers import Key

TABLES = ("mentions", "waiting")
"""Where registrations stand: those that are folded, and those that wait for a follower."""

MERGED = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE kind = 'merged' AND id = 'all')" for table in TABLES)  # noqa: S608  # ours

REGISTERED = {
    "sqlite": f"""
        SELECT k.value FROM json_each(?) AS k
        WHERE EXISTS (SELECT 1 FROM mentions AS m WHERE m.kind = 'registration' AND m.id = k.value)
           OR EXISTS (SELECT 1 FROM waiting AS w WHERE w.kind = 'registration' AND w.id = k.value)
        UNION ALL SELECT '' WHERE {MERGED}
    """,  # noqa: S608  # names of ours
    "postgresql": f"""
        SELECT id FROM mentions WHERE kind = 'registration' AND id = ANY(%(keys)s)
        UNION ALL SELECT id FROM waiting WHERE kind = 'registration' AND id = ANY(%(keys)s)
        UNION ALL SELECT '' WHERE {MERGED}
    """,  # noqa: S608  # names of ours
}
"""Those of some keys that are registered; and nothing, if anybody was ever merged."""


def registered(connection: Connection, names: Collection[str]) -> tuple[set[str], bool]:
    """Which of these are registered, each `KIND/KEY`, and whether anybody was ever merged: in one statement."""
    keys = direct.keys(connection, sorted(names))
    given: Any = (keys,) if direct.is_sqlite(connection) else {"keys": keys}
    found = {name for (name,) in direct.rows(connection, REGISTERED[connection.dialect.name], given)}
    return found - {""}, "" in found


class Ids:
    """The keys registered of a kind, as a look-up of keys gives them."""

    def __init__(self, kind: Named, expect: Callable[[Collection[Key]], Collection[Key]]) -> None:
        """Look them up as they are asked for."""
        self._kind = kind
        self._expect = expect

    def __contains__(self, key: object) -> bool:
        """Whether it is registered."""
        return bool(self._expect([(self._kind, str(key))]))
