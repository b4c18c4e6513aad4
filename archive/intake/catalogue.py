"""The catalogue of the language, `events/README.md`: every type with its fields, stream and effects.

`python -m archive.intake.catalogue > events/README.md` writes it anew.
"""

import inspect
import sys
from types import ModuleType

import events
from archive.intake.docs import further, meanings, own_fields, promise
from archive.intake.fields import Field, form
from events import Ballot, Event, Later, Passage, Registration, Report, Sourced, StatedTime

_SHARED: tuple[type[Event], ...] = (Event, Registration, Sourced, Report, Later)
"""Bases whose fields are told once, not with every type."""

_HEAD = """\
# The language

Generated from the classes beside it by `python -m archive.intake.catalogue > events/README.md`; do not edit.

A report is one JSON object a line with its `type` and the fields below; `archive schema TYPE` prints its JSON Schema.
A type is one class: its docstring and fields are its page here. Fields that intake derives are not listed.

Where a field takes an `id or name`, any recorded name may stand, in any script, case and width; the id is stored. A
field that takes an `id` registers it; a source has no names.
"""


def catalogue() -> str:
    """The page, as Markdown: first the fields that types share, then each subject with its types."""
    parts = [_HEAD, "## What types share\n"]
    for base in _SHARED:
        parts += [f"### {base.__name__}\n", _prose(base), _table(base, own_fields(base))]
    parts += [_subject(subject) for subject in events.subjects()]
    parts.append("## Values with fields of their own\n")
    for value in (Passage, StatedTime, Ballot):
        parts += [f"### {value.__name__}\n", _prose(value), _table(value, own_fields(value))]
    return "\n".join(part for part in parts if part)


def _subject(module: ModuleType) -> str:
    title, _, said = (inspect.getdoc(module) or "").partition(":")
    types = [cls for cls in events.types().values() if cls.__module__ == module.__name__]
    parts = [f"## {title}\n", f"{_sentence(said)}\n"]
    for cls in types:
        shared = next(base for base in cls.__mro__ if base in _SHARED)
        names = [name for base in reversed(cls.__mro__) if base not in _SHARED for name in _own(base)]
        given = _table(cls, names)
        opening = f"Fields of [{shared.__name__}](#{shared.__name__.lower()}){', and:' if given else '.'}\n"
        parts += [
            f"### {cls.__name__}\n",
            _prose(cls),
            opening,
            given,
            f"Stream: {_stream(cls)} Effect: {_effect(cls)}\n",
        ]
    return "\n".join(part for part in parts if part)


def _own(base: type) -> list[str]:
    return own_fields(base) if issubclass(base, Event) else []


def _prose(cls: type) -> str:
    return "".join(f"{text}\n" for text in (promise(cls), further(cls) and f"\n{further(cls)}") if text)


def _table(cls: type, names: list[str]) -> str:
    known, said = form(cls).fields, meanings(cls)
    rows = [
        f"| `{name}` | {_kind(known[name])} | {'yes' if known[name].shape.required else ''} | {said.get(name, '')} |"
        for name in dict.fromkeys(names)
        if name in known
    ]
    return "\n".join(["| field | kind | required | meaning |", "|---|---|---|---|", *rows, ""]) if rows else ""


def _kind(field: Field) -> str:
    says = "fields of the target" if field.kind is None else field.kind.says
    return f"list: {says}" if field.shape.repeated else says


def _stream(cls: type[Event]) -> str:
    return " ".join((inspect.getdoc(cls.stream) or "").split())


def _effect(cls: type[Event]) -> str:
    if cls.effects is not Event.effects:
        return " ".join((inspect.getdoc(cls.effects) or "").split())
    return "on an earlier entry, as said above." if cls.SUBJECT == "later" else "none on any timeline."


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain[:1].upper() + plain[1:]


if __name__ == "__main__":
    sys.stdout.write(catalogue())
