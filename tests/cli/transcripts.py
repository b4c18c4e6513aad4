"""Transcripts: commands with what they print and their exit codes, one file a session.

::

    # A sentence about what follows
    $ archive append -
    < {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"}
    1 report appended at position 1, 0 already there
    2> a line on standard error
    [10]

`<` is standard input, `2>` standard error, a number in brackets an exit code that is not 0. Record times, roots,
keys and versions differ from run to run: they stand as DATE, TIME, ROOT, BASE64, KEY, VERSION and RELEASE (of the time
zones). With REWRITE=1 in the environment the files are written anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from click.testing import CliRunner

from archive import __version__
from archive.cli import main

FOLDER = Path(__file__).with_name("transcripts")
MASKS = (
    (re.compile(re.escape(__version__)), "VERSION"),
    (re.compile(r"(?<=\+)[0-9a-f]{8}\+[A-Za-z0-9+/]{43,}=*"), "KEY"),
    (re.compile(r"(?<![\w/-])[A-Za-z0-9+/]{40,}=+"), "BASE64"),
    (re.compile(r"(?<=tzdata: |data\": \")[0-9]{4}[a-z]"), "RELEASE"),
    (re.compile(r"\b20(?:2[4-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2}"), "DATE"),
    (re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.(?!999999|000000)[0-9]{6}"), "TIME"),
    (re.compile(r"(?<=: )[0-9]+ bytes before, [0-9]+ after"), "BYTES before, BYTES after"),
    (re.compile(r'(?<="bytes_before": )[0-9]+|(?<="bytes_after": )[0-9]+'), "BYTES"),
    (re.compile(r"(?<=root )[0-9a-f]{64}|(?<=\"root\": \")[0-9a-f]{64}|(?<=^    )[0-9a-f]{64}$", re.MULTILINE), "ROOT"),
)


def masked(text: str) -> str:
    """A text without what differs from run to run."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


def replayed(text: str) -> str:
    """A transcript as it is when its commands are run now, in the current folder."""
    lines = text.splitlines()
    out: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(("#", "< ")) or (not line and _before_command(lines, number)):
            out += [] if line.startswith("< ") else [line]
        elif line.startswith("$ "):
            out += [line, *_run(line, _input(lines[number + 1 :]))]
    return "\n".join(out) + "\n"


def check(path: Path, now: str) -> None:
    """Compare a file with what it should hold now; with REWRITE=1 write it."""
    if os.environ.get("REWRITE") == "1":
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now


def _before_command(lines: list[str], number: int) -> bool:
    """Whether an empty line stands between two sessions, and not in what a command printed."""
    following = next((line for line in lines[number:] if line), "")
    return following.startswith("#")


def _input(following: list[str]) -> list[str]:
    given = []
    for line in following:
        if not line.startswith("< "):
            break
        given.append(line)
    return given


def _run(line: str, given: list[str]) -> list[str]:
    program, *arguments = shlex.split(line.removeprefix("$ "))
    assert program == "archive"
    stdin = "".join(f"{said.removeprefix('< ')}\n" for said in given)
    result = CliRunner().invoke(main, arguments, prog_name="archive", input=stdin)
    errors = [f"2> {said}" for said in masked(result.stderr).splitlines()]
    code = [f"[{result.exit_code}]"] if result.exit_code else []
    return [*given, *masked(result.stdout).splitlines(), *errors, *code]
