"""An archive to tamper with, and the ways of one who knows how it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select, text, update

from archive import Archive
from archive.intake.documents import read_document
from archive.log import codec, tables
from archive.log.database import open_engine
from archive.log.merkle import Frontier, leaf_hash
from archive.log.schema import migrate
from archive.log.transactions import WRITER, write_transaction
from events.sources import SourceRegistered
from events.values import Sha256, SourceId
from tests.exchange.archives import ticking
from tests.histories import history
from tests.log.archives import ORIGIN, counted_salts

if TYPE_CHECKING:
    from sqlalchemy import Engine

PAGE = b"Ann Lee leaves Acme.\nBen Ortiz, who was chief of sales, leads it from today.\n"
SEED = 5
MIDDLE = 40
"""A position that is far from both ends."""


def build(url: str) -> None:
    """Make an archive with a history, a kept text, a follower and a signed checkpoint; leave no connection open."""
    engine = open_engine(url, create=True)
    migrate(engine, origin=ORIGIN)
    engine.dispose()
    source = SourceRegistered(source=SourceId("news"), title="News", sha256=Sha256(sha256(PAGE).hexdigest()))
    with Archive.open(url, clock=ticking(), salts=counted_salts()) as opened, TemporaryDirectory() as folder:
        for events in history(SEED, organisations=2, reports=40):
            opened.append(events, who="ann", program="tests")
        opened.append([source], who="ann", program="tests", documents=[read_document(PAGE, "news.txt")])
        with write_transaction(opened.engine) as connection:
            connection.execute(tables.tracking.insert().values(application_name="follower", notification_id=3))
        opened.new_key(Path(folder, "key"))
        opened.checkpoint(Path(folder, "key"))


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """A transaction in which the guards are out of the way; they are back when it ends."""
    _keys(engine, "OFF")
    with write_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in guards:
                connection.execute(text(f"DROP TRIGGER {name}"))
            yield connection
            for _, made in guards:
                connection.exec_driver_sql(made)
        else:
            for table in ("entries", "appends"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            yield connection
            for table in ("entries", "appends"):
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
    _keys(engine, "ON")


def _keys(engine: Engine, state: str) -> None:
    """Have SQLite look at foreign keys, or not; PostgreSQL's are triggers."""
    if engine.dialect.name == "sqlite":
        raw = engine.get_execution_options()[WRITER].raw_connection()
        raw.cursor().execute(f"PRAGMA foreign_keys = {state}")
        raw.close()


def sql(*statements: str) -> Callable[[Engine], None]:
    """Run statements behind the guards."""

    def tamper(engine: Engine) -> None:
        with unguarded(engine) as connection:
            for statement in statements:
                assert connection.execute(text(statement)).rowcount != 0, statement

    return tamper


def set_entry(position: int, *, seals: Sequence[str] = (), **values: Any) -> Callable[[Engine], None]:
    """Change columns of an entry; with ``digest`` and ``leaf`` among ``seals`` these are made to fit."""

    def tamper(engine: Engine) -> None:
        with unguarded(engine) as connection:
            change(connection, position, seals, values)

    return tamper


def change(connection: Connection, position: int, seals: Sequence[str], values: dict[str, Any]) -> None:
    """The same in an open transaction."""
    entries = tables.entries
    connection.execute(update(entries).where(entries.c.position == position).values(**values))
    at = values.get("position", position)
    row = connection.execute(select(entries).where(entries.c.position == at)).one()
    if "digest" in seals:
        digest = codec.digest(row.salt, row.payload)
        connection.execute(update(entries).where(entries.c.position == at).values(digest=digest))
    if "leaf" in seals:
        connection.execute(update(entries).where(entries.c.position == at).values(leaf=leaf_of(connection, at)))


def leaf_of(connection: Connection, position: int) -> bytes:
    """The hash of the leaf that an entry has as it stands now."""
    row = connection.execute(
        select(tables.entries, tables.appends.c.digest.label("header_digest"))
        .join(tables.appends, tables.appends.c.id == tables.entries.c.append_id)
        .where(tables.entries.c.position == position)
    ).one()
    return leaf_hash(
        codec.leaf_data(
            append=row.header_digest,
            payload=row.digest,
            position=position,
            recorded_at=row.recorded_at,
            stream=row.stream,
            name=row.type,
            type_version=row.type_version,
            version=row.version,
        )
    )


def refit(connection: Connection) -> None:
    """Make tree and head fit the entries as they are now."""
    leaves = connection.execute(select(tables.entries.c.leaf).order_by(tables.entries.c.position)).scalars().all()
    frontier = Frontier()
    full = frontier.extend(leaves)
    connection.execute(delete(tables.nodes))
    if full:
        names = ("level", "number", "hash")
        connection.execute(tables.nodes.insert(), [dict(zip(names, node, strict=True)) for node in full])
    last = connection.execute(select(tables.appends.c.recorded_at).order_by(tables.appends.c.id.desc()).limit(1))
    values = {"frontier": bytes(frontier), "root": frontier.root(), "recorded_at": last.scalar_one()}
    connection.execute(update(tables.head).values(size=len(leaves), **values))
    connection.execute(update(tables.tracking).values(notification_id=len(leaves)))


def in_full(tamper: Callable[[Connection], None]) -> Callable[[Engine], None]:
    """Tamper, and rewrite all that the archive has of it: tree, head, signed checkpoint, read model, index."""

    def whole(engine: Engine) -> None:
        with unguarded(engine) as connection:
            tamper(connection)
            refit(connection)
            connection.execute(delete(tables.signed))
        Archive(engine).rebuild()

    return whole


def cut(connection: Connection, size: int) -> None:
    """Delete every entry past a size, and the appends that have none left."""
    connection.execute(delete(tables.entries).where(tables.entries.c.position > size))
    connection.execute(delete(tables.appends).where(tables.appends.c.first_position > size))


def append_end(connection: Connection) -> int:
    """The position at which the last append but two ends."""
    first = select(tables.appends.c.first_position).order_by(tables.appends.c.id.desc()).offset(2).limit(1)
    return int(connection.execute(first).scalar_one()) - 1
