"""Where the words of a question stand in a text, and as much of the text around them as a reader needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from archive.projections.words import Phrase, Unit, places, units

AROUND = 32
"""Columns of a terminal shown before and after a match."""

EDGE = 12
"""Characters of a word that is left out rather than cut."""

MOST = 3
"""Excerpts of one hit."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of one field: half-open code points of it, and the matches within, counted in the field."""

    field: str
    text: str
    start: int
    end: int
    marks: tuple[Place, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON has it: `marks` are half-open code points of `text`, `start` and `end` those of the field.

        `more` is whether the field goes on.
        """
        marks = [[start - self.start, end - self.start] for start, end in self.marks]
        shown = self.text[self.start : self.end]
        more = self.end < len(self.text)
        return {"field": self.field, "start": self.start, "end": self.end, "text": shown, "marks": marks, "more": more}


class Fields:
    """The free texts of one hit, and where each phrase stands in them."""

    def __init__(self, texts: Iterable[tuple[str, str]], phrases: Sequence[Phrase]) -> None:
        """Take the texts with the names of their fields."""
        self._texts = [(field, text, units(text)) for field, text in texts]
        self._phrases = phrases

    def has_all(self) -> bool:
        """Whether every phrase stands in one field or another."""
        return all(any(_first(found, phrase) for _, _, found in self._texts) for phrase in self._phrases)

    def places(self) -> list[Place]:
        """Every match in the first field, in order, those within others left out."""
        return self._all[self._texts[0][1]] if self._texts else []

    @cached_property
    def _all(self) -> dict[str, list[Place]]:
        """The matches of all phrases in each text."""
        return {text: _marks(found, self._phrases) for _, text, found in self._texts}

    def excerpts(self, each: int = 1) -> list[dict[str, Any]]:
        """At most `MOST` stretches, in which each phrase is to be seen `each` times if they suffice for it."""
        made: list[Excerpt] = []
        for phrase in self._phrases:
            for field, text, found in self._texts:
                for place in islice(places(found, phrase), each):
                    if not any(one.text is text and one.start <= place[0] and place[1] <= one.end for one in made):
                        made.append(_around(field, text, place, self._all[text]))
                if _first(found, phrase) is not None:
                    break
        return [one.plain() for one in made[:MOST]]


def _first(found: Sequence[Unit], phrase: Phrase) -> Place | None:
    return next(places(found, phrase), None)


def _marks(found: Sequence[Unit], phrases: Sequence[Phrase]) -> list[Place]:
    """The matches of all phrases, those that touch or overlap joined."""
    joined: list[Place] = []
    for start, end in sorted({place for phrase in phrases for place in places(found, phrase)}):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _around(field: str, text: str, place: Place, marks: Sequence[Place]) -> Excerpt:
    start, end = place
    left = start - _fitting(reversed(text[max(0, start - AROUND) : start]))
    right = end + _fitting(text[end : end + AROUND])
    # A word at the edge is whole, unless it is long, or of a script without blanks.
    if left > 0 and not text[left - 1].isspace():
        left += _to_blank(text[left:start][:EDGE])
    if right < len(text) and not text[right].isspace():
        right -= _to_blank(text[end:right][-EDGE:][::-1])
    inside = tuple((max(one, left), min(other, right)) for one, other in marks if one < right and left < other)
    return Excerpt(field, text, left, right, inside)


def _to_blank(edge: str) -> int:
    """How many characters up to the first blank, with it; none where there is no blank."""
    return next((place + 1 for place, character in enumerate(edge) if character.isspace()), 0)


def _fitting(characters: Iterable[str]) -> int:
    """How many of the first characters fit into `AROUND` columns."""
    room, number = AROUND, 0
    for character in characters:
        room -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if room < 0:
            break
        number += 1
    return number
