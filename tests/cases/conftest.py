"""An archive of the case, made once on each database."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from archive import Archive
from archive.cases import path
from archive.intake import read_reports
from tests.databases import DatabaseTemplate, Kind


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """The lines of the case as JSON values."""
    return [json.loads(line) for line in path().read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def case(database_kind: Kind, shared_database: DatabaseTemplate) -> Iterator[Archive]:
    """An archive that holds the case and nothing else, for reading."""
    with Archive.open(shared_database(database_kind, "openai_2023", fill)) as archive:
        yield archive


def fill(where: str) -> None:
    """Make an archive with the case."""
    with Archive.create(where) as archive:
        taken = read_reports(io.BytesIO(path().read_bytes()), "openai-2023.jsonl", archive.known())
        assert taken.faults == []
        archive.append(taken.events, who="a test", program="tests")
