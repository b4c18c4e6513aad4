"""Python looks for garbage seldom while an append is read and folded, and as it was told before once that is done."""

import gc
from collections.abc import Iterator

import pytest

from archive.garbage import SELDOM, collecting_seldom


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the collector as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_it_looks_seldom_until_the_last_block_ends() -> None:
    """Blocks may lie in each other, or overlap in two threads."""
    gc.set_threshold(700, 11, 12)
    one, other = collecting_seldom(), collecting_seldom()
    one.__enter__()
    assert gc.get_threshold() == (SELDOM, 11, 12)
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold() == (SELDOM, 11, 12)
    other.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 11, 12)


def test_a_failure_ends_it_too() -> None:
    """Whatever goes wrong in the block."""
    gc.set_threshold(700, 10, 10)
    with pytest.raises(ZeroDivisionError), collecting_seldom():
        raise ZeroDivisionError
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("told", [0, SELDOM + 1])
def test_who_told_it_to_look_less_often_is_heard(told: int) -> None:
    """0 is not at all."""
    gc.set_threshold(told, 10, 10)
    with collecting_seldom():
        assert gc.get_threshold() == (told, 10, 10)
    assert gc.get_threshold() == (told, 10, 10)
