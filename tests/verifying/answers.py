"""All that an archive says: to compare one with another to the last byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from archive import Archive
from archive.log.shape import shape_of

BOUNDS = ("valid_from_earliest", "valid_from_latest", "valid_to_earliest", "valid_to_latest")
INSIDE = ("entry_words_", "text_words_")
"""Tables in which FTS5 keeps an index: compared by what is found in them, word by word and place by place."""


def answers(opened: Archive) -> Iterator[tuple[str, Any]]:
    """`log`, `project` at every boundary, `explain` of every office, `conflicts`, and every row of every table."""
    with opened.reading() as connection:
        yield "log", [(entry, entry.event) for entry in opened.log.entries(connection)]
        yield "definitions", shape_of(connection)
        wanted = text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (name,) in connection.execute(wanted).all():
            if name not in ("entry_words", "text_words") and not name.startswith(INSIDE):
                rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                yield name, sorted(map(repr, map(tuple, rows)))
        offices = connection.execute(
            text("SELECT DISTINCT organisation, item FROM spans WHERE model = 'tenures' ORDER BY 1, 2")
        ).all()
        bounds = " UNION ".join(f"SELECT {bound} FROM spans WHERE {bound} IS NOT NULL" for bound in BOUNDS)
        instants = sorted(connection.execute(text(bounds)).scalars())
    for at in instants:
        yield f"project {at}", opened.project(at)
    for organisation, office in offices:
        yield f"explain {organisation} {office}", opened.explain(organisation, office, at=instants[-1])
    yield "conflicts", opened.conflicts()
    for word in ("acme", "leaves", "a"):
        yield f"search {word}", opened.search(word)
