"""Commands of the program at once: `python -m tests.cluster.commands COUNT ARGUMENT…`.

Each `#` in an argument becomes the number of the process, from 0.
"""

import sys

import alembic.command  # noqa: F401  # imported once, before the processes part

from archive.cli import main
from tests.cluster.forked import Job, at_once


def command(number: int, arguments: list[str]) -> Job:
    """One command with its arguments."""

    def job(begin: object) -> None:
        assert callable(begin)
        begin()
        main([argument.replace("#", str(number)) for argument in arguments], prog_name="archive")

    return job


if __name__ == "__main__":
    sys.exit(at_once([command(number, sys.argv[2:]) for number in range(int(sys.argv[1]))]))
