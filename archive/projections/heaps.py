"""What one pass over an append leaves to the next: pairs of a key and a value, in the order of the keys.

A few are kept in memory; more stand in a temporary file of SQLite's own, which goes with the process however it ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

import orjson

from archive.errors import DatabaseError

PAGE = 2_000
"""Entries of an append that are folded at a time, and what else is held in memory at a time."""

PUT = "INSERT INTO heap (key, value) VALUES (?, ?)"
GET = "SELECT key, value FROM heap ORDER BY key"

Pair = tuple[Any, Any]
T = TypeVar("T")


class Heap:
    """Pairs of a key (all of them numbers, or all texts) and a value that JSON can hold."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: list[Pair] = []
        self._file: sqlite3.Connection | None = None

    def put(self, pairs: Iterable[Pair]) -> None:
        """Add some."""
        self._held += pairs
        if len(self._held) > PAGE:
            with _in_our_words():
                if self._file is None:
                    self._file = sqlite3.connect("", isolation_level=None)
                    self._file.execute("PRAGMA journal_mode = OFF")
                    self._file.execute("CREATE TABLE heap (key, value)")
                    self._file.execute("BEGIN")
                self._file.executemany(PUT, ((key, orjson.dumps(value)) for key, value in self._held))
            self._held = []

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._held and self.is_small

    @property
    def is_small(self) -> bool:
        """Whether it is all in memory."""
        return self._file is None

    def pages(self) -> Iterator[list[Pair]]:
        """All of them by key, some at a time; those of one key are never parted. Equal pairs may come twice."""
        page: list[Pair] = []
        for _, alike in groupby(self._ordered(), key=itemgetter(0)):
            page += alike
            if len(page) >= PAGE:
                yield page
                page = []
        if page:
            yield page

    def _ordered(self) -> Iterator[Pair]:
        if self._file is None:
            yield from sorted(self._held, key=itemgetter(0))
            return
        with _in_our_words():
            if self._held:
                self._file.executemany(PUT, ((key, orjson.dumps(value)) for key, value in self._held))
                self._held = []
            found = self._file.execute(GET)
        while rows := _some(found):
            for key, value in rows:
                yield key, orjson.loads(value)


def paged(all_of_them: Iterable[T]) -> Iterator[list[T]]:
    """The same in lists of a page at most."""
    left = iter(all_of_them)
    while page := list(islice(left, PAGE)):
        yield page


def _some(found: sqlite3.Cursor) -> list[Pair]:
    with _in_our_words():
        return found.fetchmany(PAGE)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseError(
            f"the temporary file of this append cannot be used: {error}",
            hint="make room where temporary files stand, or name another folder in SQLITE_TMPDIR",
        ) from error
