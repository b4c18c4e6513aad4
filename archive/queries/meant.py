"""Whom the text of a question means: an id, or any name that is recorded of somebody and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from archive.errors import UsageError
from archive.log.direct import fetch
from archive.projections.tables import mentions
from archive.queries.asked import recorded
from archive.queries.names import meanings
from events.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

    from archive.log.entries import Head

ITEMS = ("office", "person", "organisation")

REGISTERED = (
    select(mentions.c.position)
    .where(mentions.c.kind == "registration", mentions.c.id.in_(bindparam("some", expanding=True)))
    .limit(1)
)


def organisation_meant(connection: Connection, head: Head, text: str, as_recorded: str | None = None) -> str:
    """The id of the organisation that a text means, as recorded then; the text itself where it means none.

    An id means itself, whatever is called so. Raises UsageError where a name is that of several.
    """
    return _meant(connection, text, lambda: recorded(connection, head, as_recorded).instant, kinds=("organisation",))


def item_meant(connection: Connection, head: Head, organisation: str, text: str, as_recorded: str | None = None) -> str:
    """The same of an office of an organisation, or of whom a row may be about."""
    owner = f"{organisation}/"
    return _meant(connection, text, lambda: recorded(connection, head, as_recorded).instant, kinds=ITEMS, owner=owner)


def _meant(connection: Connection, text: str, at: Callable[[], str], *, kinds: Collection[str], owner: str = "") -> str:
    folded = fold_name(text)
    if not folded or _is_id(connection, kinds, owner, text):
        return text
    found = set()
    for one in meanings(connection, [folded], at()):
        kind, key = one.standing
        if kind in kinds and (kind != "office" or key.startswith(owner)):
            found.add(key.removeprefix(owner) if kind == "office" else key)
    if not found and _is_id(connection, kinds, owner, folded):
        return folded
    if len(found) > 1:
        raise UsageError(f"{text!r} is a name of several", hint=f"say which: {' or '.join(sorted(found))}")
    return found.pop() if found else text


def _is_id(connection: Connection, kinds: Collection[str], owner: str, text: str) -> bool:
    keys = [f"{kind}/{owner if kind == 'office' else ''}{text}" for kind in kinds]
    return bool(fetch(connection, REGISTERED, some=keys))
