"""Who held what over time, one lane an office: what a picture of an organisation is drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.errors import UsageError
from archive.projections.tables import spans
from archive.queries.question import Question
from archive.queries.shown import Shown
from archive.queries.snapshot import COLUMNS, names_of, unknown_organisation
from archive.queries.standing import Span, bounds

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.log.entries import Head

MARKED = {"existence": "founded", "votes": "held", "letters": "published", "matters": "open"}
"""Models of what happened beside the offices, and what is said of a row that says nothing itself."""

DRAWN = ("organisations", "offices", "tenures", "announced", *MARKED)

NAMING = ("model", "organisation", "item", "holder", "positions")
"""What of a row says whether it may be shown."""


def lanes(
    connection: Connection,
    *,
    head: Head,
    organisation: str,
    offices: Sequence[str] = (),
    as_reported: str | None = None,
    as_recorded: str | None = None,
    basis: str = "press",
    include_internal: bool = True,
) -> dict[str, Any]:
    """The offices of an organisation with every tenure of each, as JSON values.

    ``lanes`` has one item an office (of those named, else of all) and a last one for people announced as employees;
    the bars of a lane stand in the order of their beginnings, and one of kind ``announced`` is a promise that was
    never kept. ``marks`` are what else happened: founding, meetings, votes, letters, negotiations. Bounds are those
    of the read model. Without ``include_internal`` no row is among them that an internal entry decides, and
    ``left_out`` counts those. UnknownOrganisation and UsageError (an office that is not registered) name the nearest.
    """
    question = Question.settle(connection, head, as_reported, as_recorded, basis)
    visible = question.sees(spans)
    row = spans.c
    query = select(*COLUMNS).where(row.organisation == organisation, row.model.in_(DRAWN), visible)
    models: dict[str, list[Span]] = defaultdict(list)
    shown, left_out = Shown(connection, include_internal=include_internal), 0
    for found in connection.execute(query):
        span = Span.of(found)
        if shown.row({name: getattr(span, name) for name in NAMING}, {}):
            models[span.model].append(span)
        else:
            left_out += 1
    if not models["organisations"]:
        raise unknown_organisation(connection, visible, organisation)
    titles = {span.item: span for span in sorted(models["offices"], key=_age)}
    known = sorted(titles.keys() | {span.item for span in models["tenures"]})
    if missing := [office for office in offices if office not in known]:
        raise UsageError(f"{organisation} has no office {missing[0]!r}", hint=f"say one of {', '.join(known)}")
    names = names_of(connection, question.seen(), {organisation: models})
    by_office: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for span in sorted([*models["tenures"], *models["announced"]], key=_age):
        by_office[span.item].append(_bar(span, names))
    return {
        "organisation": {"id": organisation, "name": max(models["organisations"], key=_age).value},
        **question.header(),
        "lanes": [
            {
                "id": office,
                "title": titles[office].value if office in titles else None,
                "seats": titles[office].details.get("seats") if office in titles else None,
                "bars": by_office[office],
            }
            for office in known
            if not offices or office in offices
        ]
        + (
            [{"id": None, "title": None, "seats": None, "bars": by_office[""]}] if by_office[""] and not offices else []
        ),
        "marks": list(_marks(models)),
        "left_out": left_out,
    }


def _age(span: Span) -> tuple[str, str, str]:
    return span.from_latest or span.to_latest or "", span.holder, span.value or ""


def _bar(span: Span, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    name = names.get(("people", span.holder)) or names.get(("organisations", span.holder)) or span.holder
    return {
        "kind": "tenure" if span.model == "tenures" else span.details.get("status", "announced"),
        "person": span.holder,
        "name": name,
        "capacity": span.value if span.item else None,
        "role": None if span.item else span.value,
        "since": bounds(span.from_earliest, span.from_latest),
        "until": bounds(span.to_earliest, span.to_latest),
        "basis": span.basis,
        "positions": span.positions,
    }


def _marks(models: dict[str, list[Span]]) -> Iterable[dict[str, Any]]:
    """What happened beside the offices, in the order of time."""
    for span in sorted((span for model in MARKED for span in models[model]), key=_age):
        if span.from_latest is not None:
            yield {
                "model": span.model,
                "id": span.item or span.organisation,
                "title": span.details.get("motion") or span.details.get("title"),
                "state": span.details.get("outcome") or span.value or MARKED[span.model],
                "when": bounds(span.from_earliest, span.from_latest),
                "basis": span.basis,
                "positions": span.positions,
            }
