"""What would mend a name that nobody has: the report that records it as a spelling, or registers whose it is."""

import re
import shlex
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any
from unicodedata import normalize

import orjson

from archive.intake.kinds import ID, LONGEST_ID, Named
from archive.intake.nearest import Near
from events.names import fold_name

_LONGEST_SLUG = 60
_DIGITS = 8
_OTHER = re.compile(r"[^a-z0-9]+")
_REGISTERS: dict[Named, tuple[str, str]] = {
    "person": ("PersonRegistered", "name"),
    "organisation": ("OrganisationRegistered", "name"),
    "office": ("OfficeRegistered", "title"),
    "source": ("SourceRegistered", "title"),
}


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return len(text) <= LONGEST_ID and re.fullmatch(ID, text) is not None


def new_id(named: Named, text: str, taken: Callable[[str], bool]) -> str:
    """An id for whoever has this name, that is not taken: its letters without accents, as `ann-lee` of `Ann Lée`.

    Of a name with letters that are not Latin: the kind and eight digits of the SHA-256 of the folded name.
    """
    slug = _slug(text) or f"{named}-{sha256(fold_name(text).encode()).hexdigest()[:_DIGITS]}"
    number, made = 1, slug
    while taken(made):
        number += 1
        made = f"{slug}-{number}"
    return made


def registration(named: Named, text: str, id_: str, organisation: str | None = None) -> dict[str, Any]:
    """The report that registers this name under an id, on the wire."""
    type_name, field = _REGISTERS[named]
    owner = {"organisation": organisation} if named == "office" else {}
    return {"type": type_name, **owner, named: id_, field: text}


def ways(
    named: Named, text: str, id_: str, near: Sequence[Near], *, organisation: str | None, source: str | None
) -> tuple[str, ...]:
    """The reports that would make a text known, of the nearest or under a new id, each as a line and as a command."""
    owner = {"organisation": organisation} if named == "office" else {}
    found: list[str] = []
    if near and named != "source" and not is_id(text):
        spelling = {"type": "NameRecorded", **owner, named: near[0].id, "name": text, "source": source or "…"}
        found += _both(f"if it is a spelling of {near[0]}, record it", spelling)
    new = registration(named, "…" if is_id(text) else text, id_, organisation)
    return (*found, *_both(f"if the {named} is new, register it", new))


def _both(says: str, wire: dict[str, Any]) -> tuple[str, str]:
    type_name, *fields = wire.items()
    words = [str(type_name[1]), *(f"{name}={value}" for name, value in fields)]
    return f"{says}: {orjson.dumps(wire).decode()}", f"  by hand: archive append {shlex.join(words)}"


def _slug(text: str) -> str | None:
    """The letters and digits of a name in Latin letters; None of one that has others."""
    plain = normalize("NFKD", fold_name(text).replace("'", "").replace(".", " "))
    letters = "".join(one for one in plain if one.isascii() or one.isalpha())
    if not letters.isascii():
        return None
    slug = _OTHER.sub("-", letters).strip("-")
    return slug[:_LONGEST_SLUG].rstrip("-") or None
