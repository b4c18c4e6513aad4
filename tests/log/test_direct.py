"""What is asked the short way is answered as SQLAlchemy would have it answered, failures too."""

from __future__ import annotations

import pytest
from sqlalchemy import Text, bindparam, literal, select, text, union_all
from sqlalchemy.exc import OperationalError, ProgrammingError

from archive import Archive
from archive.log import tables
from archive.log.direct import SHORT, fetch, fetch_text
from archive.log.tables import Instant

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
def test_parameters_and_lists_mean_what_they_mean_to_sqlalchemy(database_url: str, some: list[str]) -> None:
    """Also values that are part of the statement, a parameter that stands twice, and a list too long to be kept."""
    with Archive.create(database_url) as archive, archive.reading() as connection:
        for _ in range(2):
            given = {"some": some, "twice": "b", "at": AT}
            found = [tuple(row) for row in fetch(connection, SOME, **given)]
            assert found == [tuple(row) for row in connection.execute(SOME, given)]
            assert found == [(letter, AT) for letter in "ac" if letter in some]


def test_bytes_numbers_and_instants_come_as_they_do_from_sqlalchemy(database_url: str) -> None:
    """Each row of the log's own tables."""
    with Archive.create(database_url) as archive, archive.reading() as connection:
        for table in (tables.archive, tables.head):
            statement = select(table)
            assert list(map(tuple, fetch(connection, statement))) == list(map(tuple, connection.execute(statement)))


def test_a_failure_is_that_of_sqlalchemy(database_url: str) -> None:
    """So that whoever opened the transaction can say it in the words of the archive."""
    with Archive.create(database_url) as archive:
        with pytest.raises(FAILURES, match="nothing"), archive.reading() as connection:
            fetch(connection, NONSENSE)
        with pytest.raises(FAILURES, match="nothing"), archive.reading() as connection:
            fetch_text(connection, NONSENSE.text)
