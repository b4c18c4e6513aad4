"""Reports that were read, to events: names to ids, and what can only be told beside the other reports of an append."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from archive.intake.faults import Fault, Wrong, quoted
from archive.intake.known import Known
from archive.intake.mergers import Mergers, unmergeable
from archive.intake.own_times import OwnTimes
from archive.intake.register import Register, digest
from archive.intake.reports import Draft, build
from archive.intake.stated import warnings
from archive.spilling import Shelf
from events import Event, content_identity

Place = tuple[str, int | None]
"""A file and a line of it."""

Drafts = Sequence[tuple[Place, Draft]]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Some reports of an append: the events of those without fault, where each stood, and every fault, in order."""

    events: list[Event]
    places: list[Place]
    faults: list[Fault]
    own_times: OwnTimes | None = field(default=None, compare=False)

    def warnings(self, said: dict[str, str]) -> Iterator[str]:
        """What the events' printed times say that cannot be right, or leaves a choice, and which publication does not
        count, with its place; no faults.

        What was ``said`` of an earlier one is said by that one's place.
        """
        late = {index: told for index, *told in self.own_times.warnings(self.events)} if self.own_times else {}
        for index, ((file, line), event) in enumerate(zip(self.places, self.events, strict=True)):
            place = where(file, line)
            for name, sentence in (*warnings(event), *([late[index]] if index in late else [])):
                first = said.setdefault(sentence, place)
                yield f"{place}: {name}: {sentence if first == place else f'the same as {first}'}"

    def clashing(self, clashes: Iterable[tuple[int, int | None, int | None]]) -> list[Fault]:
        """The faults of events whose id is that of an entry, or of another event here: the index of each, with the
        position of that entry, or the index of that event."""
        return clashing(self.places, clashes)


class Resolving:
    """Resolves the reports of one append, page by page, once all that they register is taken in."""

    def __init__(self, known: Known, register: Register) -> None:
        """Begin with none of them."""
        self._known = known
        self._register = register
        self._ids = Shelf()
        self._own_times = OwnTimes(known)

    @cached_property
    def _mergers(self) -> Mergers:
        """Those that stand, and those of the append, once the first ids were looked up: that mostly tells that there
        are none."""
        return Mergers(self._known.mergers())

    def resolve(self, drafts: Drafts) -> Resolved:
        """Resolve those that follow."""
        some = [draft for _, draft in drafts]
        self._register.resolve(some)
        for draft in some:
            build(draft)
            draft.wrongs += unmergeable(draft, self._mergers, self._known)
        self._check_ids(drafts)
        events: list[Event] = []
        places: list[Place] = []
        faults: list[Fault] = []
        for place, draft in drafts:
            if wrongs := draft.wrongs + draft.unresolved:
                faults += [wrong.at(*place) for wrong in wrongs]
            elif draft.event is not None:
                made = [*draft.registered, draft.event]
                events += made
                places += [place] * len(made)
        return Resolved(events, places, faults, self._own_times)

    def _check_ids(self, drafts: Drafts) -> None:
        """Find callers' ids that were given to other content, here or in the archive."""
        given = [(place, draft, draft.event) for place, draft in drafts if draft.event and draft.event.id is not None]
        stored = self._known.with_ids({str(event.id) for *_, event in given}) if given else {}
        for place, draft, event in given:
            id_, content = str(event.id), digest(event)
            earlier = self._ids.get(id_)
            if earlier is None:
                self._ids.put(id_, (content, *place))
            elif content != earlier[0]:
                draft.wrongs.append(_same_id(id_, f"the report at {where(*earlier[1:])}"))
            entry = stored.get(id_)
            if entry is not None and (
                type(entry) is not type(event) or content_identity(entry) != content_identity(event)
            ):
                draft.wrongs.append(_same_id(id_, "an entry of the archive"))


def clashing(places: Sequence[Place], clashes: Iterable[tuple[int, int | None, int | None]]) -> list[Fault]:
    """The same of events that stood at these places."""
    faults: list[Fault] = []
    for index, position, earlier in clashes:
        whose = f"entry {position}" if position is not None else f"the report at {where(*places[earlier or 0])}"
        problem = f"the id of {whose}, which has other content"
        faults.append(Fault(*places[index], "id", problem, "give it an id of its own, or amend that entry"))
    return faults


def where(file: str, line: int | None) -> str:
    """A place as it is told."""
    return file if line is None else f"{file}:{line}"


def _same_id(id_: str, whose: str) -> Wrong:
    return Wrong(f"{quoted(id_)} is the id of {whose}, which has other content", "give another id", field="id")
