"""Names: a field that names a person, an organisation or an office takes an id or any recorded name."""

from io import BytesIO
from typing import Any
from unicodedata import normalize

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake import MemoryKnown, nearest_of, read_hand, read_reports
from events import Event, to_plain
from events.names import fold_name
from tests.intake.conftest import Reading, appended, dismissed, named, said

SPELLING = '{"type":"NameRecorded","person":"ann-lee","name":"Ann Leigh","source":"acme-release"}'
BETA = {"type": "OrganisationRegistered", "organisation": "beta", "name": "Beta Ltd"}
CHAIR = {"type": "OfficeRegistered", "organisation": "BETA LTD", "office": "chair", "title": "Chair"}
CY: dict[str, Any] = {"type": "PersonRegistered", "person": "cy-oz", "name": "Cy Oz", "names": ["オズ・サイ"]}


@pytest.mark.parametrize("person", ["Ann Lee", "ANN  LEE", "ａｎｎ ｌｅｅ", "李安", "ANN-LEE", "ann\u00a0lee\u200b"])
@pytest.mark.parametrize("organisation", ["Acme", "ＡＣＭＥ"])
@pytest.mark.parametrize("office", ["Chief Executive", "CEO"])
def test_any_recorded_name_gives_the_event_that_the_id_gives(
    read: Reading, person: str, organisation: str, office: str
) -> None:
    """In any case and width; the title of an office is a name of it."""
    wire = dismissed(person=person, organisation=organisation, office=office)
    assert read(wire) == read(dismissed())


def test_names_stand_for_ids_in_lists_and_in_ballots(read: Reading) -> None:
    """Wherever an id may."""
    fields = {"type": "VoteHeld", "office": ..., "person": ..., "vote": "v", "motion": "m"}
    by_name = dismissed(
        **fields, ballots=[{"person": "李安", "choice": "for"}, {"person": "bo ek", "choice": "against"}]
    )
    by_id = dismissed(
        **fields, ballots=[{"person": "ann-lee", "choice": "for"}, {"person": "bo-ek", "choice": "against"}]
    )
    assert read(by_name) == read(by_id)
    joined = {"type": "Departed", "office": ..., "person": ...}
    assert read(dismissed(**joined, people=["Bo Ek", "李安"])) == read(dismissed(**joined, people=["bo-ek", "ann-lee"]))


def test_names_stand_for_ids_in_amendments(read: Reading) -> None:
    """Also the organisation's, which stays what it was."""
    by_name = {
        "type": "Amended",
        "target": 6,
        "changes": {"person": "BO EK", "organisation": "Acme", "replaces": "李安"},
    }
    by_id = {
        "type": "Amended",
        "target": 6,
        "changes": {"person": "bo-ek", "organisation": "acme", "replaces": "ann-lee"},
    }
    assert read(by_name) == read(by_id)
    assert read(by_id).faults == []
    (fault,) = read({"type": "Amended", "target": 6, "changes": {"person": "Bo Eck"}}).faults
    assert fault.field == "changes.person"
    assert "there is no person `Bo Eck`; did you mean `bo-ek` (Bo Ek)?" in str(fault)


def test_names_are_recorded_anywhere_in_the_same_append(read: Reading) -> None:
    """By registrations and by reports of names, whose own subject may be such a name."""
    wires = [
        dismissed(organisation="β", office="the seat", person="C."),
        named("C.", person="オズ サイ"),
        named("the seat", organisation="Beta ltd", office="CHAIR"),
        named("β", organisation="Beta Ltd"),
        CHAIR,
        BETA,
        CY,
    ]
    intake = read(*wires)
    assert intake.faults == []
    assert (to_plain(intake.events[0])["person"], intake.events[0].stream) == ("cy-oz", "organisation/beta")
    assert to_plain(intake.events[2])["office"] == "chair"


def test_an_id_wins_over_a_name(read: Reading) -> None:
    """Somebody may be called as another's id is."""
    intake = read(named("bo-ek", person="ann-lee"), dismissed(person="bo-ek"), dismissed(person="BO-EK", id="2"))
    assert to_plain(intake.events[1] if intake.events[1:] else intake.events[0])["person"] == "bo-ek"
    both = "`BO-EK` may be `ann-lee` (Ann Lee) and `bo-ek` (Bo Ek)"
    assert said(intake) == [f"f.jsonl:3: person: {both}; write the id of the one that is meant"]


def test_an_ambiguous_name_names_its_candidates(read: Reading) -> None:
    """Wherever the names were recorded; a name that was clear before is not clear any more."""
    faults = said(
        read({**CY, "names": ["Lee"]}, named("LEE", person="李安"), dismissed(person="lee"), named("x", person="Lee"))
    )
    whose = "`lee` may be `ann-lee` (Ann Lee) and `cy-oz` (Cy Oz); write the id of the one that is meant"
    assert faults == [f"f.jsonl:3: person: {whose}", f"f.jsonl:4: person: {whose.replace('`lee`', '`Lee`')}"]


def test_two_names_of_one_in_a_list_are_the_same_twice(read: Reading) -> None:
    """As the same id twice is."""
    wire = dismissed(type="Departed", office=..., person=..., people=["Ann Lee", "bo-ek", "李安"])
    assert said(read(wire)) == ["f.jsonl:1: people: `Ann Lee` and `李安` both mean `ann-lee`; name each once"]


def test_an_unknown_name_says_what_would_record_it_or_register_it(read: Reading) -> None:
    """Lines and commands that can be used as they are; told once for all reports that have the name."""
    one, other = read(dismissed(person="Ann Leigh"), dismissed(person="Ann Leigh", when="2022")).faults
    assert one.ways == (
        f"if it is a spelling of `ann-lee` (Ann Lee), record it: {SPELLING}",
        "  by hand: archive append NameRecorded person=ann-lee 'name=Ann Leigh' source=acme-release",
        'if the person is new, register it: {"type":"PersonRegistered","person":"ann-leigh","name":"Ann Leigh"}',
        "  by hand: archive append PersonRegistered person=ann-leigh 'name=Ann Leigh'",
    )
    assert str(other).endswith("there is no person `Ann Leigh`; did you mean `ann-lee` (Ann Lee)?")
    assert other.ways == ()


@pytest.mark.parametrize("way", [0, 2])
def test_what_a_fault_proposes_mends_it(read: Reading, way: int) -> None:
    """Both as a spelling and as somebody new."""
    wire = dismissed(person="Ann Leigh")
    (fault,) = read(wire).faults
    line = fault.ways[way].partition(": ")[2]
    mended = read(wire, line.encode())
    assert mended.faults == []
    assert to_plain(mended.events[0])["person"] == ("ann-lee" if way == 0 else "ann-leigh")


def test_the_nearest_of_a_name_is_found_across_scripts() -> None:
    """Kana as they sound, parts of a name, one letter or another."""
    names = {
        "ilya": ("Ilya Sutskever", "イリヤ・スツケヴァー"),
        "sam": ("Sam Altman",),
        "mira": ("ミラ・ムラティ",),
        "yamada": ("山田太郎",),
    }
    for text, id_ in (
        ("イリヤ・スツケバー", "ilya"),
        ("スツケヴァー", "ilya"),
        ("サム・アルトマン", "sam"),
        ("Mira Murati", "mira"),
        ("山田", "yamada"),
        ("山田太朗", "yamada"),
    ):
        assert nearest_of(text, names)[0].id == id_, text
    assert nearest_of("佐藤", names) == []


WORDS = st.text("abcdeAÉéßΩЖжあアヴァー李安山・·'’- .ｱｶﾞ①", min_size=1, max_size=12)
SPELLINGS = WORDS.filter(lambda text: bool(fold_name(text)))


@st.composite
def respelt(draw: st.DrawFn, text: str) -> str:
    """The same name in another case, width, composition or spacing."""
    for change in draw(st.lists(st.sampled_from(["upper", "NFD", "NFKC", "NFKD", "spaces", "dots", "unseen", "wide"]))):
        if change == "upper":
            # Not of every letter: the capital of one is two of another.
            text = "".join(one.upper() if fold_name(one.upper()) == fold_name(one) else one for one in text)
        elif change == "spaces":
            text = f" {text.replace(' ', '　 ')}\t"
        elif change == "dots":
            text = text.replace("・", "･")
        elif change == "unseen":
            text = f"\u200b{text}\u00ad"
        elif change == "wide":
            text = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
        else:
            text = normalize(change, text)  # type: ignore[arg-type]
    return text


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_folding_is_idempotent_and_heeds_no_composition(text: str, form: Any) -> None:
    """Any characters at all."""
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_name(normalize(form, text)) == fold_name(text)
    assert fold_name(text.casefold()) == fold_name(text)


def test_a_space_between_kanji_is_none() -> None:
    """Some write it between surname and given name; between kana a space or dot parts words."""
    assert fold_name("鈴木 花子") == fold_name("鈴木　花子") == fold_name("鈴木花子")
    assert fold_name("鈴木 さくら") != fold_name("鈴木さくら")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Muller", "Müller"),
        ("ヴァ", "バ"),
        ("サムアルトマン", "サム・アルトマン"),
        ("オーナー", "オナ"),
        ("はは", "ハハ"),
    ],
)
def test_two_names_are_never_taken_for_one(one: str, other: str) -> None:
    """Accents, marks of length and kana tell names apart."""
    assert fold_name(one) != fold_name(other)


@given(st.data(), SPELLINGS, SPELLINGS)
def test_a_recorded_spelling_gives_the_event_of_the_id_and_any_other_a_fault(
    data: st.DataObject, name: str, other: str
) -> None:
    """In random case, width and script, by file and by hand."""
    registrations: list[Event] = list(MEMORY.events)
    base = appended(MemoryKnown(registrations), {**CY, "name": name, "names": []})
    assert base.faults == []
    known = MemoryKnown([*registrations, *base.events])
    wire = dismissed(person=data.draw(respelt(name)))
    if fold_name(name) in {fold_name(known_as) for known_as in ("Ann Lee", "Bo Ek", "ann-lee", "bo-ek")}:
        return
    assert (
        read_reports(BytesIO(orjson.dumps(wire)), "f", known).events
        == appended(known, dismissed(person="cy-oz")).events
    )
    arguments = [f"{key}={value}" for key, value in wire.items() if key != "type"]
    assert read_hand("Dismissed", arguments, known).events == appended(known, dismissed(person="cy-oz")).events
    if fold_name(other) not in {fold_name(text) for text in (name, "cy-oz", "Ann Lee", "Bo Ek", "ann-lee", "bo-ek")}:
        (fault,) = appended(known, dismissed(person=other)).faults
        assert fault.field == "person"


MEMORY = MemoryKnown(
    appended(
        MemoryKnown(),
        {"type": "OrganisationRegistered", "organisation": "acme", "name": "Acme"},
        {"type": "OfficeRegistered", "organisation": "acme", "office": "ceo", "title": "Chief executive"},
        {"type": "PersonRegistered", "person": "ann-lee", "name": "Ann Lee"},
        {"type": "PersonRegistered", "person": "bo-ek", "name": "Bo Ek"},
        {"type": "SourceRegistered", "source": "acme-release"},
    ).events
)
