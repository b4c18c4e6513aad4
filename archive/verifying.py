"""Whether an archive is what it was: the parts of the check, in order, and what they found together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from archive.errors import DamagedLog
from archive.log.checkpoints import Checkpoint
from archive.log.continuity import Checked
from archive.log.entries import read_head
from archive.log.findings import Findings
from archive.log.schema import origin_of
from archive.log.settings import Texts, check_settings, check_texts
from archive.log.shape import check_file, check_shape
from archive.log.transactions import read_connection
from archive.log.verifying import check_log
from archive.projections.verifying import check_read_model

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many entries of it are done, and of how many."""

HASHING = "checking the log"
FOLDING = "folding the log anew"


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
    log_alone: bool = False,
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
            None if progress is None else lambda done: progress(HASHING, done, size),
        )
        check_settings(connection, findings, done.log.size)
        with findings.reading("the kept texts"):
            done.texts = check_texts(connection, findings)
    if not log_alone and not isinstance(findings.error(), DamagedLog):
        with findings.reading("the read model"):
            check_read_model(engine, findings, None if progress is None else partial(progress, FOLDING))
            done.read_model = True
    return done


def _size(connection: Connection, findings: Findings) -> int:
    with findings.reading("the head of the log"):
        return read_head(connection).size
    return 0
