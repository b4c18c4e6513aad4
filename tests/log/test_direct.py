"""What is asked the short way is answered as SQLAlchemy would have it answered, failures too."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Text, bindparam, literal, select, text, union_all
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from archive import Archive
from archive.log import tables
from archive.log.ahead import together
from archive.log.direct import (
    MANY,
    SHORT,
    Values,
    change,
    change_many,
    fetch,
    insert,
    is_sqlite,
    marks,
    rows,
    spelled,
)
from archive.log.tables import Instant
from archive.log.transactions import write_transaction, writing

LETTERS = union_all(*(select(literal(letter, Text).label("letter")) for letter in "abc")).subquery()
SOME = (
    select(LETTERS.c.letter, bindparam("at", type_=Instant))
    .where(LETTERS.c.letter.in_(bindparam("some", expanding=True, type_=Text)), bindparam("twice", type_=Text) != "z")
    .where(bindparam("twice", type_=Text) != LETTERS.c.letter)
    .order_by(LETTERS.c.letter)
)
NONSENSE = text("SELECT nothing")
FAILURES = (OperationalError, ProgrammingError)
AT = "2023-11-17T12:00:00.000000Z"


@pytest.mark.parametrize("some", [[], ["c"], ["c", "a"], ["a", "b", "c"], ["a", *["x"] * SHORT]], ids=len)
def test_parameters_and_lists_mean_what_they_mean_to_sqlalchemy(archive_url: str, some: list[str]) -> None:
    """Also values that are part of the statement, a parameter that stands twice, and a list too long to be kept."""
    with Archive.create(archive_url) as archive, archive.reading() as connection:
        for _ in range(2):
            given = {"some": some, "twice": "b", "at": AT}
            found = [tuple(row) for row in fetch(connection, SOME, **given)]
            assert found == [tuple(row) for row in connection.execute(SOME, given)]
            assert found == [(letter, AT) for letter in "ac" if letter in some]


def test_bytes_numbers_and_instants_come_as_they_do_from_sqlalchemy(archive_url: str) -> None:
    """Each row of the log's own tables."""
    with Archive.create(archive_url) as archive, archive.reading() as connection:
        for table in (tables.archive, tables.head):
            statement = select(table)
            assert list(map(tuple, fetch(connection, statement))) == list(map(tuple, connection.execute(statement)))


def test_a_failure_is_that_of_sqlalchemy(archive_url: str) -> None:
    """So that whoever opened the transaction can say it in the words of the archive."""
    with Archive.create(archive_url) as archive:
        with pytest.raises(FAILURES, match="nothing"), archive.reading() as connection:
            fetch(connection, NONSENSE)
        with pytest.raises(FAILURES, match="nothing"), archive.reading() as connection:
            rows(connection, NONSENSE.text)


INSERT = "INSERT INTO leases (name, holder, beat) VALUES "
SECOND = "INSERT INTO archive (id, origin, dedupe_key, created_at) VALUES "


def test_what_is_written_the_short_way_is_part_of_the_transaction(archive_url: str) -> None:
    """One row or many."""

    def written(connection: Connection) -> list[Values]:
        return sorted(rows(connection, "SELECT name, holder, beat FROM leases WHERE name < 'd'"))

    with Archive.create(archive_url) as archive:
        with archive.engine.connect() as connection, writing(connection):
            insert = f"{INSERT}({marks(connection, 3)})"
            change(connection, insert, ("a", None, 1))
            change_many(connection, insert, [("b", "x", 1), ("c", None, 1)])
            change(connection, "UPDATE leases SET beat = 2 WHERE name < 'd'")
            assert written(connection) == [("a", None, 2), ("b", "x", 2), ("c", None, 2)]
            connection.get_transaction().rollback()  # type: ignore[union-attr]  # it is open
        with archive.reading() as connection:
            assert written(connection) == []


@pytest.mark.parametrize("many", [False, True])
def test_what_the_database_refuses_is_said_without_its_values(archive_url: str, many: bool) -> None:
    """A value may be what nobody should read in an error."""

    def break_a_rule() -> None:
        with write_transaction(archive.engine) as connection:
            statement, row = f"{SECOND}({marks(connection, 4)})", (2, "hidden words", b"", AT)
            if many:
                change_many(connection, statement, [row])
            else:
                change(connection, statement, row)

    with Archive.create(archive_url) as archive:
        with pytest.raises(IntegrityError) as refused:
            break_a_rule()
        assert "hidden words" not in str(refused.value).replace(str(refused.value.orig), "")
        assert refused.value.params is None


def test_of_what_is_written_together_the_first_failure_is_raised(archive_url: str) -> None:
    """By the end of the block, whatever else was written in it."""

    def break_a_rule() -> None:
        with write_transaction(archive.engine) as connection, together(connection):
            rowed = f"{INSERT}({marks(connection, 3)})"
            change(connection, f"{SECOND}({marks(connection, 4)})", (2, "other", b"", AT))
            change_many(connection, rowed, [("a", None, 1), ("b", None, 1)])

    with Archive.create(archive_url) as archive:
        with pytest.raises(IntegrityError, match="archive"):
            break_a_rule()
        with archive.reading() as connection:
            assert rows(connection, "SELECT name FROM leases WHERE name < 'd'") == []


def test_what_is_read_together_sees_what_was_written_there(archive_url: str) -> None:
    """And by SQLAlchemy's own statements."""
    with Archive.create(archive_url) as archive, write_transaction(archive.engine) as connection:
        with together(connection):
            change_many(connection, f"{INSERT}({marks(connection, 3)})", [("a", None, 1), ("b", None, 1)])
            change(connection, "UPDATE leases SET beat = 2 WHERE name = 'a'")
            assert rows(connection, "SELECT name, beat FROM leases WHERE name < 'd' ORDER BY name") == [
                ("a", 2),
                ("b", 1),
            ]
            assert connection.execute(text("SELECT count(*) FROM leases WHERE name < 'd'")).scalar_one() == 2
            change_many(connection, f"{INSERT}({marks(connection, 3)})", [("c", None, 1)])
        assert connection.execute(text("SELECT count(*) FROM leases WHERE name < 'd'")).scalar_one() == 3


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, 3 * MANY])
def test_rows_that_are_inserted_are_there_however_many_they_are(archive_url: str, count: int) -> None:
    """Also amid statements that go together, with nothing and bytes in them, and what looks like an escape."""
    columns = tuple(column.name for column in tables.entries.columns)
    with Archive.create(archive_url) as archive, write_transaction(archive.engine) as connection:
        given = [
            (n, "a\tb\\n\nc", n, "Noted", 1, 1, AT, None, None, b"\\x00", b"\x00\t", None, n)
            for n in range(1, count + 1)
        ]
        with together(connection):
            insert(connection, "appends", ("id", "first_position", "recorded_at", "digest"), [(1, 1, AT, b"")])
            insert(connection, "entries", columns, given)
            insert(connection, "leases", ("name", "beat"), [("a", 1)])
        found = connection.execute(select(tables.entries).order_by(tables.entries.c.position))
        assert [tuple(row) for row in found] == [tuple(row) for row in given]
        assert rows(connection, "SELECT beat FROM leases WHERE name = 'a'") == [(1,)]
        names = ", ".join(spelled(column, "e", sqlite=is_sqlite(connection)) for column in tables.entries.columns)
        assert rows(connection, f"SELECT {names} FROM entries AS e ORDER BY position") == given  # noqa: S608  # names
        connection.get_transaction().rollback()  # type: ignore[union-attr]  # it is open


@pytest.mark.parametrize("count", [2, 2 * MANY])
def test_rows_of_which_one_is_refused_are_not_inserted(archive_url: str, count: int) -> None:
    """However many they are; where those that are there are left as they are, the others are."""
    given = [(f"a{number % (count - 1)}", 1) for number in range(count)]

    def insert_all(*, unless_there: bool) -> None:
        with write_transaction(archive.engine) as connection, together(connection):
            insert(connection, "leases", ("name", "beat"), given, unless_there=unless_there)

    with Archive.create(archive_url) as archive:
        with pytest.raises(IntegrityError):
            insert_all(unless_there=False)
        insert_all(unless_there=True)
        with archive.reading() as connection:
            assert rows(connection, "SELECT count(*) FROM leases WHERE name < 'b'") == [(count - 1,)]


@pytest.mark.parametrize("count", [1, 2 * MANY])
def test_rows_left_as_they_are_may_have_any_text(archive_url: str, count: int) -> None:
    """And a column whose name is a word of SQL."""
    given = [(1, number, "a\tb\\n\n\"'’{}") for number in range(count)]
    with Archive.create(archive_url) as archive, write_transaction(archive.engine) as connection:
        for _ in range(2):
            insert(connection, "evidence", ("row", "position", "role"), given, unless_there=True)
        assert rows(connection, "SELECT e.row, e.position, e.role FROM evidence AS e ORDER BY e.position") == given
