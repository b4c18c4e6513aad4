"""The log as it is stored, read out whole and put back whole into an empty archive.

The one case in which record times, salts and digests are carried over and not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, func, select, update

from archive.errors import DamagedLog, NotEmpty
from archive.log import codec, nodes
from archive.log.appending import INSERTED, Row, insert_entries
from archive.log.dedupe import Keying
from archive.log.entries import Entry
from archive.log.merkle import Frontier, leaf_hash
from archive.log.seals import archive_seal
from archive.log.tables import appends, archive, entries, head

PAGE = 1_000
"""Entries read by one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAppend:
    """One append; header and salt are None once it is redacted, the digest of both stays."""

    id: int
    first_position: int
    recorded_at: str
    header: bytes | None
    salt: bytes | None
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry; payload and salt are None once it is redacted. ``leaf`` is the hash of its leaf."""

    position: int
    stream: str
    version: int
    type: str
    type_version: int
    payload: bytes | None
    salt: bytes | None
    digest: bytes
    leaf: bytes


def stored(connection: Connection) -> Iterator[tuple[StoredAppend, list[StoredEntry]]]:
    """Every append with its entries, in order; a long append comes in several parts of at most ``PAGE`` entries."""
    columns = [entries.c[field.name] for field in fields(StoredEntry)]
    current: StoredAppend | None = None
    after = 0
    while True:
        wanted = select(*columns, entries.c.append_id).where(entries.c.position > after)
        page = connection.execute(wanted.order_by(entries.c.position).limit(PAGE)).mappings().all()
        part: list[StoredEntry] = []
        for row in page:
            values = dict(row)
            append_id = values.pop("append_id")
            if current is None or append_id != current.id:
                if current is not None and part:
                    yield current, part
                current, part = _append(connection, append_id), []
            part.append(StoredEntry(**values))
        if current is not None and part:
            yield current, part
        if len(page) < PAGE:
            return
        after = page[-1]["position"]


def stored_entry(connection: Connection, position: int) -> StoredEntry | None:
    """One entry; None where the log has none."""
    columns = [entries.c[field.name] for field in fields(StoredEntry)]
    row = connection.execute(select(*columns).where(entries.c.position == position)).mappings().first()
    return None if row is None else StoredEntry(**row)


def _append(connection: Connection, append_id: int) -> StoredAppend:
    row = connection.execute(select(appends).where(appends.c.id == append_id)).mappings().first()
    if row is None:
        raise DamagedLog(f"append {append_id} is missing", hint="restore the archive from a copy")
    return StoredAppend(**row)


class Copying:
    """A log put into an empty archive, in one open transaction: nothing of it is there until that commits.

    Raises DamagedLog, naming the position, for whatever does not hash to what it should.
    """

    def __init__(self, connection: Connection, origin: str) -> None:
        """Lock the head and take over the origin. Raises NotEmpty if anything was appended here."""
        here = connection.execute(select(head).with_for_update()).one()
        if here.size:
            raise NotEmpty(here.size)
        made = connection.execute(select(archive.c.dedupe_key, archive.c.created_at)).one()
        digest = archive_seal(origin, made.dedupe_key, made.created_at)
        connection.execute(update(archive).values(origin=origin, digest=digest))
        self.connection = connection
        self._keying = Keying(made.dedupe_key)
        self._frontier = Frontier()
        self._append: StoredAppend | None = None

    @property
    def size(self) -> int:
        """How many entries there are so far."""
        return self._frontier.size

    def begin(self, append: StoredAppend) -> None:
        """Put the header of the next append."""
        self._end()
        if append.id != (1 if self._append is None else self._append.id + 1):
            raise DamagedLog(f"append {append.id} does not follow the one before it")
        if append.first_position != self.size + 1:
            raise DamagedLog(f"append {append.id} does not begin at position {self.size + 1}")
        if self._append is not None and append.recorded_at <= self._append.recorded_at:
            raise DamagedLog(f"append {append.id} was not recorded after the one before it")
        _check(f"the header of append {append.id}", append.header, append.salt, append.digest)
        self.connection.execute(
            appends.insert().values({field.name: getattr(append, field.name) for field in fields(StoredAppend)})
        )
        self._append = append

    def put(self, found: Sequence[StoredEntry]) -> list[Entry]:
        """Put the next entries of the append begun, and return them as they are read."""
        append = self._append
        if append is None:
            raise DamagedLog("an entry stands before the first append")
        rows: list[Row] = []
        answers: list[Entry] = []
        for position, one in enumerate(found, self.size + 1):
            if one.position != position:
                raise DamagedLog(f"entry {one.position} stands where {position} should")
            _check(f"entry {position}", one.payload, one.salt, one.digest)
            if leaf_hash(_leaf(append, one)) != one.leaf:
                raise DamagedLog(f"entry {position} is not what was appended: its leaf is another one")
            answers.append(
                Entry(
                    position=position,
                    stream=one.stream,
                    version=one.version,
                    type=one.type,
                    type_version=one.type_version,
                    payload=one.payload,
                    recorded_at=append.recorded_at,
                    append_id=append.id,
                )
            )
            event = answers[-1].event
            if event is not None and event.stream != one.stream:
                raise DamagedLog(f"entry {position} stands in the stream {one.stream} and belongs to {event.stream}")
            keys = (None, None) if event is None else self._keying.of(event)
            row = {field.name: getattr(one, field.name) for field in fields(StoredEntry)}
            row |= {"append_id": append.id, "recorded_at": append.recorded_at}
            row |= {"dedupe_id": keys[0], "dedupe_content": keys[1]}
            rows.append(tuple(row[name] for name in INSERTED))
        insert_entries(self.connection, rows)
        nodes.store(self.connection, self._frontier.extend(one.leaf for one in found))
        return answers

    def finish(self, size: int, root: str) -> None:
        """Set the head, if the log is the one that was promised. Raises DamagedLog if not."""
        self._end()
        if self.size != size:
            raise DamagedLog(f"there are {self.size} entries, and there should be {size}")
        if self._frontier.root().hex() != root:
            raise DamagedLog(f"the root of the log is {self._frontier.root().hex()}, and it should be {root}")
        counted = (
            select(entries.c.stream).group_by(entries.c.stream).having(func.max(entries.c.version) != func.count())
        )
        if (gap := self.connection.execute(counted.limit(1)).scalar_one_or_none()) is not None:
            raise DamagedLog(f"the versions of the stream {gap} have a gap")
        if self._append is not None:
            last = self._append.recorded_at
            values = {"size": size, "frontier": bytes(self._frontier), "root": self._frontier.root()}
            self.connection.execute(update(head).values(**values, recorded_at=last))

    def _end(self) -> None:
        if self._append is not None and self._append.first_position > self.size:
            raise DamagedLog(f"append {self._append.id} has no entries")


def _check(what: str, data: bytes | None, salt: bytes | None, digest: bytes) -> None:
    """Salt and data hash to the digest, or both are gone."""
    if data is None and salt is None:
        return
    if data is None or salt is None or codec.digest(salt, data) != digest:
        raise DamagedLog(f"{what} is not what was appended: its digest is another one")


def _leaf(append: StoredAppend, entry: StoredEntry) -> bytes:
    return codec.leaf_data(
        append=append.digest,
        payload=entry.digest,
        position=entry.position,
        recorded_at=append.recorded_at,
        stream=entry.stream,
        name=entry.type,
        type_version=entry.type_version,
        version=entry.version,
    )
