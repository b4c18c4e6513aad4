"""Why the archive says what it says: each row with the reports that begin, support, doubt and end it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from archive.errors import UsageError
from archive.log.direct import fetch
from archive.log.entries import Head
from archive.log.tables import Instant
from archive.projections.tables import evidence, mentions, spans
from archive.queries.conflicts import described, identity
from archive.queries.question import Question, chunks
from archive.queries.redactions import redactions
from archive.queries.reports import Reports, Told
from archive.queries.snapshot import COLUMNS, seen_by
from archive.queries.standing import Span, office_status, standing
from events import MODELS, rank

EXPLAINED = ("tenures", "announced", *(model for model in MODELS if model != "tenures"))
"""Models whose rows can be explained, the one of offices first."""

ROLES = ("announces", "begins", "supports", "doubts", "disputes", "amends", "withdraws", "ends")
"""What a report does for a row, in the order in which an explanation tells it."""

SLUGS = frozenset({"matters", "letters", "signatures", "counts", "votes", "ballots", "attendance"})
"""Models whose items are slugs that other reports name too."""

AGAINST = frozenset({"doubts", "disputes", "amends"})
"""Roles that do not make a report one more voice for the row."""


NAMED = and_(
    spans.c.organisation == bindparam("organisation"),
    spans.c.model == bindparam("model"),
    or_(spans.c.item == bindparam("item"), spans.c.holder == bindparam("item")),
)
"""The rows of an item, whoever holds it, or of a holder."""

RETRACTIONS = (
    select(evidence.c.position)
    .join_from(evidence, spans, evidence.c.row == spans.c.id)
    .where(NAMED, spans.c.recorded_from <= bindparam("as_recorded", type_=Instant), evidence.c.role == "retracts")
    .distinct()
)

EVIDENCE = select(evidence).where(evidence.c.row.in_(bindparam("some", expanding=True)), evidence.c.role != "retracts")


@cache
def _rows(reported: bool) -> Select[Any]:
    return select(spans.c.id, *COLUMNS).where(NAMED, seen_by(reported))


@cache
def _of_conflicts(reported: bool) -> Select[Any]:
    of_one = and_(spans.c.organisation == bindparam("organisation"), spans.c.model == "conflicts")
    return select(spans).where(of_one, seen_by(reported)).order_by(spans.c.item, spans.c.id)


def explain(
    connection: Connection,
    *,
    head: Head,
    organisation: str,
    item: str,
    at: str,
    model: str = "tenures",
    as_reported: str | None = None,
    as_recorded: str | None = None,
    basis: str = "press",
) -> dict[str, Any]:
    """Each row of an item that is certain or possible at an instant, with all that speaks for it, as JSON values.

    Where there is none, those that were over last, with the certainty `over`: they say why an office is vacant.
    `besides` are reports that only speak of a row: they name its matter, letter or vote, or the development of one of
    its reports (motives, conditions, offers, posts). `item` is an office for `tenures`, else the item or the holder of
    the rows: an attribute, a matter, a letter, a person. `organisation` is empty for people and sources. UsageError
    where the archive knows no such item.
    """
    if model not in EXPLAINED:
        raise UsageError(f"{model!r} is no read model", hint=f"say one of {', '.join(EXPLAINED)}")
    question = Question.settle(connection, head, as_reported, as_recorded, basis)
    asked = question.seen().parameters(organisation=organisation, item=item, model=model)
    named = fetch(connection, _rows(question.as_reported is not None), **asked)
    found = [(int(number), Span.of(row)) for number, *row in named]
    if not found:
        _known(connection, question, organisation, item, model)
    at_stake = standing([span for _, span in found], at) or _over([span for _, span in found], at)
    ids = {id(span): number for number, span in found}
    roles = _roles(connection, [ids[id(span)] for span, _ in at_stake])
    reports = Reports(connection, question)
    touching = _conflicts(connection, question, organisation)
    positions = {one for by_position in roles.values() for one in by_position}
    positions |= {one for span, _ in at_stake for one in span.positions}
    told = reports.of(positions)
    fallen = reports.of({one for row in touching for one in identity(row)[-1]}, fallen=True)
    slugs = {ids[id(span)]: _slugs(span, roles[ids[id(span)]], told) for span, _ in at_stake}
    named_by = naming(connection, {slug for some in slugs.values() for slug in some})
    beside = reports.of({one for some in named_by.values() for one in some} - positions)
    origins = reports.origins(one.source for one in (*told.values(), *beside.values()) if one.source)
    rows = []
    for span, certainty in at_stake:
        said = roles[ids[id(span)]]
        shown = [_report(told[one], said[one], span, origins) for one in sorted(said) if one in told]
        shown.sort(key=lambda one: (ROLES.index(one["roles"][0]), one["reported"], one["position"]))
        about = set(said) | set(span.positions)
        rows.append(
            {
                "holder": span.holder or None,
                "item": span.item or None,
                "value": span.value,
                "details": span.details,
                **span.timing("certain"),
                "certainty": certainty,
                "disputed": [one["position"] for one in shown if "disputes" in one["roles"]],
                "reports": shown,
                "besides": [
                    {**one.plain(), "origins": origins.get(one.source or "", [])}
                    for one in _besides(named_by, slugs[ids[id(span)]], beside, organisation)
                ],
                "origins": _by_role(shown),
                "independent_origins": len(
                    {origin for one in shown if set(one["roles"]) - AGAINST for origin in one["origins"]}
                ),
                "conflicts": [described(row, fallen) for row in touching if about & set(identity(row)[-1])],
            }
        )
    status = office_status([span for _, span in found], at) if model == "tenures" else None
    answer = {"at": at, **question.header(), "organisation": organisation, "model": model, "item": item}
    taken_back = _taken_back(
        connection, reports, organisation=organisation, item=item, model=model, as_recorded=question.recorded.instant
    )
    redacted = redactions(connection, question.recorded.size, [organisation]).get(organisation, [])
    return {**answer, "status": status, "rows": rows, "taken_back": taken_back, "redacted": redacted}


def _taken_back(connection: Connection, reports: Reports, **asked: str) -> list[dict[str, Any]]:
    """The reports of an item that were taken back, on whichever report clock and floor, each with what did so.

    One that still counts for the question, on the report clock or at the floor asked for, says that it stands.
    """
    retractions = reports.of([position for (position,) in fetch(connection, RETRACTIONS, **asked)], fallen=True)
    by_target: dict[int, list[Told]] = defaultdict(list)
    for _, told in sorted(retractions.items()):
        by_target[getattr(told.entry.event, "target", 0)].append(told)
    targets = reports.of(by_target, fallen=True)
    return [
        {**targets[target].brief(), "by": [one.amendment() for one in by_target[target]]} for target in sorted(targets)
    ]


def _slugs(span: Span, said: Iterable[int], told: Mapping[int, Told]) -> set[str]:
    """The slugs under which reports speak of what a row shows: its developments, and its item where that is one."""
    developments = {told[one].row["development"] for one in said if one in told}
    items = {span.item} if span.model in SLUGS else set()
    return {slug for slug in developments | items if slug}


def naming(connection: Connection, slugs: Iterable[str]) -> dict[str, set[int]]:
    """The positions of the reports that name each slug, of whatever organisation."""
    found: dict[str, set[int]] = defaultdict(set)
    for some in chunks(slugs):
        wanted = select(mentions.c.id, mentions.c.position).where(mentions.c.kind == "slug", mentions.c.id.in_(some))
        for slug, position in connection.execute(wanted):
            found[slug].add(position)
    return found


def _besides(
    named_by: Mapping[str, set[int]], slugs: Iterable[str], beside: Mapping[int, Told], organisation: str
) -> list[Told]:
    """The reports that speak of a row and decide nothing, the firmest and first reported before the others."""
    of_row = {one for slug in slugs for one in named_by.get(slug, ())}
    found = [beside[one] for one in of_row if one in beside and beside[one].row["organisation"] == organisation]
    return sorted(found, key=lambda one: (rank(one.row["basis"]), one.row["reported_from"], one.position))


def _over(found: Sequence[Span], at: str) -> list[tuple[Span, Literal["over"]]]:
    """The rows that ended last of those that are over."""
    over = [span for span in found if span.is_over(at)]
    last = max((span.to_latest or "" for span in over), default="")
    return [(span, "over") for span in over if span.to_latest == last]


def _report(told: Told, roles: set[str], span: Span, origins: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "roles": sorted(roles, key=ROLES.index),
        "decides": told.position in span.positions,
        **told.plain(),
        "origins": origins.get(told.source, []) if told.source else [],
    }


def _by_role(shown: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The independent origins of the reports in each role."""
    found: dict[str, set[str]] = {}
    for one in shown:
        for role in one["roles"]:
            found.setdefault(role, set()).update(one["origins"])
    return {role: sorted(found[role]) for role in ROLES if role in found}


def _roles(connection: Connection, rows: Sequence[int]) -> dict[int, dict[int, set[str]]]:
    """For each row the positions that are evidence for it, with their roles; not those that took others back."""
    found: dict[int, dict[int, set[str]]] = {row: defaultdict(set) for row in rows}
    for some in chunks(rows):
        for row, position, role in fetch(connection, EVIDENCE, some=some):
            found[row][position].add(role)
    return found


def _conflicts(connection: Connection, question: Question, organisation: str) -> Sequence[Mapping[str, Any]]:
    asked = question.seen().parameters(organisation=organisation)
    rows = fetch(connection, _of_conflicts(question.as_reported is not None), **asked)
    return [dict(zip(spans.c.keys(), row, strict=True)) for row in rows]


def _known(connection: Connection, question: Question, organisation: str, item: str, model: str) -> None:
    """Raise UsageError unless the item is registered, though nothing may be known of it."""
    of_organisation = and_(spans.c.organisation == organisation, question.sees(spans))
    rows = connection.execute(select(spans.c.model, spans.c.item, spans.c.holder).where(of_organisation)).all()
    elsewhere = sorted({row.model for row in rows if item in (row.item, row.holder)} & set(EXPLAINED))
    if model == "tenures" and "offices" in elsewhere:
        return
    whose = organisation or "the registry"
    if not rows:
        raise UsageError(f"the archive knows nothing of {whose!r}", hint="see: archive project")
    if elsewhere:
        raise UsageError(
            f"the archive knows no {item!r} of {whose!r} among its {model}", hint=f"say --model {elsewhere[0]}"
        )
    of_model = {word for row in rows if row.model == model for word in (row.item, row.holder) if word}
    if model == "tenures":
        of_model |= {row.item for row in rows if row.model == "offices"}
    from rapidfuzz import process  # noqa: PLC0415  # only a wrong name needs it

    near = [word for word, _, _ in process.extract(item, sorted(of_model), limit=3)]
    raise UsageError(
        f"the archive knows no {item!r} of {whose!r} among its {model}",
        hint=f"did you mean {' or '.join(near)}?" if near else f"{whose} has no {model}",
    )
