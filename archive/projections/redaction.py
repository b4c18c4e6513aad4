"""What was redacted, taken out of the read model: the rows that it touched are made anew, those of the past too.

The entries on which these rows depend are folded again, append by append, in tables beside; what comes out takes the
place of the old rows. The rows are those of a fold of the whole log, their ids too. Where an entry bears on the report
time, the identity or the seats of others (a source, a merger, an office), the whole log is folded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, delete, func, select

import events
from archive.log.direct import Values
from archive.log.entries import COLUMNS, Entry, read_entries
from archive.log.tables import appends, entries
from archive.projections.beside import TEMPORARY
from archive.projections.derive import mentions_of, parts
from archive.projections.knowledge import MERGERS, Knowledge
from archive.projections.projector import ID_BITS, project_rows
from archive.projections.standing import amended_by
from archive.projections.store import Store
from archive.projections.tables import FOLDED, effects, evidence, mentions, reports, spans
from events.identity import OfficeRegistered
from events.later import Amended, Later, Merged
from events.sources import SourceRegistered, SourceVersionRegistered

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

OF_ENTRIES = (effects, reports, mentions)

TIMELINE, RECORDED_FROM = (
    [column.name for column in spans.columns].index(name) for name in ("timeline", "recorded_from")
)

FAR = (Merged, OfficeRegistered, SourceRegistered, SourceVersionRegistered)
"""Types that bear on the rows of entries which they do not name."""

KEYS = 2_000
"""Keys in one statement."""


def without(connection: Connection, position: int, destroy: Callable[[], None]) -> None:
    """Call ``destroy``, which empties the entry at ``position``, and make the read model what it is without it.

    The append under way is not in the read model yet. Nothing is done to the index of words.
    """
    store = Store(connection)
    touched = _touched(connection, store, position)
    if touched is None:
        destroy()
        _all_anew(connection)
        return
    timelines = _timelines(connection, touched)
    needed = _needed(connection, store, touched, timelines)
    destroy()
    while True:
        with _beside(connection) as schema:
            _replay(connection, _entries(connection, needed), schema)
            rows = _made(Store(connection, schema), touched, timelines)
        found = {row[0] for row in rows[effects]}
        if found <= timelines:
            _exchange(connection, rows, touched, timelines)
            return
        timelines |= found
        needed |= _needed(connection, store, touched, timelines)


def _touched(connection: Connection, store: Store, position: int) -> set[int] | None:
    """The entry, what it is about and what is about it, and so on; None where it may bear on any other."""
    knowledge = Knowledge(connection, store, [], "")
    touched: set[int] = set()
    waiting = {position}
    while waiting:
        touched |= waiting
        knowledge.load(waiting)
        there = [knowledge.known[one].event for one in waiting if one in knowledge.known]
        if any(isinstance(event, FAR) for event in there):
            return None
        waiting = _about(store, waiting, there) - touched
    return touched


def _about(store: Store, positions: Iterable[int], there: Iterable[events.Event]) -> set[int]:
    """What these entries, of which those that are left are given, are about, and what is about them."""
    found = {int(event.target) for event in there if isinstance(event, Later)}
    return found | {one for *_, one in store.mentioned(("entry", str(position)) for position in sorted(positions))}


def _needed(connection: Connection, store: Store, touched: set[int], timelines: set[str]) -> set[int]:
    """The entries on which the rows of these entries and timelines depend."""
    knowledge = Knowledge(connection, store, [], "")
    needed = touched | {position for *_, position in store.mentioned([MERGERS])}
    for some in _chunks(timelines):
        on_these = select(effects.c.position).where(effects.c.timeline.in_(some)).distinct()
        needed |= set(connection.execute(on_these).scalars())
    offices = {(organisation, item) for organisation, _, item, _ in map(parts, timelines) if item}
    merged: set[str] = set()
    waiting = set(needed)
    while waiting:
        knowledge.load(waiting)
        there = [knowledge.known[one].event for one in sorted(waiting) if one in knowledge.known]
        named = {(kind, name) for event in there for kind, name, _ in _named(event, knowledge)}
        sources = {name for kind, name in named if kind == "source"}
        offices |= {(name.partition("/")[0], name.partition("/")[2]) for kind, name in named if kind == "office"}
        merged |= {name for event in there if isinstance(event, Merged) for name in _organisations(event)}
        registered = {f"source/{source}" for source in sources}
        registered |= {f"office/{one}/{office}" for owner, office in offices for one in {owner, *merged}}
        wanted = [("registration", name) for name in sorted(registered)]
        wanted += [("version", source) for source in sorted(sources)]
        more = _about(store, waiting, there) | {position for *_, position in store.mentioned(wanted)}
        waiting = more - needed
        needed |= more
    return needed


def _named(event: events.Event, knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """What an event names; of an amendment what its target names with it."""
    yield from mentions_of(event)
    if isinstance(event, Amended):
        knowledge.load([event.target])
        if event.target in knowledge.known:
            yield from mentions_of(amended_by(knowledge.known[event.target].event, event))


def _organisations(event: Merged) -> Iterator[str]:
    """The organisations that a merger makes one."""
    yield from (name for name in (event.organisation, event.into_organisation) if name)


def _all_anew(connection: Connection) -> None:
    """Fold the whole log, but for its last append."""
    upto = connection.execute(select(func.max(appends.c.first_position))).scalar_one() - 1
    for table in FOLDED:
        connection.execute(delete(table))
    _replay(connection, read_entries(connection, upto=upto), None)


def _replay(connection: Connection, found: Iterable[Entry], schema: str | None) -> None:
    for _, append in groupby(found, key=lambda entry: entry.append_id):
        some = list(append)
        project_rows(connection, some, some[0].recorded_at, schema)


def _entries(connection: Connection, positions: Iterable[int]) -> Iterator[Entry]:
    for some in _chunks(positions):
        wanted = select(*COLUMNS).where(entries.c.position.in_(some)).order_by(entries.c.position)
        for row in connection.execute(wanted).all():
            yield Entry(*row)


@contextmanager
def _beside(connection: Connection) -> Iterator[str]:
    """Empty tables of the read model in a schema of their own; meanwhile their bare names mean these."""
    schema = TEMPORARY[connection.dialect.name]
    beside = MetaData()
    for table in FOLDED:
        table.to_metadata(beside, schema=schema)
    beside.create_all(connection, checkfirst=False)
    yield schema
    beside.drop_all(connection, checkfirst=False)


def _timelines(connection: Connection, positions: Iterable[int]) -> set[str]:
    """The timelines on which these entries have, or ever had, effects."""
    found: set[str] = set()
    for some in _chunks(positions):
        of_these = select(effects.c.timeline).where(effects.c.position.in_(some)).distinct()
        found |= set(connection.execute(of_these).scalars())
    return found


def _made(beside: Store, touched: set[int], timelines: set[str]) -> dict[Table, list[Values]]:
    """The rows of these entries and timelines that were made beside."""
    rows = {table: beside.select(table, "position", sorted(touched)) for table in OF_ENTRIES}
    rows[spans] = sorted(beside.select(spans, "timeline", sorted(timelines)))
    rows[evidence] = beside.select(evidence, "row", [row[0] for row in rows[spans]])
    return rows


def _exchange(connection: Connection, rows: dict[Table, list[Values]], touched: set[int], timelines: set[str]) -> None:
    """Put rows of these entries and timelines in the place of the old ones."""
    store = Store(connection)
    bases: set[int] = set()
    for table in OF_ENTRIES:
        for some in _chunks(touched):
            connection.execute(delete(table).where(table.c.position.in_(some)))
        store.insert(table, rows[table])
    for name in sorted(timelines):
        of_timeline = (spans.c.organisation == parts(name)[0], spans.c.timeline == name)
        gone = set(connection.execute(select(spans.c.id).where(*of_timeline)).scalars())
        bases |= {id_ >> ID_BITS for id_ in gone}
        _delete(connection, gone)
    made: dict[int, list[Values]] = defaultdict(list)
    for recorded_at, of_append in groupby(rows[spans], key=lambda row: row[RECORDED_FROM]):
        first = select(appends.c.first_position).where(appends.c.recorded_at == recorded_at)
        made[connection.execute(first).scalar_one()] += of_append
    proof: dict[int, list[Values]] = defaultdict(list)
    for row in rows[evidence]:
        proof[row[0]].append(row)
    for base in sorted(bases | made.keys()):
        _number(connection, store, base << ID_BITS, made[base], proof)


def _number(
    connection: Connection, store: Store, base: int, made: Sequence[Values], proof: Mapping[int, Sequence[Values]]
) -> None:
    """Put the rows that an append makes on some timelines among its rows on others, with the ids that a fold gives."""
    of_append = (spans.c.id >= base, spans.c.id < base + (1 << ID_BITS))
    there = connection.execute(select(spans.c.timeline, spans.c.id).where(*of_append)).all()
    # The rows of an append are numbered timeline by timeline.
    ordered = sorted([(row.timeline, row.id, None) for row in there] + [(row[TIMELINE], row[0], row) for row in made])
    moved = {id_: base + number for number, (_, id_, row) in enumerate(ordered) if row is None and id_ != base + number}
    new = [(moved[row[0]], *row[1:]) for row in store.select(spans, "id", sorted(moved))]
    said = [(moved[row[0]], *row[1:]) for row in store.select(evidence, "row", sorted(moved))]
    _delete(connection, moved)
    for number, (_, id_, row) in enumerate(ordered, base):
        if row is not None:
            new.append((number, *row[1:]))
            said += [(number, *one[1:]) for one in proof.get(id_, ())]
    store.insert(spans, new)
    store.insert(evidence, said)


def _delete(connection: Connection, rows: Iterable[int]) -> None:
    """Delete spans and what is evidence for them."""
    for some in _chunks(rows):
        connection.execute(delete(evidence).where(evidence.c.row.in_(some)))
        connection.execute(delete(spans).where(spans.c.id.in_(some)))


def _chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), KEYS):
        yield ordered[start : start + KEYS]
