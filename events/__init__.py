"""The published language: every event type, what it says, and what it does to timelines.

Frozen standard-library dataclasses, no I/O. ``README.md`` beside this file is the catalogue.
"""

from events import (
    capital,
    employment,
    governance,
    identity,
    later,
    negotiation,
    offices,
    proceedings,
    products,
    sources,
    statements,
    voice,
)
from events.base import Event, Registration, Report, Sourced, forget, types
from events.effects import MODELS, Effect
from events.later import Later
from events.plain import Shape, build, choices, from_plain, shapes, to_plain
from events.plain import identity as content_identity
from events.values import BASES, FIRST, Ballot, Passage, StatedTime, When, rank

SUBJECTS = (
    identity,
    sources,
    offices,
    employment,
    governance,
    voice,
    capital,
    negotiation,
    statements,
    proceedings,
    products,
    later,
)
"""The modules of the language, in the order of the catalogue."""

__all__ = [
    "BASES",
    "FIRST",
    "MODELS",
    "SUBJECTS",
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
    "rank",
    "shapes",
    "to_plain",
    "types",
]
