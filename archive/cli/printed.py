"""A time as a source prints it, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.times import show_bounds


def as_printed(stated: Mapping[str, Any], tz: str) -> str:
    """A printed time with what it was understood to mean; what is ambiguous says so."""
    known = stated.get("understood") or {}
    meant = [show_bounds(one["earliest"], one["latest"], tz) for one in known.get("readings", ())]
    printed = f"{stated['text']}{' ' + stated['zone'] if stated.get('zone') else ''}"
    ambiguous = "; ambiguous" if len(meant) > 1 else ""
    said = f"{printed} = {' or '.join(meant)}{ambiguous}" if meant else printed
    return f"{said}; {known['note']}" if known.get("note") else said
