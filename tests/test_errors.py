"""Errors: each says its sentence, and its exit code tells it from every other."""

import importlib
import pkgutil
from collections import Counter

import archive
from archive.errors import ArchiveError, DatabaseError, LogError, MissingArchive, ReportFaults, UsageError


def every_error() -> list[type[ArchiveError]]:
    """Find the classes of the whole tree, whichever module declares them."""
    for module in pkgutil.walk_packages(archive.__path__, "archive."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[ArchiveError]] = []
    waiting = [ArchiveError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting.extend(error.__subclasses__())
    return [error for error in found if error.__module__.startswith("archive.")]


def test_no_two_errors_share_an_exit_code() -> None:
    """A script can tell every error apart: each class declares a code of its own."""
    assert all("exit_code" in vars(error) for error in every_error())
    codes = Counter(error.exit_code for error in every_error())
    assert [code for code, count in codes.items() if count > 1] == []


def test_codes_lie_in_the_range_of_their_branch() -> None:
    """10-19 are reports, 20-29 the log, 30-39 the database; 0, 1 and 70 belong to no special error."""
    branches: list[tuple[type[ArchiveError], range]] = [
        (ReportFaults, range(10, 20)),
        (LogError, range(20, 30)),
        (DatabaseError, range(30, 40)),
    ]
    for branch, codes in branches:
        for error in every_error():
            assert issubclass(error, branch) == (error.exit_code in codes)
    others = {error.exit_code for error in every_error()} - {ArchiveError.exit_code, UsageError.exit_code}
    assert not others & {0, 1, 2, 70}


def test_an_error_as_text_says_what_failed_and_the_way_out() -> None:
    """The sentence and its hint read as one line."""
    assert str(MissingArchive("archive.db")) == "no archive at archive.db; make one with: archive init"
    assert str(ArchiveError("it failed")) == "it failed"
