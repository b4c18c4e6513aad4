"""A page of one organisation as a folder of files: what is asked of it is answered in the browser, from ``data.js``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

import orjson

from archive.errors import ArchiveError, UsageError

PAGE = Path(__file__).with_name("page")
MARK = "made-by-archive-publish.json"
"""The file by which a folder is known as one of ours; it names the organisation and the files."""

UNSAFE = re.compile("[<>&\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What might end a script or would show in another order, were the data read as something else."""


def publish(data: Mapping[str, Any], folder: Path, *, tz: str) -> list[str]:
    """Write the page into a folder, made if it is not there; the names of its files, the first to be opened.

    ``data`` is what ``archive.queries.publication`` gives, ``tz`` the zone that the page begins with. A folder that
    has anything in it is written into only if this made it for the same organisation; what else lies there stays.
    Each file is replaced at once. Raises UsageError and ArchiveError before or without harm to what was there.
    """
    _refuse_another(folder, data["organisation"])
    files = dict(_files(data, tz))
    mark = {"made by": "archive publish", "organisation": data["organisation"], "files": sorted(files)}
    written = orjson.dumps(mark, option=orjson.OPT_INDENT_2) + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in {MARK: written, **files}.items():
            beside = folder / f".{name}.new"
            beside.write_bytes(content)
            beside.replace(folder / name)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error.strerror}", hint="choose another place") from error
    return ["index.html", *sorted(files.keys() - {"index.html"})]


def _refuse_another(folder: Path, organisation: str) -> None:
    try:
        there = {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be read: {error.strerror}", hint="choose another place") from error
    if not there:
        return
    owner = _owner(folder / MARK)
    if owner is None:
        raise UsageError(f"{folder} is there and was not made by archive publish", hint="name a new or empty folder")
    if owner != organisation:
        raise UsageError(f"{folder} is the page of {owner}", hint="name another folder, or remove this one")


def _owner(mark: Path) -> str | None:
    """Whose page a folder says that it is; None where it is none of ours."""
    try:
        said = orjson.loads(mark.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    ours = isinstance(said, dict) and said.get("made by") == "archive publish"
    return str(said.get("organisation")) if ours else None


def _files(data: Mapping[str, Any], tz: str) -> Iterator[tuple[str, bytes]]:
    name = max(
        (row for row in data["rows"] if row["model"] == "organisations" and row["reported_to"] is None),
        key=lambda row: row["valid_from_latest"] or "",
    )["value"]
    for path in sorted(PAGE.iterdir()):
        content = path.read_bytes()
        if path.name == "index.html":
            title = html.escape(UNSAFE_TEXT.sub(_written_out, name))
            content = Template(content.decode()).substitute(title=title).encode()
        yield path.name, content
    yield "data.js", script({**data, "tz": tz})


def script(data: Mapping[str, Any]) -> bytes:
    """The data as a script that declares ``archiveData``: JSON as one string, in which no character does harm.

    Parsed rather than evaluated, a key such as ``__proto__`` is a key.
    """
    text = UNSAFE.sub(_escaped, orjson.dumps(data).decode())
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"const archiveData = JSON.parse('{quoted}');\n".encode()


UNSAFE_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a reader of the title cannot see, or sees in another order."""


def _written_out(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
