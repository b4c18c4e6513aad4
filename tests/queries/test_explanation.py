"""An explanation counts origins, shows what was said later, and leaves out what does not count."""

from __future__ import annotations

import pytest

from archive.errors import UsageError
from tests.queries.reported import held, opened, take

AT = "2020-06-01T00:00:00.000000Z"


def test_ten_outlets_that_copy_one_wire_are_one_origin(acme_url: str) -> None:
    """And so is a copy of a copy; another source makes two."""
    with opened(acme_url) as archive:
        copies = [f"copy-{number}" for number in range(10)]
        take(archive, *(held("Appointed", "ann", "2020-01-01", source) for source in (*copies, "copy-of-copy")))
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        assert len(row["reports"]) == 11
        assert row["independent_origins"] == 1
        assert row["origins"] == {"begins": ["wire"]}
        take(archive, held("Attested", "ann", "2020-02-29", "gazette"))
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        assert row["independent_origins"] == 2
        assert row["origins"] == {"begins": ["wire"], "supports": ["gazette"]}


def test_sources_that_derive_from_each_other_are_one_origin(acme_url: str) -> None:
    """A circle has no first, so it counts once."""
    with opened(acme_url) as archive:
        take(
            archive,
            {"type": "SourceRegistered", "source": "egg", "published": "2020-02-01", "derived_from": ["hen"]},
            {"type": "SourceRegistered", "source": "hen", "published": "2020-02-01", "derived_from": ["egg"]},
        )
        take(archive, held("Appointed", "ann", "2020-01-01", "egg"), held("Appointed", "ann", "2020-01-01", "hen"))
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        assert row["origins"] == {"begins": ["egg"]}


def test_an_amended_report_is_shown_as_it_is_known_with_its_amendment(acme_url: str) -> None:
    """And at a record time before the amendment as it was."""
    with opened(acme_url) as archive:
        stated = [{"text": "New Year", "zone": "EST"}]
        (position,) = take(archive, held("Appointed", "ann", "2020-01-01", stated_times=stated))
        changes = {"stated_times": [{"text": "New Year", "zone": "PST"}]}
        (later,) = take(archive, {"type": "Amended", "target": position, "changes": changes, "reason": "misread"})
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        (report,) = [one for one in row["reports"] if one["position"] == position]
        assert report["stated_times"] == changes["stated_times"]
        assert [(one["position"], one["by"]) for one in report["amendments"]] == [(later, "archive")]
        (before,) = archive.explain("acme", "ceo", at=AT, as_recorded=f"@{position}")["rows"]
        assert [(one["stated_times"], one["amendments"]) for one in before["reports"]] == [(stated, [])]


def test_a_denial_is_shown_beside_what_it_denies_and_is_no_voice_for_it(acme_url: str) -> None:
    """The report stands."""
    with opened(acme_url) as archive:
        (position,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        denial = {"type": "Disputed", "target": position, "by": "source", "source": "gazette", "disputed_by": "Bob"}
        take(archive, denial)
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        (report,) = [one for one in row["reports"] if one["position"] == position]
        assert [one["disputed_by"] for one in report["amendments"]] == ["Bob"]
        assert row["independent_origins"] == 1


def test_a_retracted_report_explains_nothing_any_more(acme_url: str) -> None:
    """As recorded before it was taken back, it still does."""
    with opened(acme_url) as archive:
        (first,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        (second,) = take(archive, held("Attested", "ann", "2020-02-29", "gazette"))
        take(archive, {"type": "Retracted", "target": second})
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        assert [one["position"] for one in row["reports"]] == [first]
        (row,) = archive.explain("acme", "ceo", at=AT, as_recorded=f"@{second}")["rows"]
        assert [one["position"] for one in row["reports"]] == [first, second]


def test_a_report_below_the_floor_is_left_out(acme_url: str) -> None:
    """A rumour corroborates only at the floor of rumours."""
    with opened(acme_url) as archive:
        (first, second) = take(
            archive, held("Appointed", "ann", "2020-01-01"), held("Attested", "ann", "2020-02-29", basis="rumour")
        )
        for basis, expected in (("press", [first]), ("rumour", [first, second])):
            (row,) = archive.explain("acme", "ceo", at=AT, basis=basis)["rows"]
            assert [one["position"] for one in row["reports"]] == expected


def test_conflicts_that_touch_a_row_stand_with_it(acme_url: str) -> None:
    """Two sources that exclude each other's time."""
    with opened(acme_url) as archive:
        positions = take(archive, held("Appointed", "ann", "2020-01-01"), held("Appointed", "ann", "2019-12-01"))
        (row,) = archive.explain("acme", "ceo", at=AT)["rows"]
        (conflict,) = row["conflicts"]
        assert conflict["kind"] == "times disagree"
        assert conflict["positions"] == positions


@pytest.mark.parametrize(
    ("item", "model", "hint"),
    [("coe", "tenures", "ceo"), ("ann", "letters", "has no letters"), ("ceo", "offcies", "tenures, announced")],
)
def test_what_is_not_known_is_an_error_that_says_what_is(acme_url: str, item: str, model: str, hint: str) -> None:
    """The nearest items, or the models that there are."""
    with opened(acme_url) as archive, pytest.raises(UsageError) as raised:
        archive.explain("acme", item, at=AT, model=model)
    assert hint in (raised.value.hint or "")


def test_an_office_of_which_nothing_is_known_has_no_rows(acme_url: str) -> None:
    """That is an answer, not an error."""
    with opened(acme_url) as archive:
        assert archive.explain("acme", "ceo", at=AT)["rows"] == []


def test_why_an_office_is_vacant_is_told_by_the_tenure_that_ended_last(acme_url: str) -> None:
    """With the certainty `over`, and the report that ends it."""
    with opened(acme_url) as archive:
        take(archive, held("Appointed", "bob", "2019-01-01"), held("Resigned", "bob", "2019-06-01"))
        _, ended = take(archive, held("Appointed", "ann", "2020-01-01"), held("Resigned", "ann", "2020-02-01"))
        answer = archive.explain("acme", "ceo", at=AT)
        assert answer["status"] == "vacant"
        (row,) = answer["rows"]
        assert (row["holder"], row["certainty"]) == ("ann", "over")
        assert [one["position"] for one in row["reports"] if "ends" in one["roles"]] == [ended]


def test_what_took_a_report_back_is_told_as_recorded_after_it(acme_url: str) -> None:
    """And never as recorded before it."""
    with opened(acme_url) as archive:
        (first,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        (later,) = take(archive, {"type": "Retracted", "target": first, "reason": "misread"})
        (told,) = archive.explain("acme", "ceo", at=AT)["taken_back"]
        assert (told["position"], told["stands"]) == (first, False)
        assert [(one["position"], one["by"], one["summary"]) for one in told["by"]] == [(later, "archive", "misread")]
        assert archive.explain("acme", "ceo", at=AT, as_recorded=f"@{first}")["taken_back"] == []


def test_a_source_s_retraction_is_told_at_report_times_before_it(acme_url: str) -> None:
    """The report stands there, and says that it was taken back later."""
    with opened(acme_url) as archive:
        (first,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        (later,) = take(archive, {"type": "Retracted", "target": first, "by": "source", "source": "gazette"})
        answer = archive.explain("acme", "ceo", at=AT, as_reported="2020-02-01T00:00:00.000000Z")
        assert [row["holder"] for row in answer["rows"]] == ["ann"]
        (told,) = answer["taken_back"]
        assert (told["position"], told["stands"], told["by"][0]["position"]) == (first, True, later)
        assert told["by"][0]["reported"] == "2020-03-01T23:59:59.999999Z"
        assert archive.explain("acme", "ceo", at=AT)["rows"] == []


def test_what_only_speaks_of_a_row_stands_besides(acme_url: str) -> None:
    """By the development of one of its reports, not another's, and not of another organisation's."""
    with opened(acme_url) as archive:
        take(archive, {"type": "OrganisationRegistered", "organisation": "other", "name": "Other"})
        (begun,) = take(archive, held("Appointed", "ann", "2020-01-01", development="her-rise"))
        motive = {"type": "MotiveClaimed", "when": "2020-01-01", "motive": "merit", "source": "gazette"}
        (why, _, _, doubtful) = take(
            archive,
            {**motive, "organisation": "acme", "deed": "her-rise"},
            {**motive, "organisation": "acme", "deed": "her-fall"},
            {**motive, "organisation": "other", "deed": "her-rise"},
            {**motive, "organisation": "acme", "deed": "her-rise", "motive": "favour", "basis": "rumour"},
        )
        for floor, beside in (("press", [why]), ("rumour", [why, doubtful])):
            (row,) = archive.explain("acme", "ceo", at=AT, basis=floor)["rows"]
            assert [one["position"] for one in row["reports"]] == [begun]
            assert [(one["position"], one["origins"]) for one in row["besides"]] == [
                (position, ["gazette"]) for position in beside
            ]
            assert row["independent_origins"] == 1


def test_what_names_a_letter_stands_besides_it(acme_url: str) -> None:
    """Signatures and counts decide rows of their own."""
    with opened(acme_url) as archive:
        letter = {"organisation": "acme", "letter": "plea", "source": "gazette"}
        (*_, counted) = take(
            archive,
            {**letter, "type": "OpenLetterPublished", "when": "2020-02-01"},
            {**letter, "type": "SignaturesCounted", "as_of": "2020-02-02", "signed": 3},
        )
        (row,) = archive.explain("acme", "plea", model="letters", at=AT)["rows"]
        assert [one["position"] for one in row["besides"]] == [counted]
