"""Fields: what is wrong with a value, and what would be right."""

from typing import Any

import pytest

from archive.intake import MemoryKnown
from tests.intake.conftest import Reading, dismissed

DIGEST = "ab" * 32
HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def base(name: str, **given: Any) -> dict[str, Any]:
    """A report of a type, with what every report needs."""
    return {"type": name, "organisation": "acme", "source": "acme-release", **given}


def counted(**given: Any) -> dict[str, Any]:
    """A count of signatures."""
    return base("SignaturesCounted", **{"letter": "open-letter", "as_of": "2021", "signed": 1, **given})


def invested(**given: Any) -> dict[str, Any]:
    """An investment."""
    return base("InvestmentMade", **{"investor_name": "Bank", "when": "2021", **given})


def passage(**given: Any) -> dict[str, Any]:
    """A report with one passage."""
    return dismissed(passages=[{"start": 1, "end": 6, "sha256": DIGEST, **given}])


def source(**given: Any) -> dict[str, Any]:
    """The registration of a source."""
    return {"type": "SourceRegistered", "source": "new", **given}


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        ({}, "type: is missing; say what happened"),
        ({"typ": "Dismissed"}, "type: is missing; rename `typ`"),
        (dismissed(type="Dissmissed"), "type: there is no type `Dissmissed`; did you mean `Dismissed`"),
        (dismissed(type=7), "type: 7 is no name of a type"),
        (dismissed(when=...), "when: is missing; Dismissed needs"),
        (dismissed(persom="x"), "persom: is no field of Dismissed; did you mean `person`?"),
        (dismissed(qqqqqq=1), "qqqqqq: is no field of Dismissed; its fields are"),
        (dismissed(tzdata="2024a"), "tzdata: is set by the archive itself; leave it out"),
        (dismissed(organization="acme"), "organization: is given beside `organisation`; give one of them"),
        (dismissed(basis="offical"), "basis: `offical` is none of its words; did you mean `official`"),
        (dismissed(basis=None), "basis: null; leave the field out instead"),
        (dismissed(when=None), "when: null; give it a value"),
        (dismissed(when=2021), "when: 2021 is no time"),
        (dismissed(when="2021-02-29"), "when: `2021-02-29` has the day 29; 2021-02 has the days 01 to 28"),
        (dismissed(when="2021-03-28T02:30", tz="Europe/Paris"), "when: `2021-03-28T02:30` never occurs in"),
        (dismissed(when="2021-03-28T02:30"), "when: `2021-03-28T02:30` does not say of which zone"),
        (dismissed(when="2021/2022"), "write `[2021..2022]`"),
        (dismissed(tz="PST"), "tz: there is no time zone `PST`; did you mean America/Los_Angeles?"),
        (dismissed(tz=8), "tz: 8 is no text"),
        (dismissed(effective="2020"), "effective: `2020` does not go with the other fields; write a time that is not"),
        (dismissed(person=["ann-lee"]), "person: a list is no text"),
        (dismissed(person={}), "person: an object is no text"),
        (dismissed(summary=""), "summary: an empty text"),
        (dismissed(summary=" "), "summary: an empty text"),
        (dismissed(summary="a\0b"), "summary: the character U+0000 at place 2; leave it out"),
        (dismissed(summary="x" * 10_001), "summary: 10001 characters; write 10000 at most"),
        (dismissed(development="The Story"), "development: `The Story` is no slug; write small letters"),
        (dismissed(stated_times=[{"zone": "ET"}]), "stated_times[0].text: is missing"),
        (dismissed(stated_times="noon"), "stated_times: `noon` is no list; write it in brackets"),
        (dismissed(stated_times=["noon"]), "stated_times[0]: `noon` is no object"),
        (dismissed(published="2026-01-03"), "published: `2026-01-03` reaches more than a day past the present"),
        (base("LetterSigned", letter="x", people=[], when="2021"), "people: an empty list; name one at least"),
        (base("LetterSigned", letter="x", people=["bo-ek"] * 2, when="2021"), "people: `bo-ek` stands twice"),
        (base("LetterSigned", letter="x", people="bo-ek", when="2021"), 'write it in brackets, as ["bo-ek"]'),
        (base("Posted", person="bo-ek", when="2021", regrets="yes"), "regrets: `yes` is neither true nor false"),
        (base("Posted", person="bo-ek", when="2021", regrets=1), "regrets: 1 is neither true nor false"),
        (counted(signed=True), "signed: true is no whole number"),
        (counted(signed="12"), "signed: `12` is no whole number"),
        (counted(signed=1.0), "signed: 1.0 is no whole number"),
        (counted(signed=-1), "signed: -1 is out of range"),
        (counted(signed=2**53), "signed: 9007199254740992 is out of range"),
        (b'{"type": "SignaturesCounted", "signed": ' + b"9" * 400 + b"}", "not JSON"),
        (b'{"type": "SignaturesCounted", "signed": ' + b"9" * 40 + b"}", "signed: a number beyond 9007199254740991"),
        (invested(amount=13), 'amount: 13 is no text; write it in quotes, as "13"'),
        (invested(amount="1,000"), "amount: `1,000` is no decimal number"),
        (invested(amount="1e3"), "amount: `1e3` is no decimal number"),
        (invested(amount="١"), "amount: `١` is no decimal number"),
        (invested(currency="usd"), "currency: `usd` is no currency code"),
        (invested(investor_name=None), "investor: is missing; give the id of the investor"),
        (passage(end=1), "passages[0].end: ends at 1 and begins at 1; end after the start"),
        (passage(sha256="AB" * 32), "passages[0].sha256: `ABAB"),
        (passage(quote="hello"), "passages[0].sha256: is not the digest of the quote"),
        (passage(quote="hell"), "passages[0].quote: has 4 code points"),
        (source(url="ftp://x.org/a"), "url: `ftp://x.org/a` is no address of the web; write it whole, as https://"),
        (source(url="javascript:alert(1)"), "url: `javascript:alert(1)` is no address of the web"),
        (source(url="https://"), "url: `https://` is no address"),
        (source(language="English language"), "language: `English language` is no language tag"),
        (source(source="New Source"), "source: `New Source` is no id; write a slug"),
        (source(machine_translated="no"), "machine_translated: `no` is neither true nor false"),
    ],
)
def test_a_wrong_value_is_a_fault_that_says_what_would_be_right(
    read: Reading, wire: dict[str, Any] | bytes, said: str
) -> None:
    """The fault names the field, and nothing of the line becomes an event."""
    intake = read(wire)
    assert intake.events == []
    assert said in "\n".join(str(fault) for fault in intake.faults)


def test_all_faults_of_one_report_are_told_together(read: Reading) -> None:
    """A reader of the list has to mend the line once."""
    faults = read(dismissed(person="cy-oz", when="soon", basis="sure", office=..., tzdata="x")).faults
    assert [fault.field for fault in faults] == ["when", "basis", "tzdata", "office", "person"]


def test_a_wrong_zone_makes_no_time_wrong_as_well(read: Reading) -> None:
    """Only the zone is reported."""
    assert [fault.field for fault in read(dismissed(tz="Mars/Base", when="2021-05-01T12:00")).faults] == ["tz"]


def test_a_passage_with_its_own_text_is_accepted(read: Reading) -> None:
    """A quote that the digest and the offsets fit."""
    assert read(passage(quote="hello", sha256=HELLO)).faults == []


def test_both_spellings_of_organisation_are_read(read: Reading) -> None:
    """In names of types and of fields."""
    other = {"type": "OrganizationRegistered", "organization": "other", "name": "Other"}
    note = base("Noted", when="2021", summary="x", organizations=["other"])
    note["organization"] = note.pop("organisation")
    assert read(other, note).faults == []


def test_times_are_read_in_the_zone_of_the_report(read: Reading) -> None:
    """Bounds are derived from the text, the zone and the time-zone data that the event names."""
    event = read(dismissed(tz="Asia/Tokyo")).events[0]
    assert event.occurred is not None
    assert event.occurred.earliest == "2021-04-30T15:00:00.000000Z"
    assert event.tzdata is not None


def test_without_a_time_no_time_zone_data_are_named(read: Reading) -> None:
    """A registration of a person depends on none."""
    person = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz"}
    assert [event.tzdata for event in read(person).events] == [None]


def test_null_means_not_given_where_a_field_may_be_left_out(read: Reading) -> None:
    """`development: null` is no development, `seats: null` no limit of seats."""
    office = {"type": "OfficeRegistered", "organisation": "acme", "office": "director", "title": "Director"}
    intake = read(dismissed(development=None, id=None), {**office, "seats": None})
    assert intake.faults == []
    assert vars(intake.events[1])["seats"] is None


@pytest.mark.parametrize(("published", "faults"), [("2026-01-02T00:00:00Z", 0), ("2026-01-02T00:00:00.000001Z", 1)])
def test_published_may_be_a_day_ahead_of_the_clock(
    read: Reading, known: MemoryKnown, published: str, faults: int
) -> None:
    """The present is what the archive says it is."""
    assert known.now == "2026-01-01T00:00:00.000000Z"
    assert len(read(dismissed(published=published)).faults) == faults
