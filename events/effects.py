"""What an event does to a timeline.

A timeline is named by ``(model, organisation, item, holder)``. ``holder`` is empty where one
timeline carries all the holders of a key (a seat, an attribute, a matter) and names the holder
where each has a timeline of his own (an employment, a signature, an office of unlimited seats).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from events.values import ALWAYS, When

Kind = Literal["begin", "end", "attest", "doubt", "announce", "withdraw", "set", "open", "close"]
Engine = Literal["seat", "holding", "value", "matter"]

MODELS: dict[str, Engine] = {
    "tenures": "seat",
    "employees": "holding",
    "investors": "holding",
    "signatures": "holding",
    "affiliations": "holding",
    "subsidiaries": "holding",
    "existence": "holding",
    "names": "holding",
    "ballots": "value",
    "attendance": "value",
    "votes": "value",
    "counts": "value",
    "attributes": "value",
    "organisations": "value",
    "offices": "value",
    "people": "value",
    "sources": "value",
    "source_versions": "holding",
    "matters": "matter",
    "letters": "matter",
}
"""The engine that folds each model. ``tenures`` is a seat where the office has a number of
seats, and a holding a person where it has no limit: the projector looks at the office."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect on one timeline.

    ``holder`` is the person, organisation or name concerned (None in value and matter timelines
    without one); ``value`` what a ``set`` sets, a capacity, a role or an outcome; ``details``
    further JSON values shown with the row. ``planned``: the time may lie in the future of the
    report without that being a conflict (an ``until``, an effective date). ``during_absence``:
    the beginning ends nobody, nor another tenure of the same holder. ``replaces``: whom a
    beginning ends in an office of several seats.
    """

    kind: Kind
    model: str
    organisation: str
    item: str = ""
    holder: str | None = None
    when: When = ALWAYS
    value: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    planned: bool = False
    during_absence: bool = False
    replaces: str | None = None
