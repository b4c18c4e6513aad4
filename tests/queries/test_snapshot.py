"""A snapshot answers at an instant, a report time, a record time and a floor, on both databases."""

from typing import Any

import pytest

from archive.errors import NoSuchEntry, UsageError
from archive.log.merkle import EMPTY_ROOT, leaf_hash
from archive.queries.snapshot import UnknownOrganisation
from tests.queries.reported import held, opened, take
from tests.queries.rows import MADE, REGISTERED, ask, began, day, ended, fill, span

NOON = "2023-11-17T12:00:00.000000Z"
FIRING = began(day(1), day(1)) | ended(day(17), day(17, end=True))
SAM = span("tenures", "ceo", "sam-altman", "permanent", positions=[3, 7], basis="official", **FIRING)
MIRA = span("tenures", "ceo", "mira-murati", "interim", **began(day(17), day(17, end=True)))
NAME = span("people", "mira-murati", value="Mira Murati", organisation="")


def office(snapshot: dict[str, Any], which: str = "ceo") -> tuple[str, list[tuple[str, str]]]:
    """The status of an office and who holds it how surely."""
    found = {item["id"]: item for item in snapshot["organisations"][0]["offices"]}[which]
    return found["status"], [(holder["person"], holder["certainty"]) for holder in found["holders"]]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2023-10-31T00:00:00.000000Z", ("unknown", [])),
        (day(1), ("held", [("sam-altman", "certain")])),
        (NOON, ("unknown", [("sam-altman", "possible"), ("mira-murati", "possible")])),
        (day(17, end=True), ("held", [("mira-murati", "certain")])),
    ],
)
def test_a_change_with_bounds_is_unknown_within_them(tables_url: str, at: str, expected: object) -> None:
    """Before the earliest bound the old holder is certain, from the latest on the new one, between them neither."""
    head = fill(tables_url, [*REGISTERED, SAM, MIRA, NAME])
    assert office(ask(tables_url, head, at)) == expected


def test_an_office_whose_last_holder_is_certainly_gone_is_vacant(tables_url: str) -> None:
    """Without a possible beginning; before anybody is known to have held it, it is unknown."""
    head = fill(tables_url, [*REGISTERED, SAM])
    assert office(ask(tables_url, head, day(17, end=True))) == ("vacant", [])
    assert office(ask(tables_url, head, "2015-01-01T00:00:00.000000Z")) == ("unknown", [])


def test_a_beginning_that_nothing_bounds_from_below_is_claimed_only_from_its_latest_bound(tables_url: str) -> None:
    """But it may have been, so that the office is unknown and not vacant."""
    attested = span("tenures", "ceo", "emmett-shear", **began(None, day(20)))
    head = fill(tables_url, [*REGISTERED, SAM, attested])
    assert office(ask(tables_url, head, day(19))) == ("unknown", [])
    assert office(ask(tables_url, head, day(20))) == ("held", [("emmett-shear", "certain")])


def test_a_holder_of_whom_only_the_end_is_known_never_certainly_held(tables_url: str) -> None:
    """A row without any bound of its beginning leaves the office unknown until that end, vacant after."""
    head = fill(tables_url, [*REGISTERED, span("tenures", "ceo", "x", **began(None, None), **ended(day(3), day(3)))])
    assert office(ask(tables_url, head, day(2))) == ("unknown", [])
    assert office(ask(tables_url, head, day(3))) == ("vacant", [])


def test_a_holder_in_doubt_is_possible(tables_url: str) -> None:
    """An end with an earliest bound and no latest one."""
    doubted = span("tenures", "ceo", "sam-altman", **began(None, day(1)), **ended(day(5), None))
    head = fill(tables_url, [*REGISTERED, doubted])
    assert office(ask(tables_url, head, day(30))) == ("unknown", [("sam-altman", "possible")])


def test_the_json_is_that_of_the_design(tables_url: str) -> None:
    """Every key of a holder, and the log that the answer stands for."""
    head = fill(tables_url, [*REGISTERED, MIRA, NAME])
    answer = ask(tables_url, head, day(18))
    (organisation,) = answer.pop("organisations")
    assert answer == {
        "at": day(18),
        "as_reported": None,
        "as_recorded": MADE,
        "basis": "press",
        "log": {"size": 1, "root": head.root},
    }
    assert organisation.pop("offices") == [
        {
            "id": "ceo",
            "title": "Chief",
            "seats": 1,
            "status": "held",
            "holders": [
                {
                    "person": "mira-murati",
                    "name": "Mira Murati",
                    "capacity": "interim",
                    "certainty": "certain",
                    "since": {"earliest": day(17), "latest": day(17, end=True)},
                    "until": None,
                    "basis": "stated",
                    "positions": [1],
                    "disputed": [],
                }
            ],
        }
    ]
    lists = ("employees", "announced", "attributes", "matters", "letters", "investors", "affiliations", "subsidiaries")
    empty: dict[str, object] = {name: [] for name in (*lists, "redacted")}
    assert organisation == {"id": "openai", "name": "OpenAI", "exists": "unknown", **empty}


def test_the_report_clock_hides_what_was_not_public_yet(tables_url: str) -> None:
    """A row stands from the report time at which it came up to that at which another replaced it."""
    early = span("tenures", "ceo", "early", reported_from=day(2), reported_to=day(9))
    late = span("tenures", "ceo", "late", reported_from=day(9))
    head = fill(tables_url, [*REGISTERED, early, late])
    answers = [office(ask(tables_url, head, day(30), as_reported=asked)) for asked in (day(1), day(2), day(9), None)]
    assert [found for _, found in answers] == [[], [("early", "certain")], [("late", "certain")], [("late", "certain")]]


def test_a_floor_admits_what_is_firm_enough(tables_url: str) -> None:
    """A row holds for a range of floors; `opinion` is none."""
    rumour, press = (span("tenures", "ceo", name, floor_from=rank) for name, rank in (("r", 5), ("p", 4)))
    head = fill(tables_url, [*REGISTERED, rumour, press])
    found = {floor: office(ask(tables_url, head, day(1), basis=floor))[1] for floor in ("stated", "press", "rumour")}
    assert found == {"stated": [], "press": [("p", "certain")], "rumour": [("p", "certain"), ("r", "certain")]}
    with pytest.raises(UsageError, match="no floor"):
        ask(tables_url, head, day(1), basis="opinion")


RECORDS = ["2024-01-01T00:00:00.000000Z", "2024-01-01T00:00:00.000000Z", "2024-02-01T00:00:00.000000Z"]


def test_the_record_clock_is_asked_by_instant_or_by_size(tables_url: str) -> None:
    """The answer names the log that it stands for, whose root is that of its size."""
    old = span("tenures", "ceo", "old", recorded_to=RECORDS[2])
    head = fill(
        tables_url, [*REGISTERED, old, span("tenures", "ceo", "new", recorded_from=RECORDS[2])], records=RECORDS
    )
    by_size, by_time = (ask(tables_url, head, day(1), as_recorded=asked) for asked in ("@2", RECORDS[0]))
    assert by_size == by_time
    assert by_size["log"]["size"] == 2
    assert office(by_size) == ("held", [("old", "certain")])
    last = ask(tables_url, head, day(1), as_recorded="9000-01-01T00:00:00.000000Z")
    assert last == ask(tables_url, head, day(1), as_recorded="@3") == ask(tables_url, head, day(1))
    assert last["as_recorded"] == RECORDS[2]
    assert office(last) == ("held", [("new", "certain")])


def test_the_root_of_a_single_entry_is_its_leaf(tables_url: str) -> None:
    """The root of an earlier size is computed from the leaves up to it."""
    head = fill(tables_url, REGISTERED, records=[RECORDS[0], RECORDS[2]])
    assert ask(tables_url, head, day(1), as_recorded="@1")["log"]["root"] == leaf_hash(b"1").hex()


def test_an_empty_log_has_an_answer(tables_url: str) -> None:
    """No organisation, and the root of the empty tree."""
    answer = ask(tables_url, fill(tables_url, [], records=[]), day(1))
    assert answer["log"] == {"size": 0, "root": EMPTY_ROOT.hex()}
    assert answer["organisations"] == []


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ("@1", UsageError, "inside one append, that of the entries 1 to 2"),
        ("@4", NoSuchEntry, "ends at 3 and has no size 4 yet"),
        ("@-1", UsageError, "no size"),
        ("@²", UsageError, "no size"),
    ],
)
def test_a_size_that_was_never_a_state_is_refused(
    tables_url: str, asked: str, error: type[Exception], said: str
) -> None:
    """Entries of one append were recorded together."""
    head = fill(tables_url, REGISTERED, records=RECORDS)
    with pytest.raises(error, match=said):
        ask(tables_url, head, day(1), as_recorded=asked)


def test_an_unknown_organisation_is_refused_with_the_nearest(tables_url: str) -> None:
    """A slip of the pen is no empty answer."""
    head = fill(tables_url, [*REGISTERED, span("organisations", value="Microsoft", organisation="microsoft")])
    with pytest.raises(UnknownOrganisation, match="opnai") as raised:
        ask(tables_url, head, day(1), organisations=["opnai"])
    assert raised.value.hint == "did you mean openai?"
    both = ask(tables_url, head, day(1), organisations=["openai", "microsoft", "openai"])
    assert [found["id"] for found in both["organisations"]] == ["microsoft", "openai"]
    assert both == ask(tables_url, head, day(1))


def test_an_announcement_is_overdue_once_its_promised_time_is_past(tables_url: str) -> None:
    """It stays listed all the same."""
    promised = {"text": "2023-11-20", "earliest": day(20), "latest": day(20, end=True)}
    hire = span("announced", "", "sam-altman", "lead", details={"promised": promised, "status": "announced"})
    candidate = span("announced", "ceo", "x", details={"status": "candidate"})
    head = fill(tables_url, [*REGISTERED, hire, candidate])
    before, after = (ask(tables_url, head, at)["organisations"][0]["announced"] for at in (day(20), day(21)))
    assert [(item["person"], item["office"], item["status"]) for item in before] == [
        ("sam-altman", None, "announced"),
        ("x", "ceo", "candidate"),
    ]
    assert [item["overdue"] for item in before] == [False, False]
    assert [item["overdue"] for item in after] == [True, False]


def test_a_letter_shows_the_count_of_that_instant(tables_url: str) -> None:
    """Between two counts the earlier one, which is reached for certain."""
    letter = span("letters", "open-letter", value="open", **began(day(20), day(20)))
    first = span(
        "counts", "open-letter", value="505", details={"of": 770}, **began(day(20), day(20)), **ended(day(21), day(22))
    )
    second = span("counts", "open-letter", value="700", details={"of": 770}, positions=[9], **began(day(21), day(22)))
    head = fill(tables_url, [*REGISTERED, letter, first, second])
    letters = [ask(tables_url, head, at)["organisations"][0]["letters"] for at in (day(19), day(20), day(21), day(22))]
    assert [[(item["signed"], item["of"]) for item in found] for found in letters] == [
        [],
        [(505, 770)],
        [(505, 770)],
        [(700, 770)],
    ]
    assert [count["positions"] for count in letters[2][0]["counts"]] == [[1], [9]]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (None, "unknown"),
        (began(day(1), day(2)), "certain"),
        (began(day(1), day(9)), "possible"),
        (began(day(1), day(1)) | ended(day(3), day(3)), "gone"),
        (began(day(9), day(9)), "not_yet"),
    ],
)
def test_whether_an_organisation_exists_is_said(tables_url: str, bounds: dict[str, Any] | None, expected: str) -> None:
    """From its founding and dissolution, and unknown where neither is reported."""
    head = fill(tables_url, [*REGISTERED, *([span("existence", **bounds)] if bounds else [])])
    assert ask(tables_url, head, day(5))["organisations"][0]["exists"] == expected


def test_an_investor_is_named_where_it_is_registered(tables_url: str) -> None:
    """Else the name is all there is."""
    rows = [
        span("organisations", value="Microsoft", organisation="microsoft"),
        span("investors", "", "microsoft", "13000000000", details={"currency": "USD"}),
        span("investors", "", "Thrive Capital"),
    ]
    head = fill(tables_url, [*REGISTERED, *rows])
    investors = ask(tables_url, head, day(1), organisations=["openai"])["organisations"][0]["investors"]
    assert [(item["person"], item["name"], item["organisation"], item["amount"]) for item in investors] == [
        ("Thrive Capital", "Thrive Capital", None, None),
        ("microsoft", "Microsoft", "microsoft", "13000000000"),
    ]


def test_what_is_denied_says_so_on_the_clocks_of_the_denial(acme_url: str) -> None:
    """It stands all the same; one that was itself taken back marks nothing."""
    at = "2020-06-01T00:00:00.000000Z"
    with opened(acme_url) as archive:
        (held_at,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        denial = {"type": "Disputed", "target": held_at, "by": "source", "source": "gazette", "basis": "press"}
        (denied,) = take(archive, denial)

        def disputed(**known: Any) -> list[int]:
            (holder,) = archive.project(at, ["acme"], **known)["organisations"][0]["offices"][0]["holders"]
            return holder["disputed"]  # type: ignore[no-any-return]  # JSON

        assert disputed() == [denied]
        assert disputed(as_recorded=f"@{held_at}") == []
        assert disputed(as_reported="2020-02-01T00:00:00.000000Z") == []
        assert disputed(basis="stated") == []
        take(archive, {"type": "Retracted", "target": denied})
        assert disputed() == []


@pytest.mark.parametrize(("latest", "certainty"), [(day(2), "certain"), (day(9), "possible")])
def test_a_letter_says_how_surely_so_many_had_signed(tables_url: str, latest: str, certainty: str) -> None:
    """Its number stands with its certainty."""
    letter = span("letters", "open-letter", value="open", **began(day(1), day(1)))
    count = span("counts", "open-letter", value="650", details={"of": 770}, **began(day(1), latest))
    head = fill(tables_url, [*REGISTERED, letter, count])
    (shown,) = ask(tables_url, head, day(5), organisations=["openai"])["organisations"][0]["letters"]
    assert (shown["signed"], shown["of"], shown["signed_certainty"]) == (650, 770, certainty)
