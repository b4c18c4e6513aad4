"""Metadata for Datasette: the read models with words of their own, and nothing else of the archive.

It is for `datasette --immutable archive.db --metadata FILE --setting allow_download off`: every table that is no read
model is denied, and so is SQL, which could ask the denied ones for salts and dedupe keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

ABOUT = {
    "tenures": "Who held which office: one row a holding, as known now, on reports of basis press or firmer.",
    "announced": "Who was announced or named as a candidate.",
    "conflicts": "Reports that cannot all be true.",
    "names": "What somebody or something is called.",
    "reports": "What each entry of the log says.",
    "sources": "The documents that reports rest on.",
}
"""What a page of a read model says at its head."""

COLUMNS = {
    "valid_from_earliest": "it began then at the earliest; empty: or earlier",
    "valid_from_latest": "it had certainly begun by then",
    "valid_to_earliest": "it certainly lasted until then; empty: it has not ended",
    "valid_to_latest": "it had certainly ended by then; empty alone: in doubt since the earliest",
    "basis": "how far the reports are from the deed: official, first_hand, stated, press",
    "positions": "the reports that it rests on, by their positions in the log",
    "details": "what else is known, as JSON",
}


def metadata(name: str, origin: str, tables: Iterable[str], models: Sequence[str]) -> dict[str, Any]:
    """The metadata of one archive whose database is called `name`; `models` are the views that are shown."""
    shown = {
        model: {
            "description": ABOUT.get(model, "A read model, as known now."),
            "columns": COLUMNS,
            **({"facets": ["organisation", "office"]} if model == "tenures" else {}),
            **({"sort_desc": "valid_from_latest"} if model == "tenures" else {}),
        }
        for model in models
    }
    hidden = {table: {"hidden": True, "allow": False} for table in tables if table not in shown}
    return {
        "title": origin,
        "description": "What was reported, of whom, by whom and when.",
        "databases": {name: {"allow_sql": False, "tables": {**shown, **dict(sorted(hidden.items()))}}},
    }
