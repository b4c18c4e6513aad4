"""What the entries of a log give, held against checkpoints: whether it is their log, and continues it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.errors import NotProven
from archive.log.checkpoints import Checkpoint, parse_checkpoint
from archive.log.findings import Findings, positions
from archive.log.stored_rows import rows

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(slots=True)
class Checked:
    """What the entries themselves give: how many there are, the roots at the sizes asked for, and the last root."""

    size: int = 0
    root: bytes | None = None
    roots: dict[int, bytes] = field(default_factory=dict)
    redacted: int = 0


def check_checkpoints(
    findings: Findings, origin: str, checked: Checked, checkpoints: Sequence[tuple[str, Checkpoint]]
) -> None:
    """Hold what the entries give against checkpoints."""
    agreed = 0
    for name, one in sorted(checkpoints, key=lambda pair: pair[1].size):
        if one.origin != origin:
            findings.add("forked", f"{name} is of the log {one.origin}, and this archive is called {origin}")
        elif one.size > checked.size:
            how = (
                "its tail was cut off"
                if findings.total
                else "it was rolled back to an older file, or its tail was cut off and everything made to fit"
            )
            findings.add("rolled back", f"the log has {checked.size} entries, {name} {one.size}: {how}", checked.size)
        elif one.size not in checked.roots:
            findings.add("forked", f"the root at size {one.size}, that of {name}, cannot be made: an entry is missing")
        elif checked.roots[one.size] != one.root:
            where = positions(range(agreed + 1, one.size + 1))
            findings.add(
                "forked",
                f"at size {one.size} the log has another root than {name}: it was rewritten, or is another one; what"
                f" differs is in {where}",
            )
        else:
            agreed = one.size


def last_signed(connection: Connection, findings: Findings) -> list[tuple[str, Checkpoint]]:
    """The last checkpoint that the archive signed, with what to call it; nothing where it signed none."""
    found = []
    for size, note in rows(connection, "SELECT size, note FROM signed"):
        try:
            checkpoint = parse_checkpoint(note)
        except NotProven as error:
            findings.add("settings", f"the last signed checkpoint is damaged: {error.message}")
            continue
        if checkpoint.size != size:
            findings.add("settings", f"the last signed checkpoint is of size {checkpoint.size}, and stands as {size}")
        found.append(("the checkpoint that was signed last", checkpoint))
    return found
