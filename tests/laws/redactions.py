"""What the laws of redaction compare: the read model, and what a fold of the log makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from archive import Archive
from archive.projections.tables import FOLDED
from tests.archives import empty_file


def read_model(archive: Archive) -> dict[str, Counter[Any]]:
    """Every row of the read model, by table."""
    with archive.reading() as connection:
        return {table.name: Counter(map(tuple, connection.execute(select(table)))) for table in FOLDED}


@contextmanager
def folded_anew(archive: Archive, place: Path) -> Iterator[Archive]:
    """Another archive of the same log, whose read model comes of a fold from the first entry on."""
    place.write_bytes(empty_file())
    with Archive.open(place) as other:
        other.import_log(BytesIO(b"".join(line + b"\n" for line in archive.export_log())), "the log")
        yield other
