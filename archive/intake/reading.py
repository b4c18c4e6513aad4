"""The reports of files as events, a page at a time, in memory that no number of them exhausts.

Ids and names may stand anywhere in an append, so a long one is read twice: for what is registered and named, which is
kept in temporary files where it is much; then for all reports, resolved against that. A short one is read once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

from archive import spilling
from archive.errors import ReportFaults
from archive.intake.append import latest_publication
from archive.intake.faults import Fault, Wrong
from archive.intake.inputs import Input
from archive.intake.known import Known
from archive.intake.lines import Progress, wires
from archive.intake.register import New, Register
from archive.intake.reports import Draft, names_something, read_report
from archive.intake.resolving import Place, Resolved, Resolving
from archive.spilling import Heap
from events import Event

MOST_TOLD = 1_000
"""Faults, and warnings, that are kept to be told; of more only the number is."""

LARGEST_PAGE = 4 << 20
"""Bytes of the reports that are held at a time."""

Numbered = tuple[int, Place, Any]
"""The number of a report in the append, where it stands, and its JSON value or what is wrong with its line."""


class Reading:
    """The reports of some files, for one append.

    faults: the first of those found so far, and fault_count all of them; warnings and warning_count likewise
    """

    def __init__(
        self,
        known: Known,
        streams: Sequence[tuple[str, BinaryIO]],
        *,
        register: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Read streams, by name, from where they are to their ends; with `register` people, organisations and offices
        that nobody knows are registered by the name given. `progress` is told of each byte once."""
        self._known = known
        self._register = Register(known, registers=register)
        self._latest_publication = latest_publication(known)
        self._inputs = [Input(name, stream) for name, stream in streams]
        self._progress = progress
        self._prepared = self.is_faulty = False
        self._only: Resolved | None = None
        self._in_front: dict[int, list[Event]] = {}
        self._begin()

    @property
    def registered(self) -> Sequence[New]:
        """What was registered because it was asked for, each among the events before the report that names it."""
        return self._register.new

    def pages(self) -> Iterator[Resolved]:
        """The reports, resolved, some at a time. May be asked for again, and gives the same.

        Raises UsageError where a file is not what it was when it was read first.
        """
        self.prepare()
        self._begin()
        said: dict[str, str] = {}
        for page in self._resolved() if self._only is None else (self._only,):
            self.tell(page.faults)
            for warning in page.warnings(said):
                self.warning_count += 1
                if self.warning_count <= MOST_TOLD:
                    self.warnings.append(warning)
            if len(said) > spilling.PAGE:
                said.clear()
            yield page

    def prepare(self) -> None:
        """Read all for the first time, unless that was done; then `is_faulty` where that shows a fault already."""
        if not self._prepared:
            self._prepare()
            self._prepared = True

    def refuse(self) -> None:
        """Raise ReportFaults where faults were found."""
        if self.fault_count:
            faults = f"{self.fault_count} fault{'' if self.fault_count == 1 else 's'}"
            raise ReportFaults(f"{faults}, nothing was appended")

    def tell(self, faults: Sequence[Fault]) -> None:
        """Add to the faults found."""
        self.fault_count += len(faults)
        self.faults += faults[: max(0, MOST_TOLD - len(self.faults))]

    def _begin(self) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[str] = []
        self.fault_count = self.warning_count = 0

    def _prepare(self) -> None:
        """Read all for the first time: resolve a few, or take in what many register and name."""
        progress = self._progress and Halved(self._progress)
        read = self._read(progress)
        first, second = next(read, []), next(read, None)
        if second is None:
            drafts = [(place, self._draft(number, wire)) for number, place, wire in first]
            self._register.take_in([draft for _, draft in drafts])
            self._only = Resolving(self._known, self._register).resolve(drafts)
            self.is_faulty = bool(self._only.faults)
            if progress is not None:
                progress.finish()
            return
        left = Heap()
        for page in chain([first, second], read):
            self.is_faulty = self.is_faulty or any(isinstance(wire, Wrong) for *_, wire in page)
            left.put(self._take_some([(number, wire) for number, _, wire in page if names_something(wire)]))
        while not left.is_empty:
            left = self._settle(left)

    def _settle(self, left: Heap) -> Heap:
        """Take in what was left, now that more is known, with registering what nobody knows if that does not help;
        what is left then, of which there is less. Nothing is left of what cannot be taken in at all."""
        for new in (False, True):
            count, still = 0, Heap()
            for page in left.pages():
                some = self._take_some(page, new=new)
                count += len(page) - len(some)
                still.put(some)
            if count:
                return still
        for page in left.pages():
            self._register.give_up([self._draft(number, wire) for number, wire in page])
        return Heap()

    def _take_some(self, named: Sequence[tuple[int, Any]], *, new: bool = False) -> list[tuple[int, Any]]:
        """Take in what reports register and name; those of which it is not known yet what they are about."""
        drafts = [self._draft(number, wire) for number, wire in named]
        left = {draft.number for draft in self._register.take_some(drafts, new=new)}
        self._keep(drafts)
        return [(number, wire) for number, wire in named if number in left]

    def _resolved(self) -> Iterator[Resolved]:
        """Read all again, and resolve it."""
        progress, self._progress = self._progress, None
        resolving = Resolving(self._known, self._register)
        for page in self._read(progress and Halved(progress, 1)):
            drafts = [(place, self._draft(number, wire)) for number, place, wire in page]
            self._register.check(draft for _, draft in drafts)
            found = resolving.resolve(drafts)
            self._keep([draft for _, draft in drafts])
            yield found

    def _keep(self, drafts: Sequence[Draft]) -> None:
        """Keep what is registered before each of these reports, and let go what was looked up for them."""
        self._in_front.update((draft.number, draft.registered) for draft in drafts if draft.registered)
        self._register.forget()

    def _draft(self, number: int, wire: Any) -> Draft:
        if isinstance(wire, Wrong):
            return Draft(wrongs=[wire], number=number)
        draft = read_report(wire, self._known, self._latest_publication)
        draft.number = number
        draft.registered = self._in_front.get(number, [])
        return draft

    def _read(self, progress: Progress | None) -> Iterator[list[Numbered]]:
        """All reports from the first, a page at a time."""
        page: list[Numbered] = []
        number = held = 0
        for one in self._inputs:
            one.begin()
            for line, wire in wires(one, progress):
                page.append((number, (one.name, line), wire))
                number += 1
                if len(page) >= spilling.PAGE or one.read - held >= LARGEST_PAGE:
                    yield page
                    page, held = [], one.read
            one.end()
            held = 0
        if page:
            yield page


class Halved:
    """Tells of half the bytes that it is told of, as all are read twice."""

    def __init__(self, progress: Progress, odd: int = 0) -> None:
        """Tell this one; the second time `odd` is 1, so that both add up."""
        self._progress = progress
        self._read, self._told = odd, 0

    def __call__(self, size: int) -> None:
        """Tell of half of these."""
        self._read += size
        self._tell(self._read // 2)

    def finish(self) -> None:
        """Tell of the other half too."""
        self._tell(self._read)

    def _tell(self, upto: int) -> None:
        self._progress(upto - self._told)
        self._told = upto
