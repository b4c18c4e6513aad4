"""Amendments and denials stand in the evidence of the rows that their targets bear on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from archive import Archive
from archive.projections.tables import evidence, spans
from archive.queries.later import said_of
from events import Event, build, types
from tests.histories import when


def event(kind: str, **plain: Any) -> Event:
    """An event, its times given as texts."""
    for name in {"from", "when", "published"} & plain.keys():
        moment = when(plain[name])
        plain[name] = {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}
    made: Event = build(types()[kind], plain)
    return made


def said(kind: str, target: int, **plain: Any) -> Event:
    """Something said of an entry of Acme's."""
    return event(kind, target=target, target_stream="organisation/acme", **plain)


HELD = {"organisation": "acme", "office": "ceo", "person": "ann-lee", "source": "gazette"}
REPORTS = [
    event("OrganisationRegistered", organisation="acme", name="Acme"),
    event("OfficeRegistered", organisation="acme", office="ceo", title="Chief executive"),
    event("PersonRegistered", person="ann-lee", name="Ann Lee"),
    event("SourceRegistered", source="gazette", published="2020-05-02"),
    event("Appointed", **HELD, **{"from": "2019-03-01"}),
]


@pytest.fixture
def archive(empty_url: str) -> Any:
    """An archive in which Ann Lee became chief executive of Acme, at position 5."""
    with Archive.open(empty_url) as made:
        append(made, *REPORTS)
        yield made


def append(archive: Archive, *events: Event) -> None:
    """Append them at once."""
    archive.append(list(events), who="test", program="tests")


def tenures(archive: Archive) -> list[tuple[bool, set[tuple[int, str]]]]:
    """Each row of the office: whether it is current, and its evidence."""
    with archive.reading() as connection:
        rows = connection.execute(
            select(spans.c.id, spans.c.recorded_to).where(spans.c.model == "tenures").order_by(spans.c.id)
        ).all()
        return [
            (
                row.recorded_to is None,
                {(one.position, one.role) for one in connection.execute(_evidence_of(row.id))},
            )
            for row in rows
        ]


def _evidence_of(row: int) -> Any:
    return select(evidence.c.position, evidence.c.role).where(evidence.c.row == row)


def test_a_denial_stands_beside_its_report_and_changes_no_row(archive: Archive) -> None:
    """The row is the same one, with one position more in its evidence."""
    append(archive, said("Disputed", 5, by="source", source="gazette"))
    assert tenures(archive) == [(True, {(5, "begins"), (6, "disputes")})]


def test_an_amendment_stands_in_the_row_that_it_makes_and_not_in_the_one_that_it_ends(archive: Archive) -> None:
    """As recorded before it, nothing is known of it."""
    moment = when("2019-03-11")
    changes = {"from": {"text": moment.text, "earliest": moment.earliest, "latest": moment.latest}}
    append(archive, said("Amended", 5, changes=changes))
    assert tenures(archive) == [(False, {(5, "begins")}), (True, {(5, "begins"), (6, "amends")})]


def test_an_amendment_that_changes_no_row_is_evidence_too(archive: Archive) -> None:
    """Of a summary, for one."""
    append(archive, said("Amended", 5, changes={"summary": "told better"}))
    assert tenures(archive) == [(True, {(5, "begins"), (6, "amends")})]


def test_a_row_made_later_has_what_was_said_of_its_reports_before(archive: Archive) -> None:
    """An end makes the row anew; the denial of its beginning goes with it."""
    append(archive, said("Disputed", 5))
    append(archive, event("Resigned", **HELD, when="2021"))
    assert tenures(archive)[-1] == (True, {(5, "begins"), (6, "disputes"), (7, "ends")})


def test_what_later_entries_say_of_an_entry_is_listed_in_order(archive: Archive) -> None:
    """What is said of one of them is said of that one alone."""
    append(archive, said("Disputed", 5))
    append(archive, said("Retracted", 6))
    append(archive, said("Amended", 5, changes={"summary": "told better"}))
    with archive.reading() as connection:
        assert [entry.position for entry in said_of(connection, 5)] == [6, 8]
        assert [entry.position for entry in said_of(connection, 6)] == [7]
        assert said_of(connection, 8) == []


def test_a_retraction_stands_in_the_row_that_it_takes_back(archive: Archive) -> None:
    """The row is over on the record clock; what took it back is told to whoever asks as recorded after it."""
    append(archive, said("Retracted", 5))
    assert tenures(archive) == [(False, {(5, "begins"), (6, "retracts")})]


def test_a_report_that_a_source_takes_back_is_known_with_its_retraction_at_earlier_report_times(
    archive: Archive,
) -> None:
    """The row that holds before the source's publication has both."""
    append(archive, event("SourceRegistered", source="later", published="2021-05-02"))
    append(archive, said("Retracted", 5, by="source", source="later"))
    assert all((7, "retracts") in proof for _, proof in tenures(archive))
