"""The oracle answers as DESIGN section 3 says, and would notice each of the faults that it lists."""

from random import Random
from typing import Any

import pytest

from archive.times import parse_question
from events import Event, build, types
from tests.histories import history, when
from tests.laws.questions import entries_of, instants, knowns
from tests.oracle import FAULTS, Entry, Replay, answer, answer_status

MODELS = ("tenures", "employees", "attributes", "matters", "letters")


def report(kind: str, text: str, person: str, *, basis: str = "stated", published: str | None = None) -> Event:
    """A report on the one seat of the table."""
    cls = types()[kind]
    name = next(name for name in ("from", "as_of", "when") if f"{name}_".rstrip("_") in _wire_names(cls))
    plain: dict[str, Any] = {"organisation": "acme", "office": "ceo", "person": person, "source": "s", "basis": basis}
    for field, given in ((name, text), ("published", published)):
        if given:
            moment = when(given)
            plain[field] = {"text": given, "earliest": moment.earliest, "latest": moment.latest}
    event: Event = build(cls, plain)
    return event


def _wire_names(cls: type[Event]) -> set[str]:
    return {name.rstrip("_") for name in cls.__dataclass_fields__}


def seat(*reports: Event) -> list[Entry]:
    """A log with an office of one seat and reports on it."""
    post = {"organisation": "acme", "office": "ceo", "title": "CEO", "seats": 1}
    return entries_of([[build(types()["OfficeRegistered"], post), *reports]])


ONLY_SEEN = seat(report("Attested", "2020-05-01", "a"))
SUCCEEDED = seat(report("Appointed", "2020", "a"), report("Appointed", "2022-03-10", "b"))
GAP = seat(
    report("Attested", "2020", "a"),
    report("Dismissed", "2022-03-10T12:00Z", "a"),
    report("Appointed", "2022-03-11", "b"),
)
DOUBTED = seat(
    report("Attested", "2020", "a", published="2021-01-01"),
    report("LeftInDoubt", "2022-03-10", "a", published="2022-03-10"),
    report("Attested", "2022-05-01", "a", published="2022-05-01"),
)
DISAGREEING = seat(
    report("Appointed", "2022-03-10", "a", basis="press"), report("Appointed", "2022-03-12", "a", basis="official")
)
A, B, MAYBE_A, MAYBE_B = {"a": "certain"}, {"b": "certain"}, {"a": "possible"}, {"b": "possible"}


@pytest.mark.parametrize(
    ("log", "at", "status", "holders", "known"),
    [
        (ONLY_SEEN, "2019", "unknown", {}, {}),
        (ONLY_SEEN, "2020-05-01", "held", A, {}),
        (ONLY_SEEN, "2024", "held", A, {}),
        (SUCCEEDED, "2020-06-01", "unknown", MAYBE_A, {}),
        (SUCCEEDED, "2022-03-09", "held", A, {}),
        (SUCCEEDED, "2022-03-10T12:00Z", "unknown", MAYBE_A | MAYBE_B, {}),
        (SUCCEEDED, "2022-03-10", "held", B, {}),
        (GAP, "2022-03-10", "vacant", {}, {}),
        (GAP, "2022-03-11T06:00Z", "unknown", MAYBE_B, {}),
        (DOUBTED, "2022-03-31", "unknown", MAYBE_A, {"as_reported": "2022-04-30T23:59:59.999999Z"}),
        (DOUBTED, "2022-03-31", "held", A, {}),
        (DISAGREEING, "2022-03-11", "unknown", {}, {"floor": "press"}),
        (DISAGREEING, "2022-03-11", "unknown", {}, {"floor": "official"}),
        (DISAGREEING, "2022-03-12", "held", A, {"floor": "official"}),
    ],
)
def test_the_table_of_the_design(
    log: list[Entry], at: str, status: str, holders: dict[str, str], known: dict[str, str]
) -> None:
    """Every row of the table in DESIGN section 3 is answered as it stands there."""
    question: dict[str, Any] = {"organisation": "acme", "at": parse_question(at), **known}
    assert answer(log, **question) == {"ceo": holders}
    assert answer_status(log, **question) == {"ceo": status}


def test_a_history_is_the_same_for_the_same_seed() -> None:
    """A failure names a seed, and the seed brings the history back."""
    assert history(7) == history(7)
    assert history(7) != history(8)


def test_no_generated_report_is_faulty() -> None:
    """What is generated could have been appended."""
    events = [event for seed in range(20) for append in history(seed) for event in append]
    assert [fault for event in events for fault in event.faults()] == []
    assert len({event.id for append in history(1) for event in append}) == sum(map(len, history(1)))


def test_at_least_ten_faults_are_planted() -> None:
    """DESIGN section 5 asks for ten."""
    assert len(FAULTS) >= 10


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_changes_an_answer(fault: str) -> None:
    """Generated histories tell the replay from one with the fault, so the comparison with the tables would too."""
    assert any(_differs(seed, fault) for seed in range(40)), f"no history notices: {FAULTS[fault]}"


def _differs(seed: int, fault: str) -> bool:
    random = Random(seed)
    entries = entries_of(history(seed, organisations=1))
    moments = instants(random, entries, 40)
    for known in knowns(random, entries, 8):
        asked = (entries, "organisation-1", known.as_reported, known.as_recorded, known.floor)
        right, wrong = Replay(*asked), Replay(*asked, faults=frozenset({fault}))
        if any(right.answer(at, model) != wrong.answer(at, model) for at in moments for model in MODELS):
            return True
    return False
