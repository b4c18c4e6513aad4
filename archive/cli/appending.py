"""What commands that append share: faults told and refused, the append itself, what became of it."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

import archive
from archive.cli.errors import say
from archive.cli.output import printable
from archive.errors import ReportFaults, SameIdOtherContent

if TYPE_CHECKING:
    from archive.intake import Fault, Intake, Reading
    from archive.intake.documents import Document
    from archive.intake.register import New
    from archive.log.writing import Appended, Counted


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
    _refuse(intake.faults, len(intake.faults))
    _warn(intake.warnings())
    try:
        if dry_run:
            opened.check(intake.events)
            _say_dry(len(intake.events), intake.registered)
            return None
        answers = opened.append(intake.events, **header(who, why), documents=documents, defer=defer)
    except SameIdOtherContent as error:
        from archive.intake.resolving import clashing  # noqa: PLC0415  # slow to import; help needs none of it

        faults = clashing(intake.places, error.clashes)
        _refuse(faults, len(faults))
        raise
    _say_registered(intake.registered, "registered")
    return answers


def append_files(
    opened: archive.Archive, reading: Reading, *, dry_run: bool, who: str | None, why: str | None, defer: bool
) -> Counted | None:
    """Append the reports of files, all or nothing; None after a dry run. Raises ReportFaults once faults are told."""
    counted, without_fault = None, 0
    try:
        if dry_run:
            without_fault = opened.check_reading(reading)
        else:
            counted = opened.append_reading(reading, **header(who, why), defer=defer)
    except ReportFaults:
        _refuse(reading.faults, reading.fault_count)
        raise
    _warn(reading.warnings)
    if reading.warning_count > len(reading.warnings):
        click.echo(f"and {reading.warning_count - len(reading.warnings)} more warnings", err=True)
    if dry_run:
        _say_dry(without_fault, reading.registered)
        return None
    _say_registered(reading.registered, "registered")
    return counted


def header(who: str | None, why: str | None) -> dict[str, Any]:
    """Who appends, with which program and why: the user of this machine and this program unless given."""
    return {"who": who or _user(), "program": f"archive {archive.__version__}", "why": why}


def count(answers: Sequence[Appended]) -> Counted:
    """What became of all of them."""
    from archive.log.writing import Counted  # noqa: PLC0415  # only an append needs it

    return Counted.of(answers)


def told(counted: Counted) -> str:
    """How many reports were appended, where, and how many were there already."""
    places = f"{counted.first} to {counted.last}" if counted.new > 1 else f"{counted.first}"
    where = f" at position{'s' if counted.new > 1 else ''} {places}" if counted.new else ""
    return f"{reports(counted.new)} appended{where}, {len(counted.positions) - counted.new} already there"


def as_json(counted: Counted) -> dict[str, object]:
    """The same as JSON has it."""
    already = len(counted.positions) - counted.new
    return {"appended": counted.new, "already_there": already, "positions": list(counted.positions)}


def made_known(registered: Sequence[New]) -> list[dict[str, object]]:
    """What was registered because reports named it, with what was most like it, as JSON has it."""
    return [
        {
            new.named: new.key,
            "name": new.name,
            "nearest": None if new.near is None else {"id": new.near.id, "name": new.near.name, "alike": new.alike},
        }
        for new in registered
    ]


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        click.echo(f"warning: {printable(warning)}", err=True)


def _say_dry(number: int, registered: Sequence[New]) -> None:
    _say_registered(registered, "would register")
    say(f"{reports(number)} without fault; nothing was appended, as this was a dry run")


def _say_registered(registered: Sequence[New], verb: str) -> None:
    for new in registered:
        near = f"the nearest known is {new.near}, {new.alike} of 100 alike" if new.near else "nothing known is like it"
        say(f"{verb} the {new.named} {new.key} ({new.name}); {near}")


def reports(number: int) -> str:
    """So many reports."""
    return f"{number} report{'' if number == 1 else 's'}"


def _refuse(faults: Sequence[Fault], number: int) -> None:
    """Print faults, which may be the first of a larger number; with one, nothing is appended."""
    for fault in faults:
        click.echo(printable(str(fault)), err=True)
        for way in fault.ways:
            click.echo(f"  {printable(way)}", err=True)
    if number > len(faults):
        click.echo(f"and {number - len(faults)} more faults", err=True)
    if number:
        raise ReportFaults(f"{number} fault{'s' if number > 1 else ''}, nothing was appended")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
