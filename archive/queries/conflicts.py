"""What cannot all be true: the conflicts that a question meets, and those that were settled before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, or_, select

from archive.log.entries import Head
from archive.projections.tables import spans
from archive.queries.causes import Causes, just_before
from archive.queries.question import Question
from archive.queries.reports import Reports, Told
from archive.queries.snapshot import unknown_organisation
from archive.queries.standing import bounds
from archive.times.keeping import zones_keeping
from events import rank

Identity = tuple[str, str, str, str | None, tuple[int, ...]]


def conflicts(
    connection: Connection,
    *,
    head: Head,
    organisation: str | None = None,
    as_reported: str | None = None,
    as_recorded: str | None = None,
    basis: str = "press",
) -> dict[str, Any]:
    """The conflicts as JSON values, open ones first, each with its reports, since when it is known, what settled it.

    `known_since` is a report time, `recorded_since` a record time. `settled` is null while a conflict stands; else
    its `clock` is `reported` or `recorded`, `at` the instant on it, `by` the entries that changed its timeline then.
    """
    question = Question.settle(connection, head, as_reported, as_recorded, basis)
    if organisation is not None and not _is_known(connection, question, organisation):
        raise unknown_organisation(connection, question.sees(spans), organisation)
    rows = _rows(connection, question, organisation)
    by_identity: dict[Identity, list[RowMapping]] = defaultdict(list)
    for row in rows:
        by_identity[identity(row)].append(row)
    standing = {
        key: found for key, rows in by_identity.items() if (found := [row for row in rows if _seen(row, question)])
    }
    settled = {
        key: found for key, found in by_identity.items() if not any(_continues(key, other) for other in standing)
    }
    settlements = {key: _settlement(connection, question, found) for key, found in settled.items()}
    positions = {one for key in (*standing, *settled) for one in key[-1]}
    positions |= {one for settlement in settlements.values() for one in settlement["by"]}
    told = Reports(connection, question).of(positions, fallen=True)
    shown = [
        {
            **described(by_identity[key][-1], told),
            "known_since": min(row["reported_from"] for row in by_identity[key]),
            "recorded_since": min(row["recorded_from"] for row in by_identity[key]),
            "settled": _shown(settlements.get(key), told),
        }
        for key in (*standing, *settled)
    ]
    shown.sort(key=lambda one: (one["settled"] is not None, one["organisation"], one["subject"], one["positions"]))
    return {**question.header(), "organisation": organisation, "conflicts": shown}


def _is_known(connection: Connection, question: Question, organisation: str) -> bool:
    """Whether an organisation was ever registered, as recorded then."""
    row = spans.c
    wanted = select(row.id).where(row.organisation == organisation, row.model == "organisations")
    return connection.execute(wanted.where(row.recorded_from <= question.recorded.instant).limit(1)).first() is not None


def described(row: Mapping[Any, Any], told: dict[int, Told]) -> dict[str, Any]:
    """A conflict without its clocks: whose, about what, of what kind, when, and the reports that it lies between.

    `stated` is null but for times as printed: the finding in words, how far they are apart, in minutes, and what would
    reconcile them.
    """
    details = orjson.loads(row["details"]) if row["details"] else {}
    positions = orjson.loads(row["positions"])
    return {
        "organisation": row["organisation"],
        "subject": row["item"],
        "kind": row["value"],
        "holders": details.get("holders", []),
        "when": bounds(row["valid_from_earliest"], row["valid_to_latest"]),
        "basis": row["basis"],
        "positions": positions,
        "stated": stated_of(details),
        "reports": [told[one].brief() for one in positions if one in told],
    }


def stated_of(details: dict[str, Any]) -> dict[str, Any] | None:
    """How far printed times are apart, and what would reconcile them, with zones that keep that offset then.

    None of details that are about something else.
    """
    if "apart_minutes" not in details:
        return None
    remedies = [{**one, "zones": list(zones_keeping(one["offset"], one["at"]))} for one in details["reconciled_by"]]
    return {**details, "reconciled_by": remedies}


def identity(row: Mapping[Any, Any]) -> Identity:
    """What makes two rows the same conflict, at whatever times it is known."""
    positions = tuple(orjson.loads(row["positions"]))
    return row["organisation"], row["item"], row["value"] or "", row["details"], positions


def _rows(connection: Connection, question: Question, organisation: str | None) -> Sequence[RowMapping]:
    """Every row of a conflict that was ever known as far as the question goes, in the order in which they were."""
    row = spans.c
    wanted = select(spans).where(
        row.model == "conflicts",
        row.recorded_from <= question.recorded.instant,
        row.floor_from <= rank(question.basis),
        row.floor_to >= rank(question.basis),
    )
    if organisation is not None:
        wanted = wanted.where(row.organisation == organisation)
    if question.as_reported is not None:
        wanted = wanted.where(row.reported_from <= question.as_reported)
    wanted = wanted.where(or_(row.recorded_to.is_(None), row.recorded_to > row.recorded_from))
    return connection.execute(wanted.order_by(row.recorded_from, row.reported_from, row.id)).mappings().all()


def _seen(row: RowMapping, question: Question) -> bool:
    gone = row["reported_to"] is not None and (
        question.as_reported is None or row["reported_to"] <= question.as_reported
    )
    return not gone and _current(row, question)


def _current(row: RowMapping, question: Question) -> bool:
    return row["recorded_to"] is None or row["recorded_to"] > question.recorded.instant


def _continues(key: Identity, other: Identity) -> bool:
    """Whether a standing conflict is this one, perhaps with more reports or fewer."""
    return key[:3] == other[:3] and (key == other or bool(set(key[-1]) & set(other[-1])))


def _settlement(connection: Connection, question: Question, rows: Iterable[RowMapping]) -> dict[str, Any]:
    """When a conflict that no longer stands ceased to, on which clock, and the positions that ended it."""
    ordered = sorted(
        rows, key=lambda row: (_current(row, question), row["recorded_to"] or "", row["reported_to"] or "")
    )
    last = ordered[-1]
    if _current(last, question):
        at = last["reported_to"]
        before, after = question.reported_by(just_before(at)), question.reported_by(at)
    else:
        at = last["recorded_to"]
        # It may have been over on the report clock by the time asked for: where it held, it was ended.
        held = question.as_reported if last["reported_to"] is None else last["reported_from"]
        whole = question.reported_by(held)
        before, after = whole.recorded_by(just_before(at)), whole.recorded_by(at)
    clock = "reported" if _current(last, question) else "recorded"
    return {"clock": clock, "at": at, "by": Causes(connection, before, after).of([last["timeline"]])}


def _shown(settlement: dict[str, Any] | None, told: dict[int, Told]) -> dict[str, Any] | None:
    if settlement is None:
        return None
    return {**settlement, "by": [told[one].brief() for one in settlement["by"] if one in told]}
