"""What can be done to an archive, each with what a check must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select, text, update

from archive.log import codec, tables
from archive.log.dedupe import Keying
from archive.log.seals import archive_seal, document_seal
from archive.log.writing import secret_of
from tests.verifying.archives import (
    MIDDLE,
    append_end,
    change,
    cut,
    in_full,
    refit,
    set_entry,
    sql,
    unguarded,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

Tamper = Callable[["Engine"], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to tamper, and what is found: a kind, a position if it is of an entry, words of the sentence.

    kept: it is found with a checkpoint kept elsewhere alone, and nothing at all without one
    """

    name: str
    tamper: Tamper
    kind: str
    position: int | None = None
    said: str = ""
    kept: bool = False


FORGED = b'{"organisation":"o0","summary":"forged"}'


def _swap(one: int, other: int) -> Callable[[Connection], None]:
    """Have two entries change places, as they are stored."""

    def swap(connection: Connection) -> None:
        position = tables.entries.c.position
        for was, now in ((one, -1), (other, one), (-1, other)):
            connection.execute(update(tables.entries).where(position == was).values(position=now))

    return swap


def _behind(tamper: Callable[[Connection], None]) -> Tamper:
    def whole(engine: Engine) -> None:
        with unguarded(engine) as connection:
            tamper(connection)

    return whole


def _renumbered(connection: Connection) -> None:
    """Delete an entry, and have those after it move up."""
    position = tables.entries.c.position
    connection.execute(delete(tables.entries).where(position == MIDDLE))
    last = connection.execute(select(func.max(position))).scalar_one()
    for at in range(MIDDLE + 1, last + 1):
        connection.execute(update(tables.entries).where(position == at).values(position=at - 1))
    refit(connection)


def _payload(connection: Connection) -> None:
    """Rewrite what an entry says, with all that is made of it."""
    payload = connection.execute(select(tables.entries.c.payload).where(tables.entries.c.position == 3)).scalar_one()
    altered = payload.replace(b'"title":"', b'"title":"Vice ').replace(b'"name":"', b'"name":"Not ')
    assert altered != payload
    change(connection, 3, ("digest", "leaf"), {"payload": altered, "dedupe_content": None, "dedupe_id": None})


def _keyed(tamper: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """Tamper, and make the dedupe keys of the entry fit too."""

    def keyed(connection: Connection) -> None:
        tamper(connection)
        row = connection.execute(select(tables.entries).where(tables.entries.c.position == 3)).one()
        keys = Keying(secret_of(connection)).of(codec.decode(row.type, row.type_version, row.payload))
        values = {"dedupe_id": keys[0], "dedupe_content": keys[1]}
        connection.execute(update(tables.entries).where(tables.entries.c.position == 3).values(**values))

    return keyed


def _cut_and_refit(connection: Connection) -> None:
    cut(connection, append_end(connection))
    refit(connection)


def _stale(engine: Engine) -> None:
    """Put the read model back to what it was some appends ago."""
    with unguarded(engine) as connection:
        past = append_end(connection)
        for table in ("effects", "reports_history", "mentions", "evidence"):
            connection.execute(text(f"DELETE FROM {table} WHERE position > {past}"))
        connection.execute(text(f"DELETE FROM spans WHERE id >= {past + 1 << 24}"))


def _text(seal: bool) -> Tamper:
    def altered(connection: Connection) -> None:
        row = connection.execute(select(tables.documents)).one()
        changed = row.text.replace("leaves", "leads")
        digest = document_seal(row.sha256, row.media_type, row.made_by, changed, row.kept_at)
        values = {"text": changed} | ({"digest": digest} if seal else {})
        connection.execute(update(tables.documents).values(**values))

    return _behind(altered)


def _origin(connection: Connection) -> None:
    row = connection.execute(select(tables.archive)).one()
    digest = archive_seal("other.example/log", row.dedupe_key, row.created_at)
    connection.execute(update(tables.archive).values(origin="other.example/log", digest=digest))


def _words(statement: dict[str, str]) -> Tamper:
    def altered(engine: Engine) -> None:
        with unguarded(engine) as connection:
            connection.exec_driver_sql(statement[engine.dialect.name])

    return altered


def _no_index(engine: Engine) -> None:
    """Lose the words of the last entry, as an append without them would have."""
    with unguarded(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO entry_words (entry_words) VALUES ('delete-all')")
        else:
            connection.exec_driver_sql("DELETE FROM entry_words WHERE id = (SELECT min(id) FROM entry_words)")


BLOB = "(SELECT digest FROM appends WHERE id = 1)"
M = MIDDLE
AT = f"WHERE position = {M}"

LOG = [
    Fault("content", set_entry(M, payload=FORGED), "edited", M, "the content of entry"),
    Fault("content and digest", set_entry(M, seals=["digest"], payload=FORGED), "edited", M, "its leaf is another"),
    Fault("content, digest and leaf", _behind(_payload), "keys", 3),
    Fault("content, digest, leaf and keys", _behind(_keyed(_payload)), "tree", 1, "over entries 1 to 16 is another"),
    Fault("salt", sql(f"UPDATE entries SET salt = digest {AT}"), "edited", M, "the content of entry"),
    Fault("digest", sql(f"UPDATE entries SET digest = leaf {AT}"), "edited", M, "the content of entry"),
    Fault("leaf", sql(f"UPDATE entries SET leaf = digest {AT}"), "edited", M, "its leaf is another"),
    Fault("type", sql(f"UPDATE entries SET type = 'Noted' {AT}"), "edited", M),
    Fault("type that nobody knows", sql(f"UPDATE entries SET type = 'Forged' {AT}"), "edited", M, "cannot be read"),
    Fault("type version", sql(f"UPDATE entries SET type_version = 2 {AT}"), "edited", M),
    Fault("version", sql(f"UPDATE entries SET version = 900 {AT}"), "edited", M, "its leaf is another"),
    Fault("record time", sql(f"UPDATE entries SET recorded_at = (SELECT created_at FROM archive) {AT}"), "edited", M),
    Fault("append of an entry", sql(f"UPDATE entries SET append_id = 1 {AT}"), "edited", M),
    Fault(
        "stream", sql(f"UPDATE entries SET stream = 'registry', version = 900 {AT}"), "moved", M, "stands in the str"
    ),
    Fault(
        "stream and leaf",
        set_entry(M, seals=["leaf"], stream="registry", version=900),
        "moved",
        M,
        "stands in the stream registry and belongs to",
    ),
    Fault("deleted", sql(f"DELETE FROM entries {AT}"), "deleted", M, f"entry {M} is missing"),
    Fault("first deleted", sql("DELETE FROM entries WHERE position = 1"), "deleted", 1),
    Fault("several deleted", sql(f"DELETE FROM entries WHERE position BETWEEN {M} AND 44"), "deleted", M, f"{M} to 44"),
    Fault("all deleted", sql("DELETE FROM entries"), "cut off", 1, "entries 1 to 74 are missing at the end"),
    Fault("deleted and renumbered", _behind(_renumbered), "reordered", M, f"what was appended as entry {M + 1}"),
    Fault("tail deleted", sql("DELETE FROM entries WHERE position > 70"), "cut off", 71, "entries 71 to 74"),
    Fault("tail deleted, head rewritten", _behind(_cut_and_refit), "rolled back", None, "signed last"),
    Fault("head put back", sql("UPDATE head SET size = 60"), "head", 74, "says that the log has 60"),
    Fault("swapped", _behind(_swap(M, 33)), "reordered", M, "what was appended as entry 33"),
    Fault("emptied", sql(f"UPDATE entries SET payload = NULL, salt = NULL {AT}"), "emptied", M, "no redaction says so"),
    Fault("salt alone gone", sql(f"UPDATE entries SET salt = NULL {AT}"), "edited", M),
    Fault("keys", sql(f"UPDATE entries SET dedupe_content = 7 {AT}"), "keys", M, "the same report is known again"),
    Fault("keys emptied", sql(f"UPDATE entries SET dedupe_content = NULL {AT}"), "keys", M),
    Fault(
        "who appended", sql(f"UPDATE appends SET header = {BLOB} WHERE id = 3"), "append", None, "append 3 does not say"
    ),
    Fault("who appended, emptied", sql("UPDATE appends SET header = NULL WHERE id = 3"), "append", None, "append 3"),
    Fault("digest of an append", sql(f"UPDATE appends SET digest = {BLOB} WHERE id = 3"), "append", None, "append 3"),
    Fault(
        "time of an append",
        sql("UPDATE appends SET recorded_at = (SELECT recorded_at FROM appends WHERE id = 1) WHERE id = 3"),
        "append",
        None,
        "append 3 was not recorded after",
    ),
    Fault(
        "begin of an append", sql("UPDATE appends SET first_position = 990 WHERE id = 3"), "append", None, "begins at"
    ),
    Fault("append gone", sql("DELETE FROM appends WHERE id = 3"), "append", None, "append 3, of entry 30, is missing"),
    Fault(
        "append without entries",
        sql(
            "INSERT INTO appends (id, first_position, recorded_at, digest)"
            " SELECT 500, 500, recorded_at, digest FROM appends WHERE id = 3"
        ),
        "append",
        None,
        "up to 500",
    ),
    Fault("root", sql(f"UPDATE head SET root = {BLOB}"), "head", None, "names another root"),
    Fault("frontier", sql(f"UPDATE head SET frontier = {BLOB}"), "head", None, "the frontier"),
    Fault("time of the head", sql("UPDATE head SET recorded_at = NULL"), "head", None, "another record time"),
    Fault("node", sql(f"UPDATE nodes SET hash = {BLOB} WHERE number = 1"), "tree", 17, "is another one than they give"),
    Fault("node gone", sql("DELETE FROM nodes WHERE number = 1"), "tree", 17, "is missing"),
    Fault(
        "node too many",
        sql(f"INSERT INTO nodes (level, number, hash) VALUES (4, 9, {BLOB})"),
        "cut off",
        75,
        "hashes of entries up to 160",
    ),
    Fault("node of no level", sql(f"INSERT INTO nodes (level, number, hash) VALUES (5, 0, {BLOB})"), "tree", None),
    Fault("origin", _behind(_origin), "forked", None, "this archive is called other.example/log"),
    Fault("key", sql(f"UPDATE archive SET dedupe_key = {BLOB}"), "settings", None, "its key"),
    Fault("time of the archive", sql("UPDATE archive SET created_at = (SELECT recorded_at FROM head)"), "settings"),
    Fault("follower", sql("UPDATE tracking SET notification_id = 75"), "settings", None, "is at 75"),
    Fault("signed checkpoint", sql("UPDATE signed SET note = 'no note'"), "settings", None, "is damaged"),
    Fault("size of the signed checkpoint", sql("UPDATE signed SET size = 3"), "settings", None, "stands as 3"),
    Fault("kept text", _text(seal=False), "text", None, "is not as it was kept"),
    Fault("kept text and its seal", _text(seal=True), "text", None, "not that of a document with this digest"),
]
"""Of the log and what stands beside it; no read model is needed to find them."""

WHOLE = [
    Fault("rewritten in full", in_full(_keyed(_payload)), "forked", None, "it was rewritten", kept=True),
    Fault(
        "tail cut off in full",
        in_full(lambda connection: cut(connection, append_end(connection))),
        "rolled back",
        None,
        "rolled back to an older file, or its tail was cut off",
        kept=True,
    ),
]
"""Made to fit in full: what is kept elsewhere alone shows it."""

READ_MODEL = [
    Fault("stale", _stale, "read model", None, "the read model is stale: it reaches to entry"),
    Fault("span", sql("UPDATE spans SET holder = 'somebody' WHERE id = (SELECT max(id) FROM spans)"), "read model"),
    Fault(
        "span deleted", sql("DELETE FROM spans WHERE id = (SELECT max(id) FROM spans)"), "read model", None, "1 too few"
    ),
    Fault("span closed", sql("UPDATE spans SET recorded_to = recorded_from WHERE recorded_to IS NULL"), "read model"),
    Fault("effect", sql(f"DELETE FROM effects WHERE position = {M}"), "read model", M, "effects is not what"),
    Fault("evidence", sql(f"UPDATE evidence SET role = 'forged' {AT}"), "read model", None, "evidence is not what"),
    Fault("mention", sql(f"DELETE FROM mentions WHERE position = {M}"), "read model", M, "mentions is not what"),
    Fault(
        "waiting",
        sql(f"INSERT INTO waiting (kind, id, position, field) VALUES ('registration', 'person/nobody', {M}, 'id')"),
        "read model",
        M,
        "waiting is not what the log gives: 1 too many, 0 too few; too many: kind registration, id person/nobody",
    ),
    Fault("report", sql(f"UPDATE reports_history SET summary = 'x' {AT}"), "read model", M, "reports_history is not"),
    Fault("reach of the index", sql("UPDATE words_head SET size = 73"), "search index", None, "words_head is not"),
    Fault("words of an entry", _no_index, "search index", None, "entry_words is not what the log gives"),
    Fault(
        "words of a text",
        _words(
            {
                "sqlite": "INSERT INTO text_words (rowid, lexemes) VALUES (7, 'forged')",
                "postgresql": "INSERT INTO text_words (id, lexemes) VALUES (7, 'forged:1')",
            }
        ),
        "search index",
        None,
        "text_words is not what the log gives",
    ),
    Fault("text in the index", sql("UPDATE word_texts SET sha256 = 'none'"), "search index", None, "word_texts"),
]
"""Of what is made from the log, and is not what the log gives."""
