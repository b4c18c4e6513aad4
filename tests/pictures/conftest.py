"""The case, drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.cases import path
from archive.intake import read_reports
from tests.pictures.pages import published


@pytest.fixture(scope="package")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that holds the case."""
    with Archive.create(tmp_path_factory.mktemp("case") / "archive.db") as opened:
        intake = read_reports(io.BytesIO(path().read_bytes()), "openai-2023.jsonl", opened.known())
        assert not intake.faults
        opened.append(intake.events, who="tester", program="tests")
        yield opened


@pytest.fixture(scope="package")
def case_page(case: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the case, at noon on the day after the dismissal."""
    return published(case, "openai", tmp_path_factory.mktemp("page") / "openai", at="2023-11-18T20:00:00.000000Z")
