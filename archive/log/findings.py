"""What a check of an archive found: what is not as it was, where, and how grave that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType

from archive.errors import DamagedLog, Forked, LogError, MissingGuard, WrongReadModel

MOST = 100
"""Findings of one kind that are told one by one; how many there are is always told."""

KINDS: dict[str, type[LogError]] = {
    "edited": DamagedLog,  # an entry is not what was appended
    "deleted": DamagedLog,  # a position has no entry
    "cut off": DamagedLog,  # the entries at the end are gone
    "reordered": DamagedLog,  # an entry stands at another position
    "moved": DamagedLog,  # an entry stands in another stream
    "emptied": DamagedLog,  # an entry has no content, and no redaction says so
    "append": DamagedLog,  # who appended, when or what belongs to it was altered
    "head": DamagedLog,  # the head of the log is not that of its entries
    "tree": DamagedLog,  # the stored hashes are not those of the entries
    "keys": DamagedLog,  # the columns by which the same report is known again were altered
    "damaged": DamagedLog,  # the database itself cannot read what is stored
    "forked": Forked,  # another log than a checkpoint says
    "rolled back": Forked,  # shorter than a checkpoint says
    "not redacted": WrongReadModel,  # what a redaction says is gone is there
    "text": WrongReadModel,  # a kept text is not that of its source
    "settings": WrongReadModel,  # origin, key or followers of the archive
    "read model": WrongReadModel,  # rows that the log does not give
    "search index": WrongReadModel,  # words that the log does not give
    "guard": MissingGuard,  # a table, view, index or trigger
}
"""Every kind, with the error that the archive has if it is the gravest, gravest first."""

HINTS: dict[type[LogError], str] = {
    DamagedLog: "keep the file as it is, and restore the archive from a copy that verifies",
    Forked: "keep the file and the checkpoint; find the copy of the archive that continues the checkpoint",
    WrongReadModel: "the log is whole: make the read model anew with archive rebuild; take texts from a copy",
    MissingGuard: "the log is whole: export it and import it into a new archive",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was: its kind, a sentence, and the position of the entry, where it is of one."""

    kind: str
    said: str
    position: int | None = None


@dataclass(slots=True)
class Findings:
    """What was found so far, and how much of it; of each kind the first ``MOST`` are kept."""

    found: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How much was found."""
        return sum(self.counts.values())

    def add(self, kind: str, said: str, position: int | None = None) -> None:
        """Note something of one of ``KINDS``."""
        self.counts[kind] += 1
        if self.counts[kind] <= MOST and KINDS[kind]:
            self.found.append(Finding(kind, said, position))

    def reading(self, what: str) -> AbstractContextManager[None, bool]:
        """A part of the check: whatever it stumbles over in what is stored is noted, and the check goes on behind it.

        Damaged bytes raise anything, in the driver and in decoders.
        """
        return _Part(self, what)

    def error(self) -> LogError | None:
        """The error of the gravest kind found; None where nothing was."""
        gravest = next((kind for kind in KINDS if self.counts[kind]), None)
        if gravest is None:
            return None
        kind = KINDS[gravest]
        return kind(
            f"the archive does not verify: {self.total} {'finding' if self.total == 1 else 'findings'}",
            hint=HINTS[kind],
        )


@dataclass(frozen=True, slots=True)
class _Part(AbstractContextManager[None, bool]):
    findings: Findings
    what: str

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        cause = getattr(error, "orig", None) or error.__cause__ or error
        said = (str(cause).strip() or type(cause).__name__).partition("\n")[0]
        self.findings.add("damaged", f"{self.what} cannot be read: {type(cause).__name__}: {said}")
        return True


def positions(numbers: Sequence[int]) -> str:
    """Positions in words: ``entry 3``, ``entries 3 to 9``."""
    first, last = numbers[0], numbers[-1]
    return f"entry {first}" if first == last else f"entries {first} to {last}"
