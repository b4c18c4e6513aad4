"""Least privilege on PostgreSQL, tried by connecting as each role."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

import archive
from archive.cli import main
from archive.errors import DatabaseError, UsageError
from archive.log.database import open_engine
from archive.log.leases import Lease
from archive.log.roles import ROLES, TABLES, grant_roles
from archive.log.tables import READ_MODEL
from archive.log.transactions import read_connection
from tests.databases import FreshDatabase
from tests.log.archives import noted

SCHEMA = "desk"


@dataclass
class Granted:
    """An archive with one entry and a user for each role."""

    url: str
    prefix: str

    def place(self, role: str) -> str:
        """The address of the archive for the user who has that role."""
        url = make_url(self.url)
        return url.set(username=f"{self.prefix}_{role}_user").render_as_string(hide_password=False)

    def ask(self, role: str, statement: str) -> None:
        """Run a statement as that user and commit it, with no program of ours between."""
        plain = make_url(self.place(role)).set(drivername="postgresql").difference_update_query(["archive"])
        with psycopg.connect(plain.render_as_string(), options=f"-csearch_path={SCHEMA}") as connection:
            connection.execute(statement.encode())


@pytest.fixture
def granted(fresh_database: FreshDatabase) -> Iterator[Granted]:
    """Roles are the server's, not the database's: these are of the test's own, and go with it."""
    found = Granted(f"{fresh_database('postgresql')}&archive={SCHEMA}", f"t{secrets.token_hex(6)}")
    with archive.Archive.create(found.url, origin="tests.example/roles") as opened:
        names = grant_roles(opened.engine, found.prefix)
        assert grant_roles(opened.engine, found.prefix) == names
        opened.append([noted(1)], who="ann", program="tests")
        with opened.engine.begin() as connection:
            for name in names:
                connection.execute(text(f"CREATE ROLE {name}_user LOGIN IN ROLE {name}"))
        yield found
        with opened.engine.begin() as connection:
            for name in names:
                connection.execute(text(f"DROP OWNED BY {name}, {name}_user"))
                connection.execute(text(f"DROP ROLE {name}_user, {name}"))


def test_every_table_of_an_archive_says_who_may_what(granted: Granted) -> None:
    """A table that a migration adds and nobody thought of fails here."""
    engine = open_engine(granted.url)
    with read_connection(engine) as connection:
        found = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        ).scalars()
        assert set(found) == TABLES.keys()
    engine.dispose()


def test_a_writer_appends_through_the_program(granted: Granted) -> None:
    """And reads all that the program reads."""
    with archive.Archive.open(granted.place("writer")) as opened:
        (answer,) = opened.append([noted(2)], who="ben", program="tests")
        assert answer.position == 2
        (again,) = opened.append([noted(2)], who="ben", program="tests")
        assert (again.position, again.entry) == (2, None)
        assert opened.project()["log"]["size"] == 2
    assert not archive.Archive.make(granted.place("writer"))


def test_a_writer_follows(granted: Granted) -> None:
    """And holds the lease of the follower meanwhile."""
    with archive.Archive.open(granted.place("writer")) as opened:
        opened.append([noted(2)], who="ben", program="tests", defer=True)
        lease = Lease(opened.engine, READ_MODEL)
        assert lease.take()
        assert opened.catch_up() == 2
        lease.give_up()


def test_a_redactor_rebuilds_the_read_model_and_a_writer_may_not(granted: Granted) -> None:
    """Rows that are wrong must go, and that takes DELETE."""
    granted.ask("redactor", "DELETE FROM reports_history")
    with archive.Archive.open(granted.place("writer")) as opened, pytest.raises(DatabaseError, match="use a role that"):
        opened.rebuild()
    with archive.Archive.open(granted.place("redactor")) as opened:
        assert [(one.table, one.lacking) for one in opened.rebuild().differences] == [("reports_history", 1)]


def test_a_redactor_redacts_and_only_the_owner_erases_from_the_disk(granted: Granted) -> None:
    """Which is said; a writer may not even redact."""
    done: dict[str, Any] = {"who": "ben", "program": "tests"}
    with archive.Archive.open(granted.place("writer")) as opened, pytest.raises(DatabaseError, match="use a role that"):
        opened.redact(1, "asked for", **done)
    with archive.Archive.open(granted.place("redactor")) as opened:
        _, by = opened.redact(1, "asked for", ["organisation", "summary"], **done)
        assert by == 2
        left = opened.erase()
        assert any(one.startswith("entries: ") for one in left), left
        opened.append([noted(3)], **done)
    with archive.Archive.open(granted.url) as opened:
        assert opened.erase() == ()
        assert opened.verify().findings.found == []


def test_a_reader_projects_and_asks_and_follows(granted: Granted) -> None:
    """With every command that only reads."""
    for arguments in (
        ["project"],
        ["log"],
        ["show", "1"],
        ["conflicts"],
        ["sql", "SELECT count(*) FROM reports"],
        ["sql", "SELECT position, payload FROM entries"],
        ["sql", "SELECT * FROM head"],
    ):
        result = CliRunner().invoke(main, ["--archive", granted.place("reader"), *arguments])
        assert result.exit_code == 0, (arguments, result.stderr)
    with archive.Archive.open(granted.place("reader")) as opened:
        recorder = opened.log.application.recorder
        assert [one.id for one in recorder.select_notifications(None, 10)] == [1]
        with pytest.raises(DatabaseError, match="use a role that may"):
            opened.append([noted(3)], who="eve", program="tests")


FORBIDDEN = {
    "reader": [
        "SELECT * FROM entries",
        "SELECT salt FROM entries",
        "SELECT dedupe_content FROM entries",
        "SELECT dedupe_id FROM entries",
        "SELECT salt FROM appends",
        "SELECT dedupe_key FROM archive",
        "INSERT INTO entries (position) VALUES (9)",
        "UPDATE head SET size = 0",
        "SELECT * FROM head FOR UPDATE",
        "INSERT INTO spans (id) VALUES (1)",
        "UPDATE spans SET recorded_to = now()",
        "DELETE FROM documents",
        "CREATE TABLE mine (a int)",
        "DROP VIEW tenures",
    ],
    "writer": [
        "UPDATE entries SET payload = NULL",
        "UPDATE entries SET salt = NULL WHERE position = 1",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "DELETE FROM appends",
        "UPDATE appends SET header = NULL",
        "UPDATE spans SET value = 'x'",
        "DELETE FROM spans",
        "DELETE FROM documents",
        "DELETE FROM head",
        "INSERT INTO head VALUES (2)",
        "UPDATE archive SET origin = 'x'",
        "UPDATE alembic_version SET version_num = '0000'",
        "DROP TRIGGER entries_refuse_update ON entries",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "CREATE TABLE mine (a int)",
        "DROP TABLE tracking",
    ],
    "redactor": [
        "UPDATE entries SET digest = ''",
        "UPDATE entries SET leaf = ''",
        "UPDATE entries SET position = 5",
        "DELETE FROM entries",
        "DELETE FROM appends",
        "UPDATE appends SET digest = ''",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "TRUNCATE spans",
    ],
}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_does_not_need_it_may_not(granted: Granted, role: str) -> None:
    """Refused by PostgreSQL for want of privilege, whatever triggers there are."""
    for statement in FORBIDDEN[role]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            granted.ask(role, statement)


def test_a_redactor_may_empty_what_a_leaf_does_not_hold(granted: Granted) -> None:
    """As far as privileges go: the guard that stops whoever does it by hand is another one."""
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never changed"):
        granted.ask("redactor", "UPDATE entries SET payload = NULL, salt = NULL, dedupe_content = NULL")
    granted.ask("redactor", "DELETE FROM documents")


def test_what_a_role_was_given_besides_is_taken_back(granted: Granted) -> None:
    """Giving the roles again leaves each with exactly what it needs."""
    engine = open_engine(granted.url)
    with engine.begin() as connection:
        connection.execution_options(archive_writes=True)
        connection.execute(text(f"GRANT UPDATE ON entries TO {granted.prefix}_reader"))
        connection.execute(text(f"GRANT SELECT (dedupe_key) ON archive TO {granted.prefix}_reader"))
    granted.ask("reader", "SELECT dedupe_key FROM archive")
    grant_roles(engine, granted.prefix)
    engine.dispose()
    for statement in ("SELECT dedupe_key FROM archive", "UPDATE entries SET payload = NULL"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            granted.ask("reader", statement)


@pytest.mark.parametrize("prefix", ["", "Big", "pg_x", "a b", 'a"; DROP ROLE postgres; --', "a" * 51])
def test_a_hostile_prefix_is_refused(granted: Granted, prefix: str) -> None:
    """Before a statement is made of it."""
    engine = open_engine(granted.url)
    with pytest.raises(UsageError, match="begins no name of a role"):
        grant_roles(engine, prefix)
    engine.dispose()


def test_a_sqlite_file_has_no_roles(fresh_database: FreshDatabase) -> None:
    """The error says what stands in their place."""
    result = CliRunner().invoke(main, ["--archive", fresh_database("sqlite"), "init", "--roles", "desk"])
    assert result.exit_code == 2
    assert "permissions of the file" in result.stderr
