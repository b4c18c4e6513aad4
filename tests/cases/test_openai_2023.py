"""The reports of November 2023 against the article that they come from, and as a file that anybody may append."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from archive.cases import path
from archive.intake import MemoryKnown, read_reports
from events import Event, Registration, When, content_identity, shapes, to_plain, types
from events.offices import Attested
from events.products import Noted

ARTICLE = Path(__file__).parents[3] / "shared" / "seed" / "article.ja.txt"
BOILERPLATE = 171
"""The line of the article from which on it is the host's own text."""

FIXED = {
    "person": "sam-altman greg-brockman ilya-sutskever mira-murati emmett-shear adam-dangelo tasha-mccauley "
    "helen-toner brad-lightcap jason-kwon satya-nadella elon-musk",
    "organisation": "openai microsoft",
    "office": "ceo chair president cto chief-scientist coo cso director",
}
SPELLINGS = {
    "Ilya Sutskever",
    "イリヤ",
    "イリヤ・スツクヴィ",
    "イリヤ・スツクウェ",
    "イリヤ・スツケヴァー",
    "Ilya Sutskovi",
    "イリヤ・スツケヴィ",
    "Ilya Suzkwe",
    "イリヤ・スツコビ",
}


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """The events of the case, read as by an archive that knows nothing yet."""
    taken = read_reports(io.BytesIO(path().read_bytes()), "openai-2023.jsonl", MemoryKnown())
    assert taken.faults == []
    return taken.events


@pytest.fixture(scope="module")
def article() -> str:
    """The article's text."""
    if not ARTICLE.exists():
        pytest.skip("../shared is not there")
    return ARTICLE.read_bytes().decode("utf-8")


def test_an_empty_archive_takes_every_line(lines: list[dict[str, Any]], events: list[Event]) -> None:
    """No line has a fault, and each becomes one event."""
    assert len(events) == len(lines)
    assert all(type(event) is types()[line["type"]] for event, line in zip(events, lines, strict=True))


def test_there_are_sixty_reports_or_more_apart_from_names(events: list[Event]) -> None:
    """Registrations and spellings are not counted."""
    told = [event for event in events if not isinstance(event, Registration)]
    assert len([event for event in told if type(event).__name__ != "NameRecorded"]) >= 60


def test_no_two_have_the_same_type_keys_and_time(events: list[Event]) -> None:
    """Each report says something that no other of its type and basis says of the same things at the same time."""
    counted = Counter(_keys(event) for event in events)
    assert [keys for keys, number in counted.items() if number > 1] == []
    assert len({json.dumps(content_identity(event), sort_keys=True) for event in events}) == len(events)


def test_the_ids_that_others_ask_for_are_registered(lines: list[dict[str, Any]]) -> None:
    """Other people's questions name these."""
    for kind, expected in FIXED.items():
        registered = {line[kind] for line in lines if line["type"] == f"{kind.title()}Registered"}
        assert set(expected.split()) <= registered
    assert {line["letter"] for line in lines if "letter" in line} == {"open-letter"}


def test_every_report_has_its_source_its_passages_and_a_summary_or_a_name(lines: list[dict[str, Any]]) -> None:
    """Whoever doubts a report finds the place."""
    for line in lines:
        if line["type"].endswith("Registered"):
            continue
        assert line["source"] == "hedgehog-article"
        assert line["passages"]
        assert line.get("summary") or line["type"] == "NameRecorded"


def test_the_case_keeps_no_sentence_of_the_article(lines: list[dict[str, Any]]) -> None:
    """Passages are offsets and digests; summaries are in English."""
    for line in lines:
        assert not any(passage.get("quote") for passage in line.get("passages", ()))
        assert line.get("summary", "").isascii()


def test_every_passage_is_in_the_article_and_short(lines: list[dict[str, Any]], article: str) -> None:
    """The digest is that of the code points `[start, end)`, 300 at most, none of them the host's."""
    end_of_article = sum(len(line) + 1 for line in article.split("\n")[: BOILERPLATE - 1])
    for line in lines:
        for passage in line.get("passages", ()):
            start, end = passage["start"], passage["end"]
            assert 0 <= start < end <= min(start + 300, end_of_article)
            assert hashlib.sha256(article[start:end].encode()).hexdigest() == passage["sha256"]


def test_every_stated_time_and_spelling_is_as_printed(lines: list[dict[str, Any]], article: str) -> None:
    """Zones too, wrong as some are."""
    for line in lines:
        for stated in line.get("stated_times", ()):
            assert stated["text"] in article
            assert stated.get("zone", "") in article
        if line["type"] == "NameRecorded":
            for passage in line["passages"]:
                assert article[passage["start"] : passage["end"]] == line["name"]


def test_the_source_carries_the_digest_of_the_article(lines: list[dict[str, Any]], article: str) -> None:
    """The bytes that were read are the bytes that are meant."""
    (source,) = [line for line in lines if line["type"] == "SourceRegistered"]
    assert source["sha256"] == hashlib.sha256(article.encode()).hexdigest()
    assert source["machine_translated"] is True


def test_every_spelling_of_sutskever_is_recorded(lines: list[dict[str, Any]]) -> None:
    """Whoever searches for one of them finds him."""
    assert {line["name"] for line in lines if line.get("person") == "ilya-sutskever" and "name" in line} == SPELLINGS


def test_the_vote_counts_more_than_were_there(lines: list[dict[str, Any]]) -> None:
    """Four to two makes six, and the article has one of the six absent: reported as it stands, a contradiction."""
    (vote,) = [line for line in lines if line["type"] == "VoteHeld"]
    (held,) = [line for line in lines if line["type"] == "MeetingHeld" and line["meeting"] == vote["meeting"]]
    assert (vote["in_favour"], vote["against"], len(held["present"]), held["absent"]) == (4, 2, 5, ["greg-brockman"])
    assert {ballot["person"] for ballot in vote["ballots"]} < set(held["present"])


def _keys(event: Event) -> str:
    """The type, every id, slug and name that a report has, and its time; of what is noted or attested, its place."""
    plain = to_plain(event)
    kept: dict[str, Any] = {"type": type(event).__name__, "when": _times(event), "basis": plain.get("basis")}
    cls: Any = type(event)
    hints = get_type_hints(cls)
    for shape in shapes(cls):
        named = "Id" in str(hints[shape.attribute]) or "Slug" in str(hints[shape.attribute])
        if shape.wire in plain and (named or shape.wire in ("name", "product", "investor_name", "who")):
            kept[shape.wire] = plain[shape.wire]
    if isinstance(event, (Attested, Noted)):
        kept["passages"] = plain["passages"]
    kept.pop("source", None)
    kept.pop("development", None)
    return json.dumps(kept, sort_keys=True)


def _times(event: Event) -> str | None:
    return event.occurred.text if isinstance(event.occurred, When) else None
