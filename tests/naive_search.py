"""The naive answer to a search: fold the whole text, write its words down with signs between them, look for a string.

Written apart from `archive.projections.words`: scripts are told by the names of characters, nothing is cut into
clusters, there is no index.
"""

import re
import unicodedata
from functools import cache

UNBROKEN: tuple[str, ...]
UNBROKEN = ("CJK", "KANGXI", "HIRAGANA", "KATAKANA", "HENTAIGANA", "BOPOMOFO", "HANGZHOU", "YI ", "MASU")
UNBROKEN += (
    "IDEOGRAPHIC ITERATION",
    "IDEOGRAPHIC CLOSING",
    "IDEOGRAPHIC NUMBER",
    "VERTICAL KANA",
    "VERTICAL IDEOGRAPHIC",
)
UNSPACED = ("HANGUL", "THAI CHARACTER", "LAO", "MYANMAR", "KHMER")
HIDDEN = (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0, *range(0x200B, 0x2010))
HIDDEN_RANGES: tuple[tuple[int, int], ...]
HIDDEN_RANGES = ((0x180B, 0x180F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFFF0, 0xFFF8))
HIDDEN_RANGES += ((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0x1F3FB, 0x1F3FF), (0xE0000, 0xE0FFF))


def hidden(character: str) -> bool:
    """Whether a character never shows (or only colours the one before)."""
    code = ord(character)
    return code in HIDDEN or any(low <= code <= high for low, high in HIDDEN_RANGES)


def fold(text: str) -> str:
    """The text without size, width and case."""
    seen = "".join(one for one in text if not hidden(one))
    whole = unicodedata.normalize("NFKC", seen).casefold()
    return "".join(one for one in unicodedata.normalize("NFKC", whole) if not hidden(one))


def kind(character: str) -> str:
    """`word`, `sign`, `unbroken`, `unspaced`, `mark` or `gap`."""
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    if category.startswith("M"):
        return "mark"
    if category[0] in "LN":
        if name.startswith(UNBROKEN):
            return "unbroken"
        if name.startswith(UNSPACED) and category[0] == "L":
            return "unspaced"
        return "word"
    if category in ("Co", "Cn"):
        return "word"
    return "sign" if category in ("Sc", "So") or character in "%+" else "gap"


@cache
def written(text: str) -> str:
    """Units, each with `|` before it, or `+` where it is one with the unit before."""
    out, last, between = "|", "gap", ""
    for character in fold(text):
        found = kind(character)
        if found == "mark":
            if not between and last != "gap":
                out += character
            continue
        if found == "gap":
            between += character
            continue
        whole = last in ("unbroken", "unspaced") and found in ("unbroken", "unspaced")
        if last == found == "word" and not between:
            out += character
        elif whole and (not between or (between in ("\n", "\r\n") and last == found == "unbroken")):
            out += f"+{character}"
        else:
            out += f"|{character}" if out != "|" else character
        last, between = found, ""
    return f"{out}|"


def asked(words: str) -> list[str]:
    """What stands in quotes, and every other word."""
    plain = re.sub("[“”„‟＂]", '"', words).split('"')
    if len(plain) % 2 == 0:
        plain[-2:] = [f"{plain[-2]} {plain[-1]}"]
    whole = [[part] if place % 2 else part.split() for place, part in enumerate(plain)]
    return [written(part) for parts in whole for part in parts if written(part) != "||"]


def found(texts: list[str], words: str) -> bool:
    """Whether every word asked for stands in one of the texts."""
    return all(any(_stands(written(text), word) for text in texts) for word in asked(words))


def _stands(text: str, word: str) -> bool:
    units = "[|+]" + re.escape(word.strip("|")) + r"(?=[|+])"
    return re.search(units, text) is not None
