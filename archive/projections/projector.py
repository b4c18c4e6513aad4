"""From new entries to the read model: what changes, on which timelines, and their rows anew.

Runs inside the transaction that appends. An append is folded in passes over pages of it: whom its entries name; what
they, and the earlier ones that they reach, do to timelines; the rows of the timelines that changed, each folded once,
from the first report time that is reached. Memory is bounded by a page and by the longest timeline; a short append is
one page. The rows are the same, whatever the pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from archive.log.ahead import together
from archive.log.entries import Entry, entries_at, read_entries
from archive.projections import rows
from archive.projections.derive import Aliases, Placed, effects_of, mentions_of, parts, replaced_by
from archive.projections.knowledge import MERGERS, Knowledge, Office, Seats
from archive.projections.memory import Memory
from archive.projections.refold import SHORT, Reached, Refold
from archive.projections.search_index import index
from archive.projections.standing import amended_by
from archive.projections.store import Store
from archive.projections.tables import effects, mentions, reports
from archive.spilling import Heap, Pair, paged
from events.later import Amended, Later

if TYPE_CHECKING:
    from sqlalchemy import Connection

TOGETHER = 20_000
"""Effects of the timelines that are folded before their rows are written; of each up to `SHORT` are counted."""

ID_BITS = 24
"""Rows that one append can make: ids are the append's first position, and a count."""


def project_appends(connection: Connection, *, after: int, upto: int, memory: Memory | None = None) -> Iterator[int]:
    """Fold the appends with ``after < position <= upto``, both ends of appends; the last position of each once it is
    folded."""
    entries = read_entries(connection, after=after, upto=upto)
    for (_, recorded_at), append in groupby(entries, lambda entry: (entry.append_id, entry.recorded_at)):
        projection = Projection(connection, recorded_at, memory)
        for some in paged(append):
            projection.take_in(some)
        with together(connection):
            projection.finish()
        yield projection.last


def project_rows(connection: Connection, entries: Sequence[Entry], recorded_at: str, schema: str | None = None) -> None:
    """The same without the index of words, in the tables of a schema; ``entries`` are the whole append, or those of it
    that the rows wanted depend on."""
    rows_of = _Rows(connection, Store(connection, schema), recorded_at)
    for some in paged(entries):
        rows_of.mention(some)
    rows_of.finish(paged(entries))


class Projection:
    """The read model brought up to one append, which is taken in piece by piece once it is in the log."""

    def __init__(self, connection: Connection, recorded_at: str, memory: Memory | None = None) -> None:
        """Begin with nothing of it; ``memory``: what is known of timelines as they are before it."""
        self._connection = connection
        self._recorded_at = recorded_at
        self._memory = memory
        self._rows = _Rows(connection, Store(connection), recorded_at, memory)
        self._held: Sequence[Entry] = ()
        self._first = 0
        self.last = 0

    def take_in(self, entries: Sequence[Entry]) -> None:
        """Take in the entries that follow; the last of them wait for those behind them, or for the end."""
        for some in paged(entries):
            if self._held:
                with together(self._connection):
                    self._take_in(self._held)
            self._held = some
            self._first = self._first or some[0].position
            self.last = some[-1].position

    def finish(self) -> None:
        """Bring the read model up to the last entry taken in."""
        self._take_in(self._held)
        self._held = ()
        self._rows.finish(self._again())
        if self._memory is not None:
            self._memory.come(self.last, self._recorded_at)

    def _take_in(self, entries: Sequence[Entry]) -> None:
        self._rows.mention(entries)
        index(self._connection, entries)

    def _again(self) -> Iterator[list[Entry]]:
        """The entries taken in, read back from the log."""
        for positions in paged(range(self._first, self.last + 1)):
            yield sorted(entries_at(self._connection, positions), key=lambda entry: entry.position)


class _Rows:
    """The rows of one append."""

    def __init__(self, connection: Connection, store: Store, recorded_at: str, memory: Memory | None = None) -> None:
        self._connection = connection
        self._store = store
        self._recorded_at = recorded_at
        self._memory = memory
        self._first = 0
        self._whole: Knowledge | None = None  # of the whole append, while that is one page
        self._again, self._targets, self._changes = Heap(), Heap(), Heap()

    def mention(self, entries: Sequence[Entry]) -> None:
        """Note whom and what new entries name, and which earlier ones they reach."""
        if not entries:
            return
        knowledge = self._knowledge(entries)
        self._whole = None if self._first else knowledge
        self._first = self._first or entries[0].position
        made = [
            (kind, name, position, field)
            for position, known in knowledge.new.items()
            for kind, name, field in (*mentions_of(known.event), *replaced_by(known.redaction))
        ]
        self._store.insert(mentions, list(dict.fromkeys(made)))
        self._mention_amended(knowledge)
        self._again.put((position, None) for position in knowledge.reached(self._first))
        self._targets.put(
            (int(known.event.target), None) for known in knowledge.new.values() if isinstance(known.event, Later)
        )

    def finish(self, entries: Iterable[Sequence[Entry]]) -> None:
        """Write versions, effects and rows, once all is mentioned; ``entries`` are the same again, page by page."""
        if not self._first:
            return
        whole = self._whole if self._again.is_small else None
        knowledge = whole or self._knowledge()
        pages = self._pages(entries) if whole is None else self._page(whole)
        aliases = knowledge.aliases()
        seats: Seats = {}
        for some, positions in pages:
            seats = self._derive(some, positions, aliases)
        if whole is None and self._memory is not None:
            self._memory.clear()  # of many entries each timeline is met once, and there is better use for the room
        memory = self._memory if whole else None
        refold = Refold(self._store, knowledge, self._recorded_at, self._first << ID_BITS, memory)
        for page in self._changes.pages():
            reached, anew = _changed(page)
            unknown = _offices(reached.keys() | anew) - seats.keys()
            seats |= knowledge.seats(unknown, aliases) if unknown else {}
            for names in self._some(reached.keys() | anew):
                refold.fold({name: reached[name] for name in names & reached.keys()}, seats, names & anew)
            if whole is None:
                seats = {}
                knowledge.forget()
        for page in self._targets.pages():
            refold.stand_beside({target for target, _ in page})
            if whole is None:
                knowledge.forget()

    def _some(self, timelines: set[str]) -> Iterator[set[str]]:
        """Timelines in the order of their names, so many at a time as have about `TOGETHER` effects."""
        if len(timelines) * SHORT <= TOGETHER:
            yield timelines
            return
        lengths = self._store.lengths(sorted(timelines), SHORT)
        counted = accumulate(lengths[name] for name in sorted(timelines))
        for _, some in groupby(zip(sorted(timelines), counted, strict=True), lambda pair: pair[1] // TOGETHER):
            yield {name for name, _ in some}

    def _knowledge(self, entries: Sequence[Entry] = ()) -> Knowledge:
        return Knowledge(self._connection, self._store, entries, self._recorded_at)

    def _mention_amended(self, knowledge: Knowledge) -> None:
        """What an amendment names counts for its target."""
        amended = [known.event for known in knowledge.new.values() if isinstance(known.event, Amended)]
        knowledge.load(event.target for event in amended)
        made = [
            (kind, name, event.target, field)
            for event in amended
            if event.target in knowledge.known
            for kind, name, field in mentions_of(amended_by(knowledge.known[event.target].event, event))
        ]
        self._store.insert(mentions, list(dict.fromkeys(made)), unless_there=True)

    def _page(self, whole: Knowledge) -> list[tuple[Knowledge, list[int]]]:
        """All entries at once: what is known, and the positions that are meant."""
        again = {position for page in self._again.pages() for position, _ in page}
        whole.load(again)
        whole.has_whole_append()
        positions = [*sorted(again & whole.known.keys()), *whole.new]
        whole.look_up(positions, MERGERS)
        return [(whole, positions)]

    def _pages(self, entries: Iterable[Sequence[Entry]]) -> Iterator[tuple[Knowledge, list[int]]]:
        """The same, some at a time: the earlier ones that are reached and are there still, then the new ones."""
        for page in self._again.pages():
            knowledge = self._knowledge()
            knowledge.load(position for position, _ in page)
            yield knowledge, sorted(knowledge.known)
        for some in entries:
            knowledge = self._knowledge(some)
            yield knowledge, list(knowledge.new)

    def _derive(self, knowledge: Knowledge, positions: Sequence[int], aliases: Aliases) -> Seats:
        """Write versions and effects of these entries, and note which timelines change; the seats that it took."""
        standings, seats = knowledge.background(positions, aliases)
        made: list[Placed] = []
        listed: list[rows.Values] = []
        for position in positions:
            known = knowledge.known[position]
            versions = standings.versions(known)
            listed += [rows.report(known, version, self._recorded_at) for version in versions]
            made += [one for version in versions for one in effects_of(version, position, seats, aliases)]
        again = [position for position in positions if position < self._first]
        self._replace(reports_key, again, listed)
        gone, new = self._replace(effects_key, again, [rows.effect(one, self._recorded_at) for one in made])
        self._changes.put((row[0], (True, row)) for row in gone)
        self._changes.put((row[0], (False, row)) for row in new)
        if not self._again.is_empty:
            # Another number of seats folds the same effects to other rows.
            self._changes.put((name, None) for name in knowledge.seated(positions, aliases))
        return seats

    def _replace(
        self, key: rows.Key, again: Sequence[int], new: Sequence[rows.Values]
    ) -> tuple[list[rows.Values], list[rows.Values]]:
        """Close what these earlier entries have and is not among the new rows, insert what they have not; returns which
        are gone, and which made."""
        if not again:
            self._store.insert(key.table, new)
            return [], list(new)
        before = {key.content(row): row for row in self._store.current(key.table, "position", again)}
        after = {key.content(row): row for row in new}
        gone = [row for content, row in before.items() if content not in after]
        made = [row for content, row in after.items() if content not in before]
        self._store.close(key.table, [key.primary(row) for row in gone], self._recorded_at)
        self._store.insert(key.table, made)
        return gone, made


def _changed(page: Iterable[Pair]) -> tuple[dict[str, Reached], set[str]]:
    """What each timeline loses and gains, and the timelines that are to be made anew."""
    reached: dict[str, Reached] = defaultdict(Reached)
    anew: set[str] = set()
    for name, change in page:
        if change is None:
            anew.add(name)
        else:
            removed, row = change
            (reached[name].removed if removed else reached[name].added).append(rows.standing(row))
    return reached, anew


def _offices(timelines: Iterable[str]) -> set[Office]:
    """The offices whose number of seats the fold of these timelines depends on."""
    named = (parts(name) for name in timelines)
    return {(organisation, item) for organisation, model, item, owner in named if model == "tenures" and not owner}


effects_key = rows.Key(effects)
reports_key = rows.Key(reports)
