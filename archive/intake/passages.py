"""Passages: what a report cites of a source, checked against its kept text and completed from it.

On the wire a passage may leave out what follows from the text: `{"quote": "…"}` alone, `{"start": 120, "end": 188}`
alone. A report speaks of one version of its source, so offsets mean one place. Nothing is taken for a passage that is
not exactly there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any

from archive.intake.faults import Wrong, quoted
from archive.intake.known import Known
from events import Event

_MOST_PLACES = 10
_MOST_COUNTED = 1_000
_INVALID = {"start": 0, "end": 1, "sha256": "0" * 64}
"""Stands in for a passage whose fault is told already, so that the fields of the others are read in their places."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The versions of a source with their kept texts, and the digest of the one that a report speaks of."""

    source: str
    versions: Mapping[str, str | None]
    version: str | None

    @classmethod
    def of(cls, source: str, versions: Mapping[str, str | None], named: str | None) -> Texts:
        """The version named, else the one registered first."""
        return cls(source, versions, named or next(iter(versions), None))

    @property
    def text(self) -> str | None:
        """The kept text of the version; None where none is kept."""
        return None if self.version is None else self.versions.get(self.version)

    def elsewhere(self, quote: str) -> str | None:
        """The digest of another version in which a quote stands."""
        others = (digest for digest, text in self.versions.items() if digest != self.version and text is not None)
        return next((digest for digest in others if quote in (self.versions[digest] or "")), None)


def with_passages(
    wire: Mapping[str, Any], known: Known, of: Event | None = None
) -> tuple[Mapping[str, Any], list[Wrong]]:
    """Fields on the wire with whole passages, and what is wrong with those given; what they do not say of the source
    is as in the event `of`."""
    if "passages" not in wire:
        return wire, []
    source, version = (wire.get(name, getattr(of, name, None)) for name in ("source", "source_version"))
    if not isinstance(source, str) or not (version is None or isinstance(version, str)):
        return wire, []
    passages, wrongs = completed(wire["passages"], Texts.of(source, known.texts(source), version))
    return {**wire, "passages": passages}, wrongs


def completed(given: Any, texts: Texts) -> tuple[Any, list[Wrong]]:
    """The list of passages as it is to be read, each with offsets and digest, and what is wrong with those given."""
    if not isinstance(given, list):
        return given, []
    read: list[Any] = []
    wrongs: list[Wrong] = []
    for place, passage in enumerate(given):
        try:
            read.append(_completed(passage, texts))
        except Wrong as wrong:
            wrongs.append(wrong.within(f"passages[{place}]"))
            read.append(_INVALID)
    return read, wrongs


def _completed(passage: Any, texts: Texts) -> Any:
    """One passage with all that follows from the text; what is no passage at all is left to the check of its fields."""
    if not isinstance(passage, dict):
        return passage
    start: int | None
    end: int | None
    start, end, digest, quote = (passage.get(name) for name in ("start", "end", "sha256", "quote"))
    known = all(value is None or (type(value) is int and value >= 0) for value in (start, end))
    if not known or not all(value is None or _is_text(value) for value in (digest, quote)):
        return passage
    if quote is not None:
        start = _located(quote, end, texts) if start is None else start
        end = start + len(quote) if end is None else end
    if start is None or end is None:
        return passage
    if texts.text is not None:
        if start < end:
            _check((start, end), digest, quote, texts)
        stands = texts.text[start:end]
    elif quote is None and digest is None:
        raise _unkept(texts, "the digest of the passage is not known")
    else:
        stands = quote or ""
    return {**passage, "start": start, "end": end, "sha256": digest or sha256(stands.encode()).hexdigest()}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not any("\ud800" <= one <= "\udfff" for one in value)


def mismatch(text: str, start: int, end: int, digest: str) -> bool:
    """Whether a stored passage is not what stands at its place in a text."""
    return end > len(text) or sha256(text[start:end].encode()).hexdigest() != digest


def line_of(text: str, start: int) -> int:
    """The line, from 1, on which a code point stands."""
    return text.count("\n", 0, start) + 1


def _check(place: tuple[int, int], digest: str | None, quote: str | None, texts: Texts) -> None:
    """Raise Wrong unless the text has just this at the place."""
    text, (start, end) = texts.text or "", place
    stands = text[start:end]
    if end > len(text):
        problem = f"ends at {end}, and the text has {len(text)} code points"
    elif (quote is not None and stands != quote) or (digest is not None and mismatch(text, start, end, digest)):
        problem = f"is not what the text has at {start} to {end}, line {line_of(text, start)}: {quoted(stands)}"
    else:
        return
    raise Wrong(problem, _remedy(quote, text, texts))


def _remedy(quote: str | None, text: str, texts: Texts) -> str:
    if quote is None:
        return "`archive source show --passages` shows the text with its positions; a quote is located by itself"
    places = list(islice(_places(text, quote), 2))
    if len(places) == 1:
        return f"the quote stands at {places[0]} to {places[0] + len(quote)}, line {line_of(text, places[0])}"
    return "the quote stands there more than once" if places else _nowhere(quote, text, texts)


def _located(quote: str, end: int | None, texts: Texts) -> int:
    """Where a quote stands, if it stands at one place alone."""
    text = texts.text
    if text is None:
        raise _unkept(texts, "a quote without its place cannot be located", quote)
    if end is not None and text[max(0, end - len(quote)) : end] == quote:
        return end - len(quote)
    places = [] if end is not None else list(islice(_places(text, quote), _MOST_COUNTED + 1))
    if not places:
        where = "in the source" if end is None else f"before {end}"
        raise Wrong(f"{quoted(quote)} does not stand {where}", _remedy(quote, text, texts), field="quote")
    if len(places) > 1:
        listed = ", ".join(f"{place} (line {line_of(text, place)})" for place in places[:_MOST_PLACES])
        times = f"{len(places)} times" if len(places) <= _MOST_COUNTED else f"more than {_MOST_COUNTED} times"
        first = f"{places[0]}-{places[0] + len(quote)}"
        remedy = f'say which with "start": {places[0]} beside the quote (by hand passage={first}), or quote more'
        more = " and so on" if len(places) > _MOST_PLACES else ""
        raise Wrong(f"{quoted(quote)} stands {times}: at {listed}{more}", remedy, field="quote")
    return places[0]


def _places(text: str, quote: str) -> Iterator[int]:
    """Every place of a quote, overlapping ones too."""
    place = text.find(quote)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _nowhere(quote: str, text: str, texts: Texts) -> str:
    other = texts.elsewhere(quote)
    if other is not None:
        return f'it stands in another version of the source: give "source_version": "{other}"'
    folded, lines = _folded(text)
    place = folded.find(_folded(quote)[0])
    if place >= 0 and _folded(quote)[0]:
        return f"blanks and widths apart it is like line {lines[place]}: quote that exactly"
    return "quote it exactly as the source has it"


@lru_cache(maxsize=2)
def _folded(text: str) -> tuple[str, list[int]]:
    """A text without blanks, in NFKC, and the line of each of its characters: for a hint, never for a match."""
    characters: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        read = re.sub(r"\s", "", unicodedata.normalize("NFKC", line))
        characters.append(read)
        lines += [number] * len(read)
    return "".join(characters), lines


def _unkept(texts: Texts, problem: str, quote: str | None = None) -> Wrong:
    other = None if quote is None else texts.elsewhere(quote)
    if other is not None:
        return Wrong(problem, f'it stands in another version of the source: give "source_version": "{other}"')
    attach = f"archive source attach {texts.source} FILE"
    return Wrong(f"{problem}, as no text of the source is kept", f"keep it: {attach}; or give start, end and sha256")
