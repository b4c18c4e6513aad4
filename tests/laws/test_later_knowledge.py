"""Later knowledge leaves every earlier answer as it was, on its own clocks."""

from __future__ import annotations

from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import select

from archive import Archive
from archive.projections import tables
from events import Event, Report, When, build, to_plain, types
from tests.archives import EmptyArchive
from tests.histories import AMENDED, history, when
from tests.laws.questions import beside
from tests.laws.test_archive_laws import INSTANTS, SEEDS, answers, fill, opened

KINDS = ("Amended", "Retracted", "Disputed", "Merged")
PUBLISHED = when("2017-06-01")
EARLIER = ("2016-01-01T00:00:00.000000Z", beside(PUBLISHED.latest or "", -1))
"""Report times before the source of the later knowledge was public, the last of them too."""


def later(random: Random, kind: str, by: str, events: list[Event]) -> Event:
    """Something said of a report of this history, by the archive or by a source that was first public in 2017."""
    if kind == "Merged":
        one, other = random.sample(sorted({event.person for event in events if hasattr(event, "person")}), 2)
        merged: Event = build(types()[kind], {"person": one, "into_person": other})
        return merged
    target = random.choice([place for place, event in enumerate(events, 1) if isinstance(event, Report)])
    told = events[target - 1]
    plain: dict[str, Any] = {"target": target, "target_stream": told.stream, "reason": "found later"}
    if by == "source":
        plain |= {"by": "source", "source": "late", "basis": random.choice(("official", "stated", "press"))}
    if kind == "Amended":
        plain |= {"changes": _changes(random, told)}
    said: Event = build(types()[kind], plain)
    return said


def _changes(random: Random, told: Event) -> dict[str, Any]:
    plain = to_plain(told)
    name = random.choice([name for name in AMENDED if name in plain and name not in ("person", "value")])
    return {name: "official" if name == "basis" else _plain(when("2016-02-03"))}


def _plain(moment: When) -> dict[str, str | None]:
    return {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}


def leaves_alone(archive: Archive, seed: int, kind: str, by: str) -> None:
    """Fill an archive, say something later, and ask again what was asked before."""
    appends = history(seed, organisations=2, reports=30, mergers=False)
    source = build(types()["SourceRegistered"], {"source": "late", "published": _plain(PUBLISHED)})
    fill(archive, [*appends, [source]])
    with archive.reading() as connection:
        size = archive.log.head(connection).size
    questions: list[dict[str, Any]] = [{"as_recorded": f"@{size}"}]
    questions += [{"as_recorded": f"@{size}", "as_reported": at} for at in EARLIER]
    if by == "source" and kind != "Merged":
        questions += [{"as_reported": at, "basis": floor} for at in EARLIER for floor in ("press", "official")]
    standing: list[dict[str, Any]] = [{}, {"basis": "rumour"}] if kind == "Disputed" else []
    before = [answers(archive, **question) for question in questions]
    reasons = [why(archive, **question) for question in questions[:2]]
    undenied = [_unmarked(answers(archive, **question)) for question in standing]
    kept = _rows(archive)
    fill(archive, [[later(Random(seed), kind, by, [event for append in appends for event in append])]])
    assert [answers(archive, **question) for question in questions] == before
    assert [why(archive, **question) for question in questions[:2]] == reasons
    assert [_unmarked(answers(archive, **question)) for question in standing] == undenied
    assert kept.items() <= _rows(archive).items()


def why(archive: Archive, **known: Any) -> list[Any]:
    """The conflicts, and the reasons why each office is held as it is at one instant."""
    snapshot = archive.project(INSTANTS[4], **known)["organisations"]
    return [
        archive.conflicts(**known),
        *(
            archive.explain(one["id"], office["id"], at=INSTANTS[4], **known)
            for one in snapshot
            for office in one["offices"]
        ),
    ]


def _unmarked(answer: Any) -> Any:
    """An answer without the marks of what is denied, the one thing that a denial changes."""
    if isinstance(answer, dict):
        return {key: _unmarked(item) for key, item in answer.items() if key != "disputed"}
    return [_unmarked(item) for item in answer] if isinstance(answer, list) else answer


def _rows(archive: Archive) -> dict[int, tuple[Any, ...]]:
    """The rows of the read model by id, without the end of their record time, which alone may change."""
    columns = [column for column in tables.spans.columns if column.name != "recorded_to"]
    with archive.reading() as connection:
        return {row.id: tuple(row) for row in connection.execute(select(*columns))}


@pytest.mark.parametrize("by", ["archive", "source"])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2, deadline=None)
@given(seed=SEEDS)
def test_later_knowledge_leaves_every_earlier_answer_unchanged(seed: int, kind: str, by: str) -> None:
    """As recorded before it, always; as reported before its source was public, where a source says it.

    A merger is always the archive's own word.
    """
    with TemporaryDirectory() as folder, opened(folder, "one.db") as archive:
        leaves_alone(archive, seed, kind, by)


@pytest.mark.parametrize("by", ["archive", "source"])
@pytest.mark.parametrize("kind", KINDS)
def test_on_postgresql_too(empty_archive: EmptyArchive, kind: str, by: str) -> None:
    """One history for each kind of later knowledge."""
    with Archive.open(empty_archive("postgresql")) as archive:
        leaves_alone(archive, 7, kind, by)
