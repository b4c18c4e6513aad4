"""The files of secret keys, and beside each the last checkpoint that it signed.

A key's file is readable by its owner alone, is never written over, and what it holds is never shown. ``KEY.signed``
beside it is public: it keeps the key from signing a fork where the archive was put back to an older copy.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from archive.errors import NotProven, UsageError
from archive.log.checkpoints import Checkpoint, parse_checkpoint
from archive.log.notes import LARGEST, Signer

MODE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO

SIGNED_LAST = "what a key signed last is kept there, so that it signs no fork; make room or set its permissions right"


def write_key(path: Path, signer: Signer) -> None:
    """Write a new key's file, on the disk when this returns. Raises UsageError where a file is already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    except FileExistsError:
        raise UsageError(f"{path} is there already, and a key is never overwritten", hint="name another file") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="name another file") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(descriptor, MODE)  # whatever the umask took or left
        stream.write(f"{signer.secret()}\n")
        stream.flush()
        os.fsync(descriptor)


@contextmanager
def opened_key(path: Path) -> Iterator[Signer]:
    """The key of a file, which no other process signs with meanwhile. Raises UsageError."""
    import fcntl  # noqa: PLC0415  # what only a POSIX system has, and only signing needs

    with ExitStack() as opened:
        try:
            stream = opened.enter_context(path.open("rb"))
            mode = os.fstat(stream.fileno()).st_mode
            fcntl.flock(stream, fcntl.LOCK_EX)
            said = stream.read(LARGEST).decode("ascii", "replace")
        except OSError as error:
            raise UsageError(f"the key {path} cannot be read: {error.strerror}") from error
        if mode & OTHERS:
            raise UsageError(f"others may read or write the key {path}", hint=f"chmod 600 {path}; or make another")
        yield Signer.parse(said)


def last_signed(path: Path, signer: Signer) -> Checkpoint | None:
    """The last checkpoint that a key signed, as the file beside it says. Raises NotProven where that is damaged."""
    try:
        text = _beside(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise NotProven(f"{_beside(path)} is damaged: it is no text") from None
    except OSError as error:
        raise UsageError(f"{_beside(path)} cannot be read: {error.strerror}", hint=SIGNED_LAST) from error
    try:
        return parse_checkpoint(text, [signer.verifier])
    except NotProven as error:
        raise NotProven(f"{_beside(path)} is damaged: {error.message}", hint="restore it from a copy") from error


def note_signed(path: Path, note: str) -> None:
    """Keep the checkpoint that a key has signed, on the disk when this returns; the one before goes. Raises UsageError
    where it cannot be kept: then it must not be given out."""
    part = path.with_name(f"{path.name}.signed.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(note)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(_beside(path))
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise UsageError(f"{_beside(path)} cannot be written: {error.strerror}", hint=SIGNED_LAST) from error


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.signed")
