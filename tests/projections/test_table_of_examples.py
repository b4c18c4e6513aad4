"""The table of examples that the rules of the fold are written with, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.projections.acts import HIGH, LOW, Act, Span
from archive.projections.timeline import fold
from archive.times import parse_question, parse_time

FLOOR = {"official": 1, "first_hand": 2, "stated": 3, "press": 4, "rumour": 5}


@dataclass
class Seat:
    """Reports on one seat, told as sentences."""

    acts: list[Act] = field(default_factory=list)
    seats: int | None = 1

    def report(self, kind: str, holder: str, when: str, **more: object) -> Seat:
        """Add a report; ``basis``, ``reported`` and the fields of an act may be given."""
        bounds = parse_time(when)
        number = len(self.acts) + 1
        given: dict[str, object] = {
            "value": None,
            "details": None,
            "planned": False,
            "during_absence": False,
            "replaces": None,
            "rank": FLOOR[str(more.pop("basis", "stated"))],
            "reported": "2026-01-01T00:00:00.000000Z",
            "position": number,
            "digest": f"{number:04}",
            "development": None,
            **more,
        }
        self.acts.append(
            Act(kind, holder, bounds.earliest or LOW, bounds.latest or HIGH, **given)  # type: ignore[arg-type]  # as given
        )
        return self

    def at(self, when: str, *, floor: str = "rumour", as_reported: str = HIGH) -> dict[str, str]:
        """Who holds then: certain or possible."""
        moment = parse_question(when)
        visible = [act for act in self.acts if act.rank <= FLOOR[floor] and act.reported <= as_reported]
        found = {}
        for span in self.folded(visible):
            if span.model == "announced":
                continue
            begin, end = span.from_latest or HIGH, span.to_earliest or HIGH
            if begin <= moment < end:
                found[span.holder] = "certain"
            elif (span.from_earliest or begin) <= moment and (span.to_latest is None or moment < span.to_latest):
                found.setdefault(span.holder, "possible")
        return found

    def folded(self, acts: list[Act] | None = None) -> list[Span]:
        """The rows."""
        chosen = sorted(self.acts if acts is None else acts, key=lambda act: act.order)
        return list(fold("seat", "tenures", chosen, self.seats).spans)

    def conflicts(self) -> list[str]:
        """The kinds of the conflicts."""
        chosen = sorted(self.acts, key=lambda act: act.order)
        return [one.kind for one in fold("seat", "tenures", chosen, self.seats).conflicts]


def test_an_attested_holder_is_claimed_from_then_on_and_not_before() -> None:
    """First row of the table."""
    seat = Seat().report("attest", "A", "2020-05-01")
    assert seat.at("2019") == {}
    assert seat.at("2020-05-01") == {"A": "certain"}
    assert seat.at("2024") == {"A": "certain"}


def test_a_successor_ends_his_predecessor_within_the_bounds_of_his_beginning() -> None:
    """Second row of the table."""
    seat = Seat().report("begin", "A", "2020").report("begin", "B", "2022-03-10")
    assert seat.at("2020-06-01") == {"A": "possible"}
    assert seat.at("2022-03-09") == {"A": "certain"}
    assert seat.at("2022-03-10T12:00Z") == {"A": "possible", "B": "possible"}
    assert seat.at("2022-03-10") == {"B": "certain"}


def test_between_an_end_and_a_later_beginning_nobody_certainly_holds() -> None:
    """Third row of the table."""
    seat = (
        Seat().report("attest", "A", "2020").report("end", "A", "2022-03-10T12:00Z").report("begin", "B", "2022-03-11")
    )
    assert seat.at("2022-03-10") == {}
    assert seat.at("2022-03-11T06:00Z") == {"B": "possible"}


def test_a_later_attestation_clears_a_doubt() -> None:
    """Fourth row of the table."""
    seat = Seat().report("attest", "A", "2020", reported="2020-06-01T00:00:00.000000Z")
    seat.report("doubt", "A", "2022-03-10", reported="2022-03-11T00:00:00.000000Z")
    seat.report("attest", "A", "2022-05-01", reported="2022-05-02T00:00:00.000000Z")
    assert seat.at("2022-03-31", as_reported="2022-04-01T00:00:00.000000Z") == {"A": "possible"}
    assert seat.at("2022-03-31") == {"A": "certain"}


def test_firmer_reports_of_one_change_leave_out_weaker_ones_that_exclude_them() -> None:
    """Fifth row of the table."""
    seat = Seat().report("begin", "A", "2022-03-10", basis="press").report("begin", "A", "2022-03-12", basis="official")
    assert seat.at("2022-03-11", floor="press") == {}
    assert seat.at("2022-03-11", floor="official") == {}
    assert seat.conflicts() == ["times disagree"]


def test_equally_firm_reports_that_exclude_each_other_give_their_hull() -> None:
    """One dismissal told with the dates of two zones is one change, and the dates disagree."""
    seat = Seat().report("attest", "A", "2020").report("end", "A", "2023-11-17").report("end", "A", "2023-11-18")
    assert len(seat.folded()) == 1
    assert seat.at("2023-11-16") == {"A": "certain"}
    assert seat.at("2023-11-17") == {"A": "possible"}
    assert seat.at("2023-11-18") == {}
    assert seat.conflicts() == ["times disagree"]


def test_a_vague_report_of_an_end_does_not_end_a_later_tenure() -> None:
    """'Dismissed in November' tells of the dismissal, not of the days after the return."""
    seat = Seat().report("begin", "A", "2019").report("end", "A", "2023-11-17").report("begin", "A", "2023-11-21")
    seat.report("end", "A", "2023-11", basis="press")
    assert seat.at("2023-12-01") == {"A": "certain"}


def test_an_attestation_of_the_day_of_a_dismissal_does_not_bring_the_dismissed_back() -> None:
    """He was chief executive on that day, until noon."""
    seat = (
        Seat().report("attest", "A", "2020").report("end", "A", "2023-11-17T12:00Z").report("attest", "A", "2023-11-17")
    )
    assert seat.at("2023-11-17") == {}


def test_reports_that_exclude_each_other_on_an_end_that_was_none_are_told() -> None:
    """He ended and began again at once, by the firmer of them."""
    seat = Seat().report("begin", "A", "2019").report("end", "A", "2022-03-10", basis="official")
    seat.report("end", "A", "2022-03-01", basis="press").report("begin", "A", "2022-03-10", basis="official")
    assert len(seat.folded()) == 1
    assert seat.conflicts() == ["times disagree"]


def test_a_renewal_is_certain_throughout() -> None:
    """Two terms of one person that meet on one day are one row."""
    seat = Seat().report("begin", "A", "2009-01-20").report("end", "A", "2013-01-20").report("begin", "A", "2013-01-20")
    assert seat.at("2013-01-20T12:00Z") == {"A": "certain"}
    assert len(seat.folded()) == 1


def test_a_scheduled_end_gives_way_to_a_successor() -> None:
    """What was only planned does not stand against what happened."""
    seat = Seat().report("begin", "A", "2009-01-20")
    seat.report("end", "A", "2013-01-20", planned=True, reported="2009-01-21T00:00:00.000000Z")
    seat.report("begin", "B", "2011-05-05")
    assert seat.at("2012") == {"B": "certain"}
    assert seat.conflicts() == []


def test_a_reported_end_after_a_successor_began_is_a_conflict_and_both_hold() -> None:
    """A reported end wins over the implied one."""
    seat = Seat().report("begin", "A", "2009").report("begin", "B", "2011").report("end", "A", "2013")
    assert seat.at("2012") == {"A": "certain", "B": "certain"}
    assert seat.conflicts() == ["two holders of one seat"]


def test_who_stands_in_for_somebody_absent_ends_nobody() -> None:
    """Acting during an absence."""
    seat = Seat().report("begin", "A", "2020").report("begin", "B", "2021-03-01", value="acting", during_absence=True)
    assert seat.at("2021-04-01") == {"A": "certain", "B": "certain"}
    assert seat.conflicts() == []


def test_the_end_of_somebody_never_seen_is_a_conflict_only_if_another_certainly_held() -> None:
    """A row whose beginning is unknown."""
    assert Seat().report("end", "A", "2020").conflicts() == []
    seat = Seat().report("begin", "B", "2019").report("end", "A", "2020-06-01")
    assert seat.conflicts() == ["an end while another certainly held"]


def test_an_announced_appointment_is_listed_until_he_begins() -> None:
    """Announced is not begun."""
    seat = Seat().report("announce", "A", "2023-11-19")
    assert seat.at("2023-11-20") == {}
    seat.report("begin", "A", "2023-12-01")
    announced = [span for span in seat.folded() if span.model == "announced"]
    assert announced[0].to_latest == "2023-12-01T23:59:59.999999Z"


def test_in_an_office_of_several_seats_a_beginning_ends_only_whom_it_names() -> None:
    """Directors do not succeed one another unless it is said."""
    seat = (
        Seat(seats=2)
        .report("begin", "A", "2020")
        .report("begin", "B", "2021")
        .report("begin", "C", "2022", replaces="A")
    )
    assert seat.at("2023") == {"B": "certain", "C": "certain"}
    seat.report("begin", "D", "2023")
    assert "more than 2 holders" in seat.conflicts()


def test_the_planned_end_of_an_interim_term_does_not_end_the_permanent_one() -> None:
    """An `until` belongs to the tenure that its own report begins."""
    seat = Seat()
    seat.report("begin", "B", "2021-05-04", value="interim", planned=True, reported="2021-05-05T00:00:00.000000Z")
    seat.report("end", "B", "2022-05-04", planned=True, reported="2021-05-05T00:00:00.000000Z", position=1)
    seat.report("begin", "B", "2021-09-01", value="permanent", reported="2021-09-02T00:00:00.000000Z")
    assert seat.at("2022-06-01") == {"B": "certain"}


def test_the_planned_end_of_a_term_cut_short_does_not_end_a_later_one() -> None:
    """He was dismissed, came back, and the first term's end is past caring."""
    seat = Seat().report("begin", "A", "2020", planned=True, reported="2020-01-02T00:00:00.000000Z")
    seat.report("end", "A", "2024", planned=True, reported="2020-01-02T00:00:00.000000Z", position=1)
    seat.report("end", "A", "2021-03-01").report("begin", "A", "2022-02-01")
    assert seat.at("2021-06-01") == {}
    assert seat.at("2025-06-01") == {"A": "certain"}
