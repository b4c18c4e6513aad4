"""What the docstrings of the language say: of a type, of a field, of a stream."""

import inspect
import re
from typing import Any

from events import shapes

_LINE = re.compile(r"([a-z_0-9]+): (.+)")


def promise(cls: type) -> str:
    """The first paragraph of a class's own docstring, on one line."""
    return " ".join(_doc(cls).split("\n\n")[0].split())


def further(cls: type) -> str:
    """The paragraphs between the promise and the fields, each on one line."""
    paragraphs = [" ".join(text.split()) for text in _doc(cls).split("\n\n")[1:]]
    return "\n\n".join(text for text in paragraphs if not _LINE.match(text))


def meanings(cls: type) -> dict[str, str]:
    """What each field means, by its name on the wire, base classes first; from their lines `field: text`."""
    hinted: Any = cls
    known = {shape.wire for shape in shapes(hinted)}
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        last = ""
        for line in _doc(base).splitlines():
            match = _LINE.fullmatch(line)
            if match and match[1] in known:
                last = match[1]
                found[last] = match[2]
            elif last and line.startswith(" "):
                found[last] = f"{found[last]} {line.strip()}"
            else:
                last = ""
    return found


def own_fields(cls: type) -> list[str]:
    """The names on the wire of the fields that a class itself declares."""
    hinted: Any = cls
    declared = vars(cls).get("__annotations__", {})
    return [shape.wire for shape in shapes(hinted) if shape.attribute in declared]


def _doc(cls: type) -> str:
    return inspect.cleandoc(vars(cls).get("__doc__") or "") if cls is not object else ""
