"""What a JSON parser lets pass: names given twice in one object, and nesting beyond reason."""

import json
import re
from typing import Any

from archive.intake.faults import Wrong, quoted

DEEPEST = 32

_NAME = re.compile(rb'"\s*:')


def check_object(value: Any, line: bytes) -> None:
    """Raise Wrong for a name that stands twice in one object of a parsed line, and for nesting beyond 32 levels.

    Only where the line seems to have more names than arrived is it parsed again with care.
    """
    # With one bracket that opens, nothing stands within anything else.
    is_flat = isinstance(value, dict) and line.count(b"{") + line.count(b"[") == 1
    count = len(value) if is_flat else _names_in(value)
    # No name is without a colon, and counting these is quick.
    if line.count(b":") > count and len(_NAME.findall(line)) > count:
        json.loads(line, object_pairs_hook=_once)


def _names_in(value: Any) -> int:
    """How many names the objects of a value have, at every depth; raises Wrong for too much of that."""
    count, depth, level = 0, 0, [value]
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Wrong("the line is nested too deeply", "no report needs more than a few levels")
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                count += len(item)
                below += [part for part in item.values() if isinstance(part, (dict, list))]
            elif isinstance(item, list):
                below += [part for part in item if isinstance(part, (dict, list))]
        level = below
    return count


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise Wrong("is given twice", "keep one of them", field=quoted(twice)[1:-1])
    return found
