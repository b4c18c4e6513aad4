"""What is printed does no harm and fits."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cli.output import UNSAFE, csv_lines, json_text, printable, table, width, wrapped

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.text())
def test_printable_text_has_nothing_that_a_terminal_obeys(text: str) -> None:
    """Whatever a source says; what is harmless stays as it is."""
    assert not UNSAFE.search(printable(text))
    assert UNSAFE.search(text) or printable(text) == text


@given(TEXTS)
def test_json_keeps_every_character_and_shows_none_that_acts(text: str) -> None:
    """Escaped, it reads back as it was."""
    shown = json_text({"said": text}, indent=False)
    assert not UNSAFE.search(shown)
    assert json.loads(shown) == {"said": text}


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_csv_reads_back_with_no_cell_that_calculates(cells: list[str]) -> None:
    """An apostrophe is put before what would, and before nothing else."""
    (read,) = csv.reader(io.StringIO("\r\n".join(list(csv_lines(["a"], [cells]))[1:]), newline=""))
    for cell, back in zip(cells, read, strict=True):
        assert back in (cell, f"'{cell}")
        assert not back.startswith(("=", "@", "\t"))


def test_numbers_stay_numbers_in_csv() -> None:
    """A minus before digits is no formula."""
    assert list(csv_lines(["n"], [["-5"], [-5], ["-5.25"], ["-5+A1"], ["+SUM(A1)"]])) == [
        "n",
        "-5",
        "-5",
        "-5.25",
        "'-5+A1",
        "'+SUM(A1)",
    ]


@given(st.lists(st.text("ab宮\u0301-", max_size=90), max_size=30))
def test_wrapped_lines_fit_and_no_word_is_cut(words: list[str]) -> None:
    """Only a word that is longer than a line makes a longer one."""
    text = " ".join(words)
    lines = list(wrapped(text, 2))
    assert " ".join(line.strip(" ") for line in lines).split() == text.split()
    assert all(width(line) <= 80 or len(line.split()) == 1 for line in lines)


def test_a_table_stands_straight_with_wide_characters() -> None:
    """Columns are counted as a terminal does; nothing is None but blank."""
    assert list(table(["name", "n"], [["宮田", 1], ["ab", None], ["c", 10]])) == [
        "name  n",
        "----  --",
        "宮田   1",
        "ab",
        "c     10",
    ]


@pytest.mark.parametrize("cell", ["＝1+1", "＠SUM(A1)", " =1+1", "\ufeff=1+1"])
def test_what_some_spreadsheets_calculate_is_neutral_too(cell: str) -> None:
    """Wide signs, and signs after what is dropped."""
    assert list(csv_lines(["a"], [[cell]]))[1] == f"'{cell}"
