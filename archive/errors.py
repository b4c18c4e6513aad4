# ruff: noqa: N818 - an error is named for what is the case: `raise LockedArchive(place)`
"""The tree of errors: each class says its sentence, its way out and its exit code.

10-19 are reports, 20-29 the log, 30-39 the database. No two classes declare the same code.
"""

from typing import ClassVar


class ArchiveError(Exception):
    """The archive cannot do what it was asked, for a reason that the caller can act on.

    `message` says what failed and where, `hint` what to do about it; as text both, joined by a semicolon. Any other
    exception that reaches the command line is a fault of this program.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(ArchiveError):
    """The question or command itself is wrong."""

    exit_code: ClassVar[int] = 2


class NotErased(ArchiveError):
    """Content was destroyed for good, and copies of it may lie in the files of the database still; `left`: where."""

    exit_code: ClassVar[int] = 7

    def __init__(self, left: tuple[str, ...]) -> None:
        super().__init__(
            f"copies of what was destroyed may be left in {'; '.join(left)}",
            hint="give the same command again, once no other program uses it, as the owner of the database",
        )
        self.left = left


class NotProjected(ArchiveError):
    """The log has it, and the read model has not yet."""

    exit_code: ClassVar[int] = 8

    def __init__(self, size: int, of: int) -> None:
        super().__init__(
            f"the read model has {size} of the {of} entries of the log so far",
            hint=f"bring it up: archive follow --once{f'; or ask for @{size} or less' if size else ''}",
        )


class ReportFaults(ArchiveError):
    """Reports have faults, and nothing was appended."""

    exit_code: ClassVar[int] = 10


class SameIdOtherContent(ReportFaults):
    """Reports carry the id of an earlier report and say something else.

    `clashes` has (index in what was to be appended, position of the earlier entry, index of the earlier report in the
    same append) for each; of the last two exactly one is None.
    """

    exit_code: ClassVar[int] = 11

    def __init__(self, clashes: tuple[tuple[int, int | None, int | None], ...]) -> None:
        index, position, earlier = clashes[0]
        where = f"entry {position}" if position is not None else f"report {(earlier or 0) + 1} of the same append"
        super().__init__(
            f"report {index + 1} has the id of {where} and other content", hint="give it an id of its own, or amend"
        )
        self.clashes = clashes


class UnreadableDocument(ReportFaults):
    """A document is no text that could be kept."""

    exit_code: ClassVar[int] = 12

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"{name} {problem}", hint="register it without its text: --detached; or name its --encoding, as shift_jis"
        )


class OtherDocument(ReportFaults):
    """A file is not the document that it was given for."""

    exit_code: ClassVar[int] = 13


class LogError(ArchiveError):
    """Something is wrong with the log; the classes below say what, where that is known."""

    exit_code: ClassVar[int] = 29


class DamagedLog(LogError):
    """The log does not verify: an entry is not what was appended."""

    exit_code: ClassVar[int] = 20


class ClockBehind(LogError):
    """The clock of this machine is a minute or more behind the last record time, so an append would falsify it."""

    exit_code: ClassVar[int] = 21


class NoSuchEntry(LogError):
    """The log has no entry, or no append, of that number."""

    exit_code: ClassVar[int] = 22


class NotProven(LogError):
    """What was given as a checkpoint or a proof is none, is not signed as it should be, or does not hold."""

    exit_code: ClassVar[int] = 23


class FaultyExport(LogError):
    """What was to be imported is no export of a log, is cut off, or was altered; nothing of it was taken."""

    exit_code: ClassVar[int] = 24


class NotEmpty(LogError):
    """A log can be put only into an archive to which nothing was ever appended."""

    exit_code: ClassVar[int] = 25

    def __init__(self, size: int) -> None:
        super().__init__(
            f"the archive has {size} entries already",
            hint="make an empty one: archive --archive NEW init; then: archive --archive NEW import --log FILE",
        )


class Forked(LogError):
    """The log does not continue what a checkpoint says that it was: rolled back, rewritten, or another log."""

    exit_code: ClassVar[int] = 26


class WrongReadModel(LogError):
    """The log verifies; what is made from it, or kept beside it, is not what it should be."""

    exit_code: ClassVar[int] = 27


class MissingGuard(LogError):
    """The log verifies; the database lacks a table, view or trigger that it should have, or has another one."""

    exit_code: ClassVar[int] = 28


class DatabaseError(ArchiveError):
    """The database refused or failed; the classes below say how, where that is known."""

    exit_code: ClassVar[int] = 39


class MissingArchive(DatabaseError):
    """There is nothing at the place given; `place` is the path or URL as it may be shown, without a password."""

    exit_code: ClassVar[int] = 30

    def __init__(self, place: str) -> None:
        super().__init__(f"no archive at {place}", hint="make one with: archive init")


class NotAnArchive(DatabaseError):
    """A file or database is there, and it is something else."""

    exit_code: ClassVar[int] = 31

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is not an archive", hint="name another place with --archive")


class NewerArchive(DatabaseError):
    """The archive was made or migrated by a later version of this program."""

    exit_code: ClassVar[int] = 32

    def __init__(self, place: str) -> None:
        super().__init__(f"the archive at {place} is of a later version of this program", hint="upgrade the program")


class ReadOnlyArchive(DatabaseError):
    """The archive can be read and not written."""

    exit_code: ClassVar[int] = 33

    def __init__(
        self,
        place: str,
        *,
        hint: str = "check the permissions of it and its folder; copied to a folder of yours it can be read",
    ) -> None:
        super().__init__(f"the archive at {place} cannot be written", hint=hint)


class LockedArchive(DatabaseError):
    """Another program held the archive for as long as this one was willing to wait."""

    exit_code: ClassVar[int] = 34

    def __init__(self, place: str) -> None:
        super().__init__(f"the archive at {place} is in use by another program", hint="try again; nothing was changed")


class OutdatedArchive(DatabaseError):
    """The archive was made by an earlier version of this program and has not been migrated."""

    exit_code: ClassVar[int] = 35

    def __init__(self, place: str) -> None:
        super().__init__(f"the archive at {place} is of an earlier version", hint="bring it up to date: archive init")


class UnreachableDatabase(DatabaseError):
    """The database does not answer, or not to us."""

    exit_code: ClassVar[int] = 36

    def __init__(self, place: str, said: str, *, hint: str = "check the address and that it is running") -> None:
        super().__init__(f"no answer from {place}: {said}", hint=hint)


class UnknownDatabase(DatabaseError):
    """What was given names no kind of database that an archive can be in."""

    exit_code: ClassVar[int] = 37

    def __init__(
        self,
        place: str,
        *,
        hint: str = "say a path, sqlite:///FILE or postgresql://HOST/DATABASE?archive=NAME",
    ) -> None:
        super().__init__(f"{place} names no archive", hint=hint)


class NotReplicated(DatabaseError):
    """PostgreSQL committed and gave up waiting for the synchronous standby: a loss of the server may undo it."""

    exit_code: ClassVar[int] = 38

    def __init__(self, place: str, said: str) -> None:
        super().__init__(
            f"{place} may forget what was just appended: {said}",
            hint="append the same again once a standby follows; what is there already is not appended twice",
        )
