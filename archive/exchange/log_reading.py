"""A log read from a file into an empty archive: every line checked, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from archive.errors import DamagedLog, FaultyExport
from archive.exchange.log import APPEND, ENTRY, FIRST, FORMAT, REDACTED, TEXT, VERSION, to_append, to_entry
from archive.intake.documents import Document
from archive.log.copying import PAGE, Copying, StoredAppend, StoredEntry
from archive.log.transactions import write_transaction
from archive.projections import texts
from archive.projections.memory import Memory
from archive.projections.reach import Reaching
from archive.times import TimeFault, from_instant

if TYPE_CHECKING:
    from archive.log.log import Log

LONGEST_LINE = 1 << 28
"""Bytes; a kept text is the longest of what a line may hold."""

LARGEST = {"type_version": (1 << 31) - 1}
"""The largest number in a field; what a database counts to in all others."""

HEX = {"digest": 64, "leaf": 64, "root": 64, "salt": 32, "of": 64}
"""How many digits these fields have."""

DIGITS = re.compile("[0-9a-f]*")

WHOLE = "nothing was imported: take the whole file again from the archive that it is of"

Progress = Callable[[int], None]
"""Told from time to time how many more bytes were read."""


def read_log(log: Log, stream: BinaryIO, name: str, progress: Progress | None = None) -> int:
    """Put a log into an empty one and return its size; all or nothing, in one transaction.

    Each append is projected by itself at its own record time, so that the read model comes out as it was. Memory
    holds the longest append. Raises NotEmpty, and FaultyExport with the line or the position.
    """
    lines = _lines(stream, name, progress)
    with write_transaction(log.engine) as connection:
        number, first = next(lines, (1, {}))
        if first.get("format") != FORMAT:
            raise FaultyExport(f"{name} is no export of a log", hint="make one with: archive export --log FILE")
        if first.get("format_version") != VERSION:
            raise FaultyExport(f"{name} is of a format that this program does not know", hint="upgrade the program")
        _check(first, FIRST, name, number)
        reading = _Reading(Copying(connection, first["origin"]))
        try:
            for number, line in lines:  # the last one is told below
                reading.take(line, name, number)
            reading.finish(first)
        except DamagedLog as error:
            raise FaultyExport(f"{name}: {error.message}", hint=WHOLE) from error
    return int(first["size"])


class _Reading:
    """An import under way."""

    def __init__(self, copying: Copying) -> None:
        self._copying = copying
        self._append: StoredAppend | None = None
        self._waiting: list[StoredEntry] = []
        self._reaching: Reaching | None = None
        self._memory = Memory()
        self._texts = 0

    def take(self, line: dict[str, Any], name: str, number: int) -> None:
        """Take one line after the first."""
        if "entry" in line:
            _check(line, ENTRY, name, number)
            self._waiting.append(to_entry(line))
            if len(self._waiting) == PAGE:
                self._flush()
        elif "append" in line:
            _check(line, APPEND, name, number)
            self._project()
            self._append = to_append(line)
            self._copying.begin(self._append)
            self._reaching = Reaching(self._copying.connection, memory=self._memory)
        else:
            _check(line, TEXT, name, number)
            self._project()
            document = Document(line["of"], line["media_type"], line["made_by"], line["text"])
            self._texts += texts.keep(self._copying.connection, document, line["kept_at"])

    def finish(self, first: Mapping[str, Any]) -> None:
        """Take what is left and hold the whole against the first line."""
        self._project()
        self._copying.finish(first["size"], first["root"])
        if self._texts != first["texts"]:
            raise DamagedLog(f"there are {self._texts} texts, and there should be {first['texts']}")

    def _flush(self) -> None:
        put = self._copying.put(self._waiting) if self._waiting else []
        if self._reaching is not None:
            self._reaching.take_in(put)
        self._waiting = []

    def _project(self) -> None:
        """End an append: its rows of the read model."""
        self._flush()
        if self._reaching is not None:
            self._reaching.finish()
        self._reaching = None


def _lines(stream: BinaryIO, name: str, progress: Progress | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line with its number, as a JSON object."""
    number = unsaid = 0
    while text := stream.readline(LONGEST_LINE):
        number += 1
        unsaid += len(text)
        if progress is not None and (unsaid >= 1 << 16 or not text.endswith(b"\n")):
            progress(unsaid)
            unsaid = 0
        try:
            line = orjson.loads(text)
        except orjson.JSONDecodeError:
            line = None
        if not isinstance(line, dict) or not text.endswith(b"\n"):
            cut = "is cut off" if not text.endswith(b"\n") else "is no JSON object"
            raise FaultyExport(f"{name}:{number}: the line {cut}", hint=WHOLE)
        yield number, line


def _check(line: Mapping[str, Any], fields: Mapping[str, type], name: str, number: int) -> None:
    """Every field is there, of its kind and of a size that a database takes, and no other."""
    wrong = next((field for field, kind in fields.items() if not fits(field, line.get(field), kind)), None)
    if wrong is None and line.keys() != fields.keys():
        wrong = min(line.keys() - fields.keys())
    if wrong is not None:
        raise FaultyExport(f"{name}:{number}: {wrong}: the field is missing, or not as an export has it", hint=WHOLE)


def fits(field: str, value: object, kind: type) -> bool:
    """Whether a value is of the kind of its field and can be stored in it."""
    if value is None:
        return field in REDACTED
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return 0 <= value <= LARGEST.get(field, (1 << 63) - 1)
    text = str(value)
    if field in HEX:
        return len(text) == HEX[field] and DIGITS.fullmatch(text) is not None
    if field.endswith("_at"):
        return _is_instant(text)
    return "\0" not in text and (field != "header" or _is_object(text))


def _is_instant(text: str) -> bool:
    try:
        from_instant(text)
    except TimeFault:
        return False
    return True


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
