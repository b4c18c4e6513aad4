"""The statements of the projector: load what is current, insert rows, close rows.

Instants are texts on both sides. Lists of keys travel as one JSON text, or as one array.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from archive.log import direct
from archive.log.direct import Answer, Values
from archive.log.entries import NAMES, Entry
from archive.projections.acts import HIGH, LOW, Act
from archive.projections.clocks import Standing
from archive.projections.tables import effects, spans

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

Mention = tuple[str, str]
"""A kind of mention and what is mentioned."""

CHUNK = 2000
"""Keys in one statement."""

SPELLED = tuple(f"json_extract(k.value, '$[{number}]')" for number in range(3))
"""The parts of a key that is a list."""


class Store:
    """The read-model tables of one open transaction, or tables of the same names in another schema."""

    def __init__(self, connection: Connection, schema: str | None = None) -> None:
        """Write on this connection."""
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._join = "CROSS JOIN" if self._sqlite else "JOIN"  # it keeps SQLite to the order of the tables
        self._in = f"{schema}." if schema else ""

    def insert(self, table: Table, rows: Sequence[Values], *, unless_there: bool = False) -> None:
        """Insert rows of all the table's columns, in their order."""
        if rows:
            name = f"{self._in}{table.name}"
            direct.insert(self._connection, name, _columns(table), rows, unless_there=unless_there)

    def close(self, table: Table, keys: Sequence[Values], recorded_to: str) -> None:
        """Set ``recorded_to`` of the rows with these primary keys."""
        if keys and len(table.primary_key.columns) == 1 and not self._sqlite:
            (name,) = table.primary_key.columns.keys()
            statement = f"UPDATE {self._in}{table.name} SET recorded_to = %s WHERE {name} = ANY(%s)"  # noqa: S608  # names of ours
            direct.change(self._connection, statement, (recorded_to, [key for (key,) in keys]))
        elif keys:
            mark = "?" if self._sqlite else "%s"
            where = " AND ".join(f"{column.name} = {mark}" for column in table.primary_key)
            statement = f"UPDATE {self._in}{table.name} SET recorded_to = {mark} WHERE {where}"  # noqa: S608  # names of ours
            direct.change_many(self._connection, statement, [(recorded_to, *key) for key in keys])

    def current(self, table: Table, column: str, keys: Iterable[Any]) -> list[Values]:
        """The rows that are current at the latest record time, by one of their columns."""
        return self.select(table, column, keys, " AND t.recorded_to IS NULL")

    def select(
        self, table: Table, column: str, keys: Iterable[Any], condition: str = "", *, timeline: str | None = None
    ) -> list[Values]:
        """The rows whose ``column`` is one of ``keys``, in no order; of one timeline those that are current."""
        more: Values = ()
        if timeline is not None:
            condition, more = f" AND t.timeline = {self.mark} AND t.recorded_to IS NULL{condition}", (timeline,)
        found: list[Values] = []
        for chunk in _chunks(keys):
            given, same = "json_each(?) AS k CROSS JOIN ", f"t.{column} = k.value"
            if not self._sqlite:
                given, same = "", f"t.{column} = ANY(%s)"
            statement = (
                f"SELECT {_listed(table, self._sqlite)} FROM {given}{self._in}{table.name} AS t"  # noqa: S608  # names of ours
                f" WHERE {same}{condition}"
            )
            found += self._rows(statement, (direct.keys(self._connection, chunk), *more))
        return found

    def standings(self, timelines: Iterable[str], *, most: int | None = None, order: str = "") -> list[Values]:
        """The current effects of timelines, or of those that have ``most`` at most: name, the fields of an act, those
        of its standing; what is open is ``LOW`` or ``HIGH``. ``order``: by which columns of ``t``."""
        found: list[Values] = []
        short = "" if most is None else f" AND ({self._counted(most + 1)}) <= {most:d}"
        for chunk in _chunks(timelines):
            statement = (
                f"SELECT t.timeline, {_acts(self._sqlite)} FROM {self._given} {self._join} {self._in}effects AS t"  # noqa: S608  # names of ours
                f" ON t.timeline = k.value AND t.recorded_to IS NULL{short}"
            )
            if order:
                statement += f" ORDER BY {order}"
            found += self._rows(statement, (direct.keys(self._connection, chunk),))
        return found

    @property
    def mark(self) -> str:
        """The mark of a parameter in a statement."""
        return "?" if self._sqlite else "%s"

    def part_of(
        self, table: Table, timeline: str, condition: str, given: Sequence[Any], tail: str = ""
    ) -> list[Values]:
        """The current rows of a timeline that meet a condition on ``t``."""
        statement = (
            f"SELECT {_listed(table, self._sqlite)} FROM {self._in}{table.name} AS t"  # noqa: S608  # names of ours
            f" WHERE t.timeline = {self.mark} AND t.recorded_to IS NULL AND {condition} {tail}"
        )
        return self._rows(statement, (timeline, *given))

    def reached(self, wanted: Iterable[tuple[str, str, str]]) -> list[Values]:
        """The current spans of timelines, of each those that are reported up to an instant at least, and begin at
        another at the earliest: name, and the two instants, of which the second may be ``LOW``."""
        found: list[Values] = []
        for chunk in _chunks(wanted):
            if self._sqlite:
                source, (name, at, place) = "json_each(?) AS k CROSS JOIN", SPELLED
                begins = f"coalesce(t.valid_from_latest, t.valid_from_earliest, '') >= {place}"
                given: Values = (direct.keys(self._connection, chunk),)
            else:
                source = "unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS k(name, at, place) JOIN"
                name, at, place = "k.name", "k.at", "k.place"
                begins = f"({place} IS NULL OR coalesce(t.valid_from_latest, t.valid_from_earliest) >= {place})"
                names, moments, places = zip(*chunk, strict=True)
                given = (list(names), list(moments), [one or None for one in places])
            statement = (
                f"SELECT {_listed(spans, self._sqlite)} FROM {source} {self._in}spans AS t"  # noqa: S608  # names of ours
                f" {'WHERE' if self._sqlite else 'ON'} t.timeline = {name} AND t.recorded_to IS NULL"
                f" AND (t.reported_to IS NULL OR t.reported_to >= {at}) AND {begins}"
            )
            found += self._rows(statement, given)
        return found

    def lengths(self, timelines: Iterable[str], most: int) -> dict[str, int]:
        """How many current effects each of these timelines has, counted up to ``most``."""
        found: dict[str, int] = {}
        for chunk in _chunks(timelines):
            statement = f"SELECT k.value, ({self._counted(most)}) FROM {self._given}"  # noqa: S608  # ours
            found.update(self._rows(statement, (direct.keys(self._connection, chunk),)))
        return found

    def evidence_of(self, timelines: Iterable[str]) -> Answer:
        """The evidence of the current rows of these timelines: (row, position, role)."""
        statement = (
            f"SELECT e.row, e.position, e.role FROM {self._given} {self._join} {self._in}spans AS t"  # noqa: S608  # ours
            f" ON t.timeline = k.value AND t.recorded_to IS NULL {self._join} {self._in}evidence AS e ON e.row = t.id"
        )
        return self._asked([(statement, (direct.keys(self._connection, chunk),)) for chunk in _chunks(timelines)])

    def evidence_there(self, of_rows: Sequence[int], told: Sequence[tuple[int, int]]) -> list[Values]:
        """The evidence of some rows, and of others what some positions are for each: (row, position, role)."""
        questions: list[tuple[str, Values]] = []
        for chunk in _chunks(of_rows):
            given, same = ("json_each(?) AS k CROSS JOIN ", "k.value") if self._sqlite else ("", "ANY(%s)")
            statement = f"SELECT t.row, t.position, t.role FROM {given}{self._in}evidence AS t WHERE t.row = {same}"  # noqa: S608  # ours
            questions.append((statement, (direct.keys(self._connection, chunk),)))
        for some in _chunks(dict.fromkeys(told)):
            if self._sqlite:
                source, (row, at) = "json_each(?) AS k CROSS JOIN", SPELLED[:2]
                keys: Values = (direct.keys(self._connection, some),)
            else:
                source, row, at = "unnest(%s::bigint[], %s::bigint[]) AS k(row, position) JOIN", "k.row", "k.position"
                keys = tuple(map(list, zip(*some, strict=True)))
            where = f"{'WHERE' if self._sqlite else 'ON'} t.row = {row} AND t.position = {at}"
            statement = f"SELECT t.row, t.position, t.role FROM {source} {self._in}evidence AS t {where}"  # noqa: S608  # ours
            questions.append((statement, keys))
        return self._asked(questions)()

    @property
    def _given(self) -> str:
        """Some texts, as they stand in a statement."""
        return "json_each(?) AS k" if self._sqlite else "unnest(%s::text[]) AS k(value)"

    def _counted(self, most: int) -> str:
        """The number of current effects of one of them, up to ``most``."""
        few = (
            f"SELECT 1 FROM {self._in}effects AS f WHERE f.timeline = k.value AND f.recorded_to IS NULL LIMIT {most:d}"  # noqa: S608  # a number
        )
        return f"SELECT count(*) FROM ({few}) AS few"  # noqa: S608  # the same

    def _asked(self, questions: Iterable[tuple[str, Values]]) -> Answer:
        """What these statements find with their parameters, all of it."""
        asked = [direct.ask(self._connection, *question) for question in questions]
        return lambda: [row for answer in asked for row in answer()]

    def _rows(self, statement: str, given: Values) -> list[Values]:
        return direct.rows(self._connection, statement, given)

    def mentioned(self, names: Iterable[Mention], *, before: int | None = None) -> list[tuple[str, str, int]]:
        """The mentions of these, (kind, id, position); at earlier positions alone."""
        found: list[Values] = []
        more: Values = () if before is None else (before,)
        for chunk in _chunks(names):
            given, named = self._mentions(chunk)
            statement = f"SELECT m.kind, m.id, m.position FROM {given}"  # noqa: S608  # ours
            if more:
                statement += f" WHERE m.position < {self.mark}"
            found += self._rows(statement, (*named, *more))
        return cast("list[tuple[str, str, int]]", found)

    def mentioning(self, names: Iterable[Mention]) -> Iterator[tuple[str, str, Entry]]:
        """The entries that mention these: (kind, id, entry)."""
        columns = NAMES["sqlite" if self._sqlite else "postgresql"]
        for chunk in _chunks(names):
            given, named = self._mentions(chunk)
            statement = (
                f"SELECT m.kind, m.id, {columns} FROM {given} {self._join} entries AS e ON e.position = m.position"  # noqa: S608  # ours
            )
            for kind, name, *entry in self._rows(statement, named):
                yield kind, name, Entry(*entry)

    def said_of_mentioned(self, names: Iterable[Mention]) -> Answer:
        """What speaks of the entries that mention these: (target, position), the target as a text."""
        said = f"{self._join} {self._in}mentions AS s ON s.kind = 'entry' AND s.id = CAST(m.position AS text)"
        parts = [self._mentions(chunk) for chunk in _chunks(names)]
        return self._asked([(f"SELECT s.id, s.position FROM {given} {said}", named) for given, named in parts])  # noqa: S608  # ours

    def _mentions(self, names: Sequence[Mention]) -> tuple[str, Values]:
        """The mentions of some names as they stand in a statement, as ``m``, and its parameters."""
        if self._sqlite:
            same = "m.kind = json_extract(k.value, '$[0]') AND m.id = json_extract(k.value, '$[1]')"
            return f"json_each(?) AS k CROSS JOIN {self._in}mentions AS m ON {same}", (
                direct.keys(self._connection, names),
            )
        # Of one kind the keys are looked up as one list: a join with pairs of them takes four times as long.
        ids: dict[str, list[str]] = defaultdict(list)
        for kind, id_ in names:
            ids[kind].append(id_)
        of_kind = f"SELECT kind, id, position FROM {self._in}mentions WHERE kind = %s AND id = ANY(%s)"  # noqa: S608  # ours
        return f"({' UNION ALL '.join([of_kind] * len(ids))}) AS m", tuple(chain.from_iterable(ids.items()))


def _chunks(keys: Iterable[Any]) -> Iterable[list[Any]]:
    wanted = list(keys)
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))


@cache
def _columns(table: Table) -> tuple[str, ...]:
    return tuple(str(column.name) for column in table.columns)


@cache
def _acts(sqlite: bool) -> str:
    ends = {"earliest": LOW, "latest": HIGH, "reported_to": HIGH}
    spelled = {
        name: direct.spelled(effects.c[name], "t", sqlite=sqlite)
        for name in (*Act._fields, *Standing._fields)
        if name != "act"
    }
    return ", ".join(f"coalesce({one}, '{ends[name]}')" if name in ends else one for name, one in spelled.items())


@cache
def _listed(table: Table, sqlite: bool) -> str:
    return ", ".join(direct.spelled(column, "t", sqlite=sqlite) for column in table.columns)
