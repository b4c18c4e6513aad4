"""What `checkpoint`, `prove` and `verify` share: keys, checkpoints and proofs as they are given."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import NotProven, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.log.checkpoints import Checkpoint
    from archive.log.notes import Verifier

LARGEST = 1 << 26
"""Bytes of what is read; an entry is the longest."""

keys_option = click.option(
    "--key", "keys", multiple=True, metavar="VKEY", help="A public key that must have signed; may be given again."
)


def keys_of(texts: Sequence[str]) -> list[Verifier]:
    """The public keys given. Raises UsageError."""
    from archive.log.notes import Verifier  # noqa: PLC0415  # help needs none of it

    return [Verifier.parse(text) for text in texts]


def text_of(name: str) -> str:
    """What a file holds, or standard input for `-`. Raises UsageError, and NotProven for what is no text."""
    if name == "-" and sys.stdin is None:
        raise UsageError("- cannot be read: standard input is closed", hint="name a file")
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            data = stream.read(LARGEST)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NotProven(f"{name} is no text") from None


def checkpoint_in(name: str, keys: Sequence[Verifier] = ()) -> Checkpoint:
    """The checkpoint in a file; with keys, one of them must have signed it. Raises NotProven, naming the file."""
    from archive.log.checkpoints import parse_checkpoint  # noqa: PLC0415  # help needs none of it

    try:
        return parse_checkpoint(text_of(name), keys)
    except NotProven as error:
        raise NotProven(f"{name}: {error.message}", hint=error.hint) from error


def write_new(name: str, text: str) -> None:
    """Write a new file. Raises UsageError where one is already."""
    try:
        with Path(name).open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{name} is there already", hint="name another file, or remove that one") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be written: {error.strerror}") from error
