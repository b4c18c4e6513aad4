"""Popolo in: what a file lists is what the archive answers, and what is odd in it is refused with its place."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archive import Archive
from archive.errors import UsageError
from tests.archives import EmptyArchive
from tests.databases import Kind
from tests.exchange.parliament import boundaries, counted, growing, member, popolo, sitting, take

Make = Callable[[Kind], Archive]


@pytest.fixture
def make(empty_archive: EmptyArchive) -> Iterator[Make]:
    """Make an empty archive of a kind."""
    opened: list[Archive] = []

    def made(kind: Kind) -> Archive:
        opened.append(Archive.open(empty_archive(kind)))
        return opened[-1]

    yield made
    for one in opened:
        one.close()


@pytest.fixture
def archive(make: Make) -> Archive:
    """An empty archive."""
    return make("sqlite")


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    """What SQL answers."""
    return [tuple(row) for row in archive.query(sql).rows]


def faults(taken: Any) -> list[str]:
    """What is wrong, a line each."""
    return [str(fault) for fault in taken.intake.faults]


HANDED_OVER = popolo(
    [
        member("ann", "2010-05-06", "2012-03-10", area_id="leeds", on_behalf_of_id="x"),
        member("bo", "2012-03-10", area_id="leeds", on_behalf_of_id="y"),
        member("cy", "2010-05-06", "2011-01-01", area_id="york"),
        member("dee", "2011-02-01", area_id="york"),
    ],
    areas=[{"id": "leeds", "name": "Leeds"}, {"id": "york", "name": "York"}],
)


@pytest.mark.parametrize("ends", ["exclusive", "inclusive"])
def test_the_members_of_each_day_are_those_that_the_file_lists(archive: Archive, ends: str) -> None:
    """On every boundary day and beside it, by the end dates as they are meant."""
    take(archive, HANDED_OVER, settings={"ends": ends})
    for day in boundaries(HANDED_OVER):
        assert sitting(archive, day) == counted(HANDED_OVER, day, ends), day


def test_on_the_day_of_a_succession_the_successor_sits_and_with_inclusive_ends_both(make: Make) -> None:
    """An end date is the first day without, or the last day with."""
    exclusive, inclusive = make("sqlite"), make("sqlite")
    take(exclusive, HANDED_OVER)
    take(inclusive, HANDED_OVER, settings={"ends": "inclusive"})
    assert sitting(exclusive, "2012-03-10", "for-leeds") == {"bo"}
    assert sitting(inclusive, "2012-03-10", "for-leeds") == {"ann", "bo"}


def test_a_constituency_between_two_members_is_vacant(archive: Archive) -> None:
    """It is an office of its own, of the chamber."""
    take(archive, HANDED_OVER)
    answer = archive.project("2011-01-15T00:00:00.000000Z", ["list-house"])
    status = {office["id"]: office["status"] for office in answer["organisations"][0]["offices"]}
    assert status == {"member": "held", "for-leeds": "held", "for-york": "vacant"}


def test_the_party_sat_for_is_kept_with_the_chamber(archive: Archive) -> None:
    """As an affiliation with the party, whose role is the chamber."""
    take(archive, HANDED_OVER)
    found = rows(archive, "SELECT organisation, person, role FROM affiliations ORDER BY person")
    assert found == [("list-x", "list-ann", "list-house"), ("list-y", "list-bo", "list-house")]


def test_who_comes_and_goes_on_one_day_does_not_stay(archive: Archive) -> None:
    """A membership that begins and ends on one day is over when the day is."""
    take(archive, popolo([member("ann", "2012-03-10", "2012-03-10")]))
    assert sitting(archive, "2012-03-10") == sitting(archive, "2020-01-01") == set()


def test_memberships_of_one_person_that_overlap_end_each_by_itself(archive: Archive) -> None:
    """The end of the second does not end the first."""
    take(archive, popolo([member("ann", "2010-01-01"), member("ann", "2012-01-01", "2013-01-01")]))
    assert sitting(archive, "2014-01-01") == {"ann"}


def test_partial_dates_stay_as_wide_as_they_are(archive: Archive) -> None:
    """A year is some day of it; with inclusive ends the last day is some day of it."""
    take(archive, popolo([member("ann", "2010", "2012")]), settings={"ends": "inclusive"})
    row = "SELECT valid_from_earliest, valid_from_latest, valid_to_earliest, valid_to_latest FROM tenures"
    assert list(rows(archive, row)[0]) == [
        "2010-01-01T00:00:00.000000Z",
        "2010-12-31T23:59:59.999999Z",
        "2012-01-02T00:00:00.000000Z",
        "2013-01-01T23:59:59.999999Z",
    ]


PERIOD = {"id": "t1", "classification": "legislative period", "name": "First", "organization_id": "house"}
TERM = {"events": [{**PERIOD, "start_date": "2010-05-06", "end_date": "2015-03-30"}]}


def test_an_undated_membership_of_a_period_is_possible_in_it_and_certain_only_where_that_is_said(make: Make) -> None:
    """Its dates are never guessed: that it lasted for the whole period has to be said."""
    file = popolo([member("ann", legislative_period_id="t1")], **TERM)
    bounds, period = make("sqlite"), make("sqlite")
    taken = take(bounds, file)
    assert [*taken.notes] == ["memberships without a start: some time in their period (--undated)"]
    assert sitting(bounds, "2012-01-01") == set()
    listed = bounds.project("2012-01-01T00:00:00.000000Z")["organisations"][0]["offices"][0]["holders"]
    assert [(holder["person"], holder["certainty"]) for holder in listed] == [("list-ann", "possible")]
    take(period, file, settings={"undated": "period"})
    assert sitting(period, "2012-01-01") == {"ann"}
    assert sitting(period, "2015-03-30") == set()


def test_a_membership_without_any_date_is_held_when_the_file_was_published(archive: Archive) -> None:
    """Nothing is said of the time before."""
    take(archive, popolo([member("ann")]), registration={"published": "2016-02-03"})
    assert sitting(archive, "2016-02-02") == set()
    assert sitting(archive, "2016-02-03") == {"ann"}


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (member("ann", "2012-01-01", "2011-01-01"), "end_date: ends on `2011-01-01`, before it starts on `2012-01-01`"),
        (member("ann", "2012-02-30"), "start_date: `2012-02-30` has the day 30"),
        ({**member("x", "2012-01-01"), "person_id": ["ann", "bo"]}, "person_id: a list of 2 people"),
        ({**member("x", "2012-01-01"), "person_id": []}, "person_id: an empty list"),
        ({**member("x", "2012-01-01"), "person_id": "nobody"}, "person: `list-nobody` is neither in the file nor"),
        ({"person_id": "ann", "role": "member"}, "organization_id: is missing, and no post says it"),
        (
            {**member("ann", "2012-01-01"), "post_id": "seat"},
            "organization_id: `house` and `party` contradict each other",
        ),
        (
            member("ann", "2016-01-01", legislative_period_id="t1"),
            "legislative_period_id: names a period that ended on",
        ),
        (member("ann", "2012-01-01", legislative_period_id="t9"), "legislative_period_id: `t9` is none of the events"),
        ({**member("ann", "2012-01-01"), "start_date": 2012}, "start_date: 2012 is no date"),
    ],
)
def test_what_is_odd_is_refused_with_its_place(archive: Archive, odd: Any, said: str) -> None:
    """The fault names the file, the membership and the field; the rest can be imported alone."""
    file = popolo([member("ann", "2010-01-01"), odd], posts=[{"id": "seat", "organization_id": "party"}], **TERM)
    file["persons"] = [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo"}]
    found = faults(take(archive, file))
    assert [text for text in found if text.startswith(f"house.json: memberships[1]: {said}")], found
    assert rows(archive, "SELECT * FROM tenures") == []
    taken = take(archive, file, without_faulty=True)
    assert taken.left_out == found
    assert sitting(archive, "2014-01-01") == {"ann"}


def test_a_person_id_that_is_a_list_of_one_is_that_one(archive: Archive) -> None:
    """It leaves nothing to guess."""
    file = popolo([member("ann", "2010-01-01")])
    file["memberships"][0]["person_id"] = ["ann"]
    take(archive, file)
    assert sitting(archive, "2014-01-01") == {"ann"}


def test_two_people_of_one_id_contradict_each_other(archive: Archive) -> None:
    """The same one twice does not."""
    file = popolo([member("ann", "2010-01-01")])
    file["persons"] *= 2
    assert faults(take(archive, file)) == []
    file["persons"][1] = {"id": "ann", "name": "Anna"}
    assert faults(take(archive, file, source="other")) == [
        "house.json: persons[1]: id: `ann` is the id of persons[0] too, which differs; give it its own"
    ]


def test_names_in_parts_redirects_and_nested_memberships_are_read(archive: Archive) -> None:
    """As parlparse and PopIt write them."""
    names = [
        {"note": "Main", "given_name": "Ann", "family_name": "Old", "end_date": "2001-01-01"},
        {"note": "Main", "given_name": "Ann", "family_name": "New", "lang": "en"},
        {
            "note": "Main",
            "honorific_prefix": "Baroness",
            "lordname": "New",
            "lordofname": "York",
            "end_date": "2000-01-01",
        },
    ]
    people = [
        {"id": "ann", "other_names": names, "memberships": [{"organization_id": "house", "start_date": "2010-01-01"}]},
        {"id": "old", "redirect": "ann"},
    ]
    file = popolo([member("old", "2005-01-01", "2006-01-01", end_reason="lost")], persons=people)
    assert faults(take(archive, file)) == []
    assert list(rows(archive, "SELECT name FROM people")[0]) == ["Ann New"]
    assert {one[0] for one in rows(archive, "SELECT name FROM names WHERE subject = 'person/list-ann'")} == {
        "Ann Old",
        "Ann New",
        "Baroness New of York",
    }
    assert sitting(archive, "2005-06-01") == sitting(archive, "2011-01-01") == {"ann"}


def test_votes_are_kept_with_tally_and_ballots(archive: Archive) -> None:
    """What the archive has no word for is left out and counted."""
    votes = [
        {"voter_id": one, "option": option} for one, option in (("ann", "yes"), ("bo", "absent"), ("cy", "paired"))
    ]
    event = {"start_date": "2012-05-07T13:09:00", "counts": [{"option": "yes", "value": 3}], "votes": votes}
    file = popolo([member(one, "2010-01-01") for one in ("ann", "bo", "cy")])
    file["motions"] = [
        {"id": "M/1", "organization_id": "house", "text": "To adjourn", "result": "pass", "vote_events": [event]}
    ]
    taken = take(archive, file, settings={"tz": "Europe/Helsinki"})
    assert taken.notes == {"votes of the option `paired`, which the archive does not keep": 1}
    assert rows(archive, "SELECT person, choice FROM ballots ORDER BY person") == [
        ("list-ann", "for"),
        ("list-bo", "absent"),
    ]
    assert list(rows(archive, "SELECT result, valid_from_latest FROM votes")[0]) == [
        "passed",
        "2012-05-07T10:09:00.000000Z",
    ]


def test_ids_that_differ_by_a_sign_stay_two(archive: Archive) -> None:
    """As two parties do in a real file."""
    parties = ("party/order,_law,_justice", "party/order,_law_justice")
    people = [member(f"p{number}", "2010-01-01", on_behalf_of_id=id_) for number, id_ in enumerate(parties)]
    assert faults(take(archive, popolo(people))) == []
    assert len({one for (one,) in rows(archive, "SELECT organisation FROM affiliations")}) == len(parties)


def test_the_same_file_again_is_nothing(archive: Archive) -> None:
    """Nothing is new, nothing changed."""
    take(archive, HANDED_OVER)
    assert take(archive, HANDED_OVER).intake.events == []


def test_how_a_file_is_read_is_kept_with_its_source(archive: Archive) -> None:
    """Another reading of a newer version is a fault; without saying it holds as before."""
    take(archive, HANDED_OVER, settings={"ends": "inclusive"})
    newer = popolo([*HANDED_OVER["memberships"], member("eve", "2013-01-01", "2014-01-01")], areas=HANDED_OVER["areas"])
    assert faults(take(archive, newer, settings={"ends": "exclusive"})) == [
        (
            "house.json: --ends: `exclusive` is other than earlier versions were read: ends=inclusive; "
            "leave the option out, or import under another --source"
        )
    ]
    take(archive, newer)
    assert "eve" in sitting(archive, "2014-01-01")


def test_ids_of_two_files_are_two_people_unless_they_share_a_prefix(archive: Archive) -> None:
    """`party/x` of one country is not that of another."""
    take(archive, popolo([member("ann", "2010-01-01")]), source="list")
    take(archive, popolo([member("ann", "2010-01-01")]), source="other")
    taken = take(archive, popolo([member("ann", "2011-01-01")]), source="third", settings={"prefix": "list"})
    assert [row[0] for row in rows(archive, "SELECT person FROM people ORDER BY 1")] == ["list-ann", "other-ann"]
    assert [type(event).__name__ for event in taken.intake.events] == ["SourceRegistered", "MembershipReported"]


def test_an_older_version_is_not_imported_after_a_newer_one(archive: Archive) -> None:
    """It would change back what has changed since."""
    versions = growing(1, 3)
    for year, file in enumerate(versions, 2001):
        take(archive, file, registration={"published": f"{year}-01-01"})
    with pytest.raises(UsageError, match="earlier version"):
        take(archive, versions[0])
    with pytest.raises(UsageError, match="before that of the version imported last"):
        take(archive, growing(2, 1)[0], registration={"published": "2002-06-01"})


@pytest.mark.parametrize(("kind", "seed"), [("sqlite", 1), ("postgresql", 3)])
def test_fourteen_versions_are_known_each_as_it_was_published(make: Make, kind: Kind, seed: int) -> None:
    """By report time and by the size of the log; only what changed is appended."""
    archive = make(kind)
    versions = growing(seed, 14)
    sizes = []
    for year, file in enumerate(versions, 2001):
        taken = take(archive, file, registration={"published": f"{year}-12-31"}, retract=True)
        assert faults(taken) == []
        counts = taken.counts
        assert counts["same"] + counts["changed"] + counts["new"] == len(file["memberships"])
        with archive.reading() as connection:
            sizes.append(archive.log.head(connection).size)
    for year, file, size in zip(range(2001, 2015), versions, sizes, strict=True):
        for day in boundaries(file)[:: 10 + seed]:
            assert sitting(archive, day, as_reported=f"{year}-12-31T23:59:59.999999Z") == counted(file, day), (
                year,
                day,
            )
            assert sitting(archive, day, as_recorded=f"@{size}") == counted(file, day), (year, day)


def test_what_left_the_file_stays_unless_absent_means_retracted(archive: Archive) -> None:
    """A register may drop its past without taking it back."""
    take(archive, HANDED_OVER, registration={"published": "2013-01-01"})
    fewer = popolo(HANDED_OVER["memberships"][1:], areas=HANDED_OVER["areas"])
    assert take(archive, fewer, registration={"published": "2014-01-01"}).counts["gone"] == 1
    assert "ann" in sitting(archive, "2011-01-01")
    again = popolo(HANDED_OVER["memberships"][2:], areas=HANDED_OVER["areas"])
    taken = take(archive, again, registration={"published": "2015-01-01"}, retract=True)
    assert taken.counts["retracted"] == 2
    assert sitting(archive, "2013-01-01") == {"dee"}
    assert sitting(archive, "2013-01-01", as_reported="2014-06-01T00:00:00.000000Z") == {"bo", "dee"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not JSON at line 1"),
        (b"[1]", "no Popolo"),
        (b'{"persons": {"a": 1}}', "is no list"),
        (b'{"persons": [1]}', "1 is no object"),
        (b'{"persons": [{"id": "a"}]}', "name: is missing"),
        (b'{"persons": [{"name": "a"}]}', "id: is missing"),
        (b'{"x": 1}', "no Popolo"),
    ],
)
def test_what_is_no_popolo_is_told(archive: Archive, data: bytes, said: str) -> None:
    """Nothing that a file holds raises."""
    from archive.exchange.importing import Given  # noqa: PLC0415 - this test alone has bytes

    found = [str(fault) for fault in archive.importing("popolo", data, "x.json", Given(source="x")).intake.faults]
    assert any(said in text for text in found), found
