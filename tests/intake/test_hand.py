"""Hand entry: arguments to the same object, and the same checks."""

import pytest

from archive.intake import MemoryKnown, read_hand, to_wire
from archive.intake.hand import to_object

ABOUT_ACME = ["organisation=acme", "source=acme-release"]
DISMISSED = [*ABOUT_ACME, "office=ceo", "person=ann-lee", "when=2021-05-01"]


def test_arguments_read_as_a_report_does(known: MemoryKnown) -> None:
    """Each gives a field; the rest of the text after the first `=` is its value."""
    intake = read_hand("Dismissed", [*DISMISSED, "summary=a=b"], known)
    assert intake.faults == []
    assert to_wire(intake.events[0]) == {
        "type": "Dismissed",
        "organisation": "acme",
        "office": "ceo",
        "person": "ann-lee",
        "when": "2021-05-01",
        "source": "acme-release",
        "summary": "a=b",
    }


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("LetterSigned", "people=ann-lee, bo-ek", ["ann-lee", "bo-ek"]),
        ("LetterSigned", 'people=["ann-lee"]', ["ann-lee"]),
        ("OpenLetterPublished", "demands=leave, all of you", ["leave, all of you"]),
        ("SignaturesCounted", "signed=505", 505),
        ("SignaturesCounted", "signed=many", "many"),
        ("InvestmentMade", "amount=13", "13"),
        ("Posted", "regrets=true", True),
        ("Posted", "platform=true", "true"),
        ("OfficeRegistered", "seats=null", None),
        ("PersonRegistered", "name=null", "null"),
        ("Dismissed", 'stated_times={"text": "noon"}', [{"text": "noon"}]),
        ("Amended", 'changes={"person": "bo-ek"}', {"person": "bo-ek"}),
        ("Dismissed", "unheard=of", "of"),
    ],
)
def test_a_text_becomes_what_its_field_holds(name: str, argument: str, value: object) -> None:
    """Numbers, truths, lists and objects where the field holds them; else the text."""
    assert to_object(name, [argument]) == {"type": name, argument.partition("=")[0]: value}


def test_a_list_grows_with_each_argument() -> None:
    """So that a text of a list may have commas."""
    wire = to_object("OpenLetterPublished", ["demands=one, two", "demands=three"])
    assert wire["demands"] == ["one, two", "three"]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Dismised", [], "command line: type: there is no type `Dismised`; did you mean `Dismissed`"),
        ("Dismissed", ["when"], "command line: `when` gives no field; write field=value"),
        ("Dismissed", ["=x"], "command line: `=x` gives no field"),
        ("Dismissed", ["type=x"], "command line: type: is given by the first word already; leave it out"),
        ("Dismissed", ["when=1", "when=2"], "command line: when: is given twice; it takes one value"),
        ("Dismissed", ["passages=[{"], "command line: passages: not JSON at column"),
        ("Dismissed", ["passages=\udcff"], "command line: passages: half of a surrogate pair"),
        ("Dismissed", [*DISMISSED, "summary=\udcff"], "command line: summary: half of a surrogate pair"),
        ("Dismissed", [*DISMISSED[:-1]], "command line: when: is missing"),
        ("SignaturesCounted", ["signed=many"], "command line: signed: `many` is no whole number"),
    ],
)
def test_a_wrong_argument_is_a_fault_of_the_command_line(
    known: MemoryKnown, name: str, arguments: list[str], said: str
) -> None:
    """Faults read as those of a file."""
    intake = read_hand(name, arguments, known)
    assert intake.events == []
    assert said in "\n".join(str(fault) for fault in intake.faults)
