"""Two read models in one session held against each other, and the rows of one put right after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text

from archive.projections.beside import Beside, schema_of
from archive.projections.search_index import reindex, reindex_texts
from archive.projections.tables import FOLDED, WORDS, word_texts

if TYPE_CHECKING:
    from sqlalchemy import Connection

SAME = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}
"""Equal, or both NULL."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A table by its name, with the columns of its key and all others."""

    name: str
    key: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table of the read model has wrong: rows that it should not have, and rows that it lacks.

    A row that is there with other values is both. Of a full-text index of SQLite both are places of words.
    """

    table: str
    surplus: int
    lacking: int


ROWS = tuple(
    Compared(
        table.name,
        tuple(column.name for column in table.primary_key),
        tuple(column.name for column in table.columns if not column.primary_key),
    )
    for table in (*FOLDED, word_texts)
)
INDEXES = tuple(Compared(name, ("id",), ("lexemes",)) for name in WORDS)
"""The full-text indexes as PostgreSQL has them."""


def differences(beside: Beside) -> list[Difference]:
    """What the archive's read model has otherwise than the one beside; nothing where they are equal.

    In the open transaction, which must see an archive that is folded as far as the one beside.
    """
    connection = beside.connection
    found = [_compare(beside, table) for table in _tables(connection)]
    found.append(_compare_reach(beside))
    if connection.dialect.name == "sqlite":
        found += [_compare_words(connection, name) for name in WORDS]
    return [one for one in found if one.surplus or one.lacking]


def examples(beside: Beside, name: str, side: Literal["surplus", "lacking"], most: int = 2) -> list[dict[str, Any]]:
    """The first rows of a table that it should not have, or that it lacks; none of an index."""
    own, other = schema_of(beside.connection), beside.place
    if side == "lacking":
        own, other = other, own
    for table in ROWS:
        if table.name == name:
            statement = (
                f"SELECT * FROM {own}.{name} AS one WHERE NOT EXISTS"  # noqa: S608  # names of ours
                f" (SELECT 1 FROM {other}.{name} AS other WHERE {_same(beside.connection, table)})"
                f" ORDER BY {', '.join(table.key)} LIMIT {most:d}"
            )
            return [dict(row) for row in beside.connection.execute(text(statement)).mappings()]
    return []


def put_right(beside: Beside) -> list[Difference]:
    """Make the archive's read model equal to the one beside, and say what differed, in the open transaction.

    Row by row, for a table put in place of another would be empty to whoever of PostgreSQL's readers began before.
    The words beside are given up where SQLite must write its own anew.
    """
    connection = beside.connection
    own = schema_of(connection)
    done = []
    for table in _tables(connection):
        columns = ", ".join((*table.key, *table.others))
        surplus = connection.execute(
            text(
                f"DELETE FROM {own}.{table.name} AS one WHERE NOT EXISTS"  # noqa: S608  # names of ours; below too
                f" (SELECT 1 FROM {beside.place}.{table.name} AS other WHERE {_same(connection, table)})"
            )
        ).rowcount
        lacking = connection.execute(
            text(
                f"INSERT INTO {own}.{table.name} ({columns}) SELECT {columns} FROM {beside.place}.{table.name} AS one"  # noqa: S608
                f" WHERE NOT EXISTS (SELECT 1 FROM {own}.{table.name} AS other WHERE {_same(connection, table)})"
            )
        ).rowcount
        done.append(Difference(table.name, surplus, lacking))
    done.append(_compare_reach(beside))
    connection.execute(text(f"UPDATE {own}.words_head SET size = :size"), {"size": beside.size})  # noqa: S608
    if connection.dialect.name == "sqlite":
        done += _put_words_right(connection)
    return [one for one in done if one.surplus or one.lacking]


def _tables(connection: Connection) -> tuple[Compared, ...]:
    return (*ROWS, *INDEXES) if connection.dialect.name == "postgresql" else ROWS


def _same(connection: Connection, table: Compared) -> str:
    same = SAME[connection.dialect.name]
    key = [f"other.{column} = one.{column}" for column in table.key]
    return " AND ".join([*key, *(f"other.{column} {same} one.{column}" for column in table.others)])


def _compare(beside: Beside, table: Compared) -> Difference:
    own = schema_of(beside.connection)
    counted = (
        "SELECT count(*) FROM {one}.{name} AS one WHERE NOT EXISTS (SELECT 1 FROM {other}.{name} AS other WHERE {same})"
    )
    same = _same(beside.connection, table)
    surplus, lacking = (
        beside.connection.execute(text(counted.format(one=one, other=other, name=table.name, same=same))).scalar_one()
        for one, other in ((own, beside.place), (beside.place, own))
    )
    return Difference(table.name, surplus, lacking)


def _compare_reach(beside: Beside) -> Difference:
    """How far the index of words says that it reaches: its one row, which is never deleted."""
    reach = f"SELECT count(*) FROM {schema_of(beside.connection)}.words_head WHERE size <> :size"  # noqa: S608
    other = beside.connection.execute(text(reach), {"size": beside.size}).scalar_one()
    return Difference("words_head", other, other)


def _compare_words(connection: Connection, name: str) -> Difference:
    """Of an index of FTS5 every place of every word, which is all that it keeps, in one order on both sides."""
    surplus = lacking = 0
    here, there = _places(connection, "main", name), _places(connection, "temp", name)
    for one, other in zip_longest(here, there):
        if one != other:
            # Past the first difference only how many there are is told.
            surplus = (one is not None) + sum(1 for _ in here)
            lacking = (other is not None) + sum(1 for _ in there)
            break
    return Difference(name, surplus, lacking)


def _places(connection: Connection, schema: str, name: str) -> Iterator[tuple[str, int, int]]:
    listing = f"{name}_of_{schema}"
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{listing} USING fts5vocab({schema}, {name}, instance)"
    )
    for row in connection.exec_driver_sql(f"SELECT term, doc, offset FROM temp.{listing}"):  # noqa: S608  # ours
        yield row[0], row[1], row[2]


def _put_words_right(connection: Connection) -> list[Difference]:
    """FTS5 keeps the terms of what is deleted from it: an index that differs is made anew whole."""
    found = [_compare_words(connection, name) for name in WORDS]
    for one in found:
        if one.surplus or one.lacking:
            for listing in (f"{one.table}_of_main", f"{one.table}_of_temp", one.table):
                connection.exec_driver_sql(f"DROP TABLE temp.{listing}")
            if one.table == "entry_words":
                connection.exec_driver_sql("DROP TABLE temp.words_head")
                reindex(connection)
            else:
                connection.exec_driver_sql("DROP TABLE temp.word_texts")
                reindex_texts(connection)
    return found
