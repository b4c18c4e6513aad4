"""Values of a database as JSON has them, the same whichever database they come from."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from archive.times import to_instant

LARGEST = 2**63
"""Whole numbers from here on are shown as text, as most readers of JSON cannot hold them."""


def plain(value: Any) -> Any:
    """Text, a number or None: bytes as hex, instants canonical, truth as 1 or 0, numbers that JSON has not as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | Decimal):
        return _number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, date):
        return _instant(value)
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode()
    return str(value)


def _instant(value: date) -> str:
    if isinstance(value, datetime) and value.tzinfo:
        return to_instant(value.astimezone(UTC))
    return value.isoformat()


def _number(value: float | Decimal) -> Any:
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        whole = isinstance(exponent, int) and exponent >= 0
        value = int(value) if whole else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return int(value) if -LARGEST <= value < LARGEST else str(value)
