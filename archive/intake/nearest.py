"""The nearest of known words, for the faults that propose one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

_ENOUGH = 60.0
_PART = 90.0
"""How alike, of 100, a name and one of its words are: `altman` means somebody of that name."""
_MOST = 3
_LONGEST = 200


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

    `names` has the names of each id, the one to show first. A name or id equal to `text` comes before all others.
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
    ranked = sorted((-score, keys[index]) for score, index in scores)
    best = list(dict.fromkeys(id_ for _, id_ in ranked))[:_MOST]
    return [Near(id_, names[id_][0] if names[id_] else "") for id_ in best]


def _folded(text: str) -> str:
    return text.casefold().replace("-", " ").replace("_", " ")
