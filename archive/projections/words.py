"""What a word is, for search: text to units, and units to the lexemes of an index.

Text is folded (NFKC, case-folded, characters that never show left out) and split into units: a run of letters and
digits, each character of a script written without blanks (kana, kanji, hangul, Thai, …), each sign that people look
for (currencies, emoji, `%`, `+`). All else separates. Between two characters of scripts without blanks it matters
whether something separates them; anywhere else it does not. A line break alone, between kana or kanji, separates
nothing.

A phrase is found where its units follow each other. Each unit has one lexeme in an index: a unit of a script without
blanks that of itself and its follower, so that the lexemes of a phrase are found exactly where its units are.
Lexemes are ASCII letters and digits, which every database takes for one word, whatever it knows of Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U0001f3fb-\U0001f3ff"
    "\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point, and the colours of skin of emoji."""

UNBROKEN = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
"""Kana, kanji and their like: no blanks, and lines broken anywhere."""

UNSPACED = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ecf\u0edc-\u0edf\u1000-\u103f\u104c-\u108f\u109a-\u109f\u1100-\u11ff"
    "\u1780-\u17dc\u3131-\u318e\ua960-\ua97c\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f\uac00-\ud7fb]"
)
"""Hangul, Thai, Lao, Burmese, Khmer: words are not told apart by blanks, or not all of them."""

SIGNS = frozenset({"Sc", "So"})
MORE_SIGNS = frozenset("%+")
PLAIN = re.compile(r"[A-Za-z0-9]+|[$%+]")
"""The units of an ASCII text."""

WORD, SIGN, LINELESS, CLOSE, GAP = range(5)
"""Kinds of unit: a word, a sign, a character of `UNBROKEN`, one of `UNSPACED`; and what separates."""

QUOTES = dict.fromkeys(map(ord, "“”„‟＂"), '"')
ASKED = re.compile(r'"([^"]*)"|([^\s"]+)')

BARRIER = "xz"
"""A lexeme that no unit has: no phrase reaches over it."""

SHORT = 8
"""Code points of the longest cluster that is worth remembering."""

LONGEST = 60
"""Characters of the longest encoded unit; a longer one stands in the index as its digest."""


class Unit(NamedTuple):
    """A folded unit, where it stands in the text, and whether it is one with the unit before it."""

    text: str
    start: int
    end: int
    kind: int
    joined: bool


Phrase = tuple[Unit, ...]


def units(text: str) -> list[Unit]:
    """The units of a text, in order; `start` and `end` are half-open code points of it."""
    if text.isascii():
        return [
            Unit(found[0].lower(), found.start(), found.end(), SIGN if found[0] in "$%+" else WORD, joined=False)
            for found in PLAIN.finditer(text)
        ]
    made: list[Unit] = []
    word: list[str] = []  # the parts of the last unit, while it is a word that may go on
    between = ""
    for start, end in _clusters(text):
        cluster = text[start:end]
        for kind, folded in _pieces(cluster) if end - start <= SHORT else _folded(cluster):
            if kind == WORD and word:
                word.append(folded)
                made[-1] = made[-1]._replace(end=end)
                continue
            if word:
                made[-1] = made[-1]._replace(text="".join(word))
                word = []
            if kind == GAP:
                between = (between + folded)[:3]
                continue
            joined = bool(made) and _is_one(made[-1].kind, kind, between)
            made.append(Unit(folded, start, end, kind, joined))
            between = ""
            if kind == WORD:
                word = [folded]
    if word:
        made[-1] = made[-1]._replace(text="".join(word))
    return made


def lexemes(found: Sequence[Unit]) -> list[str]:
    """The lexeme of each unit."""
    made = []
    for place, unit in enumerate(found):
        if place + 1 < len(found) and found[place + 1].joined:
            made.append(f"x{_encoded(unit.text)}{_encoded(found[place + 1].text)}")
        else:
            made.append(_alone(unit.text))
    return made


def lexemes_of(text: str) -> list[str]:
    """The lexemes of a text; what ASCII has of units is none with another."""
    if not text.isascii():
        return lexemes(units(text))
    return [_alone(unit) for unit in PLAIN.findall(text.lower())]


def looked_for(phrase: Phrase) -> tuple[list[str], bool]:
    """The lexemes by which a phrase is found, and whether the last is but the beginning of one."""
    made, last = lexemes(phrase), phrase[-1]
    if last.kind not in (LINELESS, CLOSE):
        return made, False
    # What follows the last character is open, and so is the rest of its lexeme.
    return (made[:-1], False) if last.joined else (made, True)


def phrases(words: str) -> list[Phrase]:
    """What is asked for: each word, and each text in quotes, as a phrase; what has no unit is left out."""
    asked = ASKED.finditer(words.translate(QUOTES))
    found = (tuple(units(match[1] if match[1] is not None else match[2])) for match in asked)
    return list({tuple((unit.text, unit.joined) for unit in phrase): phrase for phrase in found if phrase}.values())


def places(found: Sequence[Unit], phrase: Phrase) -> Iterator[tuple[int, int]]:
    """Where a phrase stands in a text of these units: half-open code points."""
    size = len(phrase)
    for place in range(len(found) - size + 1):
        if found[place].text == phrase[0].text and all(
            unit.text == asked.text and unit.joined == asked.joined
            for unit, asked in zip(found[place + 1 : place + size], phrase[1:], strict=True)
        ):
            yield found[place].start, found[place + size - 1].end


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that are folded apart: a character and the marks on it."""
    start = 0
    for place in range(1, len(text)):
        if not _leans(text[place]):
            yield start, place
            start = place
    if text:
        yield start, len(text)


@lru_cache(1 << 16)
def _leans(character: str) -> bool:
    """Whether it may become one with the character before it."""
    first = unicodedata.normalize("NFKC", character)[0]
    # Vowels and finals of hangul compose with what is before them.
    jamo = "\u1160" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7fb"
    return jamo or unicodedata.category(first)[0] == "M" or UNSEEN.match(character) is not None


@lru_cache(1 << 16)
def _pieces(cluster: str) -> tuple[tuple[int, str], ...]:
    return _folded(cluster)


def _folded(cluster: str) -> tuple[tuple[int, str], ...]:
    """What a cluster folds to: pieces with their kinds, a mark with what it stands on."""
    folded = unicodedata.normalize("NFKC", UNSEEN.sub("", cluster)).casefold()
    made: list[tuple[int, list[str]]] = []
    for character in UNSEEN.sub("", unicodedata.normalize("NFKC", folded)):
        kind = _kind(character)
        if kind is None:
            if made and made[-1][0] != GAP:
                made[-1][1].append(character)
        elif kind == WORD and made and made[-1][0] == WORD:
            made[-1][1].append(character)
        else:
            made.append((kind, [character]))
    return tuple((kind, "".join(parts)) for kind, parts in made)


def _kind(character: str) -> int | None:
    """The kind of a folded character; None for a mark."""
    category = unicodedata.category(character)
    if category[0] == "M":
        return None
    if category[0] in "LN":
        if UNBROKEN.match(character):
            return LINELESS
        return CLOSE if UNSPACED.match(character) else WORD
    if category in SIGNS or character in MORE_SIGNS:
        return SIGN
    # Private and unassigned ones may be letters of a script that is yet to come.
    return WORD if category in ("Co", "Cn") else GAP


def _is_one(before: int, kind: int, between: str) -> bool:
    if before not in (LINELESS, CLOSE) or kind not in (LINELESS, CLOSE):
        return False
    return not between or (between in ("\n", "\r\n") and before == kind == LINELESS)


@lru_cache(1 << 16)
def _alone(unit: str) -> str:
    """The lexeme of a unit that is not one with its follower: of an ASCII word itself."""
    if unit.isascii() and unit.isalnum() and len(unit) <= LONGEST:
        return f"x{unit}" if unit[0] == "x" else unit
    return f"x{_encoded(unit)}"


@lru_cache(1 << 16)
def _encoded(unit: str) -> str:
    """A unit as letters and digits: no encoding is the beginning of another."""
    made = "z".join(f"{ord(character):x}" for character in unit)
    return f"{made}y" if len(made) <= LONGEST else f"w{sha256(unit.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}y"
