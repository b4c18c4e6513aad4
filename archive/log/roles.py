"""Least privilege on PostgreSQL: who reads, who appends, who redacts, table by table.

Three roles that nobody logs in as; give them to the users who do: ``GRANT desk_writer TO ann``. The owner of the
schema, who runs the migrations, is a fourth, and nobody's every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, text

from archive.errors import UsageError
from archive.log.transactions import write_transaction

ROLES = ("reader", "writer", "redactor")

PREFIX = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,49}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What the roles may do with one table, apart from reading it.

    hidden: columns that the reader does not see, the writer does
    insert: whether the writer inserts; update: the columns that he updates
    redact: the columns that the redactor updates besides; delete: whether he deletes rows
    take: whether the writer deletes rows, and the redactor too
    """

    hidden: tuple[str, ...] = ()
    insert: bool = False
    update: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    delete: bool = False
    take: bool = False


CLOSED = Grants(insert=True, update=("recorded_to",), delete=True)
"""Rows on three clocks: only the record clock of one is ever closed; redaction makes timelines anew."""

TABLES = {
    "alembic_version": Grants(),
    "archive": Grants(hidden=("dedupe_key",)),
    "head": Grants(update=("size", "frontier", "root", "recorded_at")),
    "appends": Grants(hidden=("salt",), insert=True, redact=("header", "salt")),
    "entries": Grants(
        hidden=("salt", "dedupe_id", "dedupe_content"),
        insert=True,
        redact=("payload", "salt", "dedupe_id", "dedupe_content"),
    ),
    "nodes": Grants(insert=True),
    "signed": Grants(insert=True, update=("size", "note")),
    "tracking": Grants(insert=True, update=("notification_id",)),
    "leases": Grants(update=("holder", "beat")),
    "documents": Grants(insert=True, delete=True),
    "effects": CLOSED,
    "spans": CLOSED,
    "reports_history": CLOSED,
    "evidence": Grants(insert=True, delete=True),
    "mentions": Grants(insert=True, delete=True),
    "waiting": Grants(insert=True, take=True),
    "words_head": Grants(update=("size",)),
    "entry_words": Grants(insert=True, delete=True),
    "text_words": Grants(insert=True, delete=True),
    "word_texts": Grants(insert=True, delete=True),
}
"""Every table of an archive; one that is not here is nobody's but its owner's."""


def grant_roles(engine: Engine, prefix: str) -> tuple[str, ...]:
    """Make the roles ``PREFIX_reader``, ``_writer`` and ``_redactor`` where they are not, and give them exactly this.

    Returns their names. Whoever asks owns the schema, and may make roles if one is missing.
    """
    if engine.dialect.name != "postgresql":
        raise UsageError("a SQLite file has no roles", hint="the permissions of the file say who reads and writes it")
    if not PREFIX.fullmatch(prefix):
        raise UsageError(
            f"--roles: {prefix[:80]!r} begins no name of a role",
            hint="say at most 50 small letters, digits and _, not beginning with a digit or pg_",
        )
    names = tuple(f"{prefix}_{role}" for role in ROLES)
    with write_transaction(engine) as connection:
        for statement in (*_made(connection, names), *_granted(connection, *names)):
            connection.execute(text(statement))
    return names


def _made(connection: Connection, names: tuple[str, ...]) -> Iterator[str]:
    there = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    yield from (f"CREATE ROLE {name} NOLOGIN" for name in names if name not in there)


def _granted(connection: Connection, reader: str, writer: str, redactor: str) -> Iterator[str]:
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    found = inspect(connection)
    everyone = f"{reader}, {writer}, {redactor}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {everyone}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {everyone}"
    for view in found.get_view_names():
        yield f"GRANT SELECT ON {view} TO {everyone}"
    for table in sorted(TABLES.keys() & set(found.get_table_names())):
        grants = TABLES[table]
        seen = ", ".join(column["name"] for column in found.get_columns(table) if column["name"] not in grants.hidden)
        yield f"GRANT SELECT {f'({seen}) ' if grants.hidden else ''}ON {table} TO {reader}"
        yield f"GRANT SELECT{', INSERT' if grants.insert else ''} ON {table} TO {writer}, {redactor}"
        if grants.update:
            yield f"GRANT UPDATE ({', '.join(grants.update)}) ON {table} TO {writer}, {redactor}"
        if grants.redact:
            yield f"GRANT UPDATE ({', '.join(grants.redact)}) ON {table} TO {redactor}"
        if grants.take:
            yield f"GRANT DELETE ON {table} TO {writer}, {redactor}"
        if grants.delete:
            yield f"GRANT DELETE ON {table} TO {redactor}"
