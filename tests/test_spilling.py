"""What stands in a file is what stood in memory."""

import sqlite3
from random import Random

import pytest

from archive import spilling
from archive.errors import DatabaseError
from archive.spilling import Heap, Sets, Shelf, paged

KEYS = ["", "a", "a/b", "a/c", "a0", "b", "ü", "\U0001f600", "日本", "日本語", "A"]
PAGES = (2, 1_000)


@pytest.fixture(params=PAGES, ids=["in a file", "in memory"])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many are kept in memory."""
    monkeypatch.setattr(spilling, "PAGE", request.param)
    return int(request.param)


def test_a_heap_gives_all_back_in_the_order_of_the_keys(page: int) -> None:
    """As Python orders texts; what has one key stays together, and a page ends once it is full."""
    heap = Heap()
    assert heap.is_empty
    pairs = [(key, [number, None, key]) for number in range(4) for key in KEYS]
    Random(1).shuffle(pairs)
    for some in (pairs[:5], pairs[5:6], pairs[6:]):
        heap.put(some)
    found = list(heap.pages())
    assert [key for some in found for key, _ in some] == sorted(key for key, _ in pairs)
    assert sorted(map(repr, (pair for some in found for pair in some))) == sorted(map(repr, pairs))
    assert len(found) == (len(KEYS) if page == PAGES[0] else 1)
    assert heap.is_small == (page != PAGES[0])
    assert list(heap.pages()) == found
    assert not heap.is_empty


@pytest.mark.usefixtures("page")
def test_a_shelf_has_the_last_value_of_each_key() -> None:
    """And finds those whose keys begin as asked."""
    shelf = Shelf()
    for number, key in enumerate([*KEYS, *KEYS[:4]]):
        shelf.put(key, [number, key])
    assert shelf.get("a") == [len(KEYS) + 1, "a"]
    assert shelf.get("b") == [5, "b"]
    assert shelf.get("c") is None
    assert sorted(key for key, _ in shelf.items("a")) == ["a", "a/b", "a/c", "a0"]
    assert sorted(key for key, _ in shelf.items("日本")) == ["日本", "日本語"]
    assert sorted(key for key, _ in shelf.items("")) == sorted(KEYS)


@pytest.mark.usefixtures("page")
def test_sets_hold_each_member_once() -> None:
    """By the beginning of a member too."""
    sets = Sets()
    for item in ("office/a/x", "office/b/x", "person/x", "office/a/x"):
        sets.add("x", item)
    sets.add("y", "office/a/y")
    assert sorted(sets.get("x")) == ["office/a/x", "office/b/x", "person/x"]
    assert sets.get("x", "office/a/") == ["office/a/x"]
    assert sets.get("z") == []


def test_pages_end_where_all_end() -> None:
    """Nothing is no page."""
    assert list(paged([])) == []
    assert [len(some) for some in paged(range(2 * spilling.PAGE + 1))] == [spilling.PAGE, spilling.PAGE, 1]


def test_a_temporary_file_that_cannot_be_written_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    monkeypatch.setattr(spilling, "PAGE", 1)

    def connect(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(DatabaseError, match="SQLITE_TMPDIR"):
        Heap().put([(1, None), (2, None)])
