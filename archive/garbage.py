"""How often Python looks for garbage while much is made that is none."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 20_000
"""Objects that are made before the youngest are looked through. Python's own 700 are made by a single report, and each
hundredth look, which goes through all that is remembered, would come every few dozen."""

_lock = threading.Lock()
_own: list[tuple[int, int, int]] = []


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Have the collector look less often in the block; who told it to look less often still, or not at all, is heard.

    In all threads of the program, as nothing else can be: what it was told before counts again once no block is left.
    """
    with _lock:
        _own.append(gc.get_threshold())
        if 0 < _own[0][0] < SELDOM:
            gc.set_threshold(SELDOM, *_own[0][1:])
    try:
        yield
    finally:
        with _lock:
            if len(_own) == 1:
                gc.set_threshold(*_own[0])
            # The first is what was told before: a block that began later leaves its own.
            _own.pop()
