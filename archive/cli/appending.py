"""What commands that append share: faults told and refused, the append itself, what became of it."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.errors import say
from archive.cli.output import printable
from archive.errors import ReportFaults, SameIdOtherContent

if TYPE_CHECKING:
    from archive.intake import Intake
    from archive.intake.documents import Document
    from archive.log.writing import Appended


def append_all(
    opened: archive.Archive,
    intake: Intake,
    *,
    dry_run: bool,
    who: str | None,
    why: str | None,
    documents: Sequence[Document] = (),
    defer: bool = False,
) -> list[Appended] | None:
    """Append what was read and keep texts, all or nothing; None after a dry run. Raises ReportFaults once each fault is
    told."""
    _refuse(intake.faults)
    for warning in intake.warnings():
        click.echo(f"warning: {printable(warning)}", err=True)
    try:
        if dry_run:
            opened.check(intake.events)
            _say_registered(intake, "would register")
            say(f"{reports(len(intake.events))} without fault; nothing was appended, as this was a dry run")
            return None
        answers = opened.append(intake.events, **header(who, why), documents=documents, defer=defer)
    except SameIdOtherContent as error:
        _refuse(_clashes(error, intake.places))
        raise
    _say_registered(intake, "registered")
    return answers


def header(who: str | None, why: str | None) -> dict[str, Any]:
    """Who appends, with which program and why: the user of this machine and this program unless given."""
    return {"who": who or _user(), "program": f"archive {archive.__version__}", "why": why}


def told(answers: Sequence[Appended]) -> str:
    """How many reports were appended, where, and how many were there already."""
    new = [answer.position for answer in answers if answer.entry is not None]
    where = f" at position{'s' if len(new) > 1 else ''} {_stretch(new)}" if new else ""
    return f"{reports(len(new))} appended{where}, {len(answers) - len(new)} already there"


def counted(answers: Sequence[Appended]) -> dict[str, object]:
    """The same as JSON has it."""
    new = sum(answer.entry is not None for answer in answers)
    positions = [answer.position for answer in answers]
    return {"appended": new, "already_there": len(answers) - new, "positions": positions}


def made_known(intake: Intake) -> list[dict[str, object]]:
    """What was registered because reports named it, with what was most like it, as JSON has it."""
    return [
        {
            new.named: new.key,
            "name": new.name,
            "nearest": None if new.near is None else {"id": new.near.id, "name": new.near.name, "alike": new.alike},
        }
        for new in intake.registered
    ]


def _say_registered(intake: Intake, verb: str) -> None:
    for new in intake.registered:
        near = f"the nearest known is {new.near}, {new.alike} of 100 alike" if new.near else "nothing known is like it"
        say(f"{verb} the {new.named} {new.key} ({new.name}); {near}")


def reports(number: int) -> str:
    """So many reports."""
    return f"{number} report{'' if number == 1 else 's'}"


def _refuse(faults: Sequence[object]) -> None:
    """Print every fault; with one, nothing is appended."""
    for fault in faults:
        click.echo(printable(str(fault)), err=True)
        for way in getattr(fault, "ways", ()):
            click.echo(f"  {printable(way)}", err=True)
    if faults:
        raise ReportFaults(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}, nothing was appended")


def _clashes(error: SameIdOtherContent, places: Sequence[tuple[str, int | None]]) -> list[object]:
    from archive.intake import Fault  # noqa: PLC0415  # slow to import; help needs none of it

    faults: list[object] = []
    for index, position, earlier in error.clashes:
        whose = f"entry {position}" if position is not None else f"report {(earlier or 0) + 1} of this append"
        problem = f"the id of {whose}, which has other content"
        faults.append(Fault(*places[index], "id", problem, "give it an id of its own, or amend that entry"))
    return faults


def _stretch(positions: Sequence[int]) -> str:
    """One append's positions have no gap."""
    return str(positions[0]) if len(positions) == 1 else f"{positions[0]} to {positions[-1]}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
