"""The case, drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from archive import Archive
from archive.cases import path
from archive.intake import read_reports


@pytest.fixture(scope="package")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that holds the case."""
    with Archive.create(tmp_path_factory.mktemp("case") / "archive.db") as opened:
        intake = read_reports(io.BytesIO(path().read_bytes()), "openai-2023.jsonl", opened.known())
        assert not intake.faults
        opened.append(intake.events, who="tester", program="tests")
        yield opened
