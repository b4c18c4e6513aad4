"""What a database must have for an archive: tables, columns, indexes, views, and the triggers that guard the log.

``shape.json`` beside this file says it for both databases; a test makes it from the migrations and compares. Triggers
and what they run stand there word by word, so a guard that was made to do something else is found too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from archive.log.findings import Findings

if TYPE_CHECKING:
    from sqlalchemy import Connection

FILE = Path(__file__).with_name("shape.json")

Shape = dict[str, str]
"""What there is, by kind and name: ``trigger entries_refuse_update``; and how it is made, in words of the database."""

OF_INDEXES = ("entry_words_", "text_words_")
"""Tables and indexes in which FTS5 keeps an index; what they hold is compared word by word elsewhere."""

SQLITE_COLUMNS = """
SELECT m.name, group_concat(x.part, ', ') FROM sqlite_master AS m, (
  SELECT m2.name AS of, c.name || ' ' || c.type || CASE WHEN c."notnull" THEN ' not null' ELSE '' END
    || CASE WHEN c.pk THEN ' key ' || c.pk ELSE '' END
    || CASE WHEN c.dflt_value IS NULL THEN '' ELSE ' default' END AS part
  FROM sqlite_master AS m2, pragma_table_xinfo(m2.name) AS c WHERE m2.type = 'table' ORDER BY m2.name, c.cid
) AS x ON x.of = m.name WHERE m.type = 'table' GROUP BY m.name
"""
SQLITE_INDEXES = """
SELECT m.name, m.tbl_name || ': ' || group_concat(c.name, ', ') || CASE WHEN l."unique" THEN ' unique' ELSE '' END
  || CASE WHEN l.partial THEN substr(m.sql, instr(m.sql, ' WHERE ')) ELSE '' END
FROM sqlite_master AS m, pragma_index_list(m.tbl_name) AS l ON l.name = m.name, pragma_index_info(m.name) AS c
WHERE m.type = 'index' GROUP BY m.name
"""
SQLITE_KEYS = """
SELECT m.name || ' ' || f."from", f."table" || '.' || f."to"
FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'
"""
SQLITE = {
    "trigger": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "view": "SELECT name, sql FROM sqlite_master WHERE type = 'view'",
    "table": SQLITE_COLUMNS,
    "index": SQLITE_INDEXES,
    "foreign key": SQLITE_KEYS,
}
HERE = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
POSTGRESQL = {
    "trigger": f"""
        SELECT t.tgname, c.relname || ': ' || pg_get_triggerdef(t.oid, true) || '; enabled ' || t.tgenabled::text
        FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = {HERE}""",  # noqa: S608  # ours
    "function": f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {HERE}",  # noqa: S608  # ours
    "rule": f"""
        SELECT r.rulename, c.relname || ': ' || pg_get_ruledef(r.oid) FROM pg_rewrite AS r
        JOIN pg_class AS c ON c.oid = r.ev_class WHERE c.relkind IN ('r', 'p') AND c.relnamespace = {HERE}""",  # noqa: S608  # ours
    "view": f"""
        SELECT c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relkind = 'v' AND c.relnamespace = {HERE} GROUP BY c.relname""",  # noqa: S608  # ours
    "table": f"""
        SELECT c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
          || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, ', ' ORDER BY a.attnum)
          || CASE WHEN c.relrowsecurity THEN '; row security' ELSE '' END
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = {HERE} GROUP BY c.relname, c.relrowsecurity""",  # noqa: S608  # ours
    "index": f"""
        SELECT c.relname, regexp_replace(pg_get_indexdef(c.oid), ' ON (ONLY )?[^ ]+ USING', ' USING')
          || CASE WHEN i.indisvalid THEN '' ELSE '; invalid' END
        FROM pg_class AS c JOIN pg_index AS i ON i.indexrelid = c.oid WHERE c.relnamespace = {HERE}
          AND c.relkind = 'i'""",  # noqa: S608  # ours
    "constraint": f"""
        SELECT conname, regexp_replace(pg_get_constraintdef(oid), 'REFERENCES [^ (]*\\.', 'REFERENCES ')
        FROM pg_constraint WHERE contype IN ('c', 'f', 'p', 'u') AND connamespace = {HERE}""",  # noqa: S608  # ours
}
CATALOGUES = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
REFUSED = frozenset({"trigger", "rule"})
"""Of these there must be no others: they would do something behind every write."""


def shape_of(connection: Connection) -> Shape:
    """What the database of an archive has."""
    return {
        f"{kind} {name}": " ".join(str(made).split())
        for kind, statement in CATALOGUES[connection.dialect.name].items()
        for name, made in connection.exec_driver_sql(statement.replace("%", "%%"))
        if not str(name).startswith(("sqlite_", *(OF_INDEXES if connection.dialect.name == "sqlite" else ())))
    }


def check_shape(connection: Connection, findings: Findings) -> None:
    """Find what is missing, is another one, or stands behind writes and should not."""
    with findings.reading("the definitions of the database"):
        due: Shape = orjson.loads(FILE.read_bytes())[connection.dialect.name]
        found = shape_of(connection)
        for name, made in due.items():
            if name not in found:
                findings.add("guard", f"the {name} is missing")
            elif found[name] != made:
                findings.add("guard", f"the {name} is another one: {found[name][:200]}")
        for name in sorted(found.keys() - due.keys()):
            if name.partition(" ")[0] in REFUSED:
                findings.add("guard", f"there is a {name}, which is none of an archive's: {found[name][:200]}")


def check_file(connection: Connection, findings: Findings) -> None:
    """Have SQLite look through its own file: pages, indexes, constraints."""
    if connection.dialect.name != "sqlite":
        return
    with findings.reading("the file"):
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if said != "ok":
                findings.add("damaged", f"SQLite says of the file: {str(said)[:200]}")
    with findings.reading("the file"):
        for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            findings.add("damaged", f"a row of {table} belongs to an append that is not there")
