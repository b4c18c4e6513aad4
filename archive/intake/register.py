"""The ids that one append may use: those the archive knows and those that its own reports register."""

from collections.abc import Container, Iterator

from archive.intake.faults import Wrong, quoted
from archive.intake.fields import references
from archive.intake.kinds import Named
from archive.intake.known import Known, candidates
from archive.intake.nearest import Near, nearest_of
from archive.intake.registers import Key, names_in, registers, versions_in
from archive.intake.reports import Draft
from events import Event, Registration, content_identity

_MOST_SEARCHES = 500
"""Searches for what was meant; a file in which everything is unknown says so without them from then on."""

_REMEDIES: dict[Named, str] = {
    "person": '{"type": "PersonRegistered", "person": "…", "name": "…"}',
    "organisation": '{"type": "OrganisationRegistered", "organisation": "…", "name": "…"}',
    "office": '{"type": "OfficeRegistered", "organisation": "…", "office": "…", "title": "…"}',
    "source": '{"type": "SourceRegistered", "source": "…", "title": "…"}',
}


class Register:
    """Collects what all reports of an append register, then resolves the ids that they use."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._ids: dict[Named, Container[str]] = {kind: known.ids(kind) for kind in _REMEDIES}
        self._added: dict[Key, Event | None] = {}
        self._names: dict[Key, list[str]] = {}
        self._proposals: dict[tuple[Named, str, str | None], str] = {}
        self._good: set[Key] = set()
        self._versions: set[tuple[str, str]] = set()

    def add(self, draft: Draft) -> Iterator[Wrong]:
        """Take note of what a report registers, also where the report has faults, so that it is not missed as well;
        an id registered already as something else is a fault."""
        if draft.cls is None or not issubclass(draft.cls, Registration):
            return
        if draft.event is None:
            for key in _claimed(draft):
                self._added.setdefault(key, None)
            return
        event = draft.event
        for key in registers(event):
            earlier = self._added.setdefault(key, event)
            if earlier is not None and earlier is not event and earlier != event:
                yield _twice(key, "in the same append")
            elif earlier is event and key[1] in self._ids[key[0]]:
                entry = self._known.registration(*key)
                if entry is not None and content_identity(entry) != content_identity(event):
                    yield _twice(key, "in the archive")
        for key, name in names_in(event):
            self._names.setdefault(key, []).append(name)
        self._versions.update(versions_in(event))

    def unknown(self, draft: Draft) -> Iterator[Wrong]:
        """Every id in a report that nothing registers, with the nearest that something does."""
        if draft.cls is None:
            return
        values = draft.values
        yield from self._unknown(draft.cls, values, values.get("organisation"))
        yield from self._no_version(values.get("source"), values.get("source_version"), "source_version")
        if draft.concerns is not None and draft.concerns.changed is not None:
            changed = draft.concerns.changed
            of_entry = {name.rstrip("_"): value for name, value in draft.concerns.changes.items()}
            for wrong in self._unknown(type(changed), of_entry, getattr(changed, "organisation", None)):
                yield wrong.within("changes")
            if of_entry.keys() & {"source", "source_version"}:
                source, version = (getattr(changed, name, None) for name in ("source", "source_version"))
                for wrong in self._no_version(source, version, "source_version"):
                    yield wrong.within("changes")

    def _no_version(self, source: object, version: object, path: str) -> Iterator[Wrong]:
        """The fault of a digest that is none of the source's versions."""
        if not isinstance(source, str) or not isinstance(version, str) or (source, version) in self._versions:
            return
        known = self._known.texts(source)
        if version not in known:
            versions = " or ".join(f"`{digest}`" for digest in known)
            remedy = f"it has {versions}" if versions else "it has none with a digest"
            yield Wrong(f"{quoted(version)} is no version of {quoted(source)}", remedy, field=path)

    def _unknown(self, cls: type[Event], values: dict[str, object], organisation: object) -> Iterator[Wrong]:
        owner = organisation if isinstance(organisation, str) else None
        for path, kind, id_ in references(cls, values.get):
            named = kind.named
            if named is None:
                continue
            if named == "office" and owner is None:
                yield Wrong("an office without its organisation", "give `organisation` too", field=path)
                continue
            key = (named, f"{owner}/{id_}" if named == "office" else id_)
            if key in self._good:
                continue
            if key in self._added or key[1] in self._ids[named]:
                self._good.add(key)
            elif named != "office" or self._exists(owner or ""):
                yield self._wrong(named, id_, owner, path)

    def _exists(self, organisation: str) -> bool:
        return ("organisation", organisation) in self._added or organisation in self._ids["organisation"]

    def _wrong(self, named: Named, id_: str, organisation: str | None, path: str) -> Wrong:
        owner = organisation if named == "office" else None
        problem = f"there is no {named} {quoted(id_)}" + (f" of {quoted(owner)}" if owner else "")
        sought = (named, id_, owner)
        if sought not in self._proposals and len(self._proposals) < _MOST_SEARCHES:
            near = " or ".join(str(found) for found in self._nearest(named, id_, owner))
            self._proposals[sought] = f"did you mean {near}? Else register it" if near else "register it"
        return Wrong(problem, f"{self._proposals.get(sought, 'register it')}: {_REMEDIES[named]}", field=path)

    def _nearest(self, named: Named, text: str, owner: str | None) -> list[Near]:
        found = {near.id: (near.name,) if near.name else () for near in self._known.nearest(named, text, owner)}
        own = candidates(self._added, self._names, named, owner)
        both = nearest_of(text, {**found, **own})
        # A recorded name that answers do not show first is known to the archive alone.
        return (both + [Near(id_, *names) for id_, names in found.items() if id_ not in {near.id for near in both}])[:3]


def _claimed(draft: Draft) -> Iterator[Key]:
    """What a faulty registration was to register, as far as its fields were read."""
    ids = {kind.named: id_ for path, kind, id_ in references(draft.cls, draft.values.get) if "[" not in path}
    organisation = ids.get("organisation")
    if "office" in ids:
        yield "office", f"{organisation}/{ids['office']}"
        return
    for named, id_ in ids.items():
        if named is not None:
            yield named, id_


def _twice(key: Key, where: str) -> Wrong:
    named, id_ = key
    remedy = "give the new one another id, or amend the entry" if "archive" in where else "keep one, or give another id"
    return Wrong(f"the {named} {quoted(id_)} is registered {where} with other content", remedy, field=named)
