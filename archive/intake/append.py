"""The reports of one append, from as many files as it has: read first, resolved at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from archive.intake.faults import Fault, Wrong, quoted
from archive.intake.known import Known
from archive.intake.mergers import unmergeable
from archive.intake.register import New, Register
from archive.intake.reports import Draft, build, read_report
from archive.intake.stated import warnings
from archive.times import from_instant, to_instant
from events import Event, content_identity

_GRACE = timedelta(days=1)

Place = tuple[str, int | None]
"""A file and a line of it."""


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

    def warnings(self) -> Iterator[str]:
        """What the events' printed times say that cannot be right, or leaves a choice, with its place; no faults.

        What was said of an earlier one is said by that one's place.
        """
        said: dict[str, str] = {}
        for (file, line), event in zip(self.places, self.events, strict=True):
            place = file if line is None else f"{file}:{line}"
            for field, sentence in warnings(event):
                first = said.setdefault(sentence, place)
                yield f"{place}: {field}: {sentence if first == place else f'the same as {first}'}"


class Append:
    """Collects the reports of one append. Registrations and names may stand anywhere among them, so ids and names are
    resolved by `finish`, once all are in."""

    def __init__(self, known: Known, *, register: bool = False) -> None:
        """Read what an archive with this knowledge is to take in; with `register`, people, organisations and offices
        that nobody knows are registered by the name given."""
        self._known = known
        self._register = Register(known, registers=register)
        self._latest_publication = to_instant(from_instant(known.now) + _GRACE)
        self._drafts: list[tuple[Place, Draft]] = []

    def add(self, file: str, line: int | None, wire: Any) -> None:
        """Take in one JSON value that should be a report."""
        self._drafts.append(((file, line), read_report(wire, self._known, self._latest_publication)))

    def refuse(self, file: str, line: int | None, wrong: Wrong) -> None:
        """Take note of a line that is no JSON value."""
        self._drafts.append(((file, line), Draft(wrongs=[wrong])))

    def finish(self) -> Intake:
        """Resolve all ids and names and give the events and every fault."""
        drafts = [draft for _, draft in self._drafts]
        self._register.take_in(drafts)
        self._register.resolve(drafts)
        for draft in drafts:
            build(draft)
            draft.wrongs += unmergeable(draft, self._register.mergers, self._known)
        self._check_ids()
        events: list[Event] = []
        places: list[Place] = []
        faults: list[Fault] = []
        for place, draft in self._drafts:
            wrongs = [*draft.wrongs, *draft.unresolved]
            faults += [wrong.at(*place) for wrong in wrongs]
            if draft.event is not None and not wrongs:
                made = [*draft.registered, draft.event]
                events += made
                places += [place] * len(made)
        return Intake(events, faults, places, self._register.new)

    def _check_ids(self) -> None:
        """Find callers' ids that were given to other content, here or in the archive."""
        seen: dict[str, tuple[Place, Event]] = {}
        for place, draft in self._drafts:
            event = draft.event
            if event is not None and event.id is not None:
                (file, line), earlier = seen.setdefault(event.id, (place, event))
                if earlier is not event and earlier != event:
                    where = file if line is None else f"{file}:{line}"
                    draft.wrongs.append(_same_id(event.id, f"the report at {where}"))
        stored = self._known.with_ids(seen.keys()) if seen else {}
        for _, draft in self._drafts if stored else ():
            event = draft.event
            if event is not None and event.id is not None and event.id in stored:
                entry = stored[event.id]
                if type(entry) is not type(event) or content_identity(entry) != content_identity(event):
                    draft.wrongs.append(_same_id(event.id, "an entry of the archive"))


def _same_id(id_: str, whose: str) -> Wrong:
    return Wrong(f"{quoted(id_)} is the id of {whose}, which has other content", "give another id", field="id")
