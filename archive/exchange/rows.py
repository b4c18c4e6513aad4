"""Rows of read models as other formats want them: a partial date for two bounds, an id for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson


def dates_of(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The dates of beginning and end of a row."""
    begun = day_of(row["valid_from_earliest"], row["valid_from_latest"])
    return begun, day_of(row["valid_to_earliest"], row["valid_to_latest"])


def details_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The further values of a row."""
    details: dict[str, Any] = orjson.loads(row["details"] or "{}")
    return details


def first_of(row: Mapping[str, Any]) -> int:
    """The first of the entries that a row rests on: the same for ever in one archive."""
    return min(orjson.loads(row["positions"]), default=0)


def day_of(earliest: str | None, latest: str | None) -> str | None:
    """The day, month or year that holds both bounds of a change; None where none does, or a bound is missing."""
    if earliest is None or latest is None:
        return None
    return next((earliest[:size] for size in (10, 7, 4) if earliest[:size] == latest[:size]), None)


def once(ids: Counter[str], id_: str) -> str:
    """An id that was not given before."""
    ids[id_] += 1
    return id_ if ids[id_] == 1 else f"{id_}.{ids[id_]}"
