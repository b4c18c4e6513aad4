"""The state of organisations at the instants asked for: one indexed query, nothing is replayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from archive.errors import UsageError
from archive.log.direct import fetch
from archive.log.entries import Head
from archive.log.tables import Instant
from archive.projections.tables import evidence, reports, spans
from archive.queries import parts
from archive.queries.asked import recorded
from archive.queries.redactions import redactions
from archive.queries.standing import Span
from events import BASES, rank

COLUMNS = (
    spans.c.model,
    spans.c.organisation,
    spans.c.item,
    spans.c.holder,
    spans.c.value,
    spans.c.details,
    spans.c.valid_from_earliest,
    spans.c.valid_from_latest,
    spans.c.valid_to_earliest,
    spans.c.valid_to_latest,
    spans.c.basis,
    spans.c.positions,
)

PAST_MATTERS = ("tenures", "existence", "organisations", "offices")
"""Models of which rows that are over, or still to come, bear on the answer."""

SHOWN = (
    *PAST_MATTERS,
    "announced",
    "employees",
    "investors",
    "affiliations",
    "subsidiaries",
    "attributes",
    "matters",
    "letters",
    "counts",
    "signatures",
)

NAMES_ASKED = 5_000
"""Names fetched by one statement: SQLite takes 32,766 parameters."""

NEAREST = 3


class UnknownOrganisation(UsageError):  # noqa: N818 - named for what is the case
    """The archive knows no organisation of that id at the record time asked for."""

    exit_code: ClassVar[int] = 3


def project(
    connection: Connection,
    *,
    head: Head,
    at: str,
    organisations: Sequence[str] = (),
    as_reported: str | None = None,
    as_recorded: str | None = None,
    basis: str = "press",
    meant: Callable[[str], str] = str,
) -> dict[str, Any]:
    """The snapshot of DESIGN section 7, as JSON values; of every organisation where none is named.

    `at` and `as_reported` are canonical instants, `as_recorded` one or `@SIZE`, `basis` the floor. Organisations stand
    in the order of their ids, whatever the order they are asked in; `meant` is asked of each that is none which id
    that text means. UnknownOrganisation names the nearest ones.
    """
    if basis not in BASES[:-1]:
        raise UsageError(f"{basis!r} is no floor", hint=f"say one of {', '.join(BASES[:-1])}")
    known = recorded(connection, head, as_recorded)
    seen = Seen(as_reported, known.instant, rank(basis))
    wanted = sorted(set(organisations))
    models = _by_organisation(_fetch(connection, seen, at, wanted))
    if others := {name: meant(name) for name in wanted if not _is_known(name, models)}:
        wanted = sorted({others.get(name, name) for name in wanted})
        models = _by_organisation(_fetch(connection, seen, at, wanted))
    if unknown := [name for name in wanted if not _is_known(name, models)]:
        raise unknown_organisation(connection, seen.visible(), unknown[0])
    ids = sorted(name for name in models if _is_known(name, models))
    names = names_of(connection, seen, {name: models[name] for name in ids})
    redacted = redactions(connection, known.size, wanted)
    return {
        "at": at,
        "as_reported": as_reported,
        "as_recorded": known.instant,
        "basis": basis,
        "log": known.log(),
        "organisations": [parts.organisation(name, models[name], at, names, redacted.get(name, ())) for name in ids],
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question knows: a report time (None: all of it), a record time, and the rank of its floor."""

    as_reported: str | None
    as_recorded: str
    floor: int

    def visible(self, table: Table = spans) -> ColumnElement[bool]:
        """The condition on the rows of a table that count."""
        return visible_at(self.as_reported, self.as_recorded, self.floor, table)

    def parameters(self, **more: Any) -> dict[str, Any]:
        """The parameters of a statement with the condition of `seen_by`, and what else it wants."""
        reported = {} if self.as_reported is None else {"as_reported": self.as_reported}
        return {"as_recorded": self.as_recorded, "floor": self.floor, **reported, **more}


def visible_at(as_reported: Any, as_recorded: Any, floor: Any, table: Table = spans) -> ColumnElement[bool]:
    """The condition on rows of three clocks of a question at a report time (None: all), a record time and a floor, or
    at parameters in their place."""
    row = table.c
    reported: ColumnElement[bool] = row.reported_to.is_(None)
    if as_reported is not None:
        reported = and_(row.reported_from <= as_reported, or_(reported, as_reported < row.reported_to))
    return and_(
        row.recorded_from <= as_recorded,
        or_(row.recorded_to.is_(None), row.recorded_to > as_recorded),
        reported,
        row.floor_from <= floor,
        row.floor_to >= floor,
    )


def seen_by(reported: bool, table: Table = spans) -> ColumnElement[bool]:
    """The condition of `visible_at` for the parameters of a `Seen`, with a report time or without: a statement is put
    together once."""
    as_reported = bindparam("as_reported", type_=Instant) if reported else None
    return visible_at(as_reported, bindparam("as_recorded", type_=Instant), bindparam("floor", type_=Integer), table)


def _literals(models: Sequence[str]) -> list[ColumnElement[str]]:
    """Models as they stand in a statement, no parameters."""
    return [literal_column(f"'{model}'", Text) for model in models]


@cache
def _rows(reported: bool, some: bool) -> Select[Any]:
    """The rows that bear on an answer at `:at`, of some organisations or of all, and whether anything denies them."""
    row = spans.c
    at = bindparam("at", type_=Instant)
    current = and_(
        func.coalesce(row.valid_from_earliest, row.valid_from_latest) <= at,
        or_(row.valid_to_latest.is_(None), row.valid_to_latest > at),
    )
    denied = exists().where(evidence.c.row == row.id, evidence.c.role == literal_column("'disputes'", Text))
    return select(row.id, denied, *COLUMNS).where(
        row.organisation.in_(bindparam("wanted", expanding=True)) if some else row.organisation != "",
        row.model.in_(_literals(SHOWN)),
        seen_by(reported),
        or_(row.model.in_(_literals(PAST_MATTERS)), current),
    )


@cache
def _names(reported: bool) -> Select[Any]:
    """The names of `:some` people or organisations, the latest last."""
    row, some = spans.c, bindparam("some", expanding=True, type_=Text)
    of_people = and_(
        row.organisation == literal_column("''", Text), row.model.in_(_literals(["people"])), row.item.in_(some)
    )
    of_organisations = and_(row.organisation.in_(some), row.model.in_(_literals(["organisations"])))
    query = select(row.model, row.organisation, row.item, row.value).where(or_(of_people, of_organisations))
    return query.where(seen_by(reported)).order_by(row.valid_from_latest, row.value)


def _fetch(connection: Connection, seen: Seen, at: str, wanted: Sequence[str]) -> Iterator[Span]:
    """The rows that bear on the answer, of the organisations wanted or of all, with what denies them."""
    statement = _rows(seen.as_reported is not None, bool(wanted))
    asked = seen.parameters(at=at, **({"wanted": list(wanted)} if wanted else {}))
    for found in fetch(connection, statement, **asked):
        denials = _denials(connection, found[0], seen.visible(reports)) if found[1] else None
        yield Span.of(found[2:], denials)


def _denials(connection: Connection, number: int, known_reports: ColumnElement[bool]) -> list[int]:
    """The positions of those denials of a row's reports that count."""
    joined = evidence.join(reports, reports.c.position == evidence.c.position)
    denials = select(evidence.c.position).select_from(joined).distinct().order_by(evidence.c.position)
    wanted = denials.where(evidence.c.row == number, evidence.c.role == "disputes", known_reports)
    return list(connection.execute(wanted).scalars())


def _is_known(name: str, models: Mapping[str, Mapping[str, list[Span]]]) -> bool:
    """Whether an organisation of that id is registered, for what a question knows."""
    return bool(models.get(name, {}).get("organisations"))


def _by_organisation(found: Iterable[Span]) -> dict[str, dict[str, list[Span]]]:
    models: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for span in found:
        models[span.organisation][span.model].append(span)
    return models


def names_of(
    connection: Connection, seen: Seen, models: Mapping[str, Mapping[str, list[Span]]]
) -> dict[tuple[str, str], str]:
    """The names shown, by (`people` or `organisations`, id), of all whom the rows name as holders."""
    named = {(organisation, span.holder) for organisation in models for span in _holders(models[organisation])}
    people = sorted({holder for _, holder in named})
    names: dict[tuple[str, str], str] = {}
    statement = _names(seen.as_reported is not None)
    for start in range(0, len(people), NAMES_ASKED):
        asked = seen.parameters(some=people[start : start + NAMES_ASKED])
        for model, organisation, person, value in fetch(connection, statement, **asked):
            names[model, person or organisation] = value
    return names


def _holders(models: Mapping[str, list[Span]]) -> Iterator[Span]:
    for found in models.values():
        yield from (span for span in found if span.holder)


def unknown_organisation(connection: Connection, visible: ColumnElement[bool], asked: str) -> UnknownOrganisation:
    """The error of an organisation that nobody registered, with the nearest that somebody did."""
    row = spans.c
    query = select(row.organisation, row.value).where(row.model == "organisations", row.organisation != "", visible)
    ids = {organisation: f"{organisation} {name}" for organisation, name in connection.execute(query)}
    from rapidfuzz import process  # noqa: PLC0415  # only a wrong name needs it

    near = [key for _, _, key in process.extract(asked, ids, limit=NEAREST, score_cutoff=50)] or sorted(ids)[:NEAREST]
    hint = f"did you mean {' or '.join(near)}?" if near else "register it with: archive append OrganisationRegistered …"
    return UnknownOrganisation(f"the archive knows no organisation {asked!r}, at the record time asked for", hint=hint)
