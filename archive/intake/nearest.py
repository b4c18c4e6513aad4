"""The nearest of known words and names, for the faults that propose one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import name as name_of

from rapidfuzz import fuzz, process

from events.names import fold_name

_ENOUGH = 60.0
_PART = 90.0
"""How alike, of 100, a name and one of its words are: `altman` means somebody of that name."""
_SOUND = 0.95
"""How much less it counts that two are alike as they sound."""
_MOST = 3
_LONGEST = 200
_SHORTEST_PART = 2
"""Characters without a space between them that may be a part of a name, as a family name in Chinese characters."""


class Near(NamedTuple):
    """Something known whose id or name is like what was written; `name` is empty where it has none."""

    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"`{self.id}` ({self.name})" if self.name and self.name != self.id else f"`{self.id}`"


def nearest_words(text: str, words: Iterable[str]) -> list[str]:
    """Give up to three words that are like `text`, the likest first, letter case aside."""
    return [near.id for near in nearest_of(text, dict.fromkeys(words, ()))]


def nearest_of(text: str, names: Mapping[str, Sequence[str]]) -> list[Near]:
    """Give up to three ids that are like `text`, or have a name that is, the likest first.

    `names` has the names of each id, the one to show first. A name or id equal to `text` comes before all others. Names
    in kana and in Latin letters are compared as they sound.
    """
    keys: list[str] = []
    spellings: list[str] = []
    for id_, known in names.items():
        for spelling in (id_, *known):
            keys.append(id_)
            spellings.append(_folded(spelling))
    wanted = _folded(text[:_LONGEST])
    like = process.extract(wanted, spellings, scorer=fuzz.ratio, score_cutoff=_ENOUGH, limit=_MOST * 4)
    part = process.extract(wanted, spellings, scorer=fuzz.token_set_ratio, score_cutoff=100, limit=_MOST * 4)
    scores = [(score, index) for _, score, index in like] + [(_PART, index) for _, _, index in part]
    if not wanted.isascii() and " " not in wanted and len(wanted) >= _SHORTEST_PART:
        scores += [(_PART, index) for index, spelling in enumerate(spellings) if wanted in spelling]
    sounds, own = [_sound(spelling) for spelling in spellings], _sound(wanted)
    if own != wanted or sounds != spellings:
        alike = process.extract(own, sounds, scorer=fuzz.ratio, score_cutoff=_ENOUGH, limit=_MOST * 4)
        # Between two names of one script the spelling says it better.
        other = [(own != wanted) != (sound != spelling) for sound, spelling in zip(sounds, spellings, strict=True)]
        scores += [(score * _SOUND, index) for _, score, index in alike if other[index]]
    ranked = sorted((-score, keys[index]) for score, index in scores)
    best = list(dict.fromkeys(id_ for _, id_ in ranked))[:_MOST]
    return [Near(id_, names[id_][0] if names[id_] else "") for id_ in best]


def likeness(text: str, names: Iterable[str]) -> int:
    """How alike a text and the likest of these names are, of 100."""
    own = _folded(text[:_LONGEST])
    pairs = [(_folded(name), own) for name in names]
    pairs += [(_sound(name), _sound(own)) for name, _ in pairs]
    return round(max((fuzz.ratio(*pair) for pair in pairs), default=0))


def _folded(text: str) -> str:
    return fold_name(text).replace("-", " ").replace("_", " ")


def _sound(text: str) -> str:
    """A text in which kana are syllables in Latin letters, roughly as English spells them; any other as it is."""
    if text.isascii() or not any("\u3041" <= one <= "\u30fa" for one in text):
        return text
    sounds: list[str] = []
    for one in text:
        kana, _, syllable = name_of(one, "").lower().partition(" letter ")
        if kana not in ("katakana", "hiragana"):
            sounds += one if one != "ー" else ""
        elif not syllable.startswith("small "):
            sounds.append(syllable)
        elif syllable not in ("small tu", "small wa"):
            # A small vowel takes the place of the vowel before it: VU and a small A are VA.
            sounds[-1:] = [(sounds[-1] if sounds else "")[:-1] + syllable.removeprefix("small ")]
    return "".join(sounds).replace("tu", "ts").replace("si", "shi").replace("ti", "chi")
