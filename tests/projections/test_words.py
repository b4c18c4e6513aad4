"""What counts as a word, and that lexemes find phrases exactly where they stand."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.projections.search_index import CHUNK, REACH, chunks
from archive.projections.words import (
    BARRIER,
    CLOSE,
    GAP,
    LINELESS,
    SIGN,
    UNSEEN,
    WORD,
    Phrase,
    _kind,
    lexemes,
    lexemes_of,
    looked_for,
    phrases,
    places,
    units,
)
from tests import naive_search

KINDS = {WORD: "word", SIGN: "sign", LINELESS: "unbroken", CLOSE: "unspaced", GAP: "gap", None: "mark"}
FOUND = [
    ("Altman", "Sam Altman's ouster"),
    ("ALTMAN", "altman"),
    ("ＡＬＴＭＡＮ", "Altman"),
    ("Altman", "Ａｌｔｍａｎ"),
    ("o'brien", "Miles O’Brien"),
    ("o’brien", "O'BRIEN"),
    ("$86 billion", "valued at US$86 billion"),
    ("86", "$86bn is not it, $86 is"),
    ("$86", "＄86"),
    ("5%", "about 5% of it"),
    ("C++", "written in C++"),
    ("GPT-4", "GPT‑4, and gpt 4"),
    ('"chief executive"', "the chief-executive officer"),
    ("executive chief", "the chief executive"),
    ("取締", "取締役会が"),
    ("役会", "取締役会が"),
    ("取締役会", "ＯｐｅｎＡＩの取締役会は"),
    ("OpenAIの取締役会", "米OpenAI の取締役会"),
    ("会", "取締役会"),
    ("の", "OpenAIの"),
    ("AIの", "AIのみ"),
    ("のAI", "そのAI"),
    ("サム・アルトマン", "サム・アルトマン氏"),
    ("サム・アルトマン", "サム＝アルトマン"),
    ("ｱﾙﾄﾏﾝ", "アルトマン"),
    ("ガス", "ｶﾞｽ会社"),
    ("パ", "ハ\u309a"),
    ("取締役", "取締\n役"),
    ("2023年", "2023年11月"),
    ("대표", "대표이사"),
    ("대표 이사", "대표\n이사"),
    ("กรุงเทพ", "ที่กรุงเทพมหานคร"),
    ("café", "CAFE\u0301"),
    ("Straße", "STRASSE"),
    ("halfway", "half\u00adway"),
    ("❤", "he replied ❤️"),
    ("👍", "👍🏽👍🏽"),
    ("㈱", "(株)東京"),
    ("株式会社", "㍿"),
    ("葛城", "葛\U000e0100城"),
    ("Ильи", "Ильи Суцкевера"),
    ("a-b", "a/b"),
    ('5" disk', 'a 5" disk'),
    ("“chief executive”", "chief executive"),
]
NOT_FOUND = [
    ("Alt", "Altman"),
    ("man", "Altman"),
    ('"executive chief"', "the chief executive"),
    ("GPT4", "GPT-4"),
    ("$", "x24y"),  # the lexeme of the sign, were it not for another x
    ("$86", "86 dollars"),
    ("cafe", "café"),
    ("田中", "池田。中国"),
    ("サムアルトマン", "サム・アルトマン"),
    ("サム・アルトマン", "サムアルトマン"),
    ("役取", "取締役"),
    ("か", "か\u309a"),
    ("取締", "取\n\n締"),
    ("대표이사", "대표\n이사"),
    ("AIの取締", "AI取締"),
    ("OpenAI", "OpenAIs"),
]
CHARACTERS = st.sampled_from(
    "abxyz019AＡａé\u0301ßñ取締役会のサムﾑﾞガ\u309aー々・、。대표ᄃ\u1162ก\u0e33า"
    "$%+-'\"* \n\r\u3000\u00ad\u200d❤\ufe0f👍🏽½㍿㈱ İſ"
)
TEXTS = st.text(CHARACTERS, max_size=24) | st.text(max_size=12)


def find(words: str, text: str) -> bool:
    """Whether every phrase stands in the text."""
    found = units(text)
    return all(next(places(found, phrase), None) for phrase in phrases(words))


def by_lexemes(phrase: Phrase, made: list[str]) -> bool:
    """Whether an index of these lexemes finds the phrase: they follow each other, the last perhaps but begun."""
    wanted, prefix = looked_for(phrase)
    for place in range(len(made) - len(wanted) + 1):
        here = made[place : place + len(wanted)]
        if here == wanted or (prefix and here[:-1] == wanted[:-1] and here[-1].startswith(wanted[-1])):
            return True
    return False


@pytest.mark.parametrize(("words", "text"), FOUND)
def test_it_is_found(words: str, text: str) -> None:
    """By whoever looks for it, by the naive answer, and by the lexemes of an index."""
    assert phrases(words)
    assert find(words, text)
    assert naive_search.found([text], words)
    assert all(by_lexemes(phrase, lexemes(units(text))) for phrase in phrases(words))


@pytest.mark.parametrize(("words", "text"), NOT_FOUND)
def test_it_is_not_found(words: str, text: str) -> None:
    """Another word, another order, or something between."""
    assert not find(words, text)
    assert not naive_search.found([text], words)
    assert not all(by_lexemes(phrase, lexemes(units(text))) for phrase in phrases(words))


@given(TEXTS, TEXTS, st.integers(0, 20), st.integers(1, 8))
@example("か\u309aき", "か", 0, 1)
@example("x", "xx", 0, 1)
def test_what_is_found_is_what_the_naive_answer_finds(text: str, words: str, start: int, size: int) -> None:
    """Of any words, and of words cut out of the text itself, in the text and in the lexemes."""
    for asked in (words, text[start : start + size], f'"{text[start : start + size]}"'):
        expected = naive_search.found([text], asked)
        assert find(asked, text) == expected
        made = lexemes(units(text))
        assert all(by_lexemes(phrase, made) for phrase in phrases(asked)) == expected


@given(TEXTS | st.text(st.characters(max_codepoint=127)))
@example("Xerox paid $5, 100% of it; " + 70 * "x")
def test_a_text_has_the_lexemes_of_its_units(text: str) -> None:
    """Whether it is ASCII, and taken apart in one go, or not."""
    assert lexemes_of(text) == lexemes(units(text))


def test_every_character_is_of_the_kind_that_its_name_says() -> None:
    """Every letter, number, mark and symbol of Unicode that stays as it is when it is folded."""
    for character in map(chr, range(sys.maxunicode + 1)):
        assert bool(UNSEEN.match(character)) == naive_search.hidden(character)
        if unicodedata.category(character)[0] in "LNMS" and naive_search.fold(character) == character:
            assert KINDS[_kind(character)] == naive_search.kind(character), hex(ord(character))


@given(TEXTS)
def test_a_unit_knows_where_it_stands(text: str) -> None:
    """Its place holds what it was made of, in order, and units of their own text are found from end to end."""
    found = units(text)
    assert [(unit.start, unit.end) for unit in found] == sorted((unit.start, unit.end) for unit in found)
    assert all(0 <= unit.start < unit.end <= len(text) for unit in found)
    if found:
        assert next(places(found, tuple(found))) == (found[0].start, found[-1].end)


@given(st.lists(TEXTS, max_size=8))
def test_lexemes_are_letters_and_digits_of_ascii(texts: list[str]) -> None:
    """A database takes each for one word, and none is the barrier between two texts."""
    for text in texts:
        for lexeme in lexemes(units(text)):
            assert lexeme.isascii()
            assert lexeme.isalnum()
            assert lexeme == lexeme.lower()
            assert lexeme != BARRIER
            assert len(lexeme) <= 128


def test_words_of_any_length_are_told_apart() -> None:
    """One of ten thousand letters is found, one with another last letter is not; a heap of marks is one unit."""
    for letter in "aé取":
        long = letter * 10_000 if letter != "取" else "取" + "\u0301" * 10_000
        assert find(long, f"say {long}, twice")
        assert not find(long, f"say {long}\u0302b")
        assert len({*lexemes(units(long)), *lexemes(units(long + "\u0302"))}) == 2


@given(st.integers(0, 1200), st.integers(0, 1200), st.integers(1, REACH))
def test_a_phrase_is_whole_in_one_chunk(size: int, start: int, length: int) -> None:
    """Wherever it stands, if it is no longer than the chunks reach into each other; and nothing is lost."""
    made = [str(number) for number in range(size)]
    cut = list(chunks(made))
    assert all(len(chunk) <= CHUNK for chunk in cut)
    phrase = made[start : start + length]
    assert any(chunk[place : place + len(phrase)] == phrase for chunk in cut for place in range(len(chunk) + 1))
