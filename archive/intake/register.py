"""What the reports of an append register and record, and whom their ids and names mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from archive.intake.faults import Wrong, quoted
from archive.intake.kinds import Named
from archive.intake.known import Known
from archive.intake.meant import Meant
from archive.intake.nearest import Near
from archive.intake.parts import Part, about, claimed, keys_in, parts, subjects
from archive.intake.references import references, with_ids
from archive.intake.registers import Key, registers, versions_in
from archive.intake.remedies import new_id, registration, ways
from archive.intake.reports import Draft
from archive.spilling import Shelf
from events import Event, Registration, content_identity, to_plain, types
from events.later import Merged
from events.names import may_name

_AT_ONCE = 1_000
"""Reports whose ids are looked up together."""

_MOST_SEARCHES = 500
"""Searches for what was meant; a file in which everything is unknown says so without them from then on."""


@dataclass(frozen=True, slots=True)
class New:
    """Something that was registered because a report named it and nobody knew it.

    key: of an office `organisation/office`; near: the likest that was known, and how alike, of 100
    """

    named: Named
    key: str
    name: str
    near: Near | None
    alike: int


class Register:
    """Takes in what all reports of an append register and record, then puts ids in the place of names."""

    def __init__(self, known: Known, *, registers: bool = False) -> None:
        self._known = known
        self._meant = Meant(known)
        self._registers = registers
        self._proposals: dict[tuple[Named, str, str | None], str] = {}
        self._good: set[Key] = set()
        self._versions = Shelf()
        self.new: list[New] = []

    def take_in(self, drafts: Sequence[Draft]) -> None:
        """Take note of what reports register and which names they record, also where they have faults, so that
        nothing else is unknown as well; an id registered already as something else is a fault.

        Whose office or name it is may itself be said by a name that stands elsewhere in the append.
        """
        waiting = self.take_some(drafts)
        while waiting:
            left = self.take_some(waiting)
            if len(left) == len(waiting) and len(left := self.take_some(waiting, new=True)) == len(waiting):
                break
            waiting = left
        self.give_up(waiting)
        self.check(drafts)

    def take_some(self, drafts: Iterable[Draft], *, new: bool = False) -> list[Draft]:
        """Take in what can be; the others, of which it is not known yet what they are about. With `new` what nobody
        knows is registered for them, if it is to be."""
        waiting = [draft for draft in drafts if draft.cls is not None and may_name(draft.cls)]
        self._meant.look_up(text for draft in waiting for _, _, text in subjects(draft))
        return [
            draft
            for draft in waiting
            if not self._take(draft)
            and not (new and self._registers and self._new_subject(draft) and self._take(draft))
        ]

    def give_up(self, drafts: Iterable[Draft]) -> None:
        """Take note of what is left in the end."""
        for draft in drafts:
            for key in claimed(draft, {}):
                self._meant.add(key, None, draft.number)

    def check(self, drafts: Iterable[Draft]) -> None:
        """Find the registrations of an id that has another, in the append or in the archive, once all are taken in."""
        again: list[tuple[Draft, Key, Event]] = []
        drafts = [draft for draft in drafts if draft.cls is not None and issubclass(draft.cls, Registration)]
        self._meant.look_up(text for draft in drafts if not draft.claims for _, _, text in subjects(draft))
        for draft in drafts:
            if (registration := self._claims(draft)) is None:
                continue
            for key in registers(registration):
                earlier = self._meant.added(key)
                if earlier is not None and earlier.number == draft.number:
                    again.append((draft, key, registration))
                elif earlier is not None and earlier.content not in (None, digest(registration)):
                    draft.wrongs.append(_other_content(key, "in the same append"))
        self._meant.expect(key for _, key, _ in again)
        again = [one for one in again if self._meant.in_archive(*one[1])]
        there = self._known.registrations([key for _, key, _ in again]) if again else {}
        for draft, key, event in again:
            if key in there and content_identity(there[key]) != content_identity(event):
                draft.wrongs.append(_other_content(key, "in the archive"))

    def _claims(self, draft: Draft) -> Registration | None:
        """What a report registers; nothing where it has faults."""
        if draft.claims is None and not draft.wrongs and (changed := self._about(draft)) is not None:
            event = draft.cls(**{**draft.values, **changed}) if draft.cls is not None else None
            draft.claims = event if isinstance(event, Registration) else None
        return draft.claims

    def _about(self, draft: Draft) -> dict[str, Any] | None:
        """The attributes in which a report says what it is about, with ids for names; None where that is not known."""
        owner = self._one("organisation", draft.values.get("organisation"))
        ids: dict[str, str] = {}
        for path, named, text in subjects(draft):
            found = self._meant.of(named, text, owner)
            if len(found) != 1:
                return None
            ids[path] = found[0]
        return with_ids(draft.cls, draft.values.get, ids)

    def _take(self, draft: Draft) -> bool:
        """Take one in, if it is known what it is about."""
        cls, values = draft.cls, draft.values
        changed = self._about(draft)
        if cls is None or changed is None:
            return cls is None
        if draft.wrongs:
            for key in claimed(draft, changed):
                self._meant.add(key, None, draft.number)
            if not issubclass(cls, Registration) and isinstance(name := values.get("name"), str):
                for key in about(draft, changed):
                    self._meant.bring(key, name)
            return True
        event = cls(**{**values, **changed})
        if isinstance(event, Registration):
            draft.claims = event
            self._add(event, draft.number)
        self._meant.bring_all(event)
        return True

    def _add(self, event: Registration, number: int) -> None:
        for key in registers(event):
            self._meant.add(key, digest(event), number)
        for source, version in versions_in(event):
            self._versions.put(f"{source}\n{version}", 1)

    def resolve(self, drafts: Sequence[Draft]) -> None:
        """Put ids in the place of names, in every report; whom nobody knows or several are is a fault of it."""
        left: list[tuple[Draft, list[str]]] = []
        for start in range(0, len(drafts), _AT_ONCE):
            left += self._not_ids(drafts[start : start + _AT_ONCE])
        self._meant.look_up(text for _, texts in left for text in texts)
        for draft, _ in left:
            for part in parts(draft):
                ids, wrongs = self._resolved(draft, part)
                part.put(with_ids(part.cls, part.get, ids))
                draft.unresolved += [wrong.within(part.name) for wrong in wrongs] if part.name else wrongs
        for draft in drafts:
            if draft.concerns is None and draft.values.get("source_version") is None:
                continue
            for part in parts(draft):
                if part.values.keys() & {"source", "source_version"}:
                    wrongs = self._no_version(part.given("source"), part.given("source_version"))
                    draft.unresolved += [wrong.within(part.name) for wrong in wrongs] if part.name else wrongs

    def _no_version(self, source: object, version: object) -> list[Wrong]:
        """The fault of a digest that is none of the source's versions."""
        if not isinstance(source, str) or not isinstance(version, str) or self._versions.get(f"{source}\n{version}"):
            return []
        known = self._known.texts(source)
        if version in known:
            return []
        versions = " or ".join(f"`{digest}`" for digest in known)
        remedy = f"it has {versions}" if versions else "it has none with a digest"
        return [Wrong(f"{quoted(version)} is no version of {quoted(source)}", remedy, field="source_version")]

    def _not_ids(self, drafts: Sequence[Draft]) -> list[tuple[Draft, list[str]]]:
        """The drafts in which something that is no id stands where an id or a name may, with all such."""
        found = [keys_in(draft) for draft in drafts]
        self._good |= self._meant.ids_among(set().union(*found) - self._good)
        return [
            (draft, [text for key, text in texts.items() if key not in self._good])
            for draft, texts in zip(drafts, found, strict=True)
            if not texts.keys() <= self._good
        ]

    def _resolved(self, draft: Draft, part: Part) -> tuple[dict[str, str], list[Wrong]]:
        """The id for each path to a name, and what is wrong with the others."""
        ids: dict[str, str] = {}
        wrongs: list[Wrong] = []
        listed: dict[tuple[str, str], str] = {}
        may_register = self._registers and part.cls is not Merged
        owner = self._one("organisation", part.organisation)
        if owner is None and may_register and isinstance(part.organisation, str):
            found = self._meant.of("organisation", part.organisation)
            owner = None if found else self._new(draft, "organisation", part.organisation, None)
        for path, named, text in references(part.cls, part.get):
            if named == "office" and owner is None and part.organisation is not None:
                continue
            if named == "office" and owner is None:
                wrongs.append(Wrong("an office without its organisation", "give `organisation` too", field=path))
                continue
            found = self._meant.of(named, text, owner)
            if not found and may_register and named != "source":
                found = [self._new(draft, named, text, owner)]
            if len(found) != 1:
                wrong = self._several(named, text, owner, found) if found else self._nobody(draft, named, text, owner)
                wrong.field = path
                wrongs.append(wrong)
                continue
            if found[0] != text:
                ids[path] = found[0]
            if path.endswith("]"):
                earlier = listed.setdefault((path.partition("[")[0], found[0]), text)
                if earlier is not text:
                    problem = f"{quoted(earlier)} and {quoted(text)} both mean {quoted(found[0])}"
                    wrongs.append(Wrong(problem, "name each once", field=path.partition("[")[0]))
        return ids, wrongs

    def _one(self, named: Named, text: object) -> str | None:
        found = self._meant.of(named, text) if isinstance(text, str) else []
        return found[0] if len(found) == 1 else None

    def _new_subject(self, draft: Draft) -> bool:
        """Register what a report records a name of, or an office in, where nobody knows it; whether there was such."""
        values = draft.values
        for _, named, text in subjects(draft):
            owner = self._one("organisation", values.get("organisation"))
            if named != "source" and (named != "office" or owner) and not self._meant.of(named, text, owner):
                self._new(draft, named, text, owner)
                return True
        return False

    def _new(self, draft: Draft, named: Named, text: str, owner: str | None) -> str:
        """Register somebody or something by the name given, in front of the report that names it."""
        near = self._meant.nearest(named, text, owner)[:1] if len(self.new) < _MOST_SEARCHES else []
        prefix = f"{owner}/" if named == "office" else ""
        id_ = new_id(named, text, lambda slug: self._meant.is_id(named, f"{prefix}{slug}"))
        wire = registration(named, text, id_, owner)
        event = types()[wire.pop("type")](**wire)
        draft.registered.append(event)
        self._meant.add((named, f"{prefix}{id_}"), digest(event), draft.number)
        self._meant.bring_all(event)
        alike = self._meant.likeness(text, near[0]) if near else 0
        self.new.append(New(named, f"{prefix}{id_}", text, near[0] if near else None, alike))
        return id_

    def _several(self, named: Named, text: str, owner: str | None, ids: Sequence[str]) -> Wrong:
        whose = " and ".join(str(self._meant.shown(named, id_, owner)) for id_ in ids)
        return Wrong(f"{quoted(text)} may be {whose}", "write the id of the one that is meant")

    def _nobody(self, draft: Draft, named: Named, text: str, owner: str | None) -> Wrong:
        of = owner if named == "office" else None
        problem = f"there is no {named} {quoted(text)}" + (f" of {quoted(of)}" if of else "")
        sought = (named, text, of)
        mends: tuple[str, ...] = ()
        if sought not in self._proposals and len(self._proposals) < _MOST_SEARCHES:
            near = self._meant.nearest(named, text, of)
            listed = " or ".join(str(found) for found in near)
            self._proposals[sought] = f"did you mean {listed}?" if near else "register it first"
            source = draft.values.get("source")
            id_ = new_id(named, text, lambda slug: self._meant.is_id(named, f"{of}/{slug}" if of else slug))
            mends = ways(named, text, id_, near, organisation=of, source=source if isinstance(source, str) else None)
        return Wrong(problem, self._proposals.get(sought, "register it first"), ways=mends)

    def forget(self) -> None:
        """Let go what was looked up for the reports resolved so far."""
        self._good.clear()
        self._meant.forget()


def digest(event: Event) -> str:
    """The same for two events that are equal."""
    plain = [type(event).__name__, to_plain(event)]
    return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _other_content(key: Key, where: str) -> Wrong:
    named, id_ = key
    remedy = "give the new one another id, or amend the entry" if "archive" in where else "keep one, or give another id"
    return Wrong(f"the {named} {quoted(id_)} is registered {where} with other content", remedy, field=named)
