"""What `export` gives: reports that append again, tables, FollowTheMoney, Popolo; nothing internal unless asked."""

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from archive import Archive, cases
from archive.cli import main
from archive.exchange.followthemoney import entities
from archive.exchange.giving import lines, reports
from archive.intake import Append, MemoryKnown, read_reports
from archive.log import tables
from tests.exchange.parliament import growing, take

REPORTED = """
{"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme", "classification": "company"}
{"type": "OrganisationRegistered", "organisation": "shell", "name": "Shadow Holding"}
{"type": "OfficeRegistered", "organisation": "acme", "office": "director", "title": "=Director", "seats": null}
{"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"}
{"type": "PersonRegistered", "person": "whistle-blower", "name": "Whistle Blower"}
{"type": "SourceRegistered", "source": "paper", "title": "The Paper", "published": "2020-01-01"}
{"type": "SourceRegistered", "source": "leak", "title": "Leaked memo", "access": "internal"}
{"type": "Appointed", "organisation": "acme", "office": "director", "person": "ann-lee", "from": "2019-03-04", "source": "paper"}
{"type": "Appointed", "organisation": "acme", "office": "director", "person": "whistle-blower", "from": "2019", "source": "leak"}
{"type": "NameRecorded", "person": "ann-lee", "name": "Hidden Alias", "source": "leak"}
{"type": "InvestmentMade", "organisation": "acme", "investor": "shell", "when": "2019", "source": "leak"}
{"type": "Noted", "organisation": "acme", "when": "2019", "summary": "Hushed", "source": "paper", "access": "internal"}
"""  # noqa: E501 - a report a line
HIDDEN = ("whistle", "Whistle", "Leaked", "leak", "Hidden Alias", "Hushed", "shell", "Shadow")


def append(archive: Archive, wires: list[dict[str, Any]]) -> None:
    """Append reports."""
    reading = Append(archive.known())
    for line, wire in enumerate(wires, 1):
        reading.add("reports", line, wire)
    intake = reading.finish()
    assert intake.faults == []
    archive.append(intake.events, who="Secretary Smith", program="tests")


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Archive]:
    """An archive with an internal source, and one report that is."""
    with Archive.create(tmp_path / "secret.db") as opened:
        append(opened, [orjson.loads(line) for line in REPORTED.strip().splitlines()])
        yield opened


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Archive]:
    """The case in an archive."""
    with Archive.create(tmp_path / "case.db") as opened:
        stream = BytesIO(cases.path().read_bytes())
        opened.append(read_reports(stream, "case", MemoryKnown()).events, who="ann", program="tests")
        yield opened


def payloads(archive: Archive) -> list[bytes]:
    """What is stored of each entry."""
    with archive.reading() as connection:
        return list(connection.execute(select(tables.entries.c.payload).order_by(tables.entries.c.position)).scalars())


def run(archive: str, *arguments: str) -> Any:
    """A command."""
    return CliRunner().invoke(main, ["--archive", archive, *arguments])


def test_reports_append_again_as_the_same_reports(case: Archive, tmp_path: Path) -> None:
    """To the same archive none is new, in another one the stored bytes are the same."""
    with case.published() as published:
        wires = [orjson.loads(line) for _, line in reports(published)]
    before = payloads(case)
    append(case, wires)
    assert payloads(case) == before
    with Archive.create(tmp_path / "other.db") as other:
        append(other, wires)
        assert payloads(other) == before


def test_reports_about_earlier_ones_go_over_append_by_append(tmp_path: Path) -> None:
    """A folder has a file for each append; the file alone says why it is not enough."""
    with Archive.create(tmp_path / "a.db") as archive:
        for year, file in enumerate(growing(1, 5), 2001):
            take(archive, file, registration={"published": f"{year}-12-31"}, retract=True)
        before = payloads(archive)
    place, folder = str(tmp_path / "a.db"), tmp_path / "out"
    assert "export to a FOLDER/" in run(place, "export", "--reports", str(tmp_path / "all.jsonl")).stderr
    assert run(place, "export", "--reports", f"{folder}/").exit_code == 0
    other = str(tmp_path / "b.db")
    run(other, "init")
    for part in sorted(folder.iterdir()):
        assert run(other, "append", str(part)).exit_code == 0
    with Archive.open(other) as opened:
        assert payloads(opened) == before


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("form", ["--reports", "--popolo", "--ftm", "--csv"])
def test_what_is_internal_is_in_no_export_unless_asked(tmp_path: Path, form: str) -> None:
    """Neither its source, its words, whom it alone names, nor who appended."""
    place, folder = str(tmp_path / "secret.db"), tmp_path / "out"
    given = [form, f"{folder}/"] if form == "--csv" else [form]
    told = run(place, "export", *given)
    text = told.stdout + "".join(file.read_text(encoding="utf-8") for file in folder.glob("*"))
    assert "ann-lee" in text
    assert [word for word in (*HIDDEN, "Smith") if word in text] == []
    assert "internal and left out" in told.stderr
    again = [form, f"{tmp_path}/all/"] if form == "--csv" else [form]
    whole = run(place, "export", *again, "--include-internal")
    text = whole.stdout + "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("all/*"))
    assert "whistle-blower" in text
    assert "Hidden Alias" in text
    assert "Smith" not in text


def test_tables_are_those_of_sql_with_formulas_neutralised(secret: Archive, tmp_path: Path) -> None:
    """Every read model has a file; a title that begins as a formula does not calculate."""
    folder = tmp_path / "out"
    assert run(str(tmp_path / "secret.db"), "export", "--csv", f"{folder}/", "--include-internal").exit_code == 0
    rows = list(csv.DictReader((folder / "offices.csv").read_text().splitlines()))
    assert [row["title"] for row in rows] == ["'=Director"]
    with secret.published() as published:
        assert {file.stem for file in folder.iterdir()} == set(published.models())
    tenures = list(csv.DictReader((folder / "tenures.csv").read_text().splitlines()))
    assert [row["person"] for row in tenures] == [
        row[0] for row in secret.query("SELECT person FROM tenures ORDER BY id").rows
    ]
    assert (
        "there is no read model 'tenure'"
        in run(str(tmp_path / "secret.db"), "export", "--csv", "--model", "tenure").stderr
    )


TIES = {
    "Person": {"name", "alias"},
    "Organization": {"name", "alias", "classification"},
    "Company": {"name", "alias", "classification"},
    "Position": {"name", "numberOfSeats", "organization"},
    "Occupancy": {"holder", "post", "startDate", "endDate", "description"},
    "Directorship": {"director", "organization", "role", "startDate", "endDate"},
    "Membership": {"member", "organization", "role", "startDate", "endDate"},
    "Employment": {"employee", "employer", "role", "startDate", "endDate"},
    "Ownership": {"owner", "asset", "percentage", "startDate", "endDate"},
}
"""The properties of FollowTheMoney 4.11 that are given, by schema; those that name others are below."""
REFER = {"organization", "holder", "post", "director", "member", "employee", "employer", "owner", "asset"}


def test_followthemoney_refers_only_to_what_it_has_with_ids_that_stay(case: Archive) -> None:
    """Every schema and property is one of its own; later appends change no id."""
    with case.published() as published:
        found = list(entities(published))
    ids = [entity["id"] for entity in found]
    assert len(set(ids)) == len(ids)
    assert {entity["schema"] for entity in found} == set(TIES)
    for entity in found:
        assert entity["properties"].keys() <= TIES[entity["schema"]], entity
        for name in REFER & entity["properties"].keys():
            assert set(entity["properties"][name]) <= set(ids), entity
    append(case, [{"type": "PersonRegistered", "person": "aaa", "name": "Aaa"}])
    with case.published() as published:
        assert {entity["id"] for entity in entities(published)} == {*ids, "person.aaa"}


def test_followthemoney_itself_takes_every_entity(case: Archive) -> None:
    """No property is unknown, no value unclean."""
    ftm = pytest.importorskip("followthemoney", reason="followthemoney is not installed")
    with case.published() as published:
        for entity in entities(published):
            proxy = ftm.model.get_proxy(entity, cleaned=False)
            for prop, value in proxy.itervalues():
                assert prop.type.clean(value, proxy=proxy) is not None, (entity["id"], prop.name, value)


def test_popolo_comes_back_with_the_same_holders_of_each_office(tmp_path: Path) -> None:
    """What is exported and imported again answers the same on every boundary day, by office title."""
    with Archive.create(tmp_path / "a.db") as archive, Archive.create(tmp_path / "b.db") as other:
        take(archive, growing(3, 6)[-1])
        for ends in ("exclusive", "inclusive"):
            with archive.published() as published:
                (data,) = lines("popolo", published, ends=ends)
            taken = take(other, orjson.loads(data), source=ends, settings={"ends": ends})
            assert taken.intake.faults == []
            sql = """SELECT p.name, t.valid_from_earliest, t.valid_from_latest, t.valid_to_earliest, t.valid_to_latest
                FROM tenures AS t JOIN people AS p ON p.person = t.person
                WHERE t.office = 'member' AND t.organisation = '{}' ORDER BY 1, 2, 3"""
            mine = [tuple(row) for row in archive.query(sql.format("list-house")).rows]
            theirs = [tuple(row) for row in other.query(sql.format(f"{ends}-list-house")).rows]
            assert mine == theirs


@pytest.mark.usefixtures("secret")
def test_datasette_is_told_to_show_read_models_alone(case: Archive, tmp_path: Path) -> None:
    """Every other table is denied, SQL too; an archive with what is internal gets no metadata unless that is said."""
    told = orjson.loads(run(str(tmp_path / "case.db"), "export", "--datasette").stdout)
    database = told["databases"]["case"]
    assert database["allow_sql"] is False
    denied = {name for name, table in database["tables"].items() if table.get("allow") is False}
    with case.reading() as connection:
        names = set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").scalars()
        )
    with case.published() as published:
        shown = set(published.models())
    ours = {name for name in names if not name.startswith("sqlite_")}
    assert denied | shown >= ours
    assert not denied & shown
    assert {"entries", "appends", "archive", "documents", "spans", "tenures_history"} <= denied
    refused = run(str(tmp_path / "secret.db"), "export", "--datasette")
    assert "the archive has what is internal" in refused.stderr
