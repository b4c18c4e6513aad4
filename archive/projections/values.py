"""The fold of values and of matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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


def fold_value(model: str, acts: Sequence[Act]) -> Folded:
    """The rows of a value: the later change wins; with equal bounds the one ordered last."""
    runs: list[list[Act]] = []
    conflicts = premature(acts)
    for act in acts:
        while runs and not _same(runs[-1][0], act) and _at_once(runs[-1][-1], act):
            conflicts.append(_values_disagree(runs[-1][-1], act))
            if not _at_once(runs[-1][0], act):
                break
            runs.pop()
        if runs and _same(runs[-1][0], act):
            runs[-1].append(act)
        else:
            runs.append([act])
    if model == "counts":
        conflicts += [_falls(one[0], other[0]) for one, other in pairwise(runs) if _fewer(one[0], other[0])]
    begins = [resolve([act for act in run if overlap(act, run[0])]) for run in runs]
    spans: dict[Span, Evidence] = {}
    for run, begin, end in zip(runs, begins, [*begins[1:], None], strict=False):
        if begin.disagree:
            conflicts.append(disagreement(run, begin))
        firmest = min(run, key=lambda act: act.rank)
        detailed = next((act.details for act in sorted(run, key=lambda act: act.rank) if act.details), None)
        span = _span(model, firmest.holder, (firmest.value, detailed), begin, end)
        spans[span] = tuple((position, "begins") for position in positions(run))
    return Folded(spans, conflicts)


def _same(one: Act, other: Act) -> bool:
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


@dataclass(slots=True)
class _Stretch:
    """One opening of a matter and its closing."""

    opens: list[Act] = field(default_factory=list)
    closes: list[Act] = field(default_factory=list)


def fold_matter(model: str, acts: Sequence[Act]) -> Folded:
    """The rows of a matter: ``open`` from its opening, ``closed`` from its closing on."""
    stretches: list[_Stretch] = []
    for act in acts:
        if act.kind == "open":
            _open(stretches, act)
        elif act.kind == "close":
            _close(stretches, act)
    conflicts = premature(acts) + _attendance(acts)
    spans: dict[Span, Evidence] = {}
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=False):
        begin = resolve(stretch.opens) if stretch.opens else None
        end = resolve(stretch.closes) if stretch.closes else None
        again = resolve(following.opens) if following and following.opens else None
        details = _details(stretch)
        if begin is not None:
            span = _span(model, "", ("open", details), begin, end)
            spans[span] = _roles(stretch)
        if end is not None:
            span = _span(model, "", ("closed", details), end, again)
            spans[span] = _roles(stretch)
        conflicts += [
            disagreement(reports, bounds)
            for reports, bounds in ((stretch.opens, begin), (stretch.closes, end))
            if bounds is not None and bounds.disagree
        ]
    return Folded(spans, conflicts)


def _open(stretches: list[_Stretch], act: Act) -> None:
    for stretch in reversed(stretches):
        fills = not stretch.opens and stretch.closes[-1].latest >= act.earliest
        if not stretch.closes or fills or any(overlap(one, act) for one in stretch.opens):
            stretch.opens.append(act)
            return
    stretches.append(_Stretch(opens=[act]))


def _close(stretches: list[_Stretch], act: Act) -> None:
    for stretch in reversed(stretches[:-1]):
        if any(overlap(one, act) for one in stretch.closes):
            stretch.closes.append(act)
            return
    if not stretches:
        stretches.append(_Stretch())
    stretches[-1].closes.append(act)


def _details(stretch: _Stretch) -> str | None:
    shown: dict[str, object] = {}
    for act in sorted((*stretch.opens, *stretch.closes), key=lambda act: (-act.rank, act.reported, act.digest)):
        shown.update(orjson.loads(act.details) if act.details else {})
        if act.kind == "close" and act.value is not None:
            shown["outcome"] = act.value
    return orjson.dumps(shown, option=orjson.OPT_SORT_KEYS).decode() if shown else None


def _roles(stretch: _Stretch) -> Evidence:
    roles = [(act.position, "begins") for act in stretch.opens]
    return tuple(dict.fromkeys(roles + [(act.position, "ends") for act in stretch.closes]))


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
