"""Hand entry: a type and `field=value` arguments to one report, checked as a line of a file is."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from archive.intake.append import Append, Intake
from archive.intake.faults import Wrong, quoted
from archive.intake.fields import Field, form
from archive.intake.kinds import KINDS, TEXT
from archive.intake.known import Known
from events import types

FILE = "command line"
_NUMBERS = [kind for kind in KINDS.values() if kind.says == "number"]
_WORDS: dict[str, Any] = {"null": None, "true": True, "false": False}


def read_hand(type_name: str, arguments: Sequence[str], known: Known, *, register: bool = False) -> Intake:
    """Read one report given as arguments; with `register`, whom nobody knows is registered by the name given.

    A list is written with commas (`people=ann-lee,Bo Ek`; names with commas as JSON, `people=["Ek, Bo"]`), a list of
    texts by giving the field again for each; what has fields of its own as JSON (`changes={"person": "ann-lee"}`). A
    passage is `passage=120-188`, or `quote=TEXT` where the text of the source is kept; each may be given again. `null`
    stands for no value.
    """
    append = Append(known, register=register)
    try:
        append.add(FILE, None, to_object(type_name, arguments))
    except Wrong as wrong:
        append.refuse(FILE, None, wrong)
    return append.finish()


def to_object(type_name: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The report on the wire that the arguments write; raises Wrong for what cannot be one."""
    cls = types().get(type_name.replace("Organiz", "Organis"))
    fields = {} if cls is None else form(cls).fields
    wire: dict[str, Any] = {"type": type_name}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals or not name:
            raise Wrong(f"{quoted(argument)} gives no field", "write field=value")
        if name == "type":
            raise Wrong("is given by the first word already", "leave it out", field="type")
        if name in _PASSAGES and name not in fields and "passages" in fields:
            wire.setdefault("passages", []).append(_PASSAGES[name](text))
            continue
        field = fields.get(name) or fields.get(name.replace("organiz", "organis"))
        value = text if field is None else _value(name, text, field)
        if name not in wire:
            wire[name] = value
        elif field is not None and field.shape.repeated:
            wire[name] = [*wire[name], *value]
        else:
            raise Wrong("is given twice", "it takes one value", field=name)
    return wire


def _place(text: str) -> dict[str, Any]:
    """The passage that `START-END` means."""
    start, hyphen, end = text.partition("-")
    if not (hyphen and all(part.isascii() and part.isdigit() and len(part) < 16 for part in (start, end))):  # noqa: PLR2004 - the same
        raise Wrong(f"{quoted(text)} is no place", "write START-END, as 120-188, or quote=TEXT", field="passage")
    return {"start": int(start), "end": int(end)}


_PASSAGES: dict[str, Callable[[str], dict[str, Any]]] = {"passage": _place, "quote": lambda text: {"quote": text}}
"""What one passage may be given as."""


def _value(name: str, text: str, field: Field) -> Any:
    """The JSON value that a text means in a field of this kind."""
    kind = field.kind
    if text == "null" and field.shape.optional:
        return None
    structured = kind is None or "$ref" in kind.schema
    if structured or (field.shape.repeated and text.startswith("[")):
        value = _json(name, text)
        return [value] if field.shape.repeated and not isinstance(value, list) else value
    if field.shape.repeated:
        return [text] if kind is TEXT else [part.strip() for part in text.split(",")]
    if kind in _NUMBERS:
        return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20 else text  # noqa: PLR2004 - digits of a large number
    return _WORDS.get(text, text) if kind is KINDS[bool] else text


def _json(name: str, text: str) -> Any:
    try:
        return orjson.loads(text.encode())
    except UnicodeEncodeError:
        raise Wrong("half of a surrogate pair", "write the whole character", field=name) from None
    except orjson.JSONDecodeError as error:
        raise Wrong(
            f"not JSON at column {error.colno}: {error.msg}", "write it as JSON, in quotes", field=name
        ) from None
