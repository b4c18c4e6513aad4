"""Other programs on an archive: what README's recipes rely on."""

from __future__ import annotations

import shutil
import subprocess

import psycopg
from sqlalchemy import make_url

from archive import Archive
from archive.exchange.followthemoney import entities
from archive.exchange.giving import reports
from tests.databases import DatabaseTemplate, FreshDatabase
from tests.exchange.parliament import growing, take


def test_a_program_that_sets_the_search_path_sees_the_read_models(
    fresh_database: FreshDatabase, database_template: DatabaseTemplate
) -> None:
    """An archive is a schema: psql and BI tools name it in `options`, and need nothing else."""
    template = database_template("postgresql", "empty_archive", lambda place: Archive.create(place).close())
    url = fresh_database("postgresql", template)
    with Archive.open(url) as archive:
        file = growing(1, 2)[-1]
        take(archive, file)
        with archive.published() as published:
            members = {row["person"] for row in published.rows("tenures") if row["office"] == "member"}
            given = [entity for entity in entities(published) if entity["schema"] == "Membership"]
            assert len(list(reports(published))) == sum(1 for _ in published.entries())
        assert {entity["properties"]["member"][0] for entity in given} == {f"person.{person}" for person in members}
        asked = make_url(url)
        with archive.reading() as connection:
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    query = {key: value for key, value in asked.query.items() if key != "archive"}
    place = asked.set(drivername="postgresql", query={**query, "options": f"-csearch_path={schema}"})
    if psql := shutil.which("psql"):
        command = [psql, place.render_as_string(hide_password=False), "-Atc", "SELECT count(*) FROM people"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert told.strip() == str(len(file["persons"]))
    with psycopg.connect(place.render_as_string(hide_password=False)) as connection:
        found = connection.execute("SELECT count(DISTINCT person) FROM tenures WHERE office = 'member'").fetchone()
    assert found == (len({one["person_id"] for one in file["memberships"]}),)
