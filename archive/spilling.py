"""What is remembered of a long append: a little in memory, more in temporary files.

They are files of SQLite's own, without a name, which go with the process however it ends. Values are whatever JSON
holds; of those that stood in a file, tuples come back as lists.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, TypeVar
from weakref import finalize

import orjson

from archive.errors import DatabaseError

PAGE = 2_000
"""Reports of an append that are read, appended and folded at a time, and what else is held in memory at a time."""

PUT = "INSERT INTO heap (key, value) VALUES (?, ?)"
SHELVE = "INSERT OR REPLACE INTO shelf (key, value) VALUES (?, ?)"
BEGINNING = "SELECT key, value FROM shelf WHERE key >= ? AND key < ?"
ADD = "INSERT OR IGNORE INTO sets (key, item) VALUES (?, ?)"
MEMBERS = "SELECT item FROM sets WHERE key = ? AND item >= ? AND item < ?"
LAST = "\U0010ffff"
"""After every character of a text."""

GET = "SELECT key, value FROM heap ORDER BY key"

Pair = tuple[Any, Any]
T = TypeVar("T")


class Heap:
    """What one pass leaves to the next: pairs of a key (all of them numbers, or all texts) and a value, by key."""

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
                    self._file = _file(self, "CREATE TABLE heap (key, value)")
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


class Shelf:
    """Values by texts, looked up one by one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[str, Any] = {}
        self._file: sqlite3.Connection | None = None

    def get(self, key: str) -> Any:
        """The value of a key; None where it has none."""
        if self._file is None:
            return self._held.get(key)
        with _in_our_words():
            row = self._file.execute("SELECT value FROM shelf WHERE key = ?", (key,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def put(self, key: str, value: Any) -> None:
        """Give a key a value, in the place of one that it may have."""
        if self._file is None:
            self._held[key] = value
            if len(self._held) > PAGE:
                self._spill()
            return
        with _in_our_words():
            self._file.execute(SHELVE, (key, orjson.dumps(value)))

    def items(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Those whose keys begin so."""
        if self._file is None:
            yield from ((key, value) for key, value in self._held.items() if key.startswith(prefix))
            return
        with _in_our_words():
            found = self._file.execute(BEGINNING, (prefix, f"{prefix}{LAST}"))
        while rows := _some(found):
            for key, value in rows:
                yield key, orjson.loads(value)

    def _spill(self) -> None:
        with _in_our_words():
            self._file = _file(self, "CREATE TABLE shelf (key TEXT PRIMARY KEY, value) WITHOUT ROWID")
            self._file.executemany(SHELVE, ((key, orjson.dumps(value)) for key, value in self._held.items()))
        self._held = {}


class Sets:
    """Sets of texts by texts, each of which may be large."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: dict[str, dict[str, None]] = {}
        self._count = 0
        self._file: sqlite3.Connection | None = None

    def add(self, key: str, item: str) -> None:
        """Add to the set of a key."""
        if self._file is None:
            self._held.setdefault(key, {})[item] = None
            self._count += 1
            if self._count > PAGE:
                self._spill()
            return
        with _in_our_words():
            self._file.execute(ADD, (key, item))

    def get(self, key: str, beginning: str = "") -> list[str]:
        """The members of the set of a key that begin so."""
        if self._file is None:
            return [item for item in self._held.get(key, ()) if item.startswith(beginning)]
        with _in_our_words():
            return [item for (item,) in self._file.execute(MEMBERS, (key, beginning, f"{beginning}{LAST}"))]

    def _spill(self) -> None:
        with _in_our_words():
            self._file = _file(self, "CREATE TABLE sets (key TEXT, item TEXT, PRIMARY KEY (key, item)) WITHOUT ROWID")
            self._file.executemany(ADD, ((key, item) for key, items in self._held.items() for item in items))
        self._held = {}


def _file(owner: object, made: str) -> sqlite3.Connection:
    """A temporary file with a table, which goes with its owner."""
    file = sqlite3.connect("", isolation_level=None)
    finalize(owner, file.close)
    for statement in ("PRAGMA journal_mode = OFF", made, "BEGIN"):
        file.execute(statement)
    return file


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
