"""A stream of bytes that is read twice, and is the same the second time."""

from __future__ import annotations

from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO
from weakref import finalize

from archive.errors import UsageError

IN_MEMORY = 1 << 20
"""Bytes of a pipe that are kept in memory, to be read again; more stand in a temporary file."""


class Input:
    """A stream with its name; `read` is how many bytes of it were read since it was begun."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        """Read from where the stream is; what cannot be read twice is copied as it is read."""
        self.name = name
        self.read = 0
        self._stream: IO[bytes] = stream
        self._copy: IO[bytes] | None = None
        if not stream.seekable():
            self._copy = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # it goes with us
            finalize(self, self._copy.close)
        self._start = stream.tell() if stream.seekable() else 0
        self._digest: bytes | None = None
        self._begun = False

    def begin(self) -> None:
        """Go to the beginning."""
        if self._begun:
            self._stream.seek(self._start)
        self._begun = True
        self.read = 0
        self._sum = sha256()

    def readline(self, most: int, /) -> bytes:
        """The next line, or as many bytes of it; nothing at the end."""
        line = self._stream.readline(most)
        self.read += len(line)
        self._sum.update(line)
        if self._copy is not None:
            self._keep(self._copy, line)
        return line

    def end(self) -> None:
        """Be told that all that is wanted was read. Raises UsageError where that is not what it was before."""
        digest = self._sum.digest()
        if self._digest not in (None, digest):
            raise UsageError(f"{self.name} changed while it was read", hint="append it when nothing writes to it")
        self._digest = digest
        if self._copy is not None:
            self._stream, self._copy = self._copy, None

    def _keep(self, copy: IO[bytes], line: bytes) -> None:
        try:
            copy.write(line)
        except OSError as error:
            hint = "make room where temporary files stand, or name another folder in TMPDIR"
            raise UsageError(f"{self.name} cannot be kept to be read again: {error.strerror}", hint=hint) from error
