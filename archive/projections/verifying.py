"""The read model and the index of words against what the log gives, folded anew beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, select

from archive.log.entries import read_projected
from archive.log.transactions import read_connection, writing_temporary
from archive.projections.beside import Progress, beside
from archive.projections.comparing import Difference, differences, examples
from archive.projections.tables import WORDS, reports
from archive.projections.waiting import wrongly_listed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from archive.log.findings import Findings

TOLD = ("model", "organisation", "item", "holder", "type", "kind", "id", "field", "row", "role")
"""Columns by which a row is told, where its table has them."""

SHOWN = 2
"""Rows of a table that a finding shows."""

INDEX = ("words_head", "word_texts", *WORDS)
"""Tables of the index of words."""


def check_read_model(engine: Engine, findings: Findings, progress: Progress | None = None) -> None:
    """Find where the archive's read model is not what its log gives, as far as it goes; nobody is held up and nothing
    is changed."""
    with beside(engine) as made:
        with read_connection(engine) as connection:
            size = read_projected(connection).size
        made.fold(size, progress)
        with writing_temporary(made.connection):
            made.fold_here(read_projected(made.connection).size)
            made.keep_texts()
            found = differences(made)
            told = [(one, examples(made, one.table, "surplus"), examples(made, one.table, "lacking")) for one in found]
            listed = wrongly_listed(made.connection, made.size)
        with read_connection(engine) as connection:
            reach = connection.execute(select(func.max(reports.c.position))).scalar_one() or 0
        if found and reach < made.size:
            said = f"the read model is stale: it reaches to entry {reach}, and the log to {made.size}"
            findings.add("read model", said, reach + 1)
        for one, surplus, lacking in told:
            _tell(findings, one, surplus, lacking)
        if any(listed):
            shown = [[one._asdict() for one in some[:SHOWN]] for some in listed]
            _tell(findings, Difference("waiting", *map(len, listed)), *shown)


def _tell(findings: Findings, one: Difference, surplus: list[dict[str, Any]], lacking: list[dict[str, Any]]) -> None:
    of = " places of words" if one.table in WORDS else ""
    said = f"{one.table} is not what the log gives: {one.surplus}{of} too many, {one.lacking} too few"
    shown = [f"too many: {_shown(row)}" for row in surplus] + [f"too few: {_shown(row)}" for row in lacking]
    position = next((found for row in (*surplus, *lacking) if (found := _position(row)) is not None), None)
    kind = "search index" if one.table in INDEX else "read model"
    findings.add(kind, "; ".join([said, *shown]), position)


def _shown(row: dict[str, Any]) -> str:
    told = ", ".join(f"{name} {row[name]}" for name in TOLD if row.get(name) not in (None, ""))
    at = _position(row)
    return told if at is None else f"{told}, of entry {at}"


def _position(row: dict[str, Any]) -> int | None:
    """The entry that a row is of: its own, or the first on which it rests."""
    if isinstance(row.get("position"), int):
        return int(row["position"])
    try:
        resting = orjson.loads(row.get("positions") or "[]")
    except (orjson.JSONDecodeError, TypeError):
        return None
    return resting[0] if isinstance(resting, list) and resting and isinstance(resting[0], int) else None
