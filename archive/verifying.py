"""Whether an archive is what it was: the parts of the check, in order, and what they found together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.log.checkpoints import Checkpoint
from archive.log.entries import read_head
from archive.log.findings import Findings
from archive.log.schema import origin_of
from archive.log.settings import Texts, check_settings, check_texts
from archive.log.shape import check_file, check_shape
from archive.log.transactions import read_connection
from archive.log.verifying import Checked, check_log

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Verified:
    """What was found, and what was looked at: the log as its entries give it, kept texts, and the read model."""

    findings: Findings
    origin: str = ""
    log: Checked = field(default_factory=Checked)
    texts: Texts = field(default_factory=lambda: Texts(0, 0))
    read_model: bool = False


def verify(
    engine: Engine,
    checkpoints: Sequence[tuple[str, Checkpoint]] = (),
    *,
    progress: Progress | None = None,
) -> Verified:
    """Check the archive of an engine: file, definitions, log, settings, texts and, if the log is whole, what is made
    from it."""
    findings = Findings()
    done = Verified(findings)
    with findings.reading("the archive"), read_connection(engine) as connection:
        check_file(connection, findings)
        check_shape(connection, findings)
        with findings.reading("the archive's own row"):
            done.origin = origin_of(connection)
        size = _size(connection, findings)
        done.log = check_log(
            connection,
            findings,
            checkpoints,
            None if progress is None else lambda more: progress("checking the log", more, size),
        )
        check_settings(connection, findings, done.log.size)
        with findings.reading("the kept texts"):
            done.texts = check_texts(connection, findings)
    return done


def _size(connection: Connection, findings: Findings) -> int:
    with findings.reading("the head of the log"):
        return read_head(connection).size
    return 0
