"""CSV in: columns that are mapped, constants, dates in other formats; what is no date is refused with its line."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.exchange.importing import Given
from archive.exchange.taking import Taken
from tests.exchange.parliament import sitting

CABINET = Path(__file__).parents[3] / "shared" / "data" / "cabinet-turnover.csv"
MAPPED = {"column.person": "name", "column.start": "from", "column.end": "to", "constant.organisation": "Acme"}
SHEET = """name,post,from,to,said by
Ann Lee,Chair,2010-05-06,2012-03-10,Gazette
Bo Ek,"Chair",2012-03-10,,

Cy Roe,,2011,,Gazette
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.create(tmp_path / "a.db") as opened:
        yield opened


def take(archive: Archive, text: str | bytes, source: str = "sheet", **settings: str) -> Taken:
    """Import a sheet, columns mapped as above and by what is given."""
    data = text if isinstance(text, bytes) else text.encode()
    given = {**MAPPED, **{name.replace("__", ".").replace("_", "-"): said for name, said in settings.items()}}
    taken = archive.importing("csv", data, "sheet.csv", Given(source=source, settings=given))
    if not taken.intake.faults:
        archive.append(taken.intake.events, who="ann", program="tests")
    return taken


def faults(taken: Taken) -> list[str]:
    """What is wrong, a line each."""
    return [str(fault) for fault in taken.intake.faults]


def test_a_row_is_a_membership_with_its_office_and_source(archive: Archive) -> None:
    """A blank row and an empty cell are nothing; a partial date stays as wide as it is."""
    taken = take(archive, SHEET, column__office="post", column__source="said by")
    assert faults(taken) == []
    assert sitting(archive, "2012-03-10", "chair", "sheet-acme") == {"sheet-bo-ek"}
    assert sitting(archive, "2012-03-09", "member", "sheet-acme") == {"sheet-ann-lee", "sheet-cy-roe"}
    said = [
        tuple(row) for row in archive.query("SELECT attribution FROM reports WHERE source = 'sheet' ORDER BY 1").rows
    ]
    assert said.count(("Gazette",)) == 2
    assert archive.importing("csv", SHEET.encode(), "sheet.csv", Given(source="sheet")).intake.events == []


def test_dates_are_read_by_a_format_alone_and_two_digit_years_only_so(archive: Archive) -> None:
    """Words stand for no date where that is said; a format without a day gives a month."""
    sheet = "name,from,to\nAnn,1/21/77,Still there\nBo,Mar 1980,early\n"
    assert faults(take(archive, sheet))[0].startswith("sheet.csv:2: start: `1/21/77`")
    formats = {"date_format__0": "%m/%d/%y", "date_format__1": "%b %Y"}
    said = faults(take(archive, sheet, **formats))
    assert [one.partition(";")[0] for one in said] == [
        "sheet.csv:2: end: `Still there` is no date of the form %m/%d/%y or %b %Y",
        "sheet.csv:3: end: `early` is no date of the form %m/%d/%y or %b %Y",
    ]
    take(archive, sheet, **formats, open_end__0="still there", unknown_date__0="early")
    rows = archive.query("SELECT valid_from_earliest, valid_from_latest, valid_to_latest FROM tenures ORDER BY 1").rows
    assert [tuple(row) for row in rows] == [
        ("1977-01-21T00:00:00.000000Z", "1977-01-21T23:59:59.999999Z", None),
        ("1980-03-01T00:00:00.000000Z", "1980-03-31T23:59:59.999999Z", None),
    ]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("person,from,to\n", "sheet.csv: --person-column: there is no column `name`; there is"),
        ("name,from,to\nAnn,2012,2011\n", "sheet.csv:2: end: ends on `2011`, before it starts on `2012`"),
        ("name,from,to\nAnn,2012,,x\n", "sheet.csv:2: 4 cells under 3 columns"),
        ("name,from,to\n,2012,\n", "sheet.csv:2: person: is empty"),
        ('name,from,to\n"Ann,2012,\n', "sheet.csv: no CSV at line"),
        (b"name,from,to\n\xff,2012,\n", "sheet.csv: is not utf-8-sig"),
        ("name,from,to\nAnn\0,2012,\n", "sheet.csv"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(archive: Archive, sheet: str | bytes, said: str) -> None:
    """Nothing that a file holds raises."""
    found = faults(take(archive, sheet))
    assert any(one.startswith(said) for one in found), found


def test_columns_are_kept_with_the_source_and_a_newer_sheet_needs_none(archive: Archive) -> None:
    """What changed amends; what is new is added."""
    take(archive, SHEET, column__office="post")
    newer = SHEET.replace("2012-03-10,,", "2012-03-10,2014-01-01,") + "Dee,Chair,2014-01-01,,\n"
    taken = archive.importing("csv", newer.encode(), "sheet.csv", Given(source="sheet"))
    assert (taken.counts["changed"], taken.counts["new"], taken.counts["same"]) == (1, 1, 2)
    archive.append(taken.intake.events, who="ann", program="tests")
    assert sitting(archive, "2014-01-01", "chair", "sheet-acme") == {"sheet-dee"}


@pytest.mark.skipif(not CABINET.exists(), reason="../shared is not there")
def test_the_cabinet_of_each_day_is_that_of_the_sheet(archive: Archive) -> None:
    """Cabinet members of the United States, with two-digit years and ends in words, counted straight from the file,
    without those of whom a row has no date: another row of them may have it."""
    none = {"reagan admin", "clinton admin", "bush admin", "obama admin"}
    settings = {
        "column.person": "appointee",
        "column.office": "position",
        "column.start": "start_date",
        "column.end": "end_date",
        "constant.organisation": "Cabinet",
        "date-format.0": "%m/%d/%y",
        "date-format.1": "%b. %Y",
        "open-end.0": "still in office",
        **{f"unknown-date.{number}": word for number, word in enumerate(sorted(none))},
    }
    taken = archive.importing("csv", CABINET.read_bytes(), "cabinet.csv", Given(source="c", settings=settings))
    assert faults(taken) == []
    archive.append(taken.intake.events, who="ann", program="tests")
    rows = list(csv.DictReader(CABINET.read_text(encoding="utf-8-sig").splitlines()))
    for day in ("1977-01-21", "1985-02-25", "1993-01-20", "2001-09-11", "2009-01-20", "2017-01-20", "2021-07-01"):
        at = f"{day}T23:59:59.999999Z"
        sql = f"""SELECT DISTINCT p.name FROM tenures AS t JOIN people AS p ON p.person = t.person
            WHERE t.office = 'member' AND t.valid_from_latest <= '{at}'
            AND (t.valid_to_earliest IS NULL OR t.valid_to_earliest > '{at}')"""  # noqa: S608 - days of ours
        worded = {row["appointee"].strip() for row in rows if "admin" in row["start_date"] + row["end_date"]}
        assert {name for (name,) in archive.query(sql).rows} - worded == set(_straight(rows, day)) - worded, day


def _straight(rows: list[dict[str, Any]], day: str) -> Iterator[str]:
    """Who sat on a day, from the rows themselves; without a known start nobody is."""
    for row in rows:
        start, end = _iso(row["start_date"]), _iso(row["end_date"])
        if start and start <= day and (end is None or day < end):
            yield row["appointee"].strip()


def _iso(text: str) -> str | None:
    for form, end in (("%m/%d/%y", 10), ("%b. %Y", 7)):
        try:
            moment = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a day
        except ValueError:
            continue
        return moment.date().isoformat() if end == 10 else f"{moment:%Y-%m}-31"
    return None
