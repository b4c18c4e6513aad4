"""What keeps an archive able to go past one machine: its schema needs nothing that one machine alone can count.

Correctness rests on keys, the row of the head and transactions: no sequence, serial or identity, no EXCLUDE, no range
type, every constraint named, and triggers that could as well not be there.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import INT8RANGE, ExcludeConstraint
from sqlalchemy.dialects.postgresql.ranges import AbstractRange, AbstractSingleRange
from sqlalchemy.schema import CreateTable

import archive.projections.tables  # its tables are in the metadata once it is imported
from archive import Archive
from archive.log import tables
from archive.log.transactions import write_transaction
from tests.databases import DatabaseTemplate, FreshDatabase, Kind
from tests.exchange.archives import appends, said, ticking
from tests.log.archives import build_archive, counted_salts, noted

KINDS = (PrimaryKeyConstraint, ForeignKeyConstraint, UniqueConstraint, CheckConstraint)
RANGES = (AbstractRange, AbstractSingleRange)
ROOM = Path(archive.__file__).parent
FORBIDDEN = re.compile(
    r"advisory|\bLOCK TABLE\b|\bnextval\b|\bCREATE SEQUENCE\b|\bGENERATED (ALWAYS|BY DEFAULT)|\bSERIAL\b", re.IGNORECASE
)


def faults_of(metadata: MetaData) -> Iterator[str]:
    """What breaks a rule in tables as SQLAlchemy knows them."""
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            yield f"{table.name}.{table.autoincrement_column.name} is numbered by the database"
        for column in table.columns:
            if column.identity is not None or isinstance(column.default, Sequence):
                yield f"{table.name}.{column.name} is numbered by the database"
            if column.server_default is not None and column.identity is None:
                yield f"{table.name}.{column.name} has a value of the database's own making"
            if isinstance(column.type, RANGES):
                yield f"{table.name}.{column.name} is a range"
        for constraint in table.constraints:
            if not isinstance(constraint, KINDS):
                yield f"{table.name} has a constraint that only one database knows"
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        due = [one for one in table.constraints if not isinstance(one, PrimaryKeyConstraint) or one.columns]
        if made.count("CONSTRAINT ") != len(due):
            yield f"{table.name} has a constraint without a name"


def test_the_tables_as_they_are_written_keep_the_rules() -> None:
    """Those of every room."""
    assert {"entries", "spans"} <= set(tables.metadata.tables)
    assert list(faults_of(tables.metadata)) == []


def test_a_table_that_breaks_a_rule_is_found() -> None:
    """Each rule by itself can fail."""
    planted = MetaData()
    Table("a", planted, Column("id", Integer, primary_key=True))
    Table("b", planted, Column("id", Integer, Identity()), PrimaryKeyConstraint("id", name="pk_b"))
    Table("c", planted, Column("value", Integer, Sequence("s")))
    Table("d", planted, Column("value", Text, server_default="x"))
    Table("e", planted, Column("value", INT8RANGE), ExcludeConstraint(("value", "&&"), name="x"))
    Table("f", planted, Column("value", Text, unique=True))
    assert set(faults_of(planted)) == {
        "a.id is numbered by the database",
        "a has a constraint without a name",
        "b.id is numbered by the database",
        "c.value is numbered by the database",
        "d.value has a value of the database's own making",
        "e.value is a range",
        "e has a constraint that only one database knows",
        "f has a constraint without a name",
    }


HERE = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
CATALOGUE = {
    "sequence": "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = {here}",
    "identity or generated column": """
        SELECT c.relname || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relnamespace = {here} AND c.relkind IN ('r', 'p') AND (a.attidentity <> '' OR a.attgenerated <> '')""",
    "default": """
        SELECT c.relname || '.' || a.attname FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid
        JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE c.relnamespace = {here}""",
    "exclusion": "SELECT conname FROM pg_constraint WHERE contype = 'x' AND connamespace = {here}",
    "range": """
        SELECT c.relname || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE c.relnamespace = {here} AND a.attnum > 0 AND t.typtype IN ('r', 'm')""",
    "constraint with a name of the database's making": """
        SELECT conname FROM pg_constraint WHERE connamespace = {here} AND contype IN ('p', 'u', 'f', 'c', 'x')
        AND conname <> 'alembic_version_pkc' AND conname !~ '^(pk|uq|fk|ck)_'""",
    "index with a name of the database's making": """
        SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'i' AND c.relnamespace = {here}
        AND c.relname <> 'alembic_version_pkc' AND c.relname !~ '^(pk|uq|ix)_'""",
    "extension": "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' AND extnamespace = {here}",
}
PLANTED = {
    "sequence": "CREATE SEQUENCE s",
    "identity or generated column": "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
    "default": "CREATE TABLE t (a int DEFAULT 1)",
    "exclusion": "CREATE TABLE t (a int4range, CONSTRAINT x EXCLUDE USING gist (a WITH &&))",
    "range": "CREATE TABLE t (a tstzrange)",
    "constraint with a name of the database's making": "CREATE TABLE t (a int PRIMARY KEY)",
    "index with a name of the database's making": "CREATE TABLE t (a int); CREATE INDEX ON t (a)",
}


@pytest.fixture
def migrated(fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Iterator[Archive]:
    """An archive on PostgreSQL as the migrations make it."""
    with Archive.open(fresh_database("postgresql", database_template("postgresql", "empty_log", build_archive))) as one:
        yield one


def found_in(archive: Archive, planted: str = "") -> dict[str, list[str]]:
    """What breaks a rule in the catalogue of a database, with something planted in it that does not stay."""
    with archive.engine.connect() as connection, connection.begin() as transaction:
        for statement in filter(None, planted.split(";")):
            connection.execute(text(statement))
        found = {
            rule: list(connection.execute(text(query.format(here=HERE))).scalars()) for rule, query in CATALOGUE.items()
        }
        transaction.rollback()
    return {rule: names for rule, names in found.items() if names}


def test_a_database_as_the_migrations_make_it_keeps_the_rules(migrated: Archive) -> None:
    """In the catalogue of PostgreSQL, whatever SQLAlchemy thinks of it."""
    assert found_in(migrated) == {}


@pytest.mark.parametrize("rule", PLANTED)
def test_what_breaks_a_rule_is_found_in_the_catalogue(migrated: Archive, rule: str) -> None:
    """Each query can fail."""
    assert rule in found_in(migrated, PLANTED[rule])


def test_no_statement_locks_what_only_one_machine_knows() -> None:
    """No advisory lock, no lock of a table, no sequence, in any module or migration; NOTIFY in one place alone."""
    files = [*ROOM.rglob("*.py"), *(ROOM.parent / "migrations").rglob("*.py")]
    assert len(files) > 100
    assert [str(file) for file in files if FORBIDDEN.search(file.read_text(encoding="utf-8"))] == []
    assert [file.name for file in files if re.search(r"pg_notify|\bLISTEN\b", file.read_text("utf-8"))] == ["waking.py"]


TRIGGERS = {
    "sqlite": "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
}


def test_an_archive_without_its_triggers_says_the_same(
    database_kind: Kind, fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """They guard against others; nothing rests on them."""
    template = database_template(database_kind, "empty_log", build_archive)
    with (
        Archive.open(fresh_database(database_kind, template), clock=ticking(), salts=counted_salts()) as one,
        Archive.open(fresh_database(database_kind, template), clock=ticking(), salts=counted_salts()) as other,
    ):
        with write_transaction(other.engine) as connection:
            found = connection.execute(text(TRIGGERS[database_kind])).all()
            assert len(found) >= 6
            for name, where in found:
                connection.execute(text(f"DROP TRIGGER {name}{where}"))
        for events in appends("7"):
            for archive_ in (one, other):
                archive_.append(events, who="ann", program="tests")
                assert all(answer.entry is None for answer in archive_.append(events, who="ann", program="tests"))
        assert said(one) == said(other)

        def write(writer: int) -> None:
            with Archive.open(other.engine.url.render_as_string(hide_password=False)) as own:
                for number in range(5):
                    own.append([noted(10 * writer + number), noted(1)], who="ann", program="tests", defer=number > 2)

        with other.reading() as connection:
            before = other.log.head(connection).size
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        other.catch_up()
        assert other.rebuild().differences == ()
        with other.reading() as connection:
            positions = [entry.position for entry in other.log.entries(connection)]
        assert positions == list(range(1, before + 4 * 5 + 1))
