"""Summaries of generated reports: words of made-up languages, as frequent as words are (Zipf)."""

from itertools import accumulate
from random import Random

SYLLABLES = ("ba", "den", "fi", "gor", "ka", "lu", "men", "no", "pir", "sa", "tu", "vel")
SIGNS = "取締役会社長員議決議案人事解任命辞職選挙株主総会計監査報告経営"
PARTICLES = "はがをにのとで"
NUMBER = 5_000
"""Words of each language."""


def latin(rank: int) -> str:
    """The word of a rank, from 1."""
    word = ""
    while rank:
        rank, place = divmod(rank - 1, len(SYLLABLES))
        word = SYLLABLES[place] + word
    return word


def japanese(rank: int) -> str:
    """The word of a rank, two characters or more."""
    word, rest = "", rank + len(SIGNS)
    while rest:
        rest, place = divmod(rest - 1, len(SIGNS))
        word = SIGNS[place] + word
    return word


class Words:
    """A source of summaries; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._weights = list(accumulate(1 / rank for rank in range(1, NUMBER + 1)))

    def summary(self) -> str:
        """One sentence of about fifteen words, in the one language or the other."""
        ranks = self._random.choices(range(1, NUMBER + 1), cum_weights=self._weights, k=self._random.randint(8, 22))
        if self._random.random() < 0.5:
            return f"{' '.join(map(latin, ranks)).capitalize()}."
        return "".join(japanese(rank) + self._random.choice(PARTICLES) for rank in ranks) + "。"
