"""Documents as text: in a list, whole, and with what was taken from where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from archive.cli.output import printable, width, wrapped
from archive.times import show_bounds, show_instant

Item = Mapping[str, Any]


def brief(source: Item, tz: str) -> Iterator[str]:
    """A source in two lines or three."""
    mark = ", internal" if source["access"] == "internal" else ""
    title = f": {source['title']}" if source["title"] else ""
    yield from wrapped(f"{source['id']}{mark}{title}", 0)
    yield from wrapped("; ".join([*_about(source, tz), _rest(source["entries"])]), 2, 0)


def full(source: Item, tz: str) -> Iterator[str]:
    """A source with its versions, what it goes back to and how many entries rest on it."""
    yield from brief(source, tz)
    for name in ("author", "language", "url"):
        if source[name]:
            yield from wrapped(f"{name}: {source[name]}", 2)
    if source["derived_from"]:
        yield from wrapped(f"derived from {', '.join(source['derived_from'])}", 2)
        one = len(source["origins"]) == 1
        yield from wrapped(f"independent origin{'' if one else 's'}: {', '.join(source['origins'])}", 2)
    if not source["versions"]:
        yield "  registered without a digest"
    for number, version in enumerate(source["versions"], 1):
        yield from wrapped(f"version {number}, registered at position {version['position']}", 2)
        yield from wrapped(f"sha256 {version['sha256']}", 4, 0)
        said = [version["title"]] if number > 1 and version["title"] else []
        said += [version["url"]] if number > 1 and version["url"] else []
        for name in ("published", "retrieved"):
            time = version[name]
            said += [f"{name} {show_bounds(time['earliest'], time['latest'], tz)}"] if time else []
        if version["kept"] is None:
            said.append("text not kept")
        else:
            said.append(f"text kept {show_instant(version['kept'], tz)}, {version['media_type']}")
        yield from wrapped("; ".join(said), 4, 0)


def taken(cited: Item, columns: int) -> Iterator[str]:
    """The text stretch by stretch, each with the positions of the entries that cite it; then how much is cited."""
    passages, text = cited["passages"], cited["text"]
    yield ""
    if text is None:
        yield from wrapped(f"no text is kept; {_many(len(passages), 'passage')} cited of it, unchecked", 0)
        for one in passages:
            yield f"{one['start']}-{one['end']} {_entry(one)}"
        return
    whole = cited["characters"]
    share = f"{100 * cited['covered'] / whole:.1f} %"
    yield from _folded(
        f"{_many(len(passages), 'passage')}; {cited['covered']} of {whole} characters, {share}", 0, columns
    )
    fitting = [one for one in passages if one["matches"]]
    ends = sorted({0, whole, *(one["start"] for one in fitting), *(one["end"] for one in fitting)})
    for start, end in pairwise(ends):
        by = [one for one in fitting if one["start"] < end and one["end"] > start]
        entries = ", ".join(dict.fromkeys(_entry(one) for one in by))
        yield from _folded(f"{start}-{end} {entries or '-'}", 0, columns)
        for line in text[start:end].splitlines():
            if line.strip():
                yield from _folded(line, 4 if by else 2, columns)
    for one in passages:
        if not one["matches"]:
            said = f"{one['start']}-{one['end']} {_entry(one)}: not what stands there"
            yield from _folded(said, 0, columns)


def _entry(one: Item) -> str:
    return f"{one['position']} {one['type']}{' (internal)' if one['access'] == 'internal' else ''}"


def _about(source: Item, tz: str) -> Iterator[str]:
    if source["publisher"]:
        yield source["publisher"]
    published = next((version["published"] for version in source["versions"] if version["published"]), None)
    if published:
        yield f"published {show_bounds(published['earliest'], published['latest'], tz)}"
    elif source["published"]:
        yield f"published {show_bounds(None, source['published'], tz)}"
    if source["derived_from"]:
        yield f"derived from {', '.join(source['derived_from'])}"
    kept = sum(version["kept"] is not None for version in source["versions"])
    number = len(source["versions"])
    if number > 1:
        yield f"{number} versions, text of {kept} kept"
    else:
        yield "text kept" if kept else "text not kept"


def _rest(number: int) -> str:
    return "1 entry rests on it" if number == 1 else f"{number} entries rest on it"


def _folded(text: str, indent: int, columns: int) -> Iterator[str]:
    """Lines no wider than the terminal, broken anywhere: not every script has blanks."""
    line, used = "", indent
    for character in printable(text):
        size = width(character)
        if line and used + size > columns:
            yield " " * indent + line
            line, used = "", indent
        line, used = line + character, used + size
    yield " " * indent + line


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
