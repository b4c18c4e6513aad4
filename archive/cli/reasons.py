"""Explanations and conflicts as text of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.cli.output import wrapped
from archive.cli.printed import as_printed
from archive.cli.telling import redacted, times
from archive.times import show_bounds, show_instant
from events.values import FIRST

Item = Mapping[str, Any]


def told_explanation(answer: Item, tz: str) -> Iterator[str]:
    """Lines, fit to print: each row, then its reports by what they do for it, then the conflicts that touch it."""
    status = f": {answer['status']}" if answer["status"] else ""
    yield from wrapped(f"{answer['organisation']} {answer['item']} at {show_instant(answer['at'], tz)}{status}", 0)
    yield from _known(answer, tz)
    if not answer["rows"]:
        yield "  nothing is certain or possible then"
    for row in answer["rows"]:
        yield ""
        words = [word for word in (row["item"], row["holder"], row["value"]) if word and word != answer["item"]]
        sure = {"certain": "", "over": "over: "}.get(row["certainty"], "possibly ")
        what = ", ".join(words) or answer["item"]
        yield from wrapped("; ".join([f"{sure}{what}", *times(row, tz), row["basis"]]), 0)
        yield from wrapped(f"{_many(row['independent_origins'], 'independent origin')} in all", 2)
        for report in row["reports"]:
            star = "* " if report["decides"] else ""
            yield from _report(f"{star}{', '.join(report['roles'])}", report, tz)
        for report in row["besides"]:
            yield from _report("besides", report, tz)
        for conflict in row["conflicts"]:
            yield from wrapped(f"in conflict: {_conflict(conflict, tz)}", 2)
    for report in answer["taken_back"]:
        yield ""
        yield from wrapped(f"taken back: {_brief(report)}", 0)
        for later in report["by"]:
            yield from wrapped(f"by {_brief(later)}, by the {later['by']}", 2)
            known = f"reported {show_instant(later['reported'], tz)}, recorded {show_instant(later['recorded'], tz)}"
            yield from wrapped(f"known since: {known}", 4)
    if answer["redacted"]:
        yield ""
        yield from redacted(answer["redacted"], tz, 0)


def told_conflicts(answer: Item, tz: str) -> Iterator[str]:
    """Lines, fit to print: each conflict, its reports, since when it is known and what settled it."""
    yield from wrapped(f"Conflicts{' of ' + answer['organisation'] if answer['organisation'] else ''}", 0)
    yield from _known(answer, tz)
    if not answer["conflicts"]:
        yield "  none"
    alike: dict[tuple[Any, ...], list[Item]] = {}
    for conflict in answer["conflicts"]:
        same = tuple(conflict[key] for key in ("organisation", "kind", "basis", "known_since", "recorded_since"))
        finding = conflict["stated"] and conflict["stated"]["finding"]
        # Reports that print the same pair of times are told together.
        apart = None if conflict["stated"] and not conflict["settled"] else len(alike)
        alike.setdefault((*same, finding, apart), []).append(conflict)
    for together in alike.values():
        yield ""
        yield from _told(together, tz)


def _told(together: Sequence[Item], tz: str) -> Iterator[str]:
    """One conflict, or several that differ in their reports alone."""
    conflict = together[0]
    settled = conflict["settled"]
    positions = sorted({position for one in together for position in one["positions"]})
    yield from wrapped(f"{'settled' if settled else 'open'}: {_conflict(conflict, tz, positions)}", 0)
    for one in together:
        for report in one["reports"]:
            yield from wrapped(_brief(report), 2)
    known = conflict["known_since"]
    since = "" if known == FIRST else f"reported {show_instant(known, tz)}, "
    yield from wrapped(f"known since: {since}recorded {show_instant(conflict['recorded_since'], tz)}", 2)
    if settled:
        yield from wrapped(f"settled: {settled['clock']} {show_instant(settled['at'], tz)}", 2)
        for report in settled["by"]:
            yield from wrapped(f"by {_brief(report)}", 4)


def _known(answer: Item, tz: str) -> Iterator[str]:
    floor = answer["basis"]
    yield from wrapped(f"on reports of basis {floor}{'' if floor == 'official' else ' or firmer'}", 2)
    if answer["as_reported"]:
        yield from wrapped(f"that were public by {show_instant(answer['as_reported'], tz)}", 2)
    yield from wrapped(f"as recorded by {show_instant(answer['as_recorded'], tz)}", 2)


def _report(does: str, report: Item, tz: str) -> Iterator[str]:
    yield from wrapped(f"{does}: {_brief(report)}", 2)
    when, source = report["when"], report["source"]
    if when:
        shown = show_bounds(when.get("earliest"), when.get("latest"), tz)
        yield from wrapped(f"when: {when['text']} = {shown}", 6)
    for stated in report["stated_times"]:
        yield from wrapped(f"as printed: {as_printed(stated, tz)}", 6)
    for passage in report["passages"]:
        quote = f": {passage['quote']}" if passage.get("quote") else ""
        yield from wrapped(f"passage: {source} {passage['start']} to {passage['end']}{quote}", 6)
    if report["origins"] and report["origins"] != [source]:
        yield from wrapped(f"origin: {', '.join(report['origins'])}", 6)
    for later in report["amendments"]:
        changes = ", ".join(f"{key} = {_given(value)}" for key, value in (later["changes"] or {}).items())
        denied = later["disputed_by"] and f"denied by {later['disputed_by']}"
        said = "; ".join(part for part in (f"{_brief(later)}, by the {later['by']}", changes, denied) if part)
        yield from wrapped(f"later: {said}", 6)


def _given(value: Any) -> Any:
    """A changed field as it was given: of a time the expression."""
    return value["text"] if isinstance(value, dict) and "text" in value else value


def _brief(report: Item) -> str:
    who = report["attribution"] and f"says {report['attribution']}"
    words = [f"{report['type']} [{report['position']}]", report["basis"], report["source"], who]
    fallen = "" if report["stands"] else " (does not count here)"
    said = f": {report['summary']}" if report["summary"] else ""
    return f"{', '.join(word for word in words if word)}{fallen}{said}"


def _conflict(conflict: Item, tz: str, positions: Sequence[int] | None = None) -> str:
    """A conflict in a few words, between the reports at its own positions or at these."""
    when, stated = conflict["when"], conflict["stated"]
    several = positions is not None and len(positions) > len(conflict["positions"])
    about = f"{len(positions)} reports" if several and positions else conflict["subject"]
    parts = [f"{conflict['organisation']} {about}", conflict["kind"]]
    if stated:
        parts.append(stated["finding"])
    remedies = stated["reconciled_by"] if stated else ()
    parts += [f"{one['offset']} is kept by {', '.join(one['zones'])}" for one in remedies if one["zones"]]
    if conflict["holders"]:
        parts.append(", ".join(conflict["holders"]))
    if when and not several:
        parts.append(show_bounds(when["earliest"], when["latest"], tz))
    shown = ", ".join(map(str, positions or conflict["positions"]))
    return f"{'; '.join(dict.fromkeys(parts))}; {conflict['basis']} [{shown}]"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
