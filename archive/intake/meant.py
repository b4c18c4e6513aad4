"""Whom an id or a name means: those that the archive knows, and those that the reports of an append bring."""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from archive.intake.kinds import Named
from archive.intake.known import Known
from archive.intake.mergers import Mergers
from archive.intake.nearest import Near, likeness, nearest_of
from archive.intake.registers import Key, names_of
from archive.spilling import Sets, Shelf, paged
from events import Event
from events.names import fold_name

KINDS: tuple[Named, ...] = ("person", "organisation", "office", "source")


class Registered(NamedTuple):
    """What the append registers under a key: the content of the registration, None where that has faults, and its
    number among the reports."""

    content: str | None
    number: int


class Meant:
    """The ids and names of an archive and of one append to it.

    An id means whom it is the id of, whatever else is called so. Else a text means everybody of whom it is a name, or
    the id but for its case, by `fold_name`; several of whom all but one were given up for that one mean that one.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._ids: dict[Named, Container[str]] = {kind: known.ids(kind) for kind in KINDS}
        self._there: dict[str, frozenset[Key]] = {}
        self._found: dict[tuple[Named, str, str | None], list[str]] = {}
        self._added = Shelf()
        self._names = Shelf()
        self._brought = Sets()

    @cached_property
    def mergers(self) -> Mergers:
        """The mergers that stand in the archive; asked for once a name is looked up, which few reports need."""
        return Mergers(self._known.mergers())

    def expect(self, keys: Iterable[Key]) -> None:
        """Have the archive find at once which of these keys it has."""
        self._known.expect(list(keys))

    def ids_among(self, keys: Collection[Key]) -> set[Key]:
        """Those of some keys under which something is registered, found at once."""
        found = set(self._known.expect(keys))
        found.update(key for key in keys if key not in found and self._added.get("/".join(key)) is not None)
        return found

    def is_id(self, named: Named, key: str) -> bool:
        """Whether something is registered under this key, in the archive or in the append."""
        return self._added.get(f"{named}/{key}") is not None or key in self._ids[named]

    def in_archive(self, named: Named, key: str) -> bool:
        """Whether the archive has it."""
        return key in self._ids[named]

    def add(self, key: Key, content: str | None, number: int) -> None:
        """Something that the append registers, unless something did so before."""
        self._found.clear()
        named, id_ = key
        if self._added.get(shelved := f"{named}/{id_}") is None:
            self._added.put(shelved, (content, number))

    def added(self, key: Key) -> Registered | None:
        """What the append registers under a key, first if it does so more than once."""
        named, id_ = key
        found = self._added.get(f"{named}/{id_}")
        return None if found is None else Registered(*found)

    def bring(self, key: Key, name: str) -> None:
        """A name that a report of the append records."""
        self._found.clear()
        named, id_ = key
        shelved = f"{named}/{id_}"
        self._names.put(shelved, [*(self._names.get(shelved) or ()), name])
        if folded := fold_name(name):
            self._brought.add(folded, shelved)

    def bring_all(self, event: Event) -> None:
        """The names that an event of the append records."""
        for key, name in names_of(event):
            self.bring(key, name)

    def look_up(self, texts: Iterable[str]) -> None:
        """Ask the archive for these names, all at once; `of` tells only of names that were asked for."""
        wanted = {folded for text in texts if (folded := fold_name(text))} - self._there.keys()
        if wanted:
            self._found.clear()
            found = self._known.called(wanted)
            self._there.update({name: frozenset(found.get(name, ())) for name in wanted})

    def of(self, named: Named, text: str, owner: str | None = None) -> list[str]:
        """The ids that a text may mean, sorted; of an office those of the organisation `owner`."""
        sought = (named, text, owner if named == "office" else None)
        if sought not in self._found:
            self._found[sought] = self._of(*sought)
        return self._found[sought]

    def _of(self, named: Named, text: str, owner: str | None) -> list[str]:
        prefix = f"{owner}/" if named == "office" else ""
        if self.is_id(named, prefix + text):
            return [text]
        if named == "source" or not (folded := fold_name(text)):
            return []
        # Many organisations may have an office of one name.
        whose_own = f"{named}/{prefix}" if not self.mergers else f"{named}/"
        found = {key for of, key in self._there.get(folded, ()) if of == named}
        found.update(one.removeprefix(f"{named}/") for one in self._brought.get(folded, whose_own))
        if named == "office":
            whose = self.mergers.stands_for("organisation", owner or "")
            owned = (key.partition("/") for key in found)
            found = {id_ for of, _, id_ in owned if self.mergers.stands_for("organisation", of) == whose}
        if self.is_id(named, prefix + folded):
            found.add(folded)
        if len(found) > 1 and named != "office":
            standing = {self.mergers.stands_for(named, id_) for id_ in found}
            found = standing if len(standing) == 1 else found
        return sorted(found)

    def nearest(self, named: Named, text: str, owner: str | None) -> list[Near]:
        """Up to three whose id or name is like a text, the likest first."""
        found = {near.id: (near.name,) if near.name else () for near in self._known.nearest(named, text, owner)}
        best: dict[str, Sequence[str]] = {**found}
        for some in paged(self._own(named, owner)):
            own = {**best, **dict(some)}
            best = {near.id: own[near.id] for near in nearest_of(text, own)}
        both = nearest_of(text, best)
        # A recorded name that answers do not show first is known to the archive alone.
        return (both + [Near(id_, *names) for id_, names in found.items() if id_ not in {near.id for near in both}])[:3]

    def _own(self, named: Named, owner: str | None) -> Iterator[tuple[str, Sequence[str]]]:
        """The ids of a kind that the append registers, with their names; of offices those of an organisation."""
        prefix = f"office/{owner}/" if named == "office" and owner is not None else f"{named}/"
        for shelved, _ in self._added.items(prefix):
            key = shelved.removeprefix(f"{named}/")
            yield key.rpartition("/")[2] or key, self._names.get(shelved) or ()

    def shown(self, named: Named, id_: str, owner: str | None) -> Near:
        """An id with the name that answers show."""
        key = f"{owner}/{id_}" if named == "office" else id_
        sought: Key = (named, key)
        if self.added(sought) is not None:
            return Near(id_, *(self._names.get(f"{named}/{key}") or ())[:1])
        event = self._known.registrations([sought]).get(sought)
        name = next((name for of, name in names_of(event) if of == (named, key)), "") if event is not None else ""
        return Near(id_, name)

    def forget(self) -> None:
        """Let go what was looked up in the archive."""
        self._there.clear()
        self._found.clear()
        self._known.forget()

    def likeness(self, text: str, near: Near) -> int:
        """How alike a text and something near are, of 100."""
        return likeness(text, (near.id, near.name))
