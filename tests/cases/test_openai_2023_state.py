"""The state of OpenAI and Microsoft that the article supports, worked out from the article by hand.

A name alone is certain, one with `?` possible; after a slash stands the capacity. Days and times are Pacific.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archive import Archive
from archive.times import parse_question

PACIFIC = "America/Los_Angeles"
State = dict[str, str]

NONPROFIT = {"legal_form": "non-profit", "chief-scientist": "unknown ilya-sutskever?", "exists": "certain"}
CAPPED = {**NONPROFIT, "legal_form": "capped-profit", "largest_investor": "microsoft"}
SPRING = {**CAPPED, "matter opc-investigation": "open"}
EVE = {**SPRING, "ceo": "held sam-altman", "matter board-meeting-2023-11-17": "open?"}
FRIDAY = {
    **EVE,
    "chief-scientist": "held ilya-sutskever",
    "chair": "held greg-brockman",
    "president": "held greg-brockman",
    "matter board-meeting-2023-11-17": "open",
}
FOUR = "adam-dangelo helen-toner ilya-sutskever tasha-mccauley"
BETWEEN = {
    **FRIDAY,
    "ceo": "unknown mira-murati?/interim sam-altman?",
    "chair": "unknown greg-brockman?",
    "president": "unknown greg-brockman?",
    "director": f"held {FOUR} greg-brockman? sam-altman?",
    "matter board-meeting-2023-11-17": "closed held",
}
SATURDAY = {**BETWEEN, "ceo": "held mira-murati/interim", "chair": "vacant", "cto": "held mira-murati"}
TALKS = {**SATURDAY, "matter return-talks": "open", "microsoft ceo": "held satya-nadella"}
SESSION = {**TALKS, "announced": "emmett-shear?", "matter return-talks-2023-11-19": "closed held"}
EVENING = {
    **SESSION,
    "ceo": "unknown emmett-shear? mira-murati?/interim",
    "matter return-talks": "closed failed? open?",
}
MONDAY = {
    **SESSION,
    "ceo": "held emmett-shear",
    "announced": "",
    "microsoft announced": "greg-brockman sam-altman",
    "matter return-talks": "closed failed",
}
DAWN_OVER = {**MONDAY, "coo": "held brad-lightcap", "cso": "held jason-kwon"}

AT_PRESS: dict[str, State] = {
    "2014-12-31": {},
    "2015-06-30": {"legal_form": "non-profit?", "chief-scientist": "unknown ilya-sutskever?", "exists": "possible"},
    "2016": NONPROFIT,
    "2018-12-31": NONPROFIT,
    "2019-06-30": {**NONPROFIT, "legal_form": "capped-profit? non-profit?", "largest_investor": "microsoft?"},
    "2020": CAPPED,
    "2023-04-03": CAPPED,
    "2023-04-04": SPRING,
    "2023-11-16T18:59": SPRING,
    "2023-11-16T19:00": EVE,
    "2023-11-17T09:00": FRIDAY,
    "2023-11-17T11:59:59.999999": FRIDAY,
    "2023-11-17T12:00": BETWEEN,
    "2023-11-17T18:00": BETWEEN,
    "2023-11-17": BETWEEN | {"ceo": "held mira-murati/interim", "chair": "vacant", "cto": "held mira-murati"},
    "2023-11-18T11:59": SATURDAY,
    "2023-11-18T15:00": {**SATURDAY, "matter return-talks": "open?"},
    "2023-11-19T12:00": TALKS,
    "2023-11-19T14:00": SESSION,
    "2023-11-19T18:00": EVENING,
    "2023-11-19T22:30": {**EVENING, "microsoft announced": "greg-brockman? sam-altman?"},
    "2023-11-20T00:00": MONDAY,
    "2023-11-20T06:00": {**DAWN_OVER, "letter": "open?"},
    "2023-11-20T10:59": {**DAWN_OVER, "letter": "open?"},
    "2023-11-20T12:00": {**DAWN_OVER, "letter": "open 650 of 770"},
    "2023-11-20": {**DAWN_OVER, "letter": "open 650 of 770", "valuation": "90000000000"},
}
"""What is held to be so when the article's own voice and the press are believed."""

TURNED = {"legal_form": "capped-profit"}
PROBED = {**TURNED, "matter opc-investigation": "open"}
REMOVED = {**PROBED, "ceo": "unknown mira-murati?/interim sam-altman?", "chair": "unknown greg-brockman?"}
FIRED = {**PROBED, "ceo": "held mira-murati/interim", "chair": "vacant", "cto": "held mira-murati"}
HIRED = {**FIRED, "microsoft announced": "greg-brockman sam-altman"}
AT_OFFICIAL: dict[str, State] = {
    "2016": {},
    "2019-06-30": {"legal_form": "capped-profit?"},
    "2020": TURNED,
    "2023-04-03": TURNED,
    "2023-04-04": PROBED,
    "2023-11-16T19:00": PROBED,
    "2023-11-17T11:59:59.999999": PROBED,
    "2023-11-17T12:00": REMOVED,
    "2023-11-17T18:00": REMOVED,
    "2023-11-17": FIRED,
    "2023-11-18T15:00": FIRED,
    "2023-11-19T12:00": FIRED,
    "2023-11-19T18:00": FIRED,
    "2023-11-19T22:30": {**FIRED, "microsoft announced": "greg-brockman? sam-altman?"},
    "2023-11-20T00:00": HIRED,
    "2023-11-20T06:00": HIRED,
    "2023-11-20T12:00": HIRED,
    "2023-11-20": HIRED,
}
"""What OpenAI, Microsoft and the commissioner have themselves announced: no word of Shear is official."""


@pytest.mark.parametrize(("basis", "expected"), [("press", AT_PRESS), ("official", AT_OFFICIAL)])
def test_the_state_is_what_the_article_supports(case: Archive, basis: str, expected: dict[str, State]) -> None:
    """Offices, announcements, matters, letter and attributes, at each instant and floor."""
    found = {
        at: state_of(case.project(parse_question(at, PACIFIC), ["openai", "microsoft"], basis=basis)) for at in expected
    }
    assert found == {at: {key: shown for key, shown in state.items() if shown} for at, state in expected.items()}


@pytest.mark.parametrize("basis", ["official", "first_hand", "stated", "press", "rumour"])
def test_nobody_has_joined_microsoft(case: Archive, basis: str) -> None:
    """Announced is not begun, at whatever floor."""
    asked = case.project(parse_question("2023-11-20", PACIFIC), ["microsoft"], basis=basis)
    assert asked["organisations"][0]["employees"] == []


@pytest.mark.parametrize("basis", ["official", "press"])
def test_the_announced_hires_are_still_to_begin(case: Archive, basis: str) -> None:
    """Both are listed with the role that they were promised."""
    asked = case.project(parse_question("2023-11-20T01:00", PACIFIC), ["microsoft"], basis=basis)
    roles = {item["person"]: item["role"] for item in asked["organisations"][0]["announced"]}
    assert set(roles) == {"sam-altman", "greg-brockman"}
    assert all("research team" in role for role in roles.values())


def test_the_count_of_signatures_is_of_the_time_of_writing(case: Archive) -> None:
    """The article counts up to its own present, and it tells of a post of eleven o'clock."""

    def signed(at: str) -> list[int | None]:
        (openai,) = case.project(parse_question(at, PACIFIC), ["openai"])["organisations"]
        return [item["signed"] for item in openai["letters"]]

    assert [signed("2023-11-20T10:59"), signed("2023-11-20")] == [[None], [650]]


def test_employees_and_investors_are_those_that_are_named(case: Archive) -> None:
    """Of the many employees three spoke up by name; three researchers who left have none."""
    (openai,) = case.project(parse_question("2023-11-20", PACIFIC), ["openai"])["organisations"]
    certain = [item for item in openai["employees"] + openai["investors"] if item["certainty"] == "certain"]
    assert {item["person"] for item in certain} == {
        *("ilya-sutskever", "mira-murati", "brad-lightcap", "jason-kwon"),
        *("founding backers", "microsoft", "thrive-capital"),
    }


def test_before_the_announcement_was_public_no_dismissal_was_known(case: Archive) -> None:
    """At noon of the 17th the public knew nothing; a day later OpenAI had said it."""
    at = parse_question("2023-11-18T12:00", PACIFIC)

    def chief(reported: str) -> str | None:
        asked = case.project(at, ["openai"], as_reported=parse_question(reported, PACIFIC))
        return state_of(asked).get("ceo")

    assert chief("2023-11-17T12:00") is None
    assert chief("2023-11-18") == "held mira-murati/interim"


def state_of(snapshot: dict[str, Any]) -> State:
    """The snapshot in short; offices of which nothing is known are left out."""
    state: State = {}
    for organisation in snapshot["organisations"]:
        prefix = "" if organisation["id"] == "openai" else f"{organisation['id']} "
        for office in organisation["offices"]:
            holders = " ".join(sorted(map(_holder, office["holders"]), key=lambda shown: ("?" in shown, shown)))
            if holders or office["status"] != "unknown":
                state[prefix + office["id"]] = f"{office['status']} {holders}".strip()
        if organisation["announced"]:
            state[f"{prefix}announced"] = _joined(
                _certainty(item["person"], item) for item in organisation["announced"]
            )
    openai = next(item for item in snapshot["organisations"] if item["id"] == "openai")
    for attribute in ("legal_form", "largest_investor", "valuation"):
        _put(state, attribute, openai["attributes"], attribute, lambda item: item["value"])
    for matter in sorted({item["id"] for item in openai["matters"]}):
        _put(state, f"matter {matter}", openai["matters"], matter, _matter)
    _put(state, "letter", openai["letters"], "open-letter", _letter)
    if openai["exists"] in ("certain", "possible"):
        state["exists"] = openai["exists"]
    return state


def _put(
    state: State, key: str, items: list[dict[str, Any]], wanted: str, show: Callable[[dict[str, Any]], str]
) -> None:
    if shown := _joined(_certainty(show(item), item) for item in items if item["id"] == wanted):
        state[key] = shown


def _joined(shown: Iterator[str]) -> str:
    return " ".join(sorted(shown))


def _certainty(shown: str, item: dict[str, Any]) -> str:
    return shown if item["certainty"] == "certain" else f"{shown}?"


def _holder(holder: dict[str, Any]) -> str:
    capacity = f"/{holder['capacity']}" if holder["capacity"] else ""
    return _certainty(holder["person"], holder) + capacity


def _matter(matter: dict[str, Any]) -> str:
    return f"closed {matter['outcome']}" if matter["status"] == "closed" else "open"


def _letter(letter: dict[str, Any]) -> str:
    counted = letter["signed"] is not None and letter["certainty"] == "certain"
    return f"{letter['status']} {letter['signed']} of {letter['of']}" if counted else str(letter["status"])
