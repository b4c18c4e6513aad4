"""What is said where the read model is behind the log: an answer is never silently old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.cli.errors import say

if TYPE_CHECKING:
    import archive

LACKS = "the answer is without {entries} that the log has and the read model has not yet"
WAITS = "{entries} of the log wait{s} to be folded into the read model"
UNCHECKED = "{entries} of the log wait{s} to be folded, and the read model was checked as far as it goes"
REMEDY = "archive follow folds them as they come; archive follow --once, now"


def say_behind(opened: archive.Archive, sentence: str = LACKS) -> int:
    """Say on standard error how many entries the read model is behind now, if it is, and return how many."""
    return told_behind(opened.projected().behind, sentence)


def told_behind(behind: int, sentence: str = LACKS) -> int:
    """The same where an answer says it itself."""
    if behind:
        entries = f"{behind} entr{'y' if behind == 1 else 'ies'}"
        say(sentence.format(entries=entries, s="s" if behind == 1 else ""), REMEDY)
    return behind
