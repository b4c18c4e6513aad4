"""Names as an archive keeps them: recorded, taken back, merged; the same on each database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, select

from archive import Archive
from archive.intake import read_reports
from archive.intake.registers import Key
from archive.log.schema import migrations
from archive.log.transactions import read_connection, write_transaction
from archive.projections.tables import mentions
from events import to_plain
from events.names import fold_name
from tests.queries.reported import held, opened, take

SPELLING = {"type": "NameRecorded", "person": "ann", "name": "アン・リー", "source": "wire"}
MIGRATION = import_module("migrations.versions." + next((migrations() / "versions").glob("*_names_called.py")).stem)
LONG = "Ännchen " * 1000


@pytest.fixture
def archive(acme_url: str) -> Iterator[Archive]:
    """Acme with Ann and Bob: 17 entries; a spelling of Ann's name is entry 18."""
    with opened(acme_url) as made:
        take(made, SPELLING)
        yield made


def meant(archive: Archive, person: str) -> str:
    """Whom a report means by this; else what is wrong with it."""
    line = json.dumps(held("Dismissed", person, "2021")).encode()
    taken = read_reports(BytesIO(line), "f", archive.known())
    return str(taken.faults[0].problem) if taken.faults else str(to_plain(taken.events[0])["person"])


def later(kind: str, target: int, **more: Any) -> dict[str, Any]:
    """What is said of an earlier entry."""
    return {"type": kind, "target": target, **more}


def test_a_report_by_name_is_the_report_by_id(archive: Archive) -> None:
    """So it is there already."""
    assert take(archive, held("Dismissed", "ann", "2021")) == [19]
    by_name = {**held("Dismissed", "ｱﾝ リー", "2021"), "organisation": "ACME", "office": "chief"}
    assert take(archive, by_name) == [19]


def test_a_name_taken_back_means_nobody(archive: Archive) -> None:
    """By the archive or by the source; a retraction taken back restores it."""
    assert meant(archive, "アン リー") == "ann"
    take(archive, later("Retracted", 18))
    assert meant(archive, "アン リー") == "there is no person `アン リー`"
    take(archive, later("Retracted", 19))
    assert meant(archive, "アン リー") == "ann"
    take(archive, later("Retracted", 18, by="source", source="gazette"))
    assert meant(archive, "アン リー") == "there is no person `アン リー`"


def test_an_amended_name_is_the_one_that_counts(archive: Archive) -> None:
    """Whose it is may be amended too, and what a registration says."""
    take(archive, later("Amended", 18, changes={"name": "Anne"}))
    assert (meant(archive, "アン・リー"), meant(archive, "ANNE")) == ("there is no person `アン・リー`", "ann")
    take(archive, later("Amended", 18, changes={"person": "Bob"}))
    assert meant(archive, "Anne") == "bob"
    take(archive, later("Amended", 3, changes={"name": "Annette", "names": ["Nan"]}))
    assert [meant(archive, name) for name in ("annette", "nan")] == ["ann", "ann"]


def test_a_merger_leaves_a_name_whose_it_was_and_gives_its_answers_to_the_one_who_stands(archive: Archive) -> None:
    """A file appended before is there already after it."""
    by_name = held("Appointed", "アン・リー", "2021")
    take(archive, by_name)
    take(archive, {"type": "Merged", "person": "Ann", "into_person": "BOB"})
    assert meant(archive, "アン・リー") == "ann"
    assert take(archive, by_name) == [19]
    (holder,) = archive.project("2022-01-01T00:00:00.000000Z")["organisations"][0]["offices"][0]["holders"]
    assert holder["person"] == "bob"
    take(archive, {**SPELLING, "person": "bob"})
    assert meant(archive, "アン・リー") == "bob"


def test_keys_that_are_expected_are_those_that_are_there_one_by_one(archive: Archive) -> None:
    """At once or singly, asked for before or not, with the offices that a merger brings."""
    take(archive, {"type": "OrganisationRegistered", "organisation": "apex", "name": "Apex"})
    take(archive, {"type": "OfficeRegistered", "organisation": "apex", "office": "treasurer", "title": "Treasurer"})
    take(archive, {"type": "Merged", "organisation": "apex", "into_organisation": "acme"})
    keys: list[Key] = [("person", "ann"), ("person", "nobody"), ("organisation", "acme"), ("organisation", "ann")]
    keys += [("office", f"{one}/treasurer") for one in ("acme", "apex", "zeta")]
    singly, known = archive.known(), archive.known()
    there = {key for key in keys if key[1] in singly.ids(key[0])}
    assert there == {keys[0], keys[2], keys[4], keys[5]}
    assert set(known.expect(keys[::2])) == there & set(keys[::2])
    assert set(known.expect(keys)) == there


def test_offices_of_a_merged_organisation_are_those_of_the_one_that_stands(archive: Archive) -> None:
    """By id and by title."""
    take(archive, {"type": "OrganisationRegistered", "organisation": "apex", "name": "Apex"})
    take(archive, {"type": "Merged", "organisation": "acme", "into_organisation": "apex"})
    for office in ("ceo", "Chief"):
        (position,) = take(archive, {**held("Dismissed", "ann", "2021"), "organisation": "Apex", "office": office})
        assert position == 21


def test_a_name_of_any_length_is_found(archive: Archive) -> None:
    """An index takes only so much; two that begin alike are two."""
    take(archive, {**SPELLING, "name": LONG}, {**SPELLING, "name": LONG + "x", "person": "bob"})
    assert (meant(archive, LONG.upper()), meant(archive, LONG + "X")) == ("ann", "bob")


def test_a_name_of_two_is_ambiguous_until_one_is_taken_back(archive: Archive) -> None:
    """Whichever was first."""
    take(archive, {**SPELLING, "person": "bob"})
    assert meant(archive, "アン・リー") == "`アン・リー` may be `ann` (Ann) and `bob` (Bob)"
    take(archive, later("Retracted", 18))
    assert meant(archive, "アン・リー") == "bob"


def test_an_archive_made_before_names_were_looked_up_gets_them_with_its_migration(archive: Archive) -> None:
    """The same as if they had been there from the first, those taken back included."""
    take(archive, {**SPELLING, "name": "Ann-Marie  d’Été"}, {**SPELLING, "name": LONG})
    take(archive, {"type": "NameRecorded", "organisation": "acme", "office": "ceo", "name": "CEO", "source": "wire"})
    take(archive, later("Retracted", 18), later("Amended", 19, changes={"person": "bob"}))
    called = select(mentions).where(mentions.c.kind == "called")
    with read_connection(archive.engine) as connection:
        before = set(connection.execute(called).all())
    with write_transaction(archive.engine) as connection:
        connection.execute(delete(mentions).where(mentions.c.kind == "called"))
        with Operations.context(MigrationContext.configure(connection)):
            MIGRATION.upgrade()
    with read_connection(archive.engine) as connection:
        assert set(connection.execute(called).all()) == before
    assert fold_name("CEO") in {row.id for row in before}
