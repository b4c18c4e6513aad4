"""Fifteen questions that a researcher would ask of the case, each one statement or one command.

The answers were written down from the article, apart from the reports.
"""

from __future__ import annotations

from typing import Any

import pytest

from archive import Archive
from tests.databases import Kind

NOON_17 = "2023-11-17T20:00:00.000000Z"
END_17 = "2023-11-18T07:59:59.999999Z"
EVENING_19 = "2023-11-20T02:00:00.000000Z"
END_19 = "2023-11-20T07:59:59.999999Z"

UNDECIDED = """
SELECT DISTINCT valid_from_earliest, valid_from_latest FROM tenures
WHERE organisation = 'openai' AND office = 'ceo' AND valid_from_earliest < valid_from_latest
ORDER BY valid_from_earliest
"""
NO_FIRMER = """
SELECT DISTINCT a.person, a.office FROM announced_history a
WHERE a.recorded_to IS NULL AND a.reported_to IS NULL AND a.floor_to >= 4
AND NOT EXISTS (
  SELECT 1 FROM announced_history b WHERE b.organisation = a.organisation AND b.office = a.office
  AND b.person = a.person AND b.recorded_to IS NULL AND b.reported_to IS NULL AND b.floor_from <= 3
)
"""
REASONS = """
SELECT basis, attribution FROM reports
WHERE type = 'MotiveClaimed' AND details LIKE '%"deed":"altman-dismissal"%'
ORDER BY position
"""
POSTS = """
SELECT r.type, r.earliest, r.latest, r.summary FROM reports r
JOIN mentions m ON m.position = r.position AND m.kind = 'person' AND m.id = 'sam-altman'
WHERE r.type IN ('Posted', 'Endorsed') AND m.field IN ('person', 'people')
ORDER BY r.latest, r.earliest, r.position
"""
EACH_PASSAGE = {
    "sqlite": "json_each(r.details, '$.passages') p",
    "postgresql": "jsonb_array_elements(CAST(r.details AS jsonb) -> 'passages') p (value)",
}
PRESENT = """
SELECT attendance, count(*) FROM attendance
WHERE meeting = 'board-meeting-2023-11-17' GROUP BY attendance ORDER BY attendance
"""
SPELLINGS = """
SELECT n.name, CAST(p.value ->> 'start' AS INTEGER) AS first FROM names n
JOIN evidence e ON e.row = n.id JOIN reports r ON r.position = e.position, {passages}
WHERE n.subject = 'person/ilya-sutskever' ORDER BY first
"""


def test_every_chief_executive_with_the_bounds_of_his_time(case: Archive) -> None:
    """1. Three in three days; Altman's beginning is never told."""
    rows = ask(
        case,
        "SELECT person, capacity, valid_from_earliest, valid_from_latest, valid_to_earliest, valid_to_latest"
        " FROM tenures WHERE organisation = 'openai' AND office = 'ceo' ORDER BY valid_from_latest",
    )
    (altman, *start), murati, shear = rows
    assert (altman, start[1], start[3:]) == ("sam-altman", None, [NOON_17, END_17])
    assert murati == ["mira-murati", "interim", NOON_17, END_17, EVENING_19, END_19]
    assert shear == ["emmett-shear", None, EVENING_19, END_19, None, None]


def test_the_two_windows_in_which_the_chief_executive_is_undecided(case: Archive) -> None:
    """2. From noon of the 17th, and the evening of the 19th."""
    assert ask(case, UNDECIDED) == [[NOON_17, END_17], [EVENING_19, END_19]]


def test_who_voted_for_the_removal_and_signed_against_it(case: Archive) -> None:
    """3. One of the four."""
    rows = ask(
        case,
        "SELECT b.person FROM ballots b JOIN signatures s ON s.person = b.person"
        " WHERE b.vote = 'altman-removal' AND b.choice = 'for'",
    )
    assert rows == [["ilya-sutskever"]]


def test_what_rests_on_the_press_or_on_rumour_alone(case: Archive) -> None:
    """4. Of what was announced, Shear's candidacy; ten reports say that others report it."""
    assert ask(case, NO_FIRMER) == [["emmett-shear", "ceo"]]
    hearsay = "SELECT basis, count(*) FROM reports WHERE basis IN ('press', 'rumour') GROUP BY basis"
    assert ask(case, hearsay) == [["press", 10]]


def test_the_reasons_for_the_removal_by_how_far_their_words_are_from_it(case: Archive) -> None:
    """5. Two official, one first hand, two that the author supposes."""
    said = ask(case, REASONS)
    assert [basis for basis, _ in said] == ["official", "official", "first_hand", "opinion", "opinion"]
    assert {who for basis, who in said if basis == "official"} == {"OpenAI"}
    assert {who for basis, who in said if basis == "opinion"} == {"Shi Xin"}


def test_altman_s_own_posts_in_order(case: Archive) -> None:
    """6. His goodbye, the joint hint, the team, the badge; then the reposts of the 20th, pride, and eleven o'clock."""
    posts = ask(case, POSTS)
    assert [kind for kind, *_ in posts].count("Posted") == 6
    told = [said for kind, _, _, said in posts if kind == "Posted"]
    words = ("enjoyed", "fond", "something big", "badge", "proud", "does well")
    places = [next(place for place, said in enumerate(told) if word in said) for word in words]
    assert places[0] == 0
    assert sorted(places[1:4]) == [1, 2, 3]
    assert places[4:] == [4, 5]
    assert posts[-1][1:3] == ["2023-11-20T19:00:00.000000Z", "2023-11-20T19:00:00.000000Z"]


def test_money_received_is_three_sums_of_which_two_are_alike(case: Archive) -> None:
    """7. A thousand million at the start, another from Microsoft in 2019, and a sum that nobody puts in figures."""
    rows = ask(
        case,
        "SELECT investor, amount, valid_from_earliest FROM investors"
        " WHERE organisation = 'openai' AND amount IS NOT NULL ORDER BY valid_from_earliest",
    )
    assert [(who, amount) for who, amount, _ in rows[:2]] == [
        ("founding backers", "1000000000"),
        ("microsoft", "1000000000"),
    ]
    (who, amount, since) = rows[2]
    assert (who, since) == ("microsoft", "2022-01-01T08:00:00.000000Z")
    assert not amount.isdigit()


def test_every_spelling_of_sutskever_with_its_passages(case: Archive, database_kind: Kind) -> None:
    """8. Nine, at seventeen places, beginning with the only right one."""
    rows = ask(case, SPELLINGS.format(passages=EACH_PASSAGE[database_kind]))
    assert len(rows) == 17
    assert rows[0] == ["Ilya Sutskever", 290]
    assert len({name for name, _ in rows}) == 9


def test_how_many_signed_of_how_many(case: Archive) -> None:
    """9. The figure of the article's own present."""
    rows = ask(case, "SELECT letter, signed, details, basis FROM counts")
    assert rows == [["open-letter", "650", '{"of":770}', "stated"]]


@pytest.mark.parametrize("at", [END_19, "2023-11-21T07:59:59.999999Z", None])
def test_who_was_to_join_microsoft_and_has_not(case: Archive, at: str | None) -> None:
    """10. Both are announced, neither is employed there, then and now."""
    (microsoft,) = case.project(at, ["microsoft"])["organisations"]
    assert {one["person"] for one in microsoft["announced"]} == {"sam-altman", "greg-brockman"}
    assert {one["person"] for one in microsoft["employees"]}.isdisjoint({"sam-altman", "greg-brockman"})


def test_the_tally_against_the_attendance(case: Archive) -> None:
    """11. Four to two, and five were there."""
    assert ask(case, PRESENT) == [
        ["absent", 1],
        ["present", 5],
    ]
    found = ask(case, "SELECT conflict FROM conflicts WHERE conflict LIKE '%attendance%'")
    assert len(found) == 1


def test_what_the_public_knew_of_the_chief_executive_when_the_17th_was_over(case: Archive) -> None:
    """12. The announcement: Altman removed, Murati interim; an hour earlier than noon nothing of it."""
    assert holders(case, "ceo", END_17, as_reported=END_17) == {("mira-murati", "interim", "certain")}
    assert holders(case, "ceo", END_17, as_reported="2023-11-17T19:00:00.000000Z") == set()


def test_who_sat_on_the_board_when_it_voted(case: Archive) -> None:
    """13. The four who voted, Altman and Brockman; a minute later the seats of those two are in doubt."""
    four = {"ilya-sutskever", "adam-dangelo", "tasha-mccauley", "helen-toner"}
    after = holders(case, "director", "2023-11-17T20:01:00.000000Z")
    assert {who for who, _, certainty in after if certainty == "certain"} == four
    assert {who for who, _, certainty in after if certainty == "possible"} == {"sam-altman", "greg-brockman"}


def test_the_printed_times_that_disagree_and_the_zone_that_reconciles_them(case: Archive) -> None:
    """14. What is printed as Eastern time is eight hours ahead of Greenwich: Beijing's."""
    printed = [one["stated"] for one in case.conflicts("openai")["conflicts"] if one["stated"]]
    assert printed
    for stated in printed:
        assert stated["apart_minutes"]
        assert {one["offset"] for one in stated["reconciled_by"]} == {"+08:00"}
        assert all("Asia/Shanghai" in one["zones"] for one in stated["reconciled_by"])


def test_on_how_many_origins_it_all_rests(case: Archive) -> None:
    """15. One article, whoever it quotes."""
    told = case.explain("openai", "ceo", at="2023-11-18T20:00:00.000000Z")
    (row,) = told["rows"]
    assert {origin for origins in row["origins"].values() for origin in origins} == {"hedgehog-article"}


def ask(case: Archive, sql: str) -> list[list[Any]]:
    """The rows of one statement."""
    return [list(row) for row in case.query(sql).rows]


def holders(case: Archive, office: str, at: str, **known: str) -> set[tuple[str, str | None, str]]:
    """Who holds an office of OpenAI: person, capacity, certainty."""
    (organisation,) = case.project(at, ["openai"], **known)["organisations"]
    (found,) = (one for one in organisation["offices"] if one["id"] == office)
    return {(one["person"], one["capacity"], one["certainty"]) for one in found["holders"]}
