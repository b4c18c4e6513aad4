"""The shape that `archive verify` expects of a database is that which the migrations make."""

import os
from contextlib import suppress

import orjson
from sqlalchemy import Engine, text

from archive.log.findings import Findings
from archive.log.shape import FILE, check_shape, shape_of
from archive.log.transactions import read_connection, write_transaction
from tests.databases import Kind


def test_the_file_says_what_a_fresh_archive_has(engine: Engine, database_kind: Kind) -> None:
    """With REWRITE=1 it is written anew, to be read before it is committed."""
    with read_connection(engine) as connection:
        found = shape_of(connection)
    known = orjson.loads(FILE.read_bytes()) if FILE.exists() else {}
    if os.environ.get("REWRITE") == "1" and known.get(database_kind) != found:
        known[database_kind] = found
        FILE.write_bytes(orjson.dumps(known, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    assert known[database_kind] == found
    kinds = {name.partition(" ")[0] for name in found}
    assert {"trigger", "view", "table", "index"} <= kinds


CHANGED = {
    "sqlite": [
        ("DROP TRIGGER entries_refuse_delete", "the trigger entries_refuse_delete is missing"),
        (
            "CREATE TRIGGER entries_swallow BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",
            "there is a trigger entries_swallow, which is none of an archive's",
        ),
        ("DROP INDEX ix_evidence_position", "the index ix_evidence_position is missing"),
        ("DROP VIEW tenures", "the view tenures is missing"),
    ],
    "postgresql": [
        ("DROP TRIGGER entries_refuse_delete ON entries", "the trigger entries_refuse_delete is missing"),
        ("ALTER TABLE entries DISABLE TRIGGER entries_refuse_delete", "the trigger entries_refuse_delete is another"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "the function refuse_change is another one",
        ),
        (
            "CREATE RULE swallow AS ON INSERT TO entries DO INSTEAD NOTHING",
            "there is a rule swallow, which is none of an archive's",
        ),
        ("ALTER TABLE entries ENABLE ROW LEVEL SECURITY", "the table entries is another one"),
        ("DROP INDEX ix_evidence_position", "the index ix_evidence_position is missing"),
        ("ALTER TABLE head DROP CONSTRAINT ck_head_one_row", "the constraint ck_head_one_row is missing"),
    ],
}


def test_a_guard_that_is_missing_or_does_something_else_is_found(engine: Engine, database_kind: Kind) -> None:
    """Each change by itself, undone before the next."""
    for statement, said in CHANGED[database_kind]:
        findings = tried(engine, statement)
        assert [one.said[: len(said)] for one in findings.found] == [said], statement
        assert findings.counts == {"guard": 1}
    with read_connection(engine) as connection:
        check_shape(connection, untouched := Findings())
    assert untouched.error() is None


def tried(engine: Engine, statement: str) -> Findings:
    """What is found after a statement, which is taken back."""
    findings = Findings()
    with suppress(Undone), write_transaction(engine) as connection:
        connection.execute(text(statement))
        check_shape(connection, findings)
        raise Undone
    return findings


class Undone(Exception):  # noqa: N818  # it is no error: the change is taken back
    """The change is taken back."""
