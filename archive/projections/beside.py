"""A second read model beside the one that is asked: folded from the log alone, in temporary tables of one session.

Both databases look for a bare name among the temporary tables of the session first, so the projector fills these with
the very statements that fill the others. Nobody else sees them, nothing waits for them, and they go with the session,
however it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive.errors import DamagedLog
from archive.log.transactions import session, writing_temporary
from archive.projections.memory import Memory
from archive.projections.projector import project_appends
from archive.projections.search_index import reindex_texts
from archive.projections.tables import FOLDED, WORDS, word_texts, words_head

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Progress = Callable[[int, int], None]
"""Told how many entries are folded, and of how many."""

MADE = (*(table.name for table in FOLDED), words_head.name, word_texts.name, *WORDS)
"""The tables that are made beside."""

TEMPORARY = {"sqlite": "temp", "postgresql": "pg_temp"}
"""Where they stand."""

CACHE = {"sqlite": "PRAGMA temp.cache_size = -65536", "postgresql": "SET temp_buffers = '64MB'"}
"""Memory for them; what does not fit stands in temporary files."""

SOME = 1_000
"""Entries that one transaction folds, to the end of the append of the last of them."""

FIRST_COUNTED = 500
"""Entries after which PostgreSQL first counts its temporary tables, which nothing else does; again at four times as
many, and so on."""


class Beside:
    """The read model of a log up to `size`, in temporary tables of the session `connection`."""

    def __init__(self, connection: Connection) -> None:
        """Make the tables, empty, as the archive's own are made."""
        self.connection = connection
        self.size = 0
        self._counted = FIRST_COUNTED
        self._memory = Memory()
        with writing_temporary(connection, making=True):
            # PostgreSQL refuses it to a session that has had temporary tables before, as a redaction has.
            with suppress(DBAPIError), connection.begin_nested():
                connection.exec_driver_sql(CACHE[connection.dialect.name])
            for statement in _definitions(connection):
                connection.exec_driver_sql(statement)
            connection.execute(words_head.insert().values(id=1, size=0))

    @property
    def place(self) -> str:
        """The schema of the tables beside, as SQL writes it."""
        return TEMPORARY[self.connection.dialect.name]

    def fold(self, upto: int, progress: Progress | None = None) -> None:
        """Fold the appends that follow, up to the one that ends at a position, append by append as it was.

        In transactions of its own, each of about a thousand entries, so that it holds up nobody.
        """
        while self.size < upto:
            with writing_temporary(self.connection):
                self._fold_some(upto)
            if progress is not None:
                progress(self.size, max(upto, self.size))

    def fold_here(self, upto: int) -> None:
        """The same within the transaction that is open on the session."""
        while self.size < upto:
            self._fold_some(upto)

    def keep_texts(self) -> None:
        """Index the kept texts as they are now, under the numbers that they have, in the open transaction."""
        own = schema_of(self.connection)
        self.connection.execute(text(f"DELETE FROM {self.place}.word_texts"))  # noqa: S608  # names of ours
        self.connection.execute(
            text(
                f"INSERT INTO {self.place}.word_texts SELECT number, sha256 FROM {own}.word_texts"  # noqa: S608  # the same
                " WHERE sha256 IN (SELECT sha256 FROM documents)"
            )
        )
        reindex_texts(self.connection)

    def _fold_some(self, upto: int) -> None:
        before = self.size
        for here in project_appends(self.connection, after=before, upto=upto, memory=self._memory):
            self.size = here
            if here - before >= SOME:
                break
        if self.size == before:
            raise DamagedLog(f"the log ends at {self.size} and says that it has {upto} entries", hint="archive verify")
        if self.size >= self._counted and self.connection.dialect.name == "postgresql":
            self._counted = 4 * self.size
            self.connection.execute(text(f"ANALYZE {', '.join(f'{self.place}.{name}' for name in MADE)}"))


@contextmanager
def beside(engine: Engine) -> Iterator[Beside]:
    """A read model beside, empty at first and gone at the end of the block."""
    with session(engine) as connection:
        yield Beside(connection)


def schema_of(connection: Connection) -> str:
    """The schema of the archive's own tables, as SQL writes it: for a session that has others of the same names."""
    if connection.dialect.name == "sqlite":
        return "main"
    name: str = connection.execute(text("SELECT current_schema()")).scalar_one()
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _definitions(connection: Connection) -> Iterator[str]:
    """The statements that make the tables with their indexes as those of the archive are."""
    if connection.dialect.name == "postgresql":
        own = schema_of(connection)
        yield from (f"CREATE TEMPORARY TABLE {name} (LIKE {own}.{name} INCLUDING ALL)" for name in MADE)
        return
    wanted = text("SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC")
    for kind, name, of, made in connection.execute(wanted).all():
        if of in MADE and kind in ("table", "index"):
            before = r"(CREATE (?:VIRTUAL TABLE|TABLE|UNIQUE INDEX|INDEX)) (\"?)" + re.escape(name)
            yield re.sub(before, rf"\1 temp.\2{name}", made, count=1)
