"""What a question in SQL gives: rows, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from archive.errors import ArchiveError, UsageError


class RefusedQuery(UsageError):  # noqa: N818 - named for what is the case
    """The query would do something else than read."""

    exit_code: ClassVar[int] = 4

    def __init__(self, said: str) -> None:
        super().__init__(
            f"the query was refused: {said}", hint="ask one question that reads: SELECT, WITH, VALUES or EXPLAIN"
        )


class FaultyQuery(UsageError):  # noqa: N818 - named for what is the case
    """The database does not understand the query."""

    exit_code: ClassVar[int] = 5

    def __init__(self, said: str) -> None:
        super().__init__(
            f"the query is at fault: {said}", hint='what a table holds: archive sql "SELECT * FROM tenures LIMIT 1"'
        )


class SlowQuery(ArchiveError):  # noqa: N818 - named for what is the case
    """The query took longer than it may."""

    exit_code: ClassVar[int] = 6

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query was stopped after {seconds:g} seconds", hint="ask for less, or narrow it down")


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query: the names of its columns, and its rows, each read as it is asked for.

    Values are JSON's: text, numbers and None. Bytes are hex, instants canonical text, truth 1 or 0.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def columns_of(description: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The names of the columns, a repeated one numbered: `count`, `count_2`."""
    names: list[str] = []
    for column in description:
        name, number = str(column[0]), 1
        while (shown := name if number == 1 else f"{name}_{number}") in names:
            number += 1
        names.append(shown)
    return tuple(names)
