"""Differences as text of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.cli.output import wrapped
from archive.cli.telling import said, times
from archive.times import show_instant

Item = Mapping[str, Any]

CLOCKS = {"at": "between", "as_reported": "in what was public, between", "as_recorded": "in what was recorded, between"}


def told(answer: Item, tz: str) -> Iterator[str]:
    """Lines, fit to print: `+` what came, `-` what went, `~` what changed, each with the entries that changed it."""
    ends = " and ".join("now" if end is None else show_instant(end, tz) for end in answer["between"])
    yield from wrapped(f"Changes {CLOCKS[answer['clock']]} {ends}", 0)
    floor = answer["basis"]
    yield from wrapped(f"on reports of basis {floor}{'' if floor == 'official' else ' or firmer'}", 2)
    if answer["clock"] != "at":
        yield from wrapped(f"in the state at {show_instant(answer['at'], tz)}", 2)
    if not answer["changes"]:
        yield "  none"
    about = None
    for change in answer["changes"]:
        place = (change["organisation"], change["model"], change["item"])
        if place != about:
            yield ""
            yield from wrapped(" ".join(word for word in place if word), 0)
            about = place
        yield from _change(change, tz)


def _change(change: Item, tz: str) -> Iterator[str]:
    before, after, model = change["before"], change["after"], change["model"]
    if change["change"] == "changed":
        old, new = _fact(model, before, tz), _fact(model, after, tz)
        if old == new:
            # Only what it rests on is another.
            old, new = (f"{text} {fact.get('positions', '')}" for text, fact in ((old, before), (new, after)))
        yield from wrapped(f"~ {old}", 2)
        yield from wrapped(f"→ {new}", 4)
    else:
        sign, fact = ("+", after) if after else ("-", before)
        yield from wrapped(f"{sign} {_fact(model, fact, tz)}", 2)
    for entry in change["entries"]:
        summary = f": {entry['summary']}" if entry["summary"] else ""
        yield from wrapped(f"by [{entry['position']}] {entry['type']}{summary}", 6)


def _fact(model: str, fact: Item, tz: str) -> str:
    timing = times(fact, tz) if "since" in fact else ()
    return "; ".join([said(model, fact), *timing, *([fact["basis"]] if "basis" in fact else [])])
