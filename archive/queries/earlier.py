"""What the archive has of one source already: its reports as they are known now, and who and what is registered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from archive.projections.tables import mentions, reports, spans
from archive.queries.sources import sources
from events.names import fold_name


@dataclass(frozen=True, slots=True)
class Before:
    """One report of a source that still counts.

    said: its fields as on the wire, of those that every report has its attribution and summary alone; times as given
    """

    position: int
    type: str
    organisation: str
    development: str
    said: Mapping[str, Any]


class Earlier:
    """What there is of one source, asked on one connection."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self.source: Mapping[str, Any] | None = next(iter(sources(connection, source)), None)
        self.reports = reports_of(connection, source)
        self.shown = shown_names(connection)
        self.recorded = recorded_names(connection)

    def registered_at(self, kind: str, key: str) -> int | None:
        """The position at which a key was registered."""
        wanted = select(mentions.c.position).where(mentions.c.kind == "registration", mentions.c.id == f"{kind}/{key}")
        return self._connection.execute(wanted.order_by(mentions.c.position)).scalars().first()


def reports_of(connection: Connection, source: str) -> list[Before]:
    """The reports of a source that an import made (`development` begins with the source), as amended, without those
    taken back, in their order."""
    one = reports.c
    columns = (one.position, one.type, one.organisation, one.development, one.attribution, one.summary, one.details)
    wanted = select(*columns).where(one.source == source, one.recorded_to.is_(None), one.reported_to.is_(None))
    wanted = wanted.where(one.development.startswith(made_by(source), autoescape=True))
    found: dict[int, Before] = {}
    for position, type_name, organisation, development, attribution, summary, details in connection.execute(
        wanted.order_by(one.position, one.floor_to)
    ):
        said = {name: _given(value) for name, value in orjson.loads(details).items()}
        said |= {"attribution": attribution, "summary": summary}
        found[position] = Before(position, type_name, organisation, development, said)
    return list(found.values())


def made_by(source: str) -> str:
    """What the developments of an import begin with: no id of a source has this sign."""
    return f"{source}_"


def shown_names(connection: Connection) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """The name shown and the details of every person, organisation and office, by (kind, key)."""
    models = {"people": "person", "organisations": "organisation", "offices": "office"}
    one = spans.c
    wanted = select(one.model, one.organisation, one.item, one.value, one.details).where(
        one.model.in_(models), one.recorded_to.is_(None), one.reported_to.is_(None)
    )
    found: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for model, organisation, item, value, details in connection.execute(wanted):
        key = f"{organisation}/{item}" if model == "offices" else item or organisation
        found[models[model], key] = (value, orjson.loads(details or "{}"))
    return found


def recorded_names(connection: Connection) -> dict[str, set[str]]:
    """The folded names recorded of each `person/ID` and its like."""
    wanted = select(spans.c.item, spans.c.holder).where(
        spans.c.model == "names", spans.c.recorded_to.is_(None), spans.c.reported_to.is_(None)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for item, name in connection.execute(wanted):
        found[item].add(fold_name(name))
    return found


def _given(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"text", "earliest", "latest"}:
        return value["text"]
    if isinstance(value, list):
        return [_given(one) for one in value]
    return value
