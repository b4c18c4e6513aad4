"""The fold of values and of matters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import orjson

from archive.projections.acts import (
    Act,
    Bounds,
    Conflict,
    Evidence,
    Folded,
    Span,
    disagreement,
    opened,
    overlap,
    positions,
    premature,
    resolve,
)
from archive.projections.seats import Seat


def fold_value(model: str, acts: Sequence[Act]) -> Folded:
    """The rows of a value: the later change wins; with equal bounds the one ordered last."""
    runs: list[list[Act]] = []
    conflicts = premature(acts)
    for act in acts:
        while runs and not same(runs[-1][0], act) and _at_once(runs[-1][-1], act):
            conflicts.append(_values_disagree(runs[-1][-1], act))
            if not _at_once(runs[-1][0], act):
                break
            runs.pop()
        if runs and same(runs[-1][0], act):
            runs[-1].append(act)
        else:
            runs.append([act])
    if model == "counts":
        conflicts += [_falls(one[0], other[0]) for one, other in pairwise(runs) if _fewer(one[0], other[0])]
    begins = [resolve([act for act in run if overlap(act, run[0])]) for run in runs]
    spans: dict[Span, Evidence] = {}
    for run, begin, end in zip(runs, begins, [*begins[1:], None], strict=False):
        if begin.disagree:
            conflicts += disagreement(run)
        firmest = min(run, key=lambda act: act.rank)
        detailed = next((act.details for act in sorted(run, key=lambda act: act.rank) if act.details), None)
        span = _span(model, firmest.holder, (firmest.value, detailed), begin, end)
        spans[span] = tuple((position, "begins") for position in positions(run))
    return Folded(spans, conflicts, runs=runs)


def same(one: Act, other: Act) -> bool:
    """Whether two changes set the same value."""
    return one.value == other.value and (one.details == other.details or not one.details or not other.details)


def _at_once(one: Act, other: Act) -> bool:
    return (one.earliest, one.latest) == (other.earliest, other.latest)


def _values_disagree(one: Act, other: Act) -> Conflict:
    return _between("values disagree", one, other)


def _falls(one: Act, other: Act) -> Conflict:
    return _between("a count falls", one, other)


def _between(kind: str, one: Act, other: Act) -> Conflict:
    return Conflict(
        kind,
        tuple(sorted({act.holder for act in (one, other) if act.holder})),
        opened(other.earliest),
        opened(other.latest),
        max(one.rank, other.rank),
        positions((one, other)),
    )


def _fewer(one: Act, other: Act) -> bool:
    values = (one.value or "", other.value or "")
    return all(value.isdecimal() for value in values) and int(values[1]) < int(values[0])


def fold_matter(model: str, acts: Sequence[Act]) -> Folded:
    """The rows of a matter: ``open`` from its opening, ``closed`` from its closing on."""
    fold = Seat(None, matter=True)
    for act in acts:
        if act.kind in ("open", "close"):
            fold.take(act)
    stretches = fold.tenures.get("", [])
    closings = {act.digest: act for act in acts if act.kind == "close"}
    conflicts = premature(acts) + _attendance(acts)
    spans: dict[Span, Evidence] = {}
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=False):
        closes = [closings[act.digest] for act in stretch.ends]
        if stretch.begins:
            begin, end = stretch.beginning(), stretch.ending()
            spans[_span(model, "", ("open", _details(stretch.begins)), begin, end)] = _roles(stretch.begins, closes)
            if begin.disagree:
                conflicts += disagreement(stretch.begins)
        if closes:
            end, again = resolve(closes), following.beginning() if following else None
            shown = ("closed", _details((*stretch.begins, *closes)))
            spans[_span(model, "", shown, end, again)] = _roles(stretch.begins, closes)
            if end.disagree:
                conflicts += disagreement(closes)
    return Folded(spans, conflicts)


def _details(acts: Sequence[Act]) -> str | None:
    shown: dict[str, object] = {}
    for act in sorted(acts, key=lambda act: (-act.rank, act.reported, act.digest)):
        shown.update(orjson.loads(act.details) if act.details else {})
        if act.kind == "close" and act.value is not None:
            shown["outcome"] = act.value
    return orjson.dumps(shown, option=orjson.OPT_SORT_KEYS).decode() if shown else None


def fold_report(_model: str, acts: Sequence[Act]) -> Folded:
    """What one report says that cannot all be true of itself: conflicts, no rows."""
    return Folded(
        {},
        [
            Conflict(
                act.value or "", (), opened(act.earliest), opened(act.latest), act.rank, (act.position,), act.details
            )
            for act in acts
        ],
    )


def _roles(opens: Sequence[Act], closes: Sequence[Act]) -> Evidence:
    roles = [(act.position, "begins") for act in opens] + [(act.position, "ends") for act in closes]
    return tuple(dict.fromkeys(roles))


def _attendance(acts: Sequence[Act]) -> list[Conflict]:
    """Tallies of more votes than there were people present."""
    seen = [(act, orjson.loads(act.details)) for act in acts if act.details]
    counted = [(act, shown["tally"]) for act, shown in seen if "tally" in shown]
    present = [(act, shown["present"]) for act, shown in seen if "present" in shown]
    return [
        _between("a tally that the attendance contradicts", one, other)
        for one, tally in counted
        for other, number in present
        if tally > number
    ]


def _span(model: str, holder: str, shown: tuple[str | None, str | None], begin: Bounds, end: Bounds | None) -> Span:
    deciders = (*begin.deciders, *(end.deciders if end else ()))
    low = begin.latest if end is not None and end.earliest == "" else ""
    return Span(
        model,
        holder,
        *shown,
        opened(begin.earliest),
        opened(begin.latest),
        opened(end.earliest or min(low, end.latest)) if end else None,
        opened(end.latest) if end else None,
        max(act.rank for act in deciders),
        positions(deciders),
    )
