"""The archive as Popolo: people, organisations, posts, memberships, votes, as known now at the floor `press`."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import orjson

from archive.exchange.dates import shown_end
from archive.exchange.rows import dates_of, day_of, details_of, first_of, once

if TYPE_CHECKING:
    from archive.queries.published import Published

OPTIONS = {"for": "yes", "against": "no", "abstain": "abstain", "absent": "absent"}
RESULTS = {"passed": "pass", "failed": "fail"}


def popolo(published: Published, ends: str = "exclusive") -> dict[str, Any]:
    """One object with the lists of Popolo; end dates are the first day without, or with `inclusive` the last with.

    A date is a day, a month or a year that holds both bounds of a change; one that none does is left out. `posts` are
    offices, `sources` of a membership the positions of the reports that it rests on.
    """
    names: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in published.rows("names"):
        language = details_of(row).get("language")
        names[row["subject"]].append({"name": row["name"], **({"lang": language} if language else {})})
    people = [
        _named({"id": row["person"], "name": row["name"]}, names[f"person/{row['person']}"])
        for row in published.rows("people")
    ]
    organisations = []
    for row in published.rows("organisations"):
        kind = details_of(row).get("classification")
        one = {"id": row["organisation"], "name": row["name"], **({"classification": kind} if kind else {})}
        organisations.append(_named(one, names[f"organisation/{row['organisation']}"]))
    posts = [
        {
            "id": f"{row['organisation']}/{row['office']}",
            "label": row["title"],
            "role": row["title"],
            "organization_id": row["organisation"],
        }
        for row in published.rows("offices")
    ]
    return {
        "persons": people,
        "organizations": organisations,
        "posts": posts,
        "memberships": _memberships(published, ends),
        "motions": _motions(published),
    }


def _named(one: dict[str, Any], others: list[dict[str, str]]) -> dict[str, Any]:
    others = [other for other in others if other["name"] != one["name"]]
    return {**one, "other_names": others} if others else one


def _memberships(published: Published, ends: str) -> list[dict[str, Any]]:
    found = []
    ids: Counter[str] = Counter()
    for model in ("tenures", "affiliations"):
        for row in published.rows(model):
            begun, ended = dates_of(row)
            office = row.get("office")
            place = f"{row['organisation']}/{office}" if office else f"{row['organisation']}/affiliation"
            one = {
                "id": once(ids, f"{place}/{row['person']}/{first_of(row)}"),
                "person_id": row["person"],
                "organization_id": row["organisation"],
                "post_id": place if office else None,
                "role": row.get("role"),
                "start_date": begun,
                "end_date": shown_end(ended, ends) if ended else None,
                "sources": [{"note": f"entry {position}"} for position in orjson.loads(row["positions"])],
            }
            found.append({key: value for key, value in one.items() if value is not None})
    return found


def _motions(published: Published) -> list[dict[str, Any]]:
    """A motion with its one vote event for each vote."""
    ballots: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in published.rows("ballots"):
        vote = {"voter_id": row["person"], "option": OPTIONS[row["choice"]]}
        ballots[row["organisation"], row["vote"]].append(vote)
    found = []
    for row in published.rows("votes"):
        details = details_of(row)
        day = day_of(row["valid_from_earliest"], row["valid_from_latest"])
        event = {
            "start_date": day,
            "result": RESULTS.get(row["result"], row["result"]),
            "counts": [
                {"option": OPTIONS[choice], "value": number} for choice, number in details.get("tally", {}).items()
            ],
            "votes": ballots[row["organisation"], row["vote"]],
        }
        found.append(
            {
                "id": f"{row['organisation']}/{row['vote']}",
                "organization_id": row["organisation"],
                "text": details.get("motion"),
                "vote_events": [{key: value for key, value in event.items() if value}],
            }
        )
    return found
