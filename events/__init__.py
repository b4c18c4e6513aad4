"""The published language: every event type, what it says, and what it does to timelines.

Frozen standard-library dataclasses, no I/O. ``README.md`` beside this file is the catalogue. A
name is imported from its module when it is first asked for: a question needs few of the types.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from events.base import Event, Registration, Report, Sourced, forget, subjects, types
    from events.effects import MODELS, Effect
    from events.later import Later
    from events.plain import Shape, build, choices, from_plain, make, plain_and_identity, shapes, to_plain
    from events.plain import identity as content_identity
    from events.values import BASES, FIRST, Ballot, Passage, StatedTime, When, rank

__all__ = [
    "BASES",
    "FIRST",
    "MODELS",
    "Ballot",
    "Effect",
    "Event",
    "Later",
    "Passage",
    "Registration",
    "Report",
    "Shape",
    "Sourced",
    "StatedTime",
    "When",
    "build",
    "choices",
    "content_identity",
    "forget",
    "from_plain",
    "make",
    "plain_and_identity",
    "rank",
    "shapes",
    "subjects",
    "to_plain",
    "types",
]

_MODULES = {
    "base": ("Event", "Registration", "Report", "Sourced", "forget", "subjects", "types"),
    "effects": ("MODELS", "Effect"),
    "later": ("Later",),
    "plain": (
        *("Shape", "build", "choices", "content_identity", "from_plain", "make", "plain_and_identity"),
        *("shapes", "to_plain"),
    ),
    "values": ("BASES", "FIRST", "Ballot", "Passage", "StatedTime", "When", "rank"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from its module."""
    for module, names in _MODULES.items():
        if name in names:
            inside = "identity" if name == "content_identity" else name
            value = getattr(importlib.import_module(f"events.{module}"), inside)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
