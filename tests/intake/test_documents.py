"""Documents to text: what passages point into."""

from hashlib import sha256

import pytest

from archive.errors import UnreadableDocument
from archive.intake.documents import LARGEST, read_document

PAGE = """<!doctype html>
<html><head><title>News</title><style>p {}</style><script>alert("x")</script></head>
<body><h1>A new   chief</h1><p>Ann <b>Lee</b>, of Acme,<br>leaves.</p><ul><li>one<li>two &amp; three</ul></body></html>
"""
REDUCED = "News\n\nA new chief\n\nAnn Lee, of Acme,\nleaves.\n\none\ntwo & three"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("a\r\nb\n\n ｃ \n".encode(), "a\r\nb\n\n ｃ \n"),
        (b"\xef\xbb\xbfabc", "abc"),
        ("李安".encode("utf-16"), "李安"),
        (b"\xfe\xff" + "李安".encode("utf-16-be"), "李安"),
        (b'a <meta charset="shift_jis"> of text', 'a <meta charset="shift_jis"> of text'),
    ],
)
def test_plain_text_is_decoded_and_otherwise_as_it_is(data: bytes, text: str) -> None:
    """Ends of lines, wide letters and blanks too; a byte order mark is no part of it; the digest is of the bytes."""
    document = read_document(data, "news.txt")
    assert (document.text, document.sha256) == (text, sha256(data).hexdigest())
    assert document.media_type.startswith("text/plain; charset=")


def test_a_page_is_reduced_to_what_a_reader_sees() -> None:
    """Scripts and styles dropped, blocks on lines of their own; what made the text is said."""
    document = read_document(PAGE.encode(), "-")
    assert document.text == REDUCED
    assert document.media_type == "text/html; charset=utf-8"
    assert document.made_by.startswith("html-text ")


@pytest.mark.parametrize("declared", ["shift_jis", "EUC-JP", "utf-8"])
def test_a_page_is_read_in_the_encoding_that_it_declares(declared: str) -> None:
    """As browsers do."""
    page = f'<html><meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>日本語'
    assert read_document(page.encode(declared), "-").text == "日本語"


def test_a_fragment_is_a_page_by_the_name_of_its_file() -> None:
    """It begins like no page."""
    assert read_document(b"<p>one<p>two", "news.HTM").text == "one\n\ntwo"
    assert read_document(b"<p>one<p>two", "news.txt").text == "<p>one<p>two"


def test_an_encoding_can_be_given() -> None:
    """It holds before what the document says."""
    assert read_document("日本語".encode("shift_jis"), "-", "Shift_JIS").text == "日本語"


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (b"%PDF-1.7 text", None, "is a PDF document"),
        (b"caf\xe9", None, "is no text in utf-8: byte 4 does not fit"),
        (b"a\0b", None, "holds U+0000 at character 2"),
        (b" \r\n", None, "holds no text"),
        (b"<html><script>x</script></html>", None, "holds no text"),
        (b"abc", "klingon", "there is no encoding 'klingon'"),
        (b"abc", "rot13", "there is no encoding 'rot13'"),
        (b"a" * (LARGEST + 1), None, f"{LARGEST} are the most"),
    ],
)
def test_what_is_no_text_is_refused_and_the_way_out_is_named(data: bytes, encoding: str | None, said: str) -> None:
    """It can be registered without its text."""
    with pytest.raises(UnreadableDocument, match="--detached") as refused:
        read_document(data, "f.bin", encoding)
    assert refused.value.message.startswith("f.bin ")
    assert said in refused.value.message
