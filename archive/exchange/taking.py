"""A listing held against the archive: the reports that a file adds, changes and, where asked, takes back.

What the archive has already is not appended again, so that the same file twice is nothing and a newer version of it
is what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive.exchange.listing import Listing, Named, Told, Wire
from archive.exchange.versions import changes, paired
from archive.intake.append import Append, Intake
from archive.intake.faults import Fault, Wrong, quoted
from archive.intake.known import Known
from archive.queries.earlier import Before, Earlier
from events.names import fold_name

ORGANISATIONS = ("organisation", "on_behalf_of")
"""The fields of a report that name one."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """With what each report of the file begins: source, version, basis, zone.

    first: whether this is the first version of the source
    """

    source: str
    version: str | None
    basis: str
    first: bool
    tz: str

    def report(self) -> Wire:
        """The fields of a report."""
        version = {} if self.version is None else {"source_version": self.version}
        return {"source": self.source, **version, "basis": self.basis}


@dataclass(slots=True)
class Taken:
    """What a file comes to.

    counts: how many reports are new, changed, the same, and no longer there; left_out: places and faults of what was
    left out because that was asked for
    """

    intake: Intake
    counts: dict[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


class Taking:
    """Makes reports of a listing, one append."""

    def __init__(self, known: Known, earlier: Earlier, speaking: Speaking, name: str) -> None:
        self._known = known
        self._items: list[tuple[str, Wire]] = []
        self._faults: list[Fault] = []
        self._earlier = earlier
        self._speaking = speaking
        self._name = name
        self._counts = dict.fromkeys(("new", "changed", "same", "gone", "retracted"), 0)

    def source(self, wires: list[Wire]) -> None:
        """Register the file."""
        self._items += [(self._name, wire) for wire in wires]

    def take(self, listing: Listing, *, retract: bool) -> None:
        """Take a listing in; `retract` takes back what left the file."""
        self._faults += [wrong.at(place, None) for place, wrong in listing.wrongs]
        for kind, found in (("organisation", listing.organisations), ("person", listing.people)):
            for key, one in found.items():
                self._register(kind, key, one)
        for (organisation, office), one in listing.offices.items():
            self._register("office", f"{organisation}/{office}", one)
        pairs, gone = paired(self._speaking.source, listing.told, self._earlier.reports)
        for told, before in pairs:
            missing = self._missing(told.wire, listing)
            if missing is None:
                self._tell(told, before)
            else:
                self._faults.append(missing.at(told.place, None))
        self._counts["gone"] = len(gone)
        for left in gone if retract else ():
            self._counts["retracted"] += 1
            wire = {"type": "Retracted", "target": left.position, "by": "source", "reason": "no longer in the file"}
            self._add(f"{self._name}: entry {left.position}", {**wire, **self._speaking.report()})

    def finish(self, listing: Listing, *, without_faulty: bool) -> Taken:
        """The events; with `without_faulty` what has a fault is left out and told, with what rests on it."""
        intake = self._read()
        left_out = [*self._faults, *intake.faults]
        if not (without_faulty and left_out):
            left_out = [replace(fault, line=None) for fault in left_out]
            places = [(place, None) for place, _ in intake.places]
            return Taken(replace(intake, faults=left_out, places=places), self._counts, listing.notes)
        while intake.faults:
            faulty = {fault.line for fault in intake.faults}
            self._items = [item for number, item in enumerate(self._items) if number not in faulty]
            intake = self._read()
            left_out += intake.faults
        intake = replace(intake, places=[(place, None) for place, _ in intake.places])
        return Taken(intake, self._counts, listing.notes, [str(replace(fault, line=None)) for fault in left_out])

    def _read(self) -> Intake:
        append = Append(self._known)
        for number, (place, wire) in enumerate(self._items):
            append.add(place, number, wire)
        return append.finish()

    def _add(self, place: str, wire: Wire) -> None:
        self._items.append((place, wire))

    def _register(self, kind: str, key: str, one: Named) -> None:
        """Register somebody or something new; of what is there, record other names, and show one that changed."""
        field_ = "title" if kind == "office" else "name"
        name = str(one.wire[field_])
        there = self._earlier.shown.get((kind, key))
        if there is None:
            self._add(one.place, one.wire)
        elif there[0] != name and not self._speaking.first:
            self._amend_shown(kind, key, one, {field_: name})
        known = {fold_name(name)} if there is None else set(self._earlier.recorded.get(f"{kind}/{key}", ()))
        subject: Wire = {part: one.wire[part] for part in ("organisation", "office", "person") if part in one.wire}
        names = one.others if there is None else [(name, None), *one.others]
        for other, language in names if kind != "office" else ():
            if fold_name(other) not in known:
                known.add(fold_name(other))
                spoken: Wire = {} if language is None else {"language": language}
                wire = {"type": "NameRecorded", **subject, "name": other, **spoken, **self._speaking.report()}
                self._add(one.place, wire)

    def _missing(self, wire: Wire, listing: Listing) -> Wrong | None:
        """The fault of a report of somebody or something that neither the file nor the archive knows."""
        named = [("person", wire.get("person")), *(("organisation", wire.get(one)) for one in ORGANISATIONS)]
        for kind, id_ in named:
            there: Mapping[str, Named] = listing.people if kind == "person" else listing.organisations
            if id_ is not None and id_ not in there and (kind, id_) not in self._earlier.shown:
                remedy = "import the file that has it before, with the same --prefix"
                return Wrong(f"{quoted(id_)} is neither in the file nor in the archive", remedy, field=kind)
        return None

    def _amend_shown(self, kind: str, key: str, one: Named, changed: dict[str, Any]) -> None:
        position = self._earlier.registered_at(kind, key)
        if position is not None:
            wire = {"type": "Amended", "target": position, "by": "source", "changes": changed}
            self._add(one.place, {**wire, **self._speaking.report()})

    def _tell(self, told: Told, before: Before | None) -> None:
        zone = {} if self._speaking.tz == "UTC" else {"tz": self._speaking.tz}
        if before is None:
            self._counts["new"] += 1
            self._add(told.place, {**told.wire, **zone, **self._speaking.report()})
            return
        changed = changes(told.wire, before)
        if not changed:
            self._counts["same"] += 1
            return
        self._counts["changed"] += 1
        wire = {"type": "Amended", "target": before.position, "by": "source", "changes": changed}
        self._add(told.place, {**wire, **self._speaking.report()})
