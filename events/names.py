"""Names: by which an event says that somebody or something may be called, and when two spellings are one name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, normalize

from events.base import Event, Registration

KINDS = ("person", "organisation", "office", "source")
"""What can be called something; the key of an office is `organisation/office`, of all others the id."""

_FACES = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    **dict.fromkeys("\u00b7\u2027\u2219\u22c5\u30fb", " "),
    **dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)), None),
}
"""Characters of one meaning and several faces; a middle dot parts words as a space does, a variation selector is no
character of its own."""

_SAME = str.maketrans(_FACES)
_KANJI = "[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN_KANJI = re.compile(f"(?<={_KANJI}) (?={_KANJI})")
"""A space that some write between the names of a person, and some do not."""

_PLAIN = re.compile(r"[a-z0-9'.,]+(?:[ -][a-z0-9'.,]+)*")


def fold_name(text: str) -> str:
    """The form in which two spellings of one name are equal, and two names are not.

    NFKC and case-folded; white space and middle dots as one space, and as none between kanji; apostrophes and hyphens
    of one kind, invisible characters left out. Accents, marks of length, kana and characters of other scripts stay as
    they are: whether `Müller` is `Mueller` only a source can say. Empty for a text of which nothing is visible.
    """
    if _PLAIN.fullmatch(text):
        return text
    folded = normalize("NFKC", normalize("NFKC", normalize("NFD", text).casefold()).casefold()).translate(_SAME)
    seen = "".join(one for one in folded if category(one) != "Cf") if not folded.isascii() else folded
    return _BETWEEN_KANJI.sub("", " ".join(normalize("NFKC", seen).split()))


def may_name(cls: type[Event]) -> bool:
    """Whether events of a type may say what something is called."""
    return issubclass(cls, Registration) or "name" in cls.__dataclass_fields__


def names_in(event: Event) -> Iterator[tuple[str, str, str]]:
    """The names by which an event says that something may be called: (kind, key, name), the one to show first.

    The title of an office or of a source is a name of it.
    """
    for effect in event.effects():
        kind, _, key = effect.item.partition("/")
        if effect.model == "names" and effect.holder is not None and kind in KINDS:
            yield kind, key, effect.holder
        elif isinstance(event, Registration) and effect.value is not None:
            if effect.model == "offices":
                yield "office", f"{effect.organisation}/{effect.item}", effect.value
            elif effect.model == "sources":
                yield "source", effect.item, effect.value
