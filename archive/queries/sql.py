"""Read-only SQL for certain, with the same values on both databases."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from archive.queries import sql_postgresql, sql_sqlite
from archive.queries.sql_answers import FaultyQuery, RefusedQuery, Rows, SlowQuery

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["FaultyQuery", "RefusedQuery", "Rows", "SlowQuery", "query"]

SECONDS = 60.0
"""How long a query may take."""

QUESTIONS = ("select", "with", "values", "table", "explain", "show", "pragma")
COMMENTS = re.compile(r"\s+|--[^\n]*|/\*.*?\*/|\(", re.DOTALL)


def query(engine: Engine, sql: str, *, limit: int | None = None, seconds: float = SECONDS) -> Rows:
    """Ask one question in SQL; at most `limit` rows.

    RefusedQuery for a second statement or one that does more than read, FaultyQuery for one that the database does not
    understand, SlowQuery past `seconds`; all may come with a row too. The rows are read as they are taken; how long
    the reader of SQLite's takes between them does not count.
    """
    _check_words(sql)
    if engine.dialect.name == "sqlite":
        rows = sql_sqlite.ask(Path(engine.url.database or ""), sql, seconds)
    else:
        rows = sql_postgresql.ask(engine, sql, seconds)
    return rows if limit is None else Rows(rows.columns, islice(rows.rows, limit))


def _check_words(sql: str) -> None:
    """Refuse what does not begin as a question does, before a database sees it."""
    if "\x00" in sql:
        raise FaultyQuery("it has the character U+0000")
    if any("\ud800" <= character <= "\udfff" for character in sql):
        raise FaultyQuery("it is no UTF-8")
    start = 0
    while match := COMMENTS.match(sql, start):
        start = match.end()
    word = re.match(r"[A-Za-z]*", sql[start:])
    first = word[0].lower() if word else ""
    if not sql[start:].strip(" ;"):
        raise FaultyQuery("it is empty")
    if first not in QUESTIONS:
        raise RefusedQuery(f"it begins with {sql[start:].split(maxsplit=1)[0][:40]!r}")
