"""What a text that is no time is answered with: the sentence that says so."""

LONGEST = 200  # characters; the longest sensible set, with a zone at both ends, has about 140
WAYS = (
    "write for example 2023, 2023-11, 2023-11-17, 2023-11-17T12:00:00-08:00, 2023-11-17T12:00[America/Los_Angeles] "
    "or [2023-11-17..2023-11-19]"
)
_SHOWN = 60


class TimeFault(ValueError):  # noqa: N818 - a fault is in the input, an error in us or our surroundings
    """Says what is wrong with a time or a zone, and what would be right.

    `proposal` is a text of the right shape to put in its place, where one can be guessed; the sentence ends with it.
    File and line are the caller's to add.
    """

    def __init__(self, message: str, proposal: str | None = None) -> None:
        super().__init__(message if proposal is None else f"{message}; write `{proposal}`")
        self.proposal = proposal


def quoted(text: str) -> str:
    """Show a text of unknown origin inside a sentence: cut to 60 characters, what does not print escaped."""
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "`" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + "`"


def check_characters(text: str) -> None:
    """Refuse a text that is empty, longer than 200 characters, not ASCII, or has anything that does not print."""
    if not text:
        raise TimeFault(f"the time is empty; {WAYS}")
    if len(text) > LONGEST:
        raise TimeFault(f"{quoted(text)} is {len(text)} characters long; a time has at most {LONGEST}")
    if not text.isascii():
        strange = next(c for c in text if not c.isascii())
        raise TimeFault(f"{quoted(text)} has the character {quoted(strange)}; a time is ASCII, its digits are 0 to 9")
    if not text.isprintable():
        raise TimeFault(f"{quoted(text)} has a character that does not print; {WAYS}")
