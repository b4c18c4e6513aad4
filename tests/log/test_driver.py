"""PostgreSQL without its driver."""

from __future__ import annotations

import sys

import pytest

from archive.errors import UnreachableDatabase
from archive.log.database import open_engine


def test_a_missing_driver_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain installation has no psycopg."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UnreachableDatabase, match=r"psycopg is not installed.*pip install"):
        open_engine("postgresql+psycopg://localhost/nothing", create=True)
