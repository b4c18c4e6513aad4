"""The naive three-clock replay: what the tables must answer, worked out anew for every question.

It is written from DESIGN sections 1 and 3 and the Decisions of `archive/README.md`, apart from the engine and without
any of its cleverness: entries in, the answer about one organisation out. `tests/oracle_timelines.py` folds what this
module finds to be known. "" stands for an unknown earliest bound and "~" for an unknown latest one (or for never), so
that bounds compare as texts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import orjson

from events import MODELS, Effect, Event, Later, Registration, Sourced, build, content_identity, rank, to_plain
from events.identity import OfficeRegistered
from events.later import Amended, Merged, Retracted
from events.sources import SourceRegistered
from tests.oracle_timelines import NEVER, Report, Row, fold_holders, fold_matter, fold_values, only_hired

Entry = tuple[int, str, Event]
"""Position, recorded_at, event."""

Answer = dict[str, dict[str, str]]
"""By item: what or who is `certain` or `possible`."""

FAULTS = {
    "latest for earliest": "certain from the earliest bound of a beginning on",
    "endings after beginnings": "at the same bounds, beginnings are ordered first",
    "report time ignored": "every report counts, whenever it was public",
    "record time ignored": "every entry counts, whenever it was taken in",
    "floor off by one": "reports of the floor's own basis are left out",
    "doubt as end": "who is in doubt is gone",
    "source retracts at all floors": "a source takes back whatever its basis",
    "no implied end": "a successor ends nobody",
    "attestation as beginning": "an attestation is taken for a report of the beginning",
    "intersection as hull": "reports of one change are spread, not met",
    "retraction for good": "a retracted retraction does not restore",
    "archive amends from its record time": "report times before the amendment do not see it",
    "merger forgotten": "two identities stay two",
    "scheduled end stands": "an end only scheduled does not give way to a successor",
}
"""The faults that can be planted, and what each does wrong."""

_PEOPLE = frozenset({"tenures", "employees", "signatures", "affiliations", "ballots", "attendance"})
_ORGANISATIONS = frozenset({"investors", "subsidiaries"})


def answer(
    entries: Iterable[Entry],
    *,
    organisation: str,
    at: str,
    as_reported: str | None = None,
    as_recorded: str | None = None,
    floor: str = "press",
    model: str = "tenures",
    faults: frozenset[str] = frozenset(),
) -> Answer:
    """For every item of a model (of `tenures`, every office): who or what is certain, who or what possible."""
    return Replay(entries, organisation, as_reported, as_recorded, floor, faults).answer(at, model)


def answer_status(
    entries: Iterable[Entry],
    *,
    organisation: str,
    at: str,
    as_reported: str | None = None,
    as_recorded: str | None = None,
    floor: str = "press",
    faults: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """For every office, whether it is `held`, `vacant` or `unknown`."""
    return Replay(entries, organisation, as_reported, as_recorded, floor, faults).statuses(at)


@dataclass(frozen=True)
class Replay:
    """One organisation as known at a report time and a record time (None: now) and a floor."""

    entries: Iterable[Entry]
    organisation: str
    as_reported: str | None = None
    as_recorded: str | None = None
    floor: str = "press"
    faults: frozenset[str] = field(default=frozenset())

    def answer(self, at: str, model: str = "tenures") -> Answer:
        """For every item of a model, what is certain and what is possible at an instant."""
        answers: Answer = {}
        for item, rows in self.rows.get(model, {}).items():
            found = answers[item] = {}
            for row in rows:
                certainty = self._certainty(row, at)
                if certainty and found.get(row.what) != "certain":
                    found[row.what] = certainty
        return answers

    def statuses(self, at: str) -> dict[str, str]:
        """For every office, its status: vacant means that all are gone and no beginning is possible."""
        found = {}
        for office, holders in self.answer(at).items():
            rows = self.rows["tenures"][office]
            gone = [row for row in rows if row.until[1] <= at]
            to_come = [row for row in rows if row.until[1] > at and row.since[0] > at]
            vacant = bool(gone) and len(gone) + len(to_come) == len(rows)
            found[office] = "held" if "certain" in holders.values() else "vacant" if vacant else "unknown"
        return found

    def _certainty(self, row: Row, at: str) -> str | None:
        earliest, latest = row.since[0] or row.since[1], row.since[1]
        if "latest for earliest" in self.faults:
            latest = earliest
        if latest <= at < (row.until[0] or NEVER):
            return "certain"
        return "possible" if earliest <= at < row.until[1] else None

    @cached_property
    def rows(self) -> dict[str, dict[str, list[Row]]]:
        """Rows by model and item; an office that is only registered has none."""
        timelines: dict[str, dict[str, list[Report]]] = defaultdict(lambda: defaultdict(list))
        seats: dict[str, tuple[bytes, int | None]] = {}
        for position, event in self._live():
            for effect in event.effects():
                if self._ours(effect.organisation):
                    timelines[effect.model][effect.item].append(self._report(position, event, effect))
            if isinstance(event, OfficeRegistered) and self._ours(event.organisation):
                ours = (self._digest(position), event.seats)
                seats[event.office] = max(seats.get(event.office, ours), ours, key=lambda pair: pair[0])
                timelines["tenures"].setdefault(event.office, [])
        folded: dict[str, dict[str, list[Row]]] = defaultdict(dict)
        for model, items in timelines.items():
            for item, reports in items.items():
                folded[model][item] = list(self._fold(model, seats.get(item, (b"", None))[1], reports))
        return folded

    def _ours(self, organisation: str) -> bool:
        return self._identity("organisation", organisation) == self.organisation

    def _fold(self, model: str, seats: int | None, reports: list[Report]) -> Iterator[Row]:
        ordered = [replace(report, order=order) for order, report in enumerate(sorted(reports, key=self._place))]
        if model == "employees":
            ordered = [report for report in ordered if not only_hired(report, ordered)]
        if MODELS[model] == "value":
            return fold_values(ordered)
        if MODELS[model] == "matter":
            return fold_matter(ordered, self.faults)
        return fold_holders(ordered, seats if model == "tenures" else None, self.faults)

    def _place(self, report: Report) -> tuple[Any, ...]:
        first = (report.kind in ("end", "close")) != ("endings after beginnings" in self.faults)
        return (report.latest, report.earliest, not first, -report.rank, report.reported, report.digest)

    def _report(self, position: int, event: Event, effect: Effect) -> Report:
        kind = "person" if effect.model in _PEOPLE else "organisation" if effect.model in _ORGANISATIONS else ""
        reported, latest = self._reported(position), effect.when.latest or NEVER
        return Report(
            kind="begin" if effect.kind == "attest" and "attestation as beginning" in self.faults else effect.kind,
            holder=self._identity(kind, effect.holder or ""),
            value=effect.value,
            earliest=effect.when.earliest or "",
            latest=latest,
            rank=rank(event.basis) if isinstance(event, Sourced) else 1,
            reported=reported,
            digest=self._digest(position),
            development=event.development if isinstance(event, Sourced) else None,
            scheduled=effect.planned and reported < latest,
            ends_nobody=effect.during_absence,
            replaces=self._identity("person", effect.replaces or ""),
        )

    def _digest(self, position: int) -> bytes:
        plain = content_identity(self._seen[position][1])
        return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).digest()

    # What is known: entries by record time, reports by report time and floor, each as amended and not taken back.

    @cached_property
    def _seen(self) -> dict[int, tuple[str, Event]]:
        known = self.as_recorded if "record time ignored" not in self.faults else None
        return {position: (at, event) for position, at, event in self.entries if known is None or at <= known}

    def _live(self) -> Iterator[tuple[int, Event]]:
        for position, (_, event) in self._seen.items():
            if isinstance(event, (Later, Merged)) or self._taken_back(position):
                continue
            amended = self._amended(position)
            if isinstance(amended, Registration) or (
                self._public(self._reported(position)) and self._reaches(getattr(amended, "basis", "official"))
            ):
                yield position, amended

    def _public(self, reported: str) -> bool:
        return self.as_reported is None or "report time ignored" in self.faults or reported <= self.as_reported

    def _reaches(self, basis: str) -> bool:
        lowest = min(rank(self.floor), rank("rumour"))
        return rank(basis) <= (lowest - 1 if "floor off by one" in self.faults else lowest)

    def _reported(self, position: int) -> str:
        """When an entry was first public; the archive can amend that, a source cannot."""
        recorded_at, event = self._seen[position]
        if isinstance(event, (Registration, Merged)):
            return ""
        if isinstance(event, Later):
            target = self._reported(event.target)
            return target if event.by == "archive" else max(target, self._published(recorded_at, event))
        return self._published(recorded_at, self._amended(position, by="archive"))

    def _published(self, recorded_at: str, event: Event) -> str:
        own = getattr(event, "published", None)
        dates = [own.latest] if own and own.latest else []
        for position, (_, other) in self._seen.items():
            if isinstance(other, SourceRegistered) and other.source == getattr(event, "source", None):
                source = self._amended(position, by="archive")
                published = getattr(source, "published", None)
                dates += [published.latest] if published and published.latest else []
        return min(dates, default=recorded_at)

    def _acts(self, position: int, by: str | None) -> bool:
        """Whether later knowledge has effect here; `by` archive asks for the archive's own alone."""
        recorded_at, event = self._seen[position]
        if isinstance(event, Later):
            if event.by == "archive":
                late = isinstance(event, Amended) and "archive amends from its record time" in self.faults
                acts = not late or by is not None or self._public(recorded_at)
            else:
                anyway = isinstance(event, Retracted) and "source retracts at all floors" in self.faults
                reaches = anyway or self._reaches(event.basis)
                acts = by is None and reaches and self._public(self._reported(position))
            if not acts:
                return False
        return not self._taken_back(position, by)

    def _about(self, position: int, kind: type[Later]) -> list[int]:
        return [p for p, (_, event) in self._seen.items() if isinstance(event, kind) and event.target == position]

    def _taken_back(self, position: int, by: str | None = None) -> bool:
        if "retraction for good" in self.faults and isinstance(self._seen[position][1], Retracted):
            return False
        return any(self._acts(retraction, by) for retraction in self._about(position, Retracted))

    def _amended(self, position: int, by: str | None = None) -> Event:
        event = self._seen[position][1]
        acting = [amendment for amendment in self._about(position, Amended) if self._acts(amendment, by)]
        plain = to_plain(event)
        for amendment in sorted(acting, key=lambda place: (by or self._reported(place), place)):
            plain |= getattr(self._seen[amendment][1], "changes", {})
        amended: Event = build(type(event), plain) if acting else event
        return amended

    def _identity(self, kind: str, identity: str) -> str:
        """The id that stays, after every merger known here."""
        for position, (_, event) in self._seen.items():
            if isinstance(event, Merged) and not self._taken_back(position) and "merger forgotten" not in self.faults:
                given_up, stays = getattr(event, kind, None), getattr(event, f"into_{kind}", None)
                if kind and identity and given_up == identity and stays:
                    return self._identity(kind, stays)
        return identity
