"""A passage is what stands in the kept text, at its place and nowhere like it."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake import Intake, MemoryKnown, read_hand, read_reports
from archive.intake.passages import Texts, completed, line_of
from events import Passage
from events.identity import OrganisationRegistered
from events.products import Noted
from events.sources import SourceRegistered, SourceVersionRegistered
from events.values import OrganisationId, Sha256, SourceId
from tests.intake.conftest import MAY

TEXT = "Ann leaves.\r\nBen leads; Ann thanks 李安.\nＡcme goes on \U0001f600 from today."
LATER = "Ann leaves for Beta.\nBen leads."
ONE, TWO, BARE = (Sha256(character * 64) for character in "123")
NOTED = {"type": "Noted", "organisation": "acme", "summary": "b", "when": "2020"}
SOURCE, DETACHED = SourceId("gazette"), SourceId("wire")


@pytest.fixture
def known() -> MemoryKnown:
    """A source with two versions whose texts are kept, one registered without its text, and a note on it (5)."""
    return MemoryKnown(
        [
            OrganisationRegistered(organisation=OrganisationId("acme"), name="Acme"),
            SourceRegistered(source=SOURCE, sha256=ONE),
            SourceVersionRegistered(source=SOURCE, sha256=TWO),
            SourceRegistered(source=DETACHED, sha256=BARE),
            Noted(organisation=OrganisationId("acme"), source=SOURCE, summary="a", when=MAY),
        ],
        texts={ONE: TEXT, TWO: LATER},
    )


def digest(text: str) -> str:
    """The digest of a passage."""
    return sha256(text.encode()).hexdigest()


def noted(known: MemoryKnown, *passages: Any, **more: Any) -> Intake:
    """What becomes of a report with these passages."""
    wire = {**NOTED, "source": SOURCE, "passages": passages, **more}
    return read_reports(BytesIO(orjson.dumps(wire)), "f", known)


def passages_of(intake: Intake) -> tuple[Passage, ...]:
    """Those of the one event."""
    assert intake.faults == []
    (event,) = intake.events
    assert isinstance(event, Noted)
    return event.passages


@pytest.mark.parametrize(
    ("given_", "start", "end"),
    [
        ({"quote": "Ben leads"}, 13, 22),
        ({"start": 13, "end": 22}, 13, 22),
        ({"start": 24, "quote": "Ann"}, 24, 27),
        ({"end": 27, "quote": "Ann"}, 24, 27),
        ({"start": 13, "end": 22, "sha256": digest("Ben leads")}, 13, 22),
        ({"quote": "leaves.\r\nBen"}, 4, 16),
        ({"quote": "\U0001f600 from"}, 52, 58),
    ],
)
def test_what_follows_from_the_text_is_completed(
    known: MemoryKnown, given_: dict[str, Any], start: int, end: int
) -> None:
    """The event has start, end in code points and digest, and the quote only where one was given."""
    (passage,) = passages_of(noted(known, given_))
    assert passage == Passage(start, end, digest(TEXT[start:end]), given_.get("quote"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"quote": "Ann"}, "passages[0].quote: `Ann` stands 2 times: at 0 (line 1), 24 (line 2)"),
        ({"quote": "ben leads"}, "does not stand in the source; quote it exactly"),
        ({"quote": "Ben\nleads"}, "blanks and widths apart it is like line 2"),
        ({"quote": "Acme goes on"}, "blanks and widths apart it is like line 3"),
        ({"quote": "for Beta"}, f'it stands in another version of the source: give "source_version": "{TWO}"'),
        ({"start": 12, "end": 21, "quote": "Ben leads"}, "the quote stands at 13 to 22, line 2"),
        ({"start": 1, "end": 4, "quote": "Ann"}, "the quote stands there more than once"),
        ({"start": 13, "end": 22, "sha256": digest("x")}, "is not what the text has at 13 to 22, line 2: `Ben leads`"),
        ({"start": 13, "end": 22, "quote": "Ben leads", "sha256": digest("x")}, "is not what the text has at 13 to 22"),
        ({"start": 60, "end": 999}, f"ends at 999, and the text has {len(TEXT)} code points"),
        ({"start": 9, "end": 9}, "passages[0].end: ends at 9 and begins at 9"),
        ({"start": 9}, "passages[0].end: is missing"),
        ({}, "passages[0].start: is missing"),
        ({"quote": ""}, "passages[0].quote: an empty text"),
        ({"quote": "Ann leaves", "page": 3}, "passages[0].page: is no field of Passage"),
    ],
)
def test_what_does_not_stand_there_is_a_fault_with_its_way_out(
    known: MemoryKnown, given_: dict[str, Any], said: str
) -> None:
    """Never a lookalike; a passage that is right beside it has no fault."""
    faults = [str(fault) for fault in noted(known, given_, {"quote": "Ben leads"}).faults]
    assert any(said in fault for fault in faults), faults
    assert not any("passages[1]" in fault for fault in faults)


def test_a_report_speaks_of_one_version(known: MemoryKnown) -> None:
    """The first unless it names another; a digest that is no version is a fault."""
    (passage,) = passages_of(noted(known, {"quote": "for Beta"}, source_version=TWO))
    assert (passage.start, passage.end) == (11, 19)
    faults = [str(fault) for fault in noted(known, source_version=BARE).faults]
    assert faults == [f"f:1: source_version: `{BARE[:60]}…` is no version of `gazette`; it has `{ONE}` or `{TWO}`"]


def test_a_version_may_be_registered_in_the_same_append(known: MemoryKnown) -> None:
    """Before or after the report that names it."""
    digest_ = "4" * 64
    lines = [
        {
            "type": "Noted",
            "organisation": "acme",
            "source": SOURCE,
            "summary": "c",
            "when": "2020",
            "source_version": digest_,
        },
        {"type": "SourceVersionRegistered", "source": SOURCE, "sha256": digest_},
    ]
    assert read_reports(BytesIO(b"\n".join(map(orjson.dumps, lines))), "f", known).faults == []


def test_without_a_kept_text_a_place_is_taken_unchecked_and_a_quote_alone_is_not(known: MemoryKnown) -> None:
    """The fault names the command that keeps the text."""
    whole = {"start": 1, "end": 4, "sha256": digest("abc")}
    assert len(passages_of(noted(known, whole, {"start": 5, "quote": "defg"}, source=DETACHED))) == 2
    for given_ in ({"quote": "abc"}, {"start": 1, "end": 4}):
        (fault,) = noted(known, given_, source=DETACHED).faults
        assert "archive source attach wire FILE" in str(fault)


def test_an_amendment_of_passages_is_checked_too(known: MemoryKnown) -> None:
    """Against the source of the entry."""
    wire = {"type": "Amended", "target": 5, "changes": {"passages": [{"quote": "Ann"}, {"quote": "Ben leads"}]}}
    (fault,) = read_reports(BytesIO(orjson.dumps(wire)), "f", known).faults
    assert "changes.passages[0].quote: `Ann` stands 2 times" in str(fault)
    wire["changes"] = {"passages": [{"quote": "Ben leads"}]}
    (event,) = read_reports(BytesIO(orjson.dumps(wire)), "f", known).events
    stored = [{"start": 13, "end": 22, "sha256": digest("Ben leads"), "quote": "Ben leads"}]
    assert event.changes == {"passages": stored}  # type: ignore[attr-defined]


def test_an_amendment_of_the_source_alone_checks_what_the_entry_cites(known: MemoryKnown) -> None:
    """The passages stay, and must stand in the source or version that changes."""
    (note,) = noted(known, {"quote": "Ben leads"}).events
    known = MemoryKnown([*known.events, note], texts={ONE: TEXT, TWO: LATER})
    wire: dict[str, Any] = {"type": "Amended", "target": 6, "changes": {"source_version": TWO}}
    (fault,) = read_reports(BytesIO(orjson.dumps(wire)), "f", known).faults
    assert "changes.passages[0]: is not what the text has at 13 to 22, line 1: `r Beta" in str(fault)
    assert "the quote stands at 21 to 30, line 2" in str(fault)
    wire["changes"]["passages"] = [{"quote": "Ben leads"}]
    assert read_reports(BytesIO(orjson.dumps(wire)), "f", known).faults == []


def test_a_quote_that_stands_very_often_is_told_shortly() -> None:
    """Ten places are listed, and no more than a thousand counted."""
    _, (wrong,) = completed([{"quote": "a"}], Texts("s", {ONE: "a" * 5_000_000}, ONE))
    assert wrong.problem.startswith("`a` stands more than 1000 times: at 0 (line 1), 1 (line 1)")
    assert wrong.problem.endswith("9 (line 1) and so on")


def test_by_hand_a_place_or_a_quote_is_a_field(known: MemoryKnown) -> None:
    """Each may be given again, in order."""
    fields = ["organisation=acme", f"source={SOURCE}", "summary=b", "when=2020"]
    intake = read_hand("Noted", [*fields, "passage=0-3", "quote=Ben leads"], known)
    assert [(one.start, one.end, one.quote) for one in passages_of(intake)] == [(0, 3, None), (13, 22, "Ben leads")]
    (fault,) = read_hand("Noted", [*fields, "passage=3"], known).faults
    assert "`3` is no place; write START-END" in str(fault)


@given(st.text("ab\n 李\U0001f600", min_size=1, max_size=30), st.data())
def test_a_quote_is_located_exactly_where_it_stands_once(text: str, data: st.DataObject) -> None:
    """Whatever stretch of whatever text: located if it stands once, else a fault that lists the first place."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    times = sum(text.startswith(quote, place) for place in range(len(text)))
    (read,), wrongs = completed([{"quote": quote}], Texts("s", {ONE: text}, ONE))
    if times == 1:
        assert wrongs == []
        assert read == {"quote": quote, "start": start, "end": end, "sha256": digest(quote)}
        return
    first = text.find(quote)
    assert f"stands {times} times: at {first} (line {line_of(text, first)})" in wrongs[0].problem
