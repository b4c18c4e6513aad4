"""The reports of one append that are given one by one, all in memory: read first, resolved at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from archive.intake.faults import Fault, Wrong
from archive.intake.known import Known
from archive.intake.own_times import OwnTimes
from archive.intake.register import New, Register
from archive.intake.reports import Draft, read_report
from archive.intake.resolving import Place, Resolved, Resolving
from archive.times import from_instant, to_instant
from events import Event

_GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Intake:
    """What reports say, or what is wrong with them.

    events: those of the reports without fault, in order; places: where each stood, for faults found later
    faults: in order of file and line; with any of them nothing is to be appended
    registered: what was registered because it was asked for, each among the events before the report that names it
    """

    events: list[Event]
    faults: list[Fault]
    places: Sequence[Place]
    registered: Sequence[New] = ()
    own_times: OwnTimes | None = field(default=None, compare=False)

    def warnings(self) -> Iterator[str]:
        """What `Resolved.warnings` has of the events."""
        return Resolved(self.events, list(self.places), [], self.own_times).warnings({})


class Append:
    """Collects the reports of one append. Registrations and names may stand anywhere among them, so ids and names are
    resolved by `finish`, once all are in."""

    def __init__(self, known: Known, *, register: bool = False) -> None:
        """Read what an archive with this knowledge is to take in; with `register`, people, organisations and offices
        that nobody knows are registered by the name given."""
        self._known = known
        self._register = Register(known, registers=register)
        self._latest_publication = latest_publication(known)
        self._drafts: list[tuple[Place, Draft]] = []

    def add(self, file: str, line: int | None, wire: Any) -> None:
        """Take in one JSON value that should be a report."""
        self._add(file, line, read_report(wire, self._known, self._latest_publication))

    def refuse(self, file: str, line: int | None, wrong: Wrong) -> None:
        """Take note of a line that is no JSON value."""
        self._add(file, line, Draft(wrongs=[wrong]))

    def finish(self) -> Intake:
        """Resolve all ids and names and give the events and every fault."""
        self._register.take_in([draft for _, draft in self._drafts])
        found = Resolving(self._known, self._register).resolve(self._drafts)
        return Intake(found.events, found.faults, found.places, self._register.new, found.own_times)

    def _add(self, file: str, line: int | None, draft: Draft) -> None:
        draft.number = len(self._drafts)
        self._drafts.append(((file, line), draft))


def latest_publication(known: Known) -> str:
    """The instant after which nothing can have been published yet."""
    return to_instant(from_instant(known.now) + _GRACE)
