"""What changed between two instants on one clock, the others fixed, and which entries changed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy import Connection, and_, or_, select

from archive.log.entries import Head
from archive.projections.tables import evidence, spans
from archive.queries.causes import Causes
from archive.queries.question import Question, chunks
from archive.queries.reports import Reports
from archive.queries.snapshot import UnknownOrganisation, project

Clock = Literal["at", "as_reported", "as_recorded"]
Fact = Mapping[str, Any]

BEGINNING = ("begins", "supports", "announces", "amends")
ENDING = ("ends", "doubts", "withdraws")


class Key(NamedTuple):
    """What a fact is about: a read model's organisation, item and holder, each empty where there is none."""

    organisation: str
    model: str
    item: str
    holder: str


def facts(snapshot: Mapping[str, Any]) -> dict[Key, list[Fact]]:
    """A snapshot as facts by what they are about; of one key there may be several (two tenures both possible)."""
    found: dict[Key, list[Fact]] = defaultdict(list)
    for organisation in snapshot["organisations"]:
        for model, item, holder, fact in _facts(organisation):
            found[Key(organisation["id"], model, item or "", holder or "")].append(fact)
    return dict(found)


def changes(before: Mapping[Key, list[Fact]], after: Mapping[Key, list[Fact]]) -> list[dict[str, Any]]:
    """What turns the one into the other: `come`, `gone` or `changed`, with the fact on either side, or None."""
    found = []
    for key in sorted({*before, *after}):
        old, new = list(before.get(key, ())), list(after.get(key, ()))
        for fact in [fact for fact in old if fact in new]:
            if fact in new:
                old.remove(fact)
                new.remove(fact)
        for one, other in zip_longest(old, new):
            kind = "come" if one is None else "gone" if other is None else "changed"
            found.append({"change": kind, **key._asdict(), "before": one, "after": other})
    return found


def applied(before: Mapping[Key, list[Fact]], differences: Sequence[Mapping[str, Any]]) -> dict[Key, list[Fact]]:
    """The facts after the changes. Raises ValueError where they are not changes of these facts."""
    found = {key: list(of_key) for key, of_key in before.items()}
    for one in differences:
        of_key = found.setdefault(Key(*(one[name] for name in Key._fields)), [])
        if one["before"] is not None:
            of_key.remove(one["before"])
        if one["after"] is not None:
            of_key.append(one["after"])
    return {key: of_key for key, of_key in found.items() if of_key}


def diff(
    connection: Connection,
    *,
    head: Head,
    clock: Clock,
    between: tuple[str, str],
    at: str,
    organisations: Sequence[str] = (),
    as_reported: str | None = None,
    as_recorded: str | None = None,
    basis: str = "press",
) -> dict[str, Any]:
    """The differences as JSON values, each with the entries that made it; the clock that varies is `between` two.

    An organisation that one side does not know yet has no facts there; UnknownOrganisation where neither knows it.
    """
    asked: dict[str, Any] = {"at": at, "as_reported": as_reported, "as_recorded": as_recorded, "basis": basis}
    sides = [{**asked, clock: instant} for instant in between]
    snapshots = [_snapshot(connection, head, side, organisations) for side in sides]
    if not any(known for _, known in snapshots) and organisations:
        project(connection, head=head, organisations=organisations, **sides[1])
    before, after = (facts(snapshot) for snapshot, _ in snapshots)
    found = changes(before, after)
    if clock == "at":
        question = Question.settle(connection, head, as_reported, as_recorded, basis)
        entries = _crossed(connection, question, found, sorted(between))
    else:
        questions = [
            Question.settle(connection, head, side["as_reported"], side["as_recorded"], basis) for side in sides
        ]
        questions.sort(key=lambda one: (one.as_reported or "~", one.recorded.instant))
        question = questions[-1]
        entries = _learned(connection, questions[0], question, found)
    told = Reports(connection, question).of({one for many in entries for one in many}, fallen=True)
    for change, positions in zip(found, entries, strict=True):
        change["entries"] = [told[one].brief() for one in positions if one in told]
    header = {name: snapshots[1][0][name] for name in ("at", "as_reported", "as_recorded", "basis", "log")}
    return {**header, "clock": clock, "between": [snapshot[clock] for snapshot, _ in snapshots], "changes": found}


def _snapshot(
    connection: Connection, head: Head, side: Mapping[str, Any], organisations: Sequence[str]
) -> tuple[dict[str, Any], bool]:
    """One side, and whether it knows any of the organisations."""
    whole = None
    for names in [[name] for name in organisations] or [[]]:
        try:
            found = project(connection, head=head, organisations=names, **side)
        except UnknownOrganisation:
            continue
        if whole is None:
            whole = found
        else:
            whole["organisations"] += found["organisations"]
    if whole is not None:
        return whole, True
    question = Question.settle(connection, head, side["as_reported"], side["as_recorded"], side["basis"])
    return {"at": side["at"], **question.header(), "organisations": []}, False


def _facts(organisation: Fact) -> Iterator[tuple[str, str | None, str | None, Fact]]:
    """Model, item, holder and content of each fact of one organisation's snapshot."""
    yield "organisations", None, None, {key: organisation[key] for key in ("name", "exists")}
    for office in organisation["offices"]:
        yield "offices", office["id"], None, {key: office[key] for key in office if key != "holders"}
        for holder in office["holders"]:
            yield "tenures", office["id"], holder["person"], holder
    for letter in organisation["letters"]:
        own = {key: value for key, value in letter.items() if key not in ("counts", "signatories")}
        yield "letters", letter["id"], None, own
        for count in letter["counts"]:
            yield "counts", letter["id"], None, count
        for signatory in letter["signatories"]:
            yield "signatures", letter["id"], signatory["person"], signatory
    for model in ("attributes", "matters"):
        for fact in organisation[model]:
            yield model, fact["id"], None, fact
    for model, item in (
        ("employees", None),
        ("affiliations", None),
        ("announced", "office"),
        ("investors", "investment"),
    ):
        for fact in organisation[model]:
            yield model, item and fact[item], fact["person"], fact
    for fact in organisation["subsidiaries"]:
        yield "subsidiaries", None, fact["id"] or fact["name"], fact


ALSO = {"organisations": "existence", "offices": "tenures", "letters": "counts"}
"""A model whose rows decide facts of another besides its own: whether it exists, who holds, how many signed."""


def _rows(connection: Connection, change: Mapping[str, Any], *more: Any) -> Sequence[Any]:
    """Rows of the read model that the fact of a change is made from."""
    row, model = spans.c, change["model"]
    own = and_(row.model.in_([model, ALSO.get(model, model)]), row.item == change["item"])
    if change["holder"]:
        own = and_(own, row.holder == change["holder"])
    of_fact = and_(row.organisation == change["organisation"], own)
    if change["holder"]:
        named = and_(row.organisation == "", row.model == "people", row.item == change["holder"])
        called = and_(row.organisation == change["holder"], row.model == "organisations")
        of_fact = or_(of_fact, named, called)
    return connection.execute(select(spans).where(of_fact, *more)).mappings().all()


def _learned(
    connection: Connection, before: Question, after: Question, found: Sequence[Mapping[str, Any]]
) -> list[list[int]]:
    """For each change the entries that one question knows and the other does not."""
    causes = Causes(connection, before, after)
    known: dict[tuple[str, ...], list[int]] = {}
    entries = []
    for change in found:
        timelines = tuple(sorted({row["timeline"] for row in _rows(connection, change)}))
        if timelines not in known:
            known[timelines] = causes.of(timelines)
        entries.append(known[timelines])
    return entries


def _crossed(
    connection: Connection, question: Question, found: Sequence[Mapping[str, Any]], between: Sequence[str]
) -> list[list[int]]:
    """For each change the entries that begin or end what began or ended between the two instants."""
    early, late = between
    entries = []
    for change in found:
        wanted: dict[int, tuple[tuple[str, ...], set[int]]] = {}
        for row in _rows(connection, change, question.sees(spans)):
            begun, over = (
                any(
                    early < row[f"{side}_{bound}"] <= late for bound in ("earliest", "latest") if row[f"{side}_{bound}"]
                )
                for side in ("valid_from", "valid_to")
            )
            if begun or over:
                roles = (*(BEGINNING if begun else ()), *(ENDING if over else ()))
                wanted[row["id"]] = roles, set(orjson.loads(row["positions"]))
        positions: set[int] = set()
        others: set[int] = set()
        for some in chunks(wanted):
            for row, position, role in connection.execute(select(evidence).where(evidence.c.row.in_(some))):
                roles, deciding = wanted[row]
                if role in roles:
                    (positions if position in deciding else others).add(position)
        positions = positions or others
        facts = [fact for fact in (change["after"], change["before"]) if fact]
        entries.append(sorted(positions) or sorted({one for fact in facts for one in fact.get("positions", ())}))
    return entries
