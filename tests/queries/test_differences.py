"""What a difference names is just what turns the one snapshot into the other, on whichever clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.log.entries import read_entries
from archive.queries.differences import Clock, Key, applied, changes, facts
from archive.queries.snapshot import UnknownOrganisation
from tests.archives import empty_file
from tests.histories import history
from tests.laws.questions import entries_of, instants
from tests.queries.reported import held, opened, take

AT = "2020-06-01T00:00:00.000000Z"
SPRING = "2020-04-01T00:00:00.000000Z"
CLOCKS: tuple[Clock, ...] = ("at", "as_reported", "as_recorded")


def ordered(found: Mapping[Key, Iterable[Any]]) -> dict[Key, list[str]]:
    """Facts without regard to the order of those of one key."""
    return {key: sorted(json.dumps(fact, sort_keys=True) for fact in of_key) for key, of_key in found.items()}


def named(answer: Mapping[str, Any], model: str, holder: str = "") -> tuple[str, list[int]]:
    """The kind of the one change of a model and holder, and the positions that it names."""
    (found,) = [one for one in answer["changes"] if (one["model"], one["holder"]) == (model, holder)]
    return found["change"], [entry["position"] for entry in found["entries"]]


def _empty(where: Path, **options: Any) -> Archive:
    where.write_bytes(empty_file())
    return Archive.open(where, **options)


@settings(max_examples=8, deadline=None)
@given(st.integers(min_value=0, max_value=10_000))
def test_the_differences_applied_to_the_first_snapshot_give_the_second(seed: int) -> None:
    """On each clock, at any floor, in either direction; each change names entries of the log."""
    appends, random = history(seed, organisations=2, reports=40), Random(seed)
    ticks = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute) for minute in count())
    with TemporaryDirectory() as folder, _empty(Path(folder) / "one.db", clock=ticks.__next__) as archive:
        for append in appends:
            archive.append(append, who="law", program="tests")
        with archive.reading() as connection:
            recorded = sorted({entry.recorded_at for entry in read_entries(connection)})
        entries = entries_of(appends)
        for clock in CLOCKS:
            moments = {
                "at": instants(random, entries, 8),
                "as_reported": instants(random, entries, 8, published=True),
                "as_recorded": recorded,
            }[clock]
            between = (random.choice(moments), random.choice(moments))
            fixed = {"basis": random.choice(("official", "press", "rumour"))}
            at = random.choice(instants(random, entries, 4))
            one, other = (archive.project(**{"at": at, clock: instant, **fixed}) for instant in between)
            found = archive.diff(clock, between, at=at, **fixed)["changes"]
            assert ordered(applied(facts(one), found)) == ordered(facts(other))
            unexplained = [change for change in found if not change["entries"]]
            assert unexplained == []


def test_facts_leave_nothing_of_a_snapshot_out(acme_url: str) -> None:
    """Every holder, letter and value stands in one."""
    with opened(acme_url) as archive:
        take(archive, held("Appointed", "ann", "2020-01-01"))
        letter = {"organisation": "acme", "letter": "plea", "when": "2020-02-01", "source": "wire"}
        take(archive, {"type": "OpenLetterPublished", **letter}, {"type": "LetterSigned", **letter, "people": ["bob"]})
        snapshot = archive.project(AT)
        found = facts(snapshot)
        (acme,) = snapshot["organisations"]
        (office,) = acme["offices"]
        assert found[Key("acme", "tenures", "ceo", "ann")] == office["holders"]
        assert found[Key("acme", "offices", "ceo", "")][0]["status"] == office["status"]
        (plea,) = acme["letters"]
        assert found[Key("acme", "signatures", "plea", "bob")] == plea["signatories"]
        assert found[Key("acme", "letters", "plea", "")][0]["status"] == "open"


def test_between_two_instants_the_entries_are_those_that_begin_and_end(acme_url: str) -> None:
    """A successor's appointment both ends the one and begins the other."""
    with opened(acme_url) as archive:
        take(archive, held("Appointed", "ann", "2020-01-01"))
        (second,) = take(archive, held("Appointed", "bob", "2020-05-01", "gazette"))
        answer = archive.diff("at", (SPRING, AT))
        assert named(answer, "tenures", "ann") == ("gone", [second])
        assert named(answer, "tenures", "bob") == ("come", [second])


def test_between_two_report_times_the_entries_are_those_first_public_between(acme_url: str) -> None:
    """However early they were recorded."""
    with opened(acme_url) as archive:
        (ended, _) = take(
            archive, held("Resigned", "ann", "2020-01-31", "gazette"), held("Appointed", "ann", "2020-01-01")
        )
        answer = archive.diff("as_reported", ("2020-02-15T00:00:00.000000Z", AT), at=AT)
        assert named(answer, "tenures", "ann") == ("gone", [ended])


def test_between_two_record_times_later_knowledge_counts_and_not_its_target(acme_url: str) -> None:
    """A retraction, an amendment, a merger."""
    with opened(acme_url) as archive:
        (first,) = take(archive, held("Appointed", "ann", "2020-01-01"))
        (amended,) = take(archive, {"type": "Amended", "target": first, "changes": {"from": "2019-12-01"}})
        (merged,) = take(archive, {"type": "Merged", "person": "ann", "into_person": "bob"})
        (retracted,) = take(archive, {"type": "Retracted", "target": first})
        sizes = [f"@{size}" for size in (first - 1, first, amended, merged, retracted)]
        found = [archive.diff("as_recorded", (before, after), at=AT) for before, after in pairwise(sizes)]
        assert named(found[0], "tenures", "ann") == ("come", [first])
        assert named(found[1], "tenures", "ann") == ("changed", [amended])
        assert named(found[2], "tenures", "ann") == ("gone", [merged])
        assert named(found[2], "tenures", "bob") == ("come", [merged])
        assert named(found[3], "tenures", "bob") == ("gone", [retracted])


def test_an_organisation_that_one_side_does_not_know_yet_comes(acme_url: str) -> None:
    """One that neither knows is an error."""
    with opened(acme_url) as archive:
        answer = archive.diff("as_recorded", ("@0", "@17"), at=AT, organisations=["acme"])
        assert named(answer, "organisations") == ("come", [1])
        with pytest.raises(UnknownOrganisation):
            archive.diff("as_recorded", ("@0", "@17"), at=AT, organisations=["acne"])


def test_changes_of_other_facts_are_refused() -> None:
    """What is to go must be there."""
    key = Key("acme", "tenures", "ceo", "ann")
    found = changes({key: [{"value": 1}]}, {key: [{"value": 2}]})
    assert applied({key: [{"value": 1}]}, found) == {key: [{"value": 2}]}
    with pytest.raises(ValueError, match="not in list"):
        applied({key: [{"value": 3}]}, found)
