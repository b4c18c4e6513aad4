"""The full-text index of each database over lexemes of ours, written with the projections.

SQLite: an FTS5 table without content. PostgreSQL: tsvectors, one by one spelled out, and a GIN index. A tsvector keeps
256 positions of a lexeme, so a text stands in chunks of so many, each reaching into the next: a phrase of up to `REACH`
lexemes is in one of them whole. FTS5 keeps the terms of what is deleted, so nothing is deleted: the index is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from archive.log.entries import Entry, read_entries, read_head
from archive.log.transactions import read_connection, write_transaction
from archive.projections.free_text import KINDS, kind_of, texts_of
from archive.projections.words import BARRIER, lexemes, units

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

CHUNK = 256
"""Lexemes of one row."""

REACH = 32
"""Lexemes of the longest phrase that is whole in one row, wherever it stands."""

CHUNK_BITS = 20
POSITION_BITS = 40
"""A row's id: kind of hit, position, number of the chunk."""

PAGE = 1_000
"""Entries that are indexed at a time when the index is made anew."""

INSERT = {
    "sqlite": "INSERT INTO entry_words (rowid, lexemes) VALUES (?, ?)",
    "postgresql": "INSERT INTO entry_words (id, lexemes) VALUES (%s, %s::tsvector)",
}
EMPTY = {
    "sqlite": "INSERT INTO {table} ({table}) VALUES ('delete-all')",
    "postgresql": "DELETE FROM {table}",
}


def index(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add the entries of one append to the index."""
    if entries:
        _insert(connection, entries)
        last = entries[-1].position
        # Behind an entry that is missing the index stays behind, and says so when it is asked.
        connection.exec_driver_sql(
            f"UPDATE words_head SET size = {last:d} WHERE size = {entries[0].position - 1:d}"  # noqa: S608  # numbers
        )


def indexed(connection: Connection) -> int:
    """How many entries of the log the index covers."""
    size: int = connection.exec_driver_sql("SELECT size FROM words_head").scalar_one()
    return size


def catch_up(engine: Engine) -> None:
    """Make the index anew if the log is ahead of it: of an archive that was made before there was one."""
    with read_connection(engine) as connection:
        if indexed(connection) == read_head(connection).size:
            return
    with write_transaction(engine) as connection:
        reindex(connection)


def reindex(connection: Connection) -> None:
    """Make the index anew from the log, in this transaction: what was redacted is not in it."""
    connection.exec_driver_sql(EMPTY[connection.dialect.name].format(table="entry_words"))
    entries = read_entries(connection)
    while page := list(islice(entries, PAGE)):
        _insert(connection, page)
    size = read_head(connection).size
    connection.exec_driver_sql(f"UPDATE words_head SET size = {size:d}")  # noqa: S608  # a number


def chunks(made: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lexemes of a text, at most `CHUNK` at a time; all but one of the last `REACH` stand in the next too."""
    start = 0
    while True:
        yield made[start : start + CHUNK]
        if start + CHUNK >= len(made):
            return
        start += CHUNK - REACH + 1


def key(kind: str, position: int) -> int:
    """The number of a hit: kind and position, so that hits of one kind stand together in order."""
    return KINDS.index(kind) << POSITION_BITS | position


def hit(number: int) -> tuple[str, int]:
    """Kind and position of a hit's number."""
    return KINDS[number >> POSITION_BITS], number & ((1 << POSITION_BITS) - 1)


def _insert(connection: Connection, entries: Iterable[Entry]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    rows = []
    for entry in entries:
        event = entry.event
        texts = [] if event is None else texts_of(event)
        if event is None or not texts:
            continue
        made: list[str] = []
        for _, text in texts:
            made += lexemes(units(text))
            made.append(BARRIER)
        first = key(kind_of(event), entry.position) << CHUNK_BITS
        rows += [(first + number, chunk) for number, chunk in enumerate(chunks(made[:-1])) if chunk]
    if rows:
        # FTS5 writes what it has gathered to the disk whenever a row id falls.
        rows.sort(key=lambda row: row[0])
        form = " ".join if sqlite else _vector
        connection.exec_driver_sql(INSERT[connection.dialect.name], [(number, form(chunk)) for number, chunk in rows])


def _vector(chunk: Iterable[str]) -> str:
    """The text form of a tsvector."""
    found: dict[str, list[str]] = {}
    for place, lexeme in enumerate(chunk, 1):
        found.setdefault(lexeme, []).append(str(place))
    return " ".join(f"{lexeme}:{','.join(places)}" for lexeme, places in found.items())
