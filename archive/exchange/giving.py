"""The archive in the forms of others, as lines: what `export` writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson

from archive.exchange.followthemoney import entities
from archive.exchange.popolo_out import popolo
from archive.intake.wire import to_wire
from events import Later

if TYPE_CHECKING:
    from archive.queries.published import Published


def reports(published: Published) -> Iterator[tuple[int, bytes]]:
    """Every report as a line of JSON Lines, with the number of the append that brought it.

    What was given is there as it was given: appended to this archive again all are there already, to an empty one
    they are the same. A report about an earlier entry names its position, so it is appended after that one was.
    """
    for append, _, event in published.entries():
        yield append, orjson.dumps(to_wire(event))


def about_others(published: Published) -> int:
    """How many reports are about an earlier entry."""
    return sum(isinstance(event, Later) for _, _, event in published.entries())


def lines(form: str, published: Published, **options: Any) -> Iterator[bytes]:
    """The lines of `ftm` (an entity each) or `popolo` (one object), without their ends."""
    if form == "ftm":
        yield from (orjson.dumps(entity) for entity in entities(published))
    else:
        yield orjson.dumps(popolo(published, **options), option=orjson.OPT_INDENT_2)
