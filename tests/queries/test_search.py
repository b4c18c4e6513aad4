"""A search finds every entry in which the words stand, and no other, whichever the database."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from archive import Archive, ArchiveError
from archive.errors import UsageError
from archive.intake.documents import Document
from archive.log.transactions import write_transaction
from archive.projections.free_text import texts_of
from archive.projections.search_index import CHUNK, REACH, catch_up, reindex
from archive.projections.texts import remove
from archive.queries.snapshot import UnknownOrganisation
from tests import naive_search
from tests.databases import KINDS, DatabaseTemplate, FreshDatabase, Kind
from tests.projections.test_words import FOUND, NOT_FOUND
from tests.queries.reported import ACME, held, opened, take

ONE, TWO = "1" * 64, "2" * 64
LONG = f"unicorn {'beyond the ' * 400}Unicorn {'の' * 600}終 and done"
SIGNS = "abx1Aéß取締役会のサムガ々ー・。대표กา$%+'- \n👍½"


def noted(summary: str, **more: Any) -> dict[str, Any]:
    """A report that says something in free words."""
    return {"type": "Noted", **ACME, "when": "2020-01-01", "source": "wire", "summary": summary, **more}


def texts() -> list[str]:
    """Summaries: those of the table of examples, and random ones of few signs, so that much is found."""
    random = Random(7)
    made = ["".join(random.choices(SIGNS, k=random.randint(1, 30))) for _ in range(150)]
    return list(dict.fromkeys(text for text in [*(text for _, text in FOUND + NOT_FOUND), *made] if text.strip()))


def _fill(url: str) -> None:
    with opened(url) as archive:
        whole = [noted(text) for text in texts()]
        for start in range(0, len(whole), 100):
            take(archive, *whole[start : start + 100])


@pytest.fixture(params=KINDS)
def filled(request: pytest.FixtureRequest, fresh_database: FreshDatabase, database_template: DatabaseTemplate) -> Any:
    """An archive of many short texts, on each database."""
    kind: Kind = request.param
    with Archive.open(fresh_database(kind, database_template(kind, "searched", _fill))) as archive:
        yield archive


def free_texts(archive: Archive) -> dict[int, list[str]]:
    """What each entry says in free words."""
    with archive.reading() as connection:
        entries = [(entry.position, entry.event) for entry in archive.log.entries(connection)]
    return {position: [text for _, text in texts_of(event)] for position, event in entries if event is not None}


def positions(archive: Archive, words: str, **more: Any) -> list[int]:
    """Where the hits are."""
    found = archive.search(words, **more)
    assert found["total"] >= len(found["hits"])
    return [hit["position"] for hit in found["hits"]]


def test_what_is_found_is_what_the_naive_answer_finds(filled: Archive) -> None:
    """For the words of the examples and for pieces cut out of the texts, alone, in pairs and in quotes."""
    said = free_texts(filled)
    random = Random(11)
    asked = [words for words, _ in FOUND + NOT_FOUND]
    for _ in range(60):
        text = random.choice(texts())
        start = random.randrange(len(text))
        piece = text[start : start + random.randint(1, 5)].replace('"', " ")
        asked += [piece, f'"{piece}"', f"{piece} {random.choice(SIGNS)}"]
    hits = 0
    for words in asked:
        expected = [position for position, own in said.items() if naive_search.found(own, words)]
        if not naive_search.asked(words):
            with pytest.raises(UsageError, match="nothing to look for"):
                filled.search(words)
            continue
        found = sorted(positions(filled, words))
        assert found == expected, words
        hits += len(found)
    assert hits > 500


def test_a_limit_cuts_what_is_shown_and_not_what_is_counted(filled: Archive) -> None:
    """The first in order are shown."""
    whole = filled.search("の")
    assert whole["total"] == len(whole["hits"]) > 5
    cut = filled.search("の", limit=5)
    assert (cut["total"], cut["hits"]) == (whole["total"], whole["hits"][:5])
    assert filled.search("の", limit=0)["hits"] == []


HOSTILE = (
    "NEAR(a b)",
    "a NEAR b",
    "lexemes:a",
    "-a",
    "a*",
    "^a",
    "a AND",
    "OR",
    "a NOT b",
    "{a} : b",
    "a & !b | (c",
    "a <-> b:*",
    "a:*",
    "'; DROP TABLE entries; --",
    'a"',
    '"a',
    '""a""',
    "\\a\\",
    "%a_",
    "a\x00b",
    "a\x1b[31mb\x07",
    "a\u202eb",
    "a:b\tc\r\nd",
    "xz",
    "entry_words",
    "rank",
)


def test_what_a_database_would_obey_is_but_words(filled: Archive) -> None:
    """Operators, quotes and controls mean nothing: the answer is the naive one."""
    said = free_texts(filled)
    for words in HOSTILE:
        expected = [position for position, own in said.items() if naive_search.found(own, words)]
        assert sorted(positions(filled, words)) == expected, words


def test_a_question_of_no_words_is_an_error(filled: Archive) -> None:
    """Which says what a word is."""
    for words in ("", " ", "*", '"', '""', "-- ()", "\x00", "・。", "\u200b", "\u0301"):
        with pytest.raises(UsageError, match="nothing to look for"):
            filled.search(words)


def test_a_question_may_be_long_up_to_a_limit(filled: Archive) -> None:
    """A thousand characters, thirty-two words; a lone surrogate is no text."""
    assert filled.search("a" * 1_000)["total"] == 0
    assert filled.search(" ".join(str(number) for number in range(32)))["total"] == 0
    for words in ("a" * 1_001, " ".join(str(number) for number in range(33)), "a\udcff"):
        with pytest.raises(UsageError, match=r"too many|no Unicode"):
            filled.search(words)


def test_a_long_text_is_found_wherever_its_words_stand(acme_url: str) -> None:
    """Across the borders of chunks, a frequent word at its last place, and phrases longer than chunks reach."""
    number = CHUNK * 3
    words = [f"w{place}" for place in range(number)]
    japanese = "".join(chr(0x4E00 + place) for place in range(number))
    with opened(acme_url) as archive:
        latin, kanji, same, other = take(
            archive,
            noted(" ".join(words)),
            noted(japanese),
            noted("の" * number + "終"),
            noted(" ".join([*words[:90], "else", *words[90:]])),
        )
        for place in range(number - 1):
            if any(abs(place - border) < 3 for border in range(0, number, CHUNK - REACH + 1)) or place % 37 == 0:
                assert latin in positions(archive, f'"{words[place]} {words[place + 1]}"')
                assert positions(archive, japanese[place : place + 2]) == [kanji]
        assert positions(archive, "の終") == [same]
        assert positions(archive, f"w1 w{number - 1}") == [latin, other]
        long = " ".join(words[60:120])
        assert positions(archive, f'"{long}"') == [latin]
        assert positions(archive, f'"{long} w9"') == []
        assert positions(archive, japanese[100:400]) == [kanji]
        assert positions(archive, japanese[100:400] + "々") == []


def test_every_free_text_of_a_report_is_searched_and_a_phrase_stays_in_one(acme_url: str) -> None:
    """Summary, attribution, reason, quotes and times as printed; words may stand in several of them."""
    quote = "they quoted"
    passage = {"start": 0, "end": len(quote), "sha256": sha256(quote.encode()).hexdigest(), "quote": quote}
    told: dict[str, Any] = {
        "attribution": "A spokesman",
        "stated_times": [{"text": "at noon sharp"}],
        "passages": [passage],
    }
    with opened(acme_url) as archive:
        (position,) = take(
            archive, held("Dismissed", "ann", "2020-01-01", summary="She went", reason="no candour", **told)
        )
        for words in ("went", "spokesman", "sharp", "quoted", "candour", "went spokesman candour"):
            assert positions(archive, words) == [position]
        assert positions(archive, '"went spokesman"') == []
        (hit,) = archive.search("spokesman candour")["hits"]
        assert {excerpt["field"] for excerpt in hit["excerpts"]} == {"attribution", "reason"}
        assert hit["basis"] == "stated"
        assert hit["when"]["latest"] == "2020-01-01T23:59:59.999999Z"


def test_names_and_sources_come_first_and_say_whose_they_are(acme_url: str) -> None:
    """A name in any script, a title of an office, a source's publisher."""
    with opened(acme_url) as archive:
        take(
            archive,
            noted("Altman said so"),
            {"type": "PersonRegistered", "person": "sam", "name": "Sam Altman", "names": ["サム・アルトマン"]},
            {"type": "NameRecorded", "person": "sam", "name": "Sammy Altman", "source": "wire"},
            {"type": "OfficeRegistered", **ACME, "office": "cto", "title": "Chief of Altman"},
            {"type": "SourceRegistered", "source": "post", "publisher": "The Altman Post"},
        )
        found = archive.search("altman")["hits"]
        subjects = ["person/sam", "person/sam", "office/acme/cto", "source/post", None]
        assert [hit["subject"] for hit in found] == subjects
        assert [hit["kind"] for hit in found] == ["name", "name", "name", "source", "report"]
        (hit,) = archive.search("アルトマン")["hits"]
        (excerpt,) = hit["excerpts"]
        assert (excerpt["text"], excerpt["marks"]) == ("サム・アルトマン", [[3, 8]])


def test_an_excerpt_marks_the_words_as_they_stand(acme_url: str) -> None:
    """Its offsets are code points of the field, and the field goes on where it says so."""
    summary = f"{'before ' * 20}Ｓａｍ ALTMAN{' after' * 20}"
    with opened(acme_url) as archive:
        take(archive, noted(summary))
        (hit,) = archive.search('"sam altman"')["hits"]
        (excerpt,) = hit["excerpts"]
        ((start, end),) = excerpt["marks"]
        assert excerpt["text"][start:end] == "Ｓａｍ ALTMAN"
        assert summary[excerpt["start"] : excerpt["end"]] == excerpt["text"]
        assert excerpt["more"]
        assert len(excerpt["text"]) < 90


def test_what_was_taken_back_is_found_and_marked(acme_url: str) -> None:
    """An amended report too, by the words that it had, and its amendment by the new ones."""
    with opened(acme_url) as archive:
        wrong, vague = take(archive, noted("a unicorn came"), noted("a dragon came"))
        retracted, amended = take(
            archive,
            {"type": "Retracted", "target": wrong, "reason": "misread"},
            {"type": "Amended", "target": vague, "changes": {"summary": "a griffin came"}},
        )
        (hit,) = archive.search("unicorn")["hits"]
        assert (hit["stands"], hit["later"]) == (False, [{"position": retracted, "type": "Retracted"}])
        (hit,) = archive.search("unicorn", as_recorded=f"@{vague}")["hits"]
        assert (hit["stands"], hit["later"]) == (True, [])
        (hit,) = archive.search("dragon")["hits"]
        assert (hit["stands"], hit["later"]) == (True, [{"position": amended, "type": "Amended"}])
        (hit,) = archive.search("griffin")["hits"]
        assert (hit["position"], hit["target"]) == (amended, vague)
        assert positions(archive, "griffin", as_recorded=f"@{vague}") == []


def test_a_search_knows_only_what_was_public_by_then(acme_url: str) -> None:
    """The wire was public in January, the gazette in March; what the archive took back is found as it was."""
    with opened(acme_url) as archive:
        early, late = take(archive, noted("a unicorn"), noted("a unicorn", source="gazette"))
        february = "2020-02-01T00:00:00.000000Z"
        assert positions(archive, "unicorn", as_reported=february) == [early]
        take(archive, {"type": "Retracted", "target": early})
        (hit,) = archive.search("unicorn", as_reported=february)["hits"]
        assert not hit["stands"]
        assert positions(archive, "unicorn") == [early, late]


def test_a_search_of_one_organisation_has_its_reports_names_and_sources(acme_url: str) -> None:
    """Those of one merged into it too; an organisation that nobody registered is an error."""
    with opened(acme_url) as archive:
        other = {"organisation": "other"}
        name, own, foreign, source = take(
            archive,
            {"type": "OrganisationRegistered", **other, "name": "Unicorn"},
            noted("a unicorn"),
            {**noted("a unicorn"), **other, "source": "post"},
            {"type": "SourceRegistered", "source": "post", "title": "Unicorn Post"},
        )
        assert positions(archive, "unicorn", organisation="acme") == [own]
        assert positions(archive, "unicorn", organisation="other") == [name, source, foreign]
        with pytest.raises(UnknownOrganisation, match="acme"):
            archive.search("unicorn", organisation="akme")
        take(archive, {"type": "Merged", "organisation": "other", "into_organisation": "acme"})
        assert positions(archive, "unicorn", organisation="acme") == [name, source, own, foreign]
        assert positions(archive, "unicorn", organisation="acme", as_recorded=f"@{source}") == [own]


@pytest.fixture
def with_texts(acme_url: str) -> Iterator[Archive]:
    """An archive of two documents with their texts, of the first by two sources, and a report that cites one."""
    with opened(acme_url) as archive:
        take(
            archive,
            {"type": "SourceRegistered", "source": "post", "published": "2020-05-01", "sha256": ONE},
            {"type": "SourceRegistered", "source": "copy", "published": "2020-06-01", "sha256": ONE},
            {"type": "SourceRegistered", "source": "memo", "title": "A memo", "sha256": TWO},
            noted("nothing", source="memo"),
        )
        kept = [
            Document(ONE, "text/plain", "tests", LONG),
            Document(TWO, "text/plain", "tests", "The Unicorn, 取締役会"),
        ]
        archive.append([], who="tests", program="tests", documents=kept)
        yield archive


def test_a_kept_text_is_found_with_every_place(with_texts: Archive) -> None:
    """After names and reports; offsets are code points of the text, whoever published it is named."""
    (position,) = take(with_texts, noted("a unicorn"))
    found = with_texts.search("unicorn")["hits"]
    assert [(hit["kind"], hit["position"]) for hit in found] == [("report", position), ("text", 18), ("text", 20)]
    first, second = found[1:]
    assert (first["sources"], first["sha256"], first["found"]) == (["copy", "post"], ONE, 2)
    assert [LONG[start:end] for start, end in first["places"]] == ["unicorn", "Unicorn"]
    assert [excerpt["marks"] for excerpt in first["excerpts"]] == [[[0, 7]], [[26, 33]]]
    assert (second["sources"], second["title"], second["places"]) == (["memo"], "A memo", [[4, 11]])
    assert [hit["subject"] for hit in with_texts.search("取締")["hits"]] == ["source/memo"]
    assert with_texts.search("unicorn 取締")["total"] == 1
    assert with_texts.search("の終")["hits"][0]["places"] == [[LONG.index("の終"), LONG.index("の終") + 2]]


def test_a_kept_text_is_known_since_a_version_with_it_is(with_texts: Archive) -> None:
    """On the report clock since its publication, else since it was registered; of one organisation if it is cited."""
    assert positions(with_texts, "unicorn", as_recorded="@17") == []
    assert positions(with_texts, "unicorn", as_recorded="@21") == [18, 20]
    assert positions(with_texts, "unicorn", as_reported="2020-04-30T00:00:00.000000Z") == []
    (hit,) = with_texts.search("unicorn", as_reported="2020-05-02T00:00:00.000000Z")["hits"]
    assert (hit["sources"], hit["reported"]) == (["post"], "2020-05-01T23:59:59.999999Z")
    assert positions(with_texts, "unicorn", organisation="acme") == [20]


def test_a_text_that_is_destroyed_is_in_no_index(with_texts: Archive) -> None:
    """Not found, no word of it left in the tables of the index; the others are found as before."""
    with write_transaction(with_texts.engine) as connection:
        assert remove(connection, ONE)
        assert not remove(connection, ONE)
        sqlite = connection.dialect.name == "sqlite"
        kept = "SELECT block FROM text_words_data" if sqlite else "SELECT CAST(lexemes AS text) FROM text_words"
        left = str(connection.exec_driver_sql(kept).all())
    assert "beyond" not in left
    assert positions(with_texts, "beyond") == []
    assert positions(with_texts, "unicorn") == [20]


def test_an_index_that_lacks_a_text_says_so_and_is_made_anew(with_texts: Archive) -> None:
    """As that of an archive whose texts were kept before there was an index."""
    before = with_texts.search("unicorn")
    with write_transaction(with_texts.engine) as connection:
        connection.exec_driver_sql("DELETE FROM word_texts WHERE number = 2")
    with pytest.raises(ArchiveError, match="archive init"):
        with_texts.search("unicorn")
    catch_up(with_texts.engine)
    assert with_texts.search("unicorn") == before


def test_an_index_that_is_behind_says_so_and_is_made_anew(filled: Archive) -> None:
    """By `init`, from the log; made anew it answers as before."""
    before = filled.search("取締")
    with write_transaction(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE words_head SET size = size - 1")
    with pytest.raises(ArchiveError, match="archive init"):
        filled.search("取締")
    catch_up(filled.engine)
    assert filled.search("取締") == before
    with write_transaction(filled.engine) as connection:
        reindex(connection)
    assert filled.search("取締") == before


def test_an_append_that_fails_leaves_no_words(acme_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is written in the transaction of the append."""
    with opened(acme_url) as archive:
        with monkeypatch.context() as patch:
            patch.setattr("archive.projections.search_index.CHUNK_BITS", -1)
            with pytest.raises(ValueError, match="negative shift"):
                take(archive, noted("a unicorn"))
        assert positions(archive, "unicorn") == []
        (position,) = take(archive, noted("a unicorn"))
        assert positions(archive, "unicorn") == [position]
