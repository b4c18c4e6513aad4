"""Commands of the program at once: `python -m tests.cluster.commands COUNT ARGUMENT…`.

Each `#` in an argument becomes the number of the process, from 0.
"""

import sys
import tempfile
from pathlib import Path

import psycopg  # noqa: F401  # imported once, before the processes part
from click.testing import CliRunner

from archive.cli import main
from tests.cluster.forked import Job, at_once


def command(number: int, arguments: list[str]) -> Job:
    """One command with its arguments."""

    def job(begin: object) -> None:
        assert callable(begin)
        begin()
        main([argument.replace("#", str(number)) for argument in arguments], prog_name="archive")

    return job


def warm() -> None:
    """Have everything imported that the commands need, once, before the processes part."""
    with tempfile.TemporaryDirectory() as folder:
        for arguments in (["init"], ["append", "OrganisationRegistered", "organisation=acme", "name=Acme"]):
            done = CliRunner().invoke(main, ["--archive", str(Path(folder, "archive.db")), *arguments])
            assert done.exit_code == 0, done.output


if __name__ == "__main__":
    warm()
    sys.exit(at_once([command(number, sys.argv[2:]) for number in range(int(sys.argv[1]))]))
