"""Files given as documents: their bytes, and what became of their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.cli.append import opened_input
from archive.errors import UsageError

MOST = 200_000_000
"""Bytes of a document of which a digest is made."""


def read_bytes(name: str) -> bytes:
    """A file whole, or standard input for `-`; UsageError if it is empty or larger than any document."""
    with opened_input(name) as stream:
        data: bytes = stream.read(MOST + 1)
    if not data:
        raise UsageError(f"{name} is empty", hint="take the document again")
    if len(data) > MOST:
        raise UsageError(f"{name} has more than {MOST} bytes", hint="register it by hand: SourceRegistered, sha256=…")
    return data


def checked(found: Mapping[str, Any]) -> dict[str, Any]:
    """How the passages that are cited of a text fit it, as JSON values."""
    wrong = [one for one in found["passages"] if one["matches"] is False]
    keys = ("position", "type", "start", "end")
    return {"checked": len(found["passages"]), "wrong": [{key: one[key] for key in keys} for one in wrong]}


def told(check: Mapping[str, Any]) -> Iterator[str]:
    """The same as lines; none where nothing is cited."""
    number, wrong = check["checked"], check["wrong"]
    if not number:
        return
    stand = number - len(wrong)
    yield f"{stand} of {number} passage{'' if number == 1 else 's'} cited of it stand{'s' if stand == 1 else ''} there"
    for one in wrong:
        yield f"{one['position']} {one['type']}: {one['start']} to {one['end']} is not what it cites"
