"""Mergers of identities: which id stands for which, and which further merger would be none."""

from collections.abc import Iterable, Iterator

from archive.intake.faults import Wrong, quoted
from archive.intake.known import Known
from archive.intake.reports import Draft
from events import build, content_identity, to_plain
from events.later import Amended, Merged, Retracted


class Mergers:
    """The mergers that stand, in order, each with its position in the log; None for one of the append being read."""

    def __init__(self, standing: Iterable[tuple[int | None, Merged]]) -> None:
        self._by: dict[tuple[str, str], tuple[int | None, Merged]] = {}
        for position, event in standing:
            self.add(position, event)

    def __bool__(self) -> bool:
        return bool(self._by)

    def add(self, position: int | None, event: Merged) -> None:
        """Take one more into account."""
        for kind, old, _ in _pairs(event):
            self._by[kind, old] = (position, event)

    def stands_for(self, kind: str, key: str) -> str:
        """The key that this one means now: itself, unless it was given up; of an office its organisation's may be."""
        if kind == "office":
            owner, _, id_ = key.partition("/")
            return f"{self.stands_for('organisation', owner)}/{id_}"
        seen = set()
        while key not in seen and (kind, key) in self._by:
            seen.add(key)
            key = next(new for of, _, new in _pairs(self._by[kind, key][1]) if of == kind)
        return key

    def given_up(self, kind: str) -> dict[str, list[str]]:
        """The keys of a kind that were given up, by the key that stands for each."""
        found: dict[str, list[str]] = {}
        for of, old in self._by:
            if of == kind:
                found.setdefault(self.stands_for(kind, old), []).append(old)
        return found

    def wrongs(self, event: Merged) -> Iterator[Wrong]:
        """Why a merger cannot be: what it gives up is given up already, or stands for what it should become.

        The same merger again is none of these: the log has it already.
        """
        for kind, old, new in _pairs(event):
            if (kind, old) in self._by:
                position, earlier = self._by[kind, old]
                if content_identity(earlier) == content_identity(event):
                    continue
                stands = self.stands_for(kind, old)
                yield Wrong(
                    f"the {kind} {quoted(old)} is given up for {quoted(stands)} already, by {_where(position)}",
                    f"merge {quoted(stands)} instead, or {_back(position)} first",
                    field=kind,
                )
            elif old != new and self.stands_for(kind, new) == old:
                position = self._by[kind, new][0]
                yield Wrong(
                    f"the {kind} {quoted(new)} is given up for {quoted(old)}, by {_where(position)}: a circle",
                    f"leave it so, or {_back(position)} first to have {quoted(new)} stay",
                    field=f"into_{kind}",
                )


def unmergeable(draft: Draft, mergers: Mergers, known: Known) -> list[Wrong]:
    """What is wrong with a merger beside those that stand: a new one, one as amended, or one that is restored.

    A new one without fault is added to `mergers`.
    """
    event, target = draft.event, None if draft.concerns is None else draft.concerns.target
    if draft.unresolved or not isinstance(event, (Merged, Amended, Retracted)):
        return []
    if isinstance(event, Merged):
        wrongs = list(mergers.wrongs(event))
        if not wrongs:
            mergers.add(None, event)
        return wrongs
    if isinstance(event, Amended) and isinstance(target, Merged):
        position, merger = int(event.target), build(Merged, {**to_plain(target), **event.changes})
    elif isinstance(event, Retracted) and isinstance(target, Retracted):
        position = int(target.target)
        merger = known.entry(position)
    else:
        return []
    others = Mergers((at, other) for at, other in known.mergers() if at != position)
    found = others.wrongs(merger) if isinstance(merger, Merged) else ()
    return [Wrong(wrong.problem, wrong.remedy, field="target") for wrong in found]


def _pairs(event: Merged) -> Iterator[tuple[str, str, str]]:
    if event.person is not None and event.into_person is not None:
        yield "person", event.person, event.into_person
    if event.organisation is not None and event.into_organisation is not None:
        yield "organisation", event.organisation, event.into_organisation


def _where(position: int | None) -> str:
    return "the same append" if position is None else f"entry {position}"


def _back(position: int | None) -> str:
    return "leave that one out" if position is None else f"take that back (`archive retract {position}`)"
