"""Motions and vote events of a Popolo file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.exchange.conventions import Conventions
from archive.exchange.ids import Ids, slug
from archive.exchange.listing import Listing, Told
from archive.exchange.popolo_objects import Obj, id_of, objects, sources_of, text_of
from archive.intake.faults import Wrong, quoted
from archive.intake.kinds import shown

TALLY = {"yes": "in_favour", "no": "against", "abstain": "abstained"}
CHOICES = {"yes": "for", "no": "against", "abstain": "abstain", "absent": "absent"}
RESULTS = {"pass": "passed", "fail": "failed"}
"""Popolo's words for results; others are kept as they are."""


class Votes:
    """Takes motions and vote events in."""

    def __init__(self, listing: Listing, ids: Ids, conventions: Conventions, redirects: Mapping[str, str]) -> None:
        self._listing = listing
        self._ids = ids
        self._conventions = conventions
        self._redirects = redirects
        self._motions: dict[str, Obj] = {}

    def motion(self, place: str, one: Obj) -> None:
        """Take a motion in, with the vote events in it."""
        with self._listing.at(place):
            if (id_ := id_of(one, "id")) is not None:
                self._motions[id_] = one
        for inner, event in objects(self._listing, f"{place} vote_events", one.get("vote_events")):
            with self._listing.at(inner):
                self.vote_event(inner, event, one)

    def vote_event(self, place: str, one: Obj, motion: Obj) -> None:
        """Take a vote event in. Raises Wrong."""
        motion = motion or self._motions.get(id_of(one, "motion_id") or "", {})
        owner = id_of(one, "organization_id") or id_of(motion, "organization_id")
        key = id_of(one, "id") or id_of(one, "motion_id") or id_of(motion, "id")
        if owner is None or key is None:
            field = "organization_id" if owner is None else "id"
            raise Wrong("is missing, in its motion too", "say it here or there", field=field)
        when = text_of(one, "start_date") or text_of(motion, "date")
        if when is None:
            raise Wrong("is missing, and its motion has no date", "say when", field="start_date")
        words = [text_of(motion, field) or text_of(one, field) for field in ("text", "title")]
        about = motion.get("object")
        subject = text_of(about, "subject") if isinstance(about, dict) else None
        vote = self._ids.of("vote", key)
        wire: dict[str, Any] = {
            "type": "VoteHeld",
            "organisation": self._ids.of("organisation", owner),
            "vote": vote,
            "when": when,
            "motion": ": ".join(part for part in (subject, words[0] or words[1]) if part) or key,
            "development": slug(key),
            **self._tally(one),
            "ballots": self._ballots(place, one),
        }
        result = text_of(one, "result") or text_of(motion, "result")
        if result is not None:
            wire["result"] = RESULTS.get(result, result)
        if (said := sources_of(one) or sources_of(motion)) is not None:
            wire["attribution"] = said
        self._listing.told.append(Told(place, wire))

    def _tally(self, one: Obj) -> dict[str, int]:
        """The counts of a vote, summed over groups."""
        found: dict[str, int] = {}
        for count in one.get("counts") or ():
            option, value = (count.get("option"), count.get("value")) if isinstance(count, dict) else (None, None)
            if type(value) is not int or value < 0:
                raise Wrong(f"{shown(value)} is no number of votes", "write a whole number", field="counts")
            if option in TALLY:
                found[TALLY[option]] = found.get(TALLY[option], 0) + value
            else:
                self._listing.note(f"counts of the option {quoted(str(option))}, which the archive does not keep")
        return found

    def _ballots(self, place: str, one: Obj) -> list[dict[str, str]]:
        """The named votes of people; those of other options, and of groups, are left out and counted."""
        found = []
        for inner, vote in objects(self._listing, f"{place} votes", one.get("votes")):
            with self._listing.at(inner):
                voter = id_of(vote, "voter_id")
                option = text_of(vote, "option")
                if voter is None:
                    self._listing.note("votes without a voter")
                elif option in CHOICES:
                    person = self._ids.of("person", self._redirects.get(voter, voter))
                    found.append({"person": person, "choice": CHOICES[option]})
                else:
                    self._listing.note(f"votes of the option {quoted(str(option))}, which the archive does not keep")
        return found
