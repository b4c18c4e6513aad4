"""The full-text index of each database over lexemes of ours, written with the projections.

SQLite: an FTS5 table without content. PostgreSQL: tsvectors, one by one spelled out, and a GIN index. A tsvector keeps
256 positions of a lexeme, so a text stands in chunks of so many, each reaching into the next: a phrase of up to `REACH`
lexemes is in one of them whole. FTS5 keeps the terms of what is deleted, so nothing is deleted: the index is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from archive.log import direct
from archive.log.documents import kept, texts
from archive.log.entries import Entry, read_entries, read_projected
from archive.log.tables import documents
from archive.log.transactions import read_connection, write_transaction
from archive.projections.free_text import KINDS, kind_of, texts_of
from archive.projections.tables import word_texts, words_head
from archive.projections.words import BARRIER, lexemes_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

CHUNK = 256
"""Lexemes of one row."""

REACH = 32
"""Lexemes of the longest phrase that is whole in one row, wherever it stands."""

CHUNK_BITS = 20
POSITION_BITS = 40
"""A row's id: kind of hit, position, number of the chunk."""

POSITION = (1 << POSITION_BITS) - 1
"""The bits of a hit's number that are the position."""

PAGE = 1_000
"""Entries that are indexed at a time when the index is made anew."""

TEXT_PAGE = 20
"""Kept texts likewise."""

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
        mark = direct.marks(connection, 1)
        direct.change(
            connection,
            f"UPDATE words_head SET size = {mark} WHERE size = {mark}",  # noqa: S608  # marks
            (last, entries[0].position - 1),
        )


def index_text(connection: Connection, sha256: str, text: str) -> None:
    """Add a kept text to the index, under the next number."""
    last = connection.execute(select(func.max(word_texts.c.number))).scalar_one()
    _insert_texts(connection, [((last or 0) + 1, sha256, text)])


def forget_text(connection: Connection, sha256: str) -> None:
    """Take a kept text out of the index: that of the others is made anew, for FTS5 keeps what is deleted."""
    connection.execute(delete(word_texts).where(word_texts.c.sha256 == sha256))
    reindex_texts(connection)


def behind(connection: Connection) -> str | None:
    """What the index lacks, in words; None where it has all that the read model has and every kept text."""
    covered, size = connection.execute(select(words_head.c.size)).scalar_one(), read_projected(connection).size
    if covered != size:
        return f"the index of words covers {covered} of {size} entries"
    unknown = select(documents.c.sha256).where(
        ~select(word_texts.c.number).where(word_texts.c.sha256 == documents.c.sha256).exists()
    )
    missing = connection.execute(unknown.limit(1)).first()
    return None if missing is None else f"the index of words lacks the text with the digest {missing.sha256}"


def catch_up(engine: Engine) -> None:
    """Make the index anew where it lacks anything: of an archive that was made before there was one."""
    with read_connection(engine) as connection:
        if behind(connection) is None:
            return
    with write_transaction(engine) as connection:
        reindex(connection)
        reindex_texts(connection)


def reindex(connection: Connection) -> None:
    """Make the index of entries anew, as far as the read model goes, in this transaction: what was redacted is not in
    it."""
    connection.exec_driver_sql(EMPTY[connection.dialect.name].format(table="entry_words"))
    size = read_projected(connection).size
    entries = read_entries(connection, upto=size)
    while page := list(islice(entries, PAGE)):
        _insert(connection, page)
    connection.exec_driver_sql(f"UPDATE words_head SET size = {size:d}")  # noqa: S608  # a number


def reindex_texts(connection: Connection) -> None:
    """Make the index of kept texts anew from those that are kept, in this transaction; each keeps its number."""
    connection.exec_driver_sql(EMPTY[connection.dialect.name].format(table="text_words"))
    digests = [one.sha256 for one in kept(connection)]
    known = {row.sha256: row.number for row in connection.execute(select(word_texts))}
    numbers = {digest: known[digest] for digest in digests if digest in known}
    new = [digest for digest in digests if digest not in known]
    numbers |= dict(zip(new, count(1 + max(numbers.values(), default=0)), strict=False))
    connection.execute(delete(word_texts))
    ordered = sorted(numbers, key=numbers.__getitem__)
    for start in range(0, len(ordered), TEXT_PAGE):
        found = texts(connection, ordered[start : start + TEXT_PAGE])
        _insert_texts(connection, sorted((numbers[digest], digest, text) for digest, text in found.items()))


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
    return KINDS[number >> POSITION_BITS], number & POSITION


def _insert(connection: Connection, entries: Iterable[Entry]) -> None:
    made: list[tuple[int, list[str]]] = []
    for entry in entries:
        event = entry.event
        found = [] if event is None else texts_of(event)
        if event is not None and found:
            # No phrase reaches from one text into the next.
            words = [lexeme for _, text in found for lexeme in (*lexemes_of(text), BARRIER)]
            made.append((key(kind_of(event), entry.position), words[:-1]))
    _write(connection, "entry_words", made)


def _insert_texts(connection: Connection, found: Sequence[tuple[int, str, str]]) -> None:
    rows = [{"number": number, "sha256": sha256} for number, sha256, _ in found]
    if rows:
        connection.execute(insert(word_texts), rows)
        _write(connection, "text_words", [(key("text", number), lexemes_of(text)) for number, _, text in found])


def _write(connection: Connection, table: str, made: Iterable[tuple[int, Sequence[str]]]) -> None:
    rows = [(one << CHUNK_BITS | number, chunk) for one, words in made for number, chunk in enumerate(chunks(words))]
    # FTS5 writes what it has gathered to the disk whenever a row id falls.
    rows = sorted(((id_, chunk) for id_, chunk in rows if chunk), key=lambda row: row[0])
    if rows:
        form = " ".join if connection.dialect.name == "sqlite" else _vector
        name = "rowid" if connection.dialect.name == "sqlite" else "id"
        direct.insert(connection, table, (name, "lexemes"), [(id_, form(chunk)) for id_, chunk in rows])


def _vector(chunk: Iterable[str]) -> str:
    """The text form of a tsvector."""
    found: dict[str, list[str]] = {}
    for place, lexeme in enumerate(chunk, 1):
        found.setdefault(lexeme, []).append(str(place))
    return " ".join(f"{lexeme}:{','.join(places)}" for lexeme, places in found.items())
