"""What a search found, as text of 80 columns and as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.cli.output import wrapped
from archive.times import show_bounds, show_instant

Item = Mapping[str, Any]

COLUMNS = (
    "kind",
    "position",
    "type",
    "subject",
    "organisation",
    "earliest",
    "latest",
    "basis",
    "attribution",
    "source",
    "stands",
    "field",
    "start",
    "end",
    "excerpt",
)
"""The columns of a hit as a row: `start` and `end` are code points of the field, where the first match stands."""

OPENS, CLOSES = "«", "»"
"""What stands around a match in text."""


def told(answer: Item, tz: str) -> Iterator[str]:
    """Lines, fit to print: how many, as known when, then each hit with the words in their surroundings."""
    of = f" of {answer['organisation']}" if answer["organisation"] else ""
    yield from wrapped(f"Search for {answer['words']}{of}: {counted(answer)}", 0)
    if answer["as_reported"]:
        yield from wrapped(f"in what was public by {show_instant(answer['as_reported'], tz)}", 2)
    yield from wrapped(f"as recorded by {show_instant(answer['as_recorded'], tz)}", 2)
    log = answer["log"]
    yield from wrapped(
        f"in the log of {log['size']} entr{'y' if log['size'] == 1 else 'ies'} with the root {log['root']}", 2
    )
    for hit in answer["hits"]:
        yield ""
        yield from _hit(hit, tz)


def counted(answer: Item) -> str:
    """How many hits there are, and how many of them are shown where not all are."""
    total, shown = answer["total"], len(answer["hits"])
    return f"{total} found" if shown == total else f"{total} found, the first {shown} shown"


def row(hit: Item) -> tuple[Any, ...]:
    """A hit under `COLUMNS`."""
    when, excerpt = hit.get("when") or {}, hit["excerpts"][0]
    start, end = (excerpt["start"] + place for place in excerpt["marks"][0])
    plain = {**hit, "earliest": when.get("earliest"), "latest": when.get("latest"), "start": start, "end": end}
    plain |= {"field": excerpt["field"], "excerpt": excerpt["text"]}
    if "stands" in hit:
        plain["stands"] = str(hit["stands"]).lower()
    return tuple(plain.get(name) for name in COLUMNS)


def _hit(hit: Item, tz: str) -> Iterator[str]:
    if hit["kind"] == "text":
        yield from _text(hit)
        return
    heads = {"name": f"name of {hit['subject']}", "source": hit["subject"], "report": hit["type"]}
    head = f"{heads[hit['kind']]} [{hit['position']}]"
    if hit["target"]:
        head += f" of [{hit['target']}]"
    when = hit["when"] and show_bounds(hit["when"].get("earliest"), hit["when"].get("latest"), tz)
    who = hit["attribution"] and f"says {hit['attribution']}"
    source = hit["source"] if hit["kind"] != "source" else None
    about = hit["organisation"] if hit["kind"] == "report" else None
    parts = [head, about, when, hit["basis"], source, who]
    yield from wrapped(", ".join(part for part in parts if part), 0)
    later = ", ".join(f"{one['type']} [{one['position']}]" for one in hit["later"])
    if not hit["stands"]:
        yield from wrapped(f"does not count now: {later}" if later else "does not count now", 2)
    elif later:
        yield from wrapped(f"said of it later: {later}", 2)
    for excerpt in hit["excerpts"]:
        field = "" if hit["kind"] == "name" and excerpt["field"] in ("name", "names", "title") else excerpt["field"]
        yield from wrapped(f"{field}: {_marked(excerpt)}" if field else _marked(excerpt), 2)


def _text(hit: Item) -> Iterator[str]:
    """A kept text: of which sources, and the first places in it."""
    many = "1 place" if hit["found"] == 1 else f"{hit['found']} places"
    of = ", ".join(f"source/{source}" for source in hit["sources"])
    yield from wrapped(f"text of {of} [{hit['position']}], {many}", 0)
    for excerpt in hit["excerpts"]:
        start, end = (excerpt["start"] + place for place in excerpt["marks"][0])
        yield from wrapped(f"{start} to {end}: {_marked(excerpt)}", 2)


def _marked(excerpt: Item) -> str:
    """The excerpt on one line, its matches between marks; dots where the field goes on."""
    said = excerpt["text"]
    parts, end = [], 0
    for start, stop in excerpt["marks"]:
        parts += [said[end:start], OPENS, said[start:stop], CLOSES]
        end = stop
    line = " ".join("".join([*parts, said[end:]]).split())
    return f"{'… ' if excerpt['start'] else ''}{line}{' …' if excerpt['more'] else ''}"
