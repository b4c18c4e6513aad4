"""A spreadsheet of who held what, as CSV, to what it lists: one membership a row, its columns as they were mapped."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from archive.exchange import dates
from archive.exchange.conventions import Conventions
from archive.exchange.ids import Ids, slug
from archive.exchange.listing import MEMBER, Listing, Named, Told, Wire
from archive.intake.faults import Wrong, quoted
from archive.intake.nearest import nearest_words

COLUMN, CONSTANT, FORMAT, OPEN, UNKNOWN = "column.", "constant.", "date-format.", "open-end.", "unknown-date."
"""What settings of a spreadsheet begin with."""

FIELDS = ("person", "person-id", "organisation", "office", "start", "end", "on-behalf-of", "area", "source", "id")
"""What a row may say; a column or, for all rows, a constant says it."""

LONGEST_CELL = 1 << 20

Row = Mapping[str, str]


def read_csv(data: bytes, name: str, conventions: Conventions, as_of: str) -> Listing:
    """What a file of CSV lists; nothing that is in it raises.

    `as_of` is the time at which a membership is seen of which a row says no date at all.
    """
    listing = Listing()
    with listing.at(name):
        _Reading(listing, name, conventions, as_of).read(data)
    return listing


class _Reading:
    """One file under way."""

    def __init__(self, listing: Listing, name: str, conventions: Conventions, as_of: str) -> None:
        self._listing = listing
        self._name = name
        self._conventions = conventions
        self._as_of = as_of
        self._ids = Ids(conventions["prefix"])
        self._columns = conventions.starting(COLUMN)
        self._constants = conventions.starting(CONSTANT)
        self._formats = _listed(conventions, FORMAT)
        self._open = {word.casefold() for word in _listed(conventions, OPEN)}
        self._unknown = {word.casefold() for word in _listed(conventions, UNKNOWN)}

    def read(self, data: bytes) -> None:
        """Take every row in. Raises Wrong where the file as a whole cannot be read."""
        for field in ("person", "organisation"):
            if field not in self._columns and field not in self._constants:
                raise Wrong(f"no column says the {field}", f"give --{field}-column", field=f"--{field}-column")
        csv.field_size_limit(LONGEST_CELL)
        encoding = self._conventions.get("encoding") or "utf-8-sig"
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise Wrong(f"is not {encoding}: {error}", "name its --encoding, as windows-1252") from None
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=self._conventions.get("delimiter") or ",", strict=True
        )
        try:
            heads = [head.strip() for head in next(rows, [])]
            self._check(heads)
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    place = f"{self._name}:{rows.line_num}"
                    with self._listing.at(place):
                        self._row(place, _cells(heads, cells))
        except csv.Error as error:
            raise Wrong(f"no CSV at line {rows.line_num}: {error}", "mend the line, or name its --delimiter") from None

    def _check(self, heads: list[str]) -> None:
        for field, column in self._columns.items():
            if heads.count(column) != 1:
                near = " or ".join(map(quoted, nearest_words(column, heads))) or ", ".join(map(quoted, heads[:20]))
                many = "several columns" if column in heads else "no column"
                raise Wrong(f"there is {many} {quoted(column)}", f"there is {near}", field=f"--{field}-column")

    def _said(self, row: Row, field: str) -> str | None:
        """What a row says of a field: its cell, else the constant."""
        column = self._columns.get(field)
        cell = row.get(column, "").strip() if column is not None else ""
        return cell or self._constants.get(field)

    def _row(self, place: str, row: Row) -> None:
        person, organisation = self._person(place, row), self._organisation(place, row, "organisation")
        if person is None or organisation is None:
            raise Wrong("is empty", "say it, or leave the row out", field="organisation" if person else "person")
        wire: Wire = {"type": "MembershipReported", "organisation": organisation, "person": person}
        offices = [self._listing.office(place, organisation, MEMBER, "Member")]
        if (office := self._said(row, "office")) is not None:
            offices.append(self._listing.office(place, organisation, slug(office)[:100].rstrip("-"), office))
        if (area := self._said(row, "area")) is not None:
            title = f"Member for {area}"
            offices.append(self._listing.office(place, organisation, f"for-{slug(area)}"[:100].rstrip("-"), title))
        wire["offices"] = list(dict.fromkeys(offices))
        if (behalf := self._organisation(place, row, "on-behalf-of")) is not None:
            wire["on_behalf_of"] = behalf
        wire.update(self._times(row))
        if (source := self._said(row, "source")) is not None:
            wire["attribution"] = source
        if (own := self._said(row, "id")) is not None:
            wire["development"] = slug(own)
        self._listing.told.append(Told(place, wire))

    def _person(self, place: str, row: Row) -> str | None:
        """The person of a row, by the id that the file has, else by the name: one name is one person."""
        name = self._said(row, "person")
        if name is None:
            return None
        person = self._ids.of("person", self._said(row, "person-id") or name)
        wire = {"type": "PersonRegistered", "person": person, "name": name}
        self._listing.people.setdefault(person, Named(place, wire)).others.append((name, None))
        return person

    def _organisation(self, place: str, row: Row, field: str) -> str | None:
        name = self._said(row, field)
        if name is None:
            return None
        organisation = self._ids.of("organisation", name)
        wire = {"type": "OrganisationRegistered", "organisation": organisation, "name": name}
        self._listing.organisations.setdefault(organisation, Named(place, wire))
        return organisation

    def _times(self, row: Row) -> Wire:
        tz = self._conventions["tz"]
        start, end = self._date(row, "start"), self._date(row, "end")
        if start and end and len(start) == len(end) and end < start:
            raise Wrong(f"ends on {quoted(end)}, before it starts on {quoted(start)}", "mend one", field="end")
        if start is None and end is None:
            self._listing.note("rows without any date: held when the file was published")
            return {"as_of": self._as_of}
        begun = {} if start is None else {"from": dates.begun(start, tz, "start")}
        return begun if end is None else {**begun, "until": dates.ended(end, self._conventions["ends"], tz, "end")}

    def _date(self, row: Row, field: str) -> str | None:
        text = self._said(row, field)
        if text is None or text.casefold() in self._unknown or (field == "end" and text.casefold() in self._open):
            return None
        if self._formats:
            return dates.formatted(text, self._formats, field)
        try:
            dates.begun(text, self._conventions["tz"], field)
        except Wrong as wrong:
            remedy = "write 2015-05-07, or say how dates are written (--date-format %d/%m/%Y), and which words are none"
            raise Wrong(wrong.problem, f"{remedy}: --unknown-date, --open-end", field=field) from None
        return dates.given(text, field)


def _listed(conventions: Conventions, prefix: str) -> list[str]:
    """Settings that were given several times, in their order."""
    found = conventions.starting(prefix)
    return [found[key] for key in sorted(found, key=int)]


def _cells(heads: list[str], cells: list[str]) -> Row:
    if any(cell.strip() for cell in cells[len(heads) :]):
        raise Wrong(f"{len(cells)} cells under {len(heads)} columns", "quote cells that hold the delimiter")
    return dict(zip(heads, cells, strict=False))
